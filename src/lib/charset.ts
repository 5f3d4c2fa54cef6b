// Turns bytes into text: the bytes themselves are believed first, the labels that came with them second.
import { TextDecoder } from 'node:util';
import { restoreMojibake } from './mojibake.ts';

/** How much of a document is searched for its own declaration. */
const headBytes = 4096;
/** Broken UTF-8 with less than this share of broken characters is still UTF-8, with a scratch. */
const maxBrokenShare = 0.02;
const replacementCharacter = '\uFFFD';

/**
 * The text of an XML or HTML document: UTF-16 by its mark or its zeros, strict UTF-8, then what Content-Type and the
 * document declare, then what the letters say. A wrong declaration loses against valid UTF-8, and against bytes that
 * only make sense as Arabic. Text that was encoded twice is restored.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  const utf16 = utf16DecoderOf(bytes);
  if (utf16) return withoutMarks(utf16.decode(bytes));
  const body = withoutUtf8Marks(bytes);
  try {
    return restoreMojibake(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    // Not UTF-8, or scratched: labels and letters decide.
  }
  const lenient = new TextDecoder('utf-8').decode(body);
  if (isMostlyUtf8(lenient)) return restoreMojibake(lenient);

  const singleByte = singleByteDecoder(body, [charsetOfContentType(contentType), charsetOfDocument(body)]);
  return hasUtf8Parts(lenient) ? decodePieces(body, singleByte) : singleByte.decode(body);
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

/** By its mark, or by two ASCII characters without one, like "<?" or "<h". A mark before 8-bit text is a mistake. */
function utf16DecoderOf(bytes: Uint8Array): TextDecoder | undefined {
  const [first = 1, second = 1] = bytes;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  const start = isLittle || isBig ? 2 : 0;
  const [a = 1, b = 1, c = 1, d = 1] = bytes.subarray(start, start + 4);
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return new TextDecoder('utf-16le');
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return new TextDecoder('utf-16be');
  if ((isLittle || isBig) && bytes.subarray(0, headBytes).includes(0)) {
    return new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be');
  }
  return undefined;
}

/** Some servers put the mark there twice; some put UTF-16's before UTF-8. */
function withoutUtf8Marks(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
  const [first, second] = bytes;
  if (start === 0 && ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))) start = 2;
  return bytes.subarray(start);
}

function withoutMarks(text: string): string {
  return text.replace(/^\uFEFF+/, '');
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

/** The share of a text's letters beyond ASCII that must be whole UTF-8 for the rest to be pieces of another charset. */
const minUtf8Share = 0.1;

function hasUtf8Parts(lenient: string): boolean {
  let broken = 0;
  let whole = 0;
  for (const character of lenient) {
    if (character === replacementCharacter) broken += 1;
    else if (character > '\x7F') whole += 1;
  }
  return whole > (whole + broken) * minUtf8Share;
}

const lessThan = 0x3c;

/** A feed glued together from sources of two charsets: each text between two tags by itself. */
function decodePieces(bytes: Uint8Array, singleByte: TextDecoder): string {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const pieces: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    const next = bytes.indexOf(lessThan, start + 1);
    const piece = bytes.subarray(start, next === -1 ? bytes.length : next);
    try {
      pieces.push(strict.decode(piece));
    } catch {
      const lenient = new TextDecoder('utf-8').decode(piece);
      pieces.push(isMostlyUtf8(lenient) ? lenient : singleByte.decode(piece));
    }
    start += piece.length;
  }
  return pieces.join('');
}

/** Arabic's 8-bit charsets, the commonest first. */
const arabicCharsets = ['windows-1256', 'iso-8859-6'];
/** How much of a text is judged. */
const judgedBytes = 256 * 1024;
/** Of the letters of Arabic text, about a tenth stand in the article ال; by chance, under one in a hundred. */
const minArticleShare = 0.03;
/** A few words say nothing. */
const minArticles = 4;

/**
 * The declared charset, unless the bytes are plainly Arabic and it is not, or an Arabic one fits them much better; where
 * nothing is declared, or just the Western default of a server, what the letters say.
 */
function singleByteDecoder(bytes: Uint8Array, labels: readonly (string | undefined)[]): TextDecoder {
  const declared = labels
    .map(decoderOf)
    .filter((decoder) => decoder !== undefined && !decoder.encoding.startsWith('utf-'))
    .toSorted((a, b) => Number(isWestern(a)) - Number(isWestern(b)))[0];
  const scores = arabicCharsets.map((charset) => ({ charset, share: articleShare(bytes, charset) }));
  const best = scores.toSorted((a, b) => b.share - a.share)[0];
  if (best && best.share >= minArticleShare && best.charset !== declared?.encoding) {
    const declaredShare = declared ? articleShare(bytes, declared.encoding) : 0;
    if (best.share > 2 * declaredShare) return new TextDecoder(best.charset);
  }
  if (declared && !isWestern(declared)) return declared;
  return new TextDecoder(looksArabic(bytes) ? 'windows-1256' : 'windows-1252');
}

function isWestern(decoder: TextDecoder | undefined): boolean {
  return decoder?.encoding === 'windows-1252';
}

/** How often alef and lam stand together, per letter beyond ASCII; bytes that the charset lacks speak against it. */
function articleShare(bytes: Uint8Array, charset: string): number {
  const text = new TextDecoder(charset).decode(bytes.subarray(0, judgedBytes));
  const articles = text.match(/ال/g)?.length ?? 0;
  if (articles < minArticles) return 0;
  const unassigned = text.match(/\uFFFD/g)?.length ?? 0;
  return (articles - unassigned) / (text.match(/[^\0-\x7F]/g)?.length ?? 1);
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
