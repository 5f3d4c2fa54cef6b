// Turns bytes into text: the bytes themselves are believed first, the labels that came with them second.
import { TextDecoder } from 'node:util';

/** How much of a document is searched for its own declaration. */
const headBytes = 4096;
/** Broken UTF-8 with less than this share of broken characters is still UTF-8, with a scratch. */
const maxBrokenShare = 0.02;
const replacementCharacter = '\uFFFD';

/**
 * The text of an XML or HTML document: byte order mark, UTF-16 by its zeros, strict UTF-8, then what Content-Type and
 * the document declare. A wrong declaration loses against valid UTF-8, and a Western one (often just the server's
 * default) against bytes that only make sense as Arabic.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const marked = decoderByMark(bytes);
  if (marked) return marked.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8, or scratched: the labels decide.
  }

  const lenient = new TextDecoder('utf-8').decode(bytes);
  if (isMostlyUtf8(lenient)) return lenient;
  const declared = [charsetOfContentType(contentType), charsetOfDocument(bytes)]
    .map(decoderOf)
    .filter((decoder) => decoder !== undefined && !decoder.encoding.startsWith('utf-'));
  const decoder = declared.find((candidate) => candidate?.encoding !== 'windows-1252') ?? declared[0];
  if (decoder && decoder.encoding !== 'windows-1252') return decoder.decode(bytes);
  return new TextDecoder(looksArabic(bytes) ? 'windows-1256' : 'windows-1252').decode(bytes);
}

/** The `charset` of a Content-Type header. */
export function charsetOfContentType(contentType: string | null): string | undefined {
  return /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1];
}

function charsetOfDocument(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, headBytes)).toString('latin1');
  const label =
    /<\?xml[^>]{0,200}\sencoding\s*=\s*["']([\w:.-]+)["']/i.exec(head) ??
    /<meta\s[^>]{0,300}charset\s*=\s*["']?([\w:.-]+)/i.exec(head);
  return label?.[1];
}

function decoderByMark(bytes: Uint8Array): TextDecoder | undefined {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return new TextDecoder('utf-8');
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  // Two ASCII characters in UTF-16 without a mark, like "<?" or "<h".
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return new TextDecoder('utf-16le');
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return new TextDecoder('utf-16be');
  return undefined;
}

/** TextDecoder knows windows-1256, iso-8859-6 and the others of https://encoding.spec.whatwg.org; iso-8859-1 is windows-1252 to it. */
function decoderOf(label: string | undefined): TextDecoder | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

function isMostlyUtf8(lenient: string): boolean {
  let broken = 0;
  let whole = 0;
  for (let index = 0; index < lenient.length; index += 1) {
    const code = lenient.charCodeAt(index);
    if (code === replacementCharacter.charCodeAt(0)) broken += 1;
    else if (code > 0x7f) whole += 1;
  }
  return broken <= Math.max(1, (broken + whole) * maxBrokenShare) && whole > broken;
}

/** Arabic words in a single-byte charset are runs of high bytes; in Western text high bytes stand alone between letters. */
function looksArabic(bytes: Uint8Array): boolean {
  let high = 0;
  let inRuns = 0;
  let run = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) {
      run += 1;
      continue;
    }
    high += run;
    if (run >= 3) inRuns += run;
    run = 0;
  }
  high += run;
  if (run >= 3) inRuns += run;
  return high > 0 && inRuns / high > 0.5;
}
