import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeFeed } from '../../src/feeds/decode.ts';

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
