// Restores UTF-8 that somebody took for an 8-bit charset and encoded again: "Ø§Ù„" and "ط§ظ„" for "ال".
import { TextDecoder } from 'node:util';

interface Mistake {
  /** What each byte became. */
  byteOf: ReadonlyMap<string, number>;
  /** Runs of characters that may be bytes of UTF-8: two-byte letters and three-byte marks. */
  run: RegExp;
  /** One such character at least. */
  sign: RegExp;
  /** The same for a Western language, whose letters beyond ASCII stand alone; undefined where they are not to be told. */
  westernSign: RegExp | undefined;
}

const mistakes: readonly Mistake[] = ['windows-1252', 'windows-1256'].map(mistakeOf);

/** Encoded three times happens; more is not worth a look. */
const maxRounds = 2;
/** Below this it may be somebody's word about encodings. */
const minSigns = 4;

/** Letters in a row that make sense as bytes by chance. */
const maxChance = 4;

/** `text` with each doubly encoded run restored; the same text where there is none. Linear in the length. */
export function restoreMojibake(text: string): string {
  let restored = text;
  for (let round = 0; round < maxRounds; round += 1) {
    const before: string = restored;
    for (const mistake of mistakes) restored = restore(restored, mistake);
    if (restored === before) break;
  }
  return restored;
}

function mistakeOf(charset: string): Mistake {
  const byteOf = new Map<string, number>();
  const decoder = new TextDecoder(charset);
  // Some programs leave the bytes that the charset lacks as they are.
  for (let byte = 0x80; byte <= 0x9f; byte += 1) byteOf.set(String.fromCharCode(byte), byte);
  for (let byte = 0x80; byte <= 0xff; byte += 1) byteOf.set(decoder.decode(Uint8Array.of(byte)), byte);
  const charactersOf = (from: number, to: number) =>
    [...byteOf]
      .filter(([, byte]) => byte >= from && byte <= to)
      .map(([character]) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join('');
  const tail = `[${charactersOf(0x80, 0xbf)}]`;
  const letter = `(?:[${charactersOf(0xc2, 0xdf)}]${tail}|[${charactersOf(0xe0, 0xef)}]${tail}${tail}|[${charactersOf(0xf0, 0xf4)}]${tail}${tail}${tail})`;
  // Arabic's own block begins with D8 to DB, and what was mistaken twice with C2 or C3, Arabic letters in windows-1256.
  const leads = charactersOf(0xd8, 0xdb) + (charset === 'windows-1252' ? charactersOf(0xc2, 0xc3) : '');
  const arabic = `[${leads}]${tail}`;
  return {
    byteOf,
    run: new RegExp(`${letter}+`, 'g'),
    sign: new RegExp(`(?:${arabic}){2}`, 'g'),
    // Accented letters of French, German and Turkish, and the quotes.
    westernSign: charset === 'windows-1252' ? new RegExp(`[ÃÄÅ]${tail}|â${tail}${tail}`, 'g') : undefined,
  };
}

function hasSigns(text: string, sign: RegExp): boolean {
  let signs = 0;
  for (const _ of text.matchAll(sign)) {
    signs += 1;
    if (signs === minSigns) return true;
  }
  return false;
}

/** What the scripts of the region are not written in: a word of two bytes that looks like one of these is a word. */
const otherScripts = /[\u0250-\u02C5\u02DD-\u05FF\u0700-\u1EFF]/;
const arabicLetter = /[\u0620-\u064A\u066E-\u06D3]/;

function restore(text: string, { byteOf, run, sign, westernSign }: Mistake): string {
  if (!hasSigns(text, sign) && !(westernSign && hasSigns(text, westernSign))) return text;
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return text.replaceAll(run, (characters, at: number) => {
    // A few letters of a longer word are that word's own: bytes would have made all of it look so.
    const isInWord = arabicLetter.test(text.charAt(at - 1)) || arabicLetter.test(text.charAt(at + characters.length));
    if (isInWord && characters.length <= maxChance) return characters;
    const bytes = Uint8Array.from(characters.split(''), (character) => byteOf.get(character) ?? 0x3f);
    try {
      const decoded = strict.decode(bytes);
      return otherScripts.test(decoded) ? characters : decoded;
    } catch {
      return characters;
    }
  });
}
