import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entity } from '../../../sandbox/telegram/entity.ts';
import { parseHtml } from '../../../sandbox/telegram/html.ts';
import { normalize } from '../../../sandbox/telegram/normalize.ts';
import { renderHtml, renderPageHtml } from '../../../sandbox/telegram/render-html.ts';

type Expected = [source: string, text: string, entities: Entity[]];

describe('tags become entities', () => {
  const cases: Expected[] = [
    ['<b>a</b><strong>b</strong>', 'ab', [at('bold', 0, 1), at('bold', 1, 1)]],
    ['<i>a</i><em>b</em>', 'ab', [at('italic', 0, 1), at('italic', 1, 1)]],
    ['<s>a</s><strike>b</strike><del>c</del>', 'abc', [0, 1, 2].map((n) => at('strikethrough', n, 1))],
    ['<u>a</u><ins>b</ins>', 'ab', [at('underline', 0, 1), at('underline', 1, 1)]],
    ['<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', 'ab', [at('spoiler', 0, 1), at('spoiler', 1, 1)]],
    ['<code>a</code>', 'a', [at('code', 0, 1)]],
    ['<pre>a</pre>', 'a', [at('pre', 0, 1)]],
    ['<blockquote>a</blockquote>', 'a', [at('blockquote', 0, 1)]],
    ['<blockquote expandable>a</blockquote>', 'a', [at('expandable_blockquote', 0, 1)]],
    ['<B>خبر</B>', 'خبر', [at('bold', 0, 3)]],
    ['<b class="x" data-y=1>a</b>', 'a', [at('bold', 0, 1)]],
    ['<b>a</>', 'a', [at('bold', 0, 1)]],
    ['<b >a</b >', 'a', [at('bold', 0, 1)]],
    ['<b></b>a', 'a', []],
    ['👨‍👩‍👧<b>x</b>', '👨‍👩‍👧x', [at('bold', 8, 1)]],
    ['<b>a<i>b</i></b>', 'ab', [at('bold', 0, 2), at('italic', 1, 1)]],
    ['<pre><code class="language-ts">a</code></pre>', 'a', [{ ...at('pre', 0, 1), language: 'ts' }]],
    ['<code class="language-ts"><pre>a</pre></code>', 'a', [{ ...at('pre', 0, 1), language: 'ts' }]],
    ['<code class="language-ts">a</code>', 'a', [at('code', 0, 1)]],
    [
      '<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>',
      '👍',
      [{ ...at('custom_emoji', 0, 2), custom_emoji_id: '5368324170671202286' }],
    ],
    [
      '<tg-time unix="1790000000" format="wDT">غدا</tg-time>',
      'غدا',
      [{ ...at('date_time', 0, 3), unix_time: 1790000000, date_time_format: 'wDT' }],
    ],
    ['<tg-time unix="1790000000">غدا</tg-time>', 'غدا', [{ ...at('date_time', 0, 3), unix_time: 1790000000 }]],
    ['<tg-time format="r">غدا</tg-time>', 'غدا', []],
    ['<tg-time unix="0">غدا</tg-time>', 'غدا', []],
  ];
  test.each(cases)('%s', (source, text, entities) => {
    expect(parseHtml(source)).toEqual({ text, entities });
  });
});

describe('character references', () => {
  test.each([
    ['&lt;&gt;&amp;&quot;', '<>&"'],
    ['&lt&gt a', '<> a'],
    ['&#1571;&#x627;', 'أا'],
    ['&#X627;', '&#X627;'],
    ['&nbsp;&apos;&hellip;', '&nbsp;&apos;&hellip;'],
    ['a & b > c', 'a & b > c'],
    ['&#0;', '&#0;'],
    ['&#12345678;', '&#12345678;'],
  ])('%s', (source, text) => {
    expect(parseHtml(source).text).toBe(text);
  });
});

describe('links', () => {
  const cases: [source: string, url: string | undefined][] = [
    ['<a href="https://example.com/a?b=1&amp;c=2">x</a>', 'https://example.com/a?b=1&c=2'],
    ["<a href='https://example.com'>x</a>", 'https://example.com/'],
    ['<a href="example.com">x</a>', 'http://example.com/'],
    ['<a href="HTTPS://Example.COM/Path">x</a>', 'https://example.com/Path'],
    ['<a>example.com</a>', 'http://example.com/'],
    ['<a href="tg://resolve?domain=nashra">x</a>', 'tg://resolve?domain=nashra'],
    ['<a href="http://localhost/">x</a>', undefined],
    ['<a href="ftp://example.com">x</a>', undefined],
    ['<a href="javascript:alert(1)">x</a>', undefined],
    ['<a href="\u2068https://example.com\u2069">x</a>', undefined],
    ['<a href="">x</a>', undefined],
  ];
  test.each(cases)('%s', (source, url) => {
    const { entities } = parseHtml(source);
    expect(entities.map((entity) => entity.url)).toEqual(url === undefined ? [] : [url]);
  });

  test('a link to a user is a mention', () => {
    expect(parseHtml('<a href="tg://user?id=42">x</a>').entities).toEqual([
      { ...at('text_mention', 0, 1), user: { id: 42 } },
    ]);
  });
});

