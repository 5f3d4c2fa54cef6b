// Turns the bytes of a feed into text: unpacked, if need be, and in whatever charset it is.
import { constants, gunzipSync } from 'node:zlib';
import { decodeText } from '../lib/charset.ts';

/** The feed's text; undefined when it is larger than `maxBytes` after unpacking. */
export function decodeFeed(bytes: Uint8Array, contentType: string | null, maxBytes: number): string | undefined {
  const unpacked = unpack(bytes, maxBytes);
  return unpacked && decodeText(unpacked, contentType);
}

/** A file compressed by the site and again by what stands before it; more is no feed. */
const maxLayers = 2;

/** Some servers send a compressed file as it is, without saying so in Content-Encoding. */
function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  let unpacked: Uint8Array | undefined = bytes;
  for (let layer = 0; layer < maxLayers && unpacked; layer += 1) {
    const [first, second] = unpacked;
    if (first !== 0x1f || second !== 0x8b) break;
    unpacked = gunzip(unpacked, maxBytes);
  }
  return unpacked;
}

function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  try {
    // A truncated file gives what there is.
    return gunzipSync(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? undefined : bytes;
  }
}
