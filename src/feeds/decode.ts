// Turns the bytes of a feed into text that a parser can read, mending only the small damage that loses whole feeds.
import { constants, gunzipSync } from 'node:zlib';
import { decodeText } from '../lib/charset.ts';

/** The feed's text; undefined when it is larger than `maxBytes` after unpacking. */
export function decodeFeed(bytes: Uint8Array, contentType: string | null, maxBytes: number): string | undefined {
  const unpacked = unpack(bytes, maxBytes);
  return unpacked && decodeText(unpacked, contentType);
}

/** Some servers send a .gz file as it is, without saying so in Content-Encoding. */
function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    // A truncated file gives what there is.
    return gunzipSync(bytes, { maxOutputLength: maxBytes, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return isTooLarge ? undefined : bytes;
  }
}

/** The start of an XML document: its declaration or one of the roots that a feed can have. */
const documentStart = /<\?xml\s|<(?:[\w-]{1,40}:)?(?:rss|feed|RDF)[\s>]/i;
const forbiddenCharacters = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;
const bareAmpersand = /&(?!(?:[a-z][a-z0-9]{0,31}|#\d{1,7}|#x[0-9a-f]{1,6});)/gi;

/** `xml` without junk before its start and without characters that XML forbids, each bare `&` escaped. */
export function tidyXml(xml: string): string {
  const start = xml.search(documentStart);
  const clean = (start > 0 ? xml.slice(start) : xml).replace(forbiddenCharacters, '');
  return outsideCdata(clean, (text) => text.replace(bareAmpersand, '&amp;'));
}

/** By position and not by one regular expression, which a feed of unclosed CDATA sections would slow to a crawl. */
function outsideCdata(xml: string, change: (text: string) => string): string {
  const parts: string[] = [];
  let position = 0;
  while (position < xml.length) {
    const start = xml.indexOf('<![CDATA[', position);
    if (start === -1) break;
    const close = xml.indexOf(']]>', start);
    const end = close === -1 ? xml.length : close + 3;
    parts.push(change(xml.slice(position, start)), xml.slice(start, end));
    position = end;
  }
  parts.push(change(xml.slice(position)));
  return parts.join('');
}
