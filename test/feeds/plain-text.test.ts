import { expect, test } from 'vitest';
import { plainText } from '../../src/feeds/plain-text.ts';

test.each([
  ['سوق &quot;الحميدية&quot; &amp; ما حوله', 'سوق "الحميدية" & ما حوله'],
  ['A &#8220;new&#8221; day&#x2026;', 'A “new” day…'],
  ['The <b>bold</b> and the <i class="x">italic</i>', 'The bold and the italic'],
  ['one<br/>two', 'one two'],
  ['the <b> tag, List<String>, <b>&" 🎉', 'the <b> tag, List<String>, <b>&" 🎉'],
  ['5 < 6 & 7 > 3', '5 < 6 & 7 > 3'],
  ['&lt;b&gt; stays', '<b> stays'],
  ['  many \n\t spaces&nbsp; ', 'many spaces'],
  ['&unknown; &#0; &#xD800;', '&unknown;'],
  ['nul\0 and \uD800 alone', 'nul and alone'],
])('%j reads %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});
