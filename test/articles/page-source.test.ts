import { describe, expect, it } from 'vitest';
import { slimSource } from '../../src/articles/page-source.ts';

describe('the source of a page, before it is parsed', () => {
  it.each([
    ['scripts and styles', '<p>a</p><script>if (1 < 2) {}</script><STYLE>p{}</STYLE ><p>b</p>', '<p>a</p><p>b</p>'],
    ['comments', 'a<!-- <p> -->b', 'ab'],
    ['attributes that nobody reads', '<p onclick="a>b" data-x=1 class=k>t</p>', '<p class="k">t</p>'],
    ['a style that hides nothing', '<p style="color:red">t</p>', '<p>t</p>'],
    ['white space between blocks', '<div>\n  <p>a</p>\n  <p>b</p>\n</div>', '<div><p>a</p><p>b</p></div>'],
    ['drawings', '<b>a</b><svg><title>x</title></svg> c', '<b>a</b> c'],
  ])('loses %s', (_, html, slim) => {
    expect(slimSource(html)).toBe(slim);
  });

  it.each([
    '<script type="application/ld+json">{"a":"<b>"}</script>',
    '<p style="display:none">t</p>',
    '<b>a</b> <i>b</i>',
    '5 < 6 and 7 > 3',
    '<img src="a.jpg" alt=\'it"s\'>'.replace("'it\"s'", '"it&quot;s"'),
  ])('keeps %s', (html) => {
    expect(slimSource(html)).toBe(html);
  });

  it('keeps the attributes that a selector asks for', () => {
    expect(slimSource('<p data-role="body" data-x="1">t</p>', new Set(['data-role']))).toBe(
      '<p data-role="body">t</p>',
    );
  });

  it('goes on after a drawing that is never closed, and after a tag named like a part of the language', () => {
    expect(slimSource('<svg><p>a</p>')).toContain('<p>a</p>');
    expect(slimSource('<constructor a=1>t</constructor>')).toBe('<constructor>t</constructor>');
  });

  it.each([
    ['quotes that never close', '<a b="'.repeat(300_000)],
    ['spaces in a tag', `<a ${' '.repeat(2_000_000)}`],
    ['equal signs', `<a ${'= '.repeat(1_000_000)}`],
    ['attributes', `<a ${'b="c" '.repeat(500_000)}>`],
    ['unclosed scripts', '<script>'.repeat(300_000)],
    ['unclosed drawings', '<svg>'.repeat(300_000)],
    ['unclosed comments', '<!--'.repeat(500_000)],
  ])('is read in time with millions of %s', (_, html) => {
    expect(slimSource(html).length).toBeLessThanOrEqual(html.length * 2);
  });
});