describe('refusals name the byte where the tag begins', () => {
  const cases: [source: string, message: string][] = [
    ['أ <b', 'Unclosed start tag at byte offset 3'],
    ['<b class="x', 'Unclosed start tag at byte offset 0'],
    ['<b class', 'Unclosed start tag "b" at byte offset 0'],
    ['<b class=', 'Unclosed start tag "b" at byte offset 0'],
    ['سطر<br>', 'Unsupported start tag "br" at byte offset 6'],
    ['سطر<br/>', 'Unsupported start tag "br/" at byte offset 6'],
    ['<b/>', 'Unsupported start tag "b/" at byte offset 0'],
    ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
    ['<p>x</p>', 'Unsupported start tag "p" at byte offset 0'],
    ['<b =x>y</b>', 'Empty attribute name in the tag "b" at byte offset 0'],
    ['<a href="a"b">y</a>', 'Empty attribute name in the tag "a" at byte offset 0'],
    ['<a href=http://x.y>z</a>', 'Unexpected end of name token at byte offset 8'],
    ['😀<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 4'],
    ['a</b>', 'Unexpected end tag at byte offset 1'],
    ['<b>a</b', 'Unclosed end tag at byte offset 4'],
    ['<b>أ</i>', 'Unmatched end tag at byte offset 5, expected "</b>", found "</i>"'],
    ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
    ['<tg-emoji emoji-id="x">a</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-time unix="1" format="rt">a</tg-time>', 'Invalid date format used'],
    [
      '&#xD83D;',
      'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
    ],
  ];
  test.each(cases)('%s', (source, message) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${message}`);
  });
});

describe('rendering back', () => {
  const word = fc.constantFrom('خبر', 'a&b', '<', '"', '😀', ' و ', 'عاجل', 'x', '\n', '👨‍👩‍👧');
  const wraps: [open: string, close: string][] = [
    ['<b>', '</b>'],
    ['<i>', '</i>'],
    ['<u>', '</u>'],
    ['<s>', '</s>'],
    ['<tg-spoiler>', '</tg-spoiler>'],
    ['<code>', '</code>'],
    ['<pre>', '</pre>'],
    ['<pre><code class="language-ts">', '</code></pre>'],
    ['<blockquote>', '</blockquote>'],
    ['<blockquote expandable>', '</blockquote>'],
    ['<a href="https://example.com/?a=1&amp;b=2">', '</a>'],
    ['<tg-time unix="1790000000" format="r">', '</tg-time>'],
    ['<tg-emoji emoji-id="77">', '</tg-emoji>'],
  ];
  const { source } = fc.letrec<{ source: string; part: string }>((tie) => ({
    source: fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')),
    part: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      word.map((text) => renderHtml(text)),
      fc.tuple(fc.constantFrom(...wraps), tie('source')).map(([[open, close], inner]) => open + inner + close),
    ),
  }));

  test('entities always lie inside the text, and nothing crosses', () => {
    fc.assert(
      fc.property(source, (html) => {
        const { text, entities } = normalize(parseHtml(html));
        for (const entity of entities) {
          expect(entity.length).toBeGreaterThan(0);
          expect(entity.offset).toBeGreaterThanOrEqual(0);
          expect(entity.offset + entity.length).toBeLessThanOrEqual(text.length);
          for (const other of entities) {
            const crosses =
              entity.offset < other.offset &&
              other.offset < entity.offset + entity.length &&
              entity.offset + entity.length < other.offset + other.length;
            expect(crosses).toBe(false);
          }
        }
      }),
    );
  });

  test('the same HTML again gives the same text and entities', () => {
    fc.assert(
      fc.property(source, (html) => {
        const once = normalize(parseHtml(html));
        expect(normalize(parseHtml(renderHtml(once.text, once.entities)))).toEqual(once);
      }),
    );
  });

  test('a page gets links that open and classes for the rest', () => {
    const { text, entities } = normalize(parseHtml('<tg-spoiler>سر</tg-spoiler> #عاجل example.com <b>&lt;</b>'));
    expect(renderPageHtml(text, entities)).toBe(
      '<span class="spoiler">سر</span> <span class="hashtag">#عاجل</span> ' +
        '<a href="http://example.com" target="_blank" rel="noopener noreferrer">example.com</a> <b>&lt;</b>',
    );
  });
});

function at(type: Entity['type'], offset: number, length: number): Entity {
  return { type, offset, length };
}
