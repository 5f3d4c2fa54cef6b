// Turns the bytes of a feed into text: unpacked, if need be, and in whatever charset it is.
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { decodeText } from '../lib/charset.ts';

/** The feed's text; undefined when it is larger than `maxBytes` after unpacking. */
export function decodeFeed(bytes: Uint8Array, contentType: string | null, maxBytes: number): string | undefined {
  const unpacked = unpack(bytes, maxBytes);
  return unpacked && decodeText(unpacked, contentType);
}

/** A file compressed by the site and again by what stands before it; more is no feed. */
const maxLayers = 2;

/** Some servers send a compressed file as it is, without saying so in Content-Encoding; undefined when it is too large. */
function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  let unpacked: Uint8Array | undefined = bytes;
  for (let layer = 0; layer < maxLayers && unpacked; layer += 1) {
    const [first = 0, second = 0] = unpacked;
    if (first === 0x1f && second === 0x8b) {
      unpacked = inflate([gunzipSync, inflateGzip], unpacked, maxBytes);
    } else if (first === 0x78 && (first * 256 + second) % 31 === 0) {
      // RFC 1950, 2.2: what HTTP calls deflate.
      unpacked = inflate([inflateSync], unpacked, maxBytes);
    } else if (isBinary(unpacked)) {
      unpacked = inflate([inflateRawSync], unpacked, maxBytes);
    } else {
      break;
    }
  }
  return unpacked;
}

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush: number }) => Uint8Array;

/** By the first way that works, `bytes` as they are where none does; undefined when the result is too large. */
function inflate(ways: readonly Inflate[], bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  for (const way of ways) {
    try {
      // A truncated file gives what there is.
      return way(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH });
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    }
  }
  return bytes;
}

/** RFC 1952, 2.3, of a header without further fields. */
const gzipHeaderBytes = 10;

/** What stands behind the header, whatever follows it and whatever its checksum says. */
const inflateGzip: Inflate = (bytes, options) => inflateRawSync(bytes.subarray(gzipHeaderBytes), options);

/** How much of a file is looked at; the share of control characters that no text has, and of zeros that UTF-16 has. */
const judgedBytes = 512;
const minControlShare = 0.05;
const maxZeroShare = 0.1;

/** Compressed data, at best: it has as many control characters as others. */
function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, judgedBytes);
  let controls = 0;
  let zeros = 0;
  for (const byte of head) {
    if (byte === 0) zeros += 1;
    else if (byte < 0x09 || (byte > 0x0d && byte < 0x20)) controls += 1;
  }
  return controls > head.length * minControlShare && zeros < head.length * maxZeroShare;
}
