import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalUrl } from '../../src/articles/canonical-url.ts';

describe('canonicalUrl', () => {
  it.each([
    ['http://Example.com/a', 'https://example.com/a'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['http://example.com:80/a', 'https://example.com/a'],
    ['http://127.0.0.1:8080/a', 'http://127.0.0.1:8080/a'],
    ['https://user:secret@example.com./a', 'https://example.com/a'],
    ['https://example.com', 'https://example.com/'],
    ['  https://example.com/a\n', 'https://example.com/a'],
    ['https://example.com/a/../b', 'https://example.com/b'],
    ['https://example.com/a#comments', 'https://example.com/a'],
    ['https://example.com/#!/news/1', 'https://example.com/#!/news/1'],
    ['https://example.com/a?utm_source=x&id=7&utm_medium=rss', 'https://example.com/a?id=7'],
    ['https://example.com/a?fbclid=1&gclid=2&igshid=3&mc_cid=4&ref=home', 'https://example.com/a'],
    ['https://example.com/a?UTM_Source=x&Ref=y', 'https://example.com/a'],
    ['https://example.com/a?utm%5Fsource=x', 'https://example.com/a'],
    ['https://example.com/a?&&', 'https://example.com/a'],
    ['https://example.com/?p=12&page=2', 'https://example.com/?p=12&page=2'],
    ['https://example.com/a?b=2&a=1', 'https://example.com/a?b=2&a=1'],
    ['https://example.com/a?reference=5&source=x', 'https://example.com/a?reference=5&source=x'],
    ['https://example.com/%7Euser/%e2%82%ac', 'https://example.com/~user/%E2%82%AC'],
    ['https://example.com/100%', 'https://example.com/100%'],
  ])('%s → %s', (url, canonical) => {
    expect(canonicalUrl(url)).toBe(canonical);
  });

  it('is the same for a raw and an encoded Arabic slug, in either case', () => {
    const raw = 'https://example.com/أخبار/قطار-الجبل?قسم=محلي';
    const encoded = encodeURI(raw);
    expect(canonicalUrl(encoded)).toBe(canonicalUrl(raw));
    expect(canonicalUrl(encoded.replaceAll(/%../g, (escape) => escape.toLowerCase()))).toBe(canonicalUrl(raw));
  });

  it.each([
    ['https://example.com/a', 'https://example.com/a/'],
    ['https://example.com/a', 'https://example.com/A'],
    ['https://example.com/a?id=1', 'https://example.com/a?id=2'],
    ['https://example.com/a%2Fb', 'https://example.com/a/b'],
    ['https://example.com/?q=a%26b', 'https://example.com/?q=a&b'],
    ['https://example.com/', 'https://www.example.com/'],
    ['http://example.com:8080/', 'https://example.com:8080/'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(canonicalUrl(one)).not.toBe(canonicalUrl(other));
  });

  it.each([
    '',
    'x',
    '/a',
    'javascript:alert(1)',
    'mailto:a@example.com',
    'ftp://example.com/',
    'https://',
    'tag:x,2024:1',
  ])('has none for %j', (url) => {
    expect(canonicalUrl(url)).toBeNull();
  });

  it('is its own canonical URL', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (url) => {
        const canonical = canonicalUrl(url);
        expect(canonicalUrl(canonical ?? '')).toBe(canonical);
      }),
    );
  });
});
