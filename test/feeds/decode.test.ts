import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeFeed, tidyXml } from '../../src/feeds/decode.ts';

const feed = '<rss version="2.0"><channel><title>نشرة</title></channel></rss>';

describe('decodeFeed', () => {
  test('unpacks a file that nobody said is compressed', () => {
    expect(decodeFeed(gzipSync(feed), null, 1000)).toBe(feed);
  });

  test('gives what there is of a truncated file', () => {
    const packed = gzipSync(feed.repeat(50));
    const text = decodeFeed(packed.subarray(0, packed.length - 12), null, 100_000);
    expect(text?.startsWith(feed)).toBe(true);
  });

  test('says when a file is too large unpacked', () => {
    expect(decodeFeed(gzipSync(Buffer.alloc(1_000_000)), null, 100_000)).toBeUndefined();
  });

  test('takes bytes that only look compressed as they are', () => {
    expect(decodeFeed(Buffer.from('\x1f\x8bno archive at all', 'latin1'), null, 1000)).toContain('no archive at all');
  });
});

describe('tidyXml', () => {
  test.each([
    ['blank lines', '\n\n  '],
    ['a warning of the server’s own', '<br />\n<b>Warning</b>: something in x.php on line 3<br />\n'],
    ['a mark of another encoding', 'ï»¿'],
  ])('drops %s before the document', (_what, junk) => {
    expect(tidyXml(`${junk}<?xml version="1.0"?>\n${feed}`)).toBe(`<?xml version="1.0"?>\n${feed}`);
    expect(tidyXml(`${junk}${feed}`)).toBe(feed);
  });

  test('keeps what has no feed in it', () => {
    expect(tidyXml('just words')).toBe('just words');
  });

  test('drops characters that XML forbids, and keeps tabs and line ends', () => {
    expect(tidyXml('<rss>a\0b\x0Bc\x1Fd\uFFFFe\tf\ng\rh</rss>')).toBe('<rss>abcde\tf\ng\rh</rss>');
  });

  test.each([
    ['Salt & pepper', 'Salt &amp; pepper'],
    ['https://a.example/?x=1&copy=2&y=3;', 'https://a.example/?x=1&amp;copy=2&amp;y=3;'],
    ['&amp; &#1587; &#x633; &eacute;', '&amp; &#1587; &#x633; &eacute;'],
    ['<![CDATA[Salt & pepper]]> & oil', '<![CDATA[Salt & pepper]]> &amp; oil'],
    ['<![CDATA[open & unclosed', '<![CDATA[open & unclosed'],
  ])('escapes a bare ampersand: %s', (text, expected) => {
    expect(tidyXml(`<rss>${text}`)).toBe(`<rss>${expected}`);
  });
});
