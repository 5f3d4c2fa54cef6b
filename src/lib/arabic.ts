// Arabic (and Latin) text as it is compared: normal forms, words, hashtags.

// Harakat, Quranic marks, superscript alef, tatweel; zero-width joiners and direction marks.
const ignorable =
  /[\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u0640\u200B-\u200F\u2060-\u2069\u061C\u00AD]/g;
const letterForms: Readonly<Record<string, string>> = { أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ی: 'ي', ک: 'ك' };

/**
 * The form in which texts are compared: NFKC, lower case, alef with hamza, madda or wasla → ا, ى (and Persian ی, ک) →
 * ي (ك), tashkeel and tatweel removed, Arabic-Indic and Persian digits → 0–9. ة stays apart from ه: folding it merges
 * different words.
 */
export function normalizeArabic(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(ignorable, '')
    .replaceAll(/[أإآٱىیک]/g, (letter) => letterForms[letter] ?? letter)
    .replaceAll(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}

// Arabic and other letters never share a word: "وNASA" is و and NASA. No word has 1000 letters; a run of millions
// would exhaust the engine's stack.
const word = /[\p{Script=Arabic}\p{M}\p{N}]{1,1000}|[[\p{L}\p{M}\p{N}]--\p{Script=Arabic}]{1,1000}/gv;

/** The words of `text` in their normal form, in order; punctuation and underscores separate. */
export function words(text: string): string[] {
  return normalizeArabic(text).match(word) ?? [];
}

/** Whether two texts are one, whatever their punctuation and spelling. */
export function sameWords(one: string, other: string): boolean {
  return words(one).join(' ') === words(other).join(' ');
}

/**
 * `name` as the body of a Telegram hashtag, without #: letters, digits and `_` only, since tashkeel ends a hashtag and
 * spaces cannot be in it; undefined if no letter remains. At most 256 characters.
 */
export function hashtag(name: string): string | undefined {
  const body = name
    .normalize('NFC')
    .replaceAll(ignorable, '')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{L}\p{Nd}]+/gu, '_');
  const tag = (/^_*(.{0,256})/su.exec(body)?.[1] ?? '').replace(/_+$/, '');
  return /\p{L}/u.test(tag) ? tag : undefined;
}
