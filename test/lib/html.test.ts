import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities, escapeAttribute, escapeHtml, htmlToText } from '../../src/lib/html.ts';

describe('escaping', () => {
  it('leaves nothing in a title that HTML would read as markup', () => {
    expect(escapeHtml('<b>&"</b> 🚆 نصّ')).toBe('&lt;b&gt;&amp;"&lt;/b&gt; 🚆 نصّ');
    expect(escapeAttribute("\"><a href='x'>&amp;")).toBe("&quot;&gt;&lt;a href='x'&gt;&amp;amp;");
  });

  it('is undone by decoding, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => decodeEntities(escapeAttribute(text)) === text));
  });
});

describe('htmlToText', () => {
  it.each([
    ['tags go, their text stays', 'عاد <b>القطار</b> <a href="/x">اليوم</a>', 'عاد القطار اليوم'],
    ['blocks become paragraphs', '<p>one</p><p>two<br>three</p>', 'one\n\ntwo\nthree'],
    ['scripts and styles go with their content', 'a<script>if (1 < 2) "<p>"</script><style>p{}</style>b', 'ab'],
    ['a script that never ends takes the rest', 'a<script>b', 'a'],
    ['comments go', 'a<!-- <b> -->b', 'ab'],
    ['a sign that opens no tag is text', '5 < 6 & 7 > 6 <3', '5 < 6 & 7 > 6 <3'],
    ['an unclosed tag swallows what follows', 'a <b href="', 'a'],
    ['named entities', '&laquo;a&raquo; &amp; b&nbsp;c &hellip; &zwnj;', '«a» & b c … \u200C'],
    ['numbered entities, also without a semicolon', '&#1571;&#x627; &#8230 &#146;', 'أا … ’'],
    ['unknown names and impossible numbers', '&unknown; &#xD800; &#0; &#1114112; AT&T', '&unknown; AT&T'],
    ['only one level of escaping is undone', '&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['nothing', '', ''],
  ])('%s', (_, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });
});
