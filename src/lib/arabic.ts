// Arabic (and Latin) text as it is matched: normal forms, words, keywords with proclitics, hashtags.

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

// Arabic and other letters never share a word: "وNASA" is و and NASA.
const word = /[\p{Script=Arabic}\p{M}\p{N}]+|[[\p{L}\p{M}\p{N}]--\p{Script=Arabic}]+/gv;

/** The words of `text` in their normal form, in order; punctuation and underscores separate. */
export function words(text: string): string[] {
  return normalizeArabic(text).match(word) ?? [];
}

const oneLetterProclitics = /^[وف]?[بلكس]?/;

/**
 * `normalWord` and what remains of it without proclitics: و ف ب ل ك س ال لل and their combinations (وال، بال، ولل …).
 * Two letters must remain after the article and three after single letters, because shorter rests are mostly accidents.
 */
function basesOf(normalWord: string): string[] {
  const bases = [normalWord];
  const longest = oneLetterProclitics.exec(normalWord)?.[0].length ?? 0;
  for (let cut = 0; cut <= longest; cut += 1) {
    const rest = normalWord.slice(cut);
    if (cut > 0 && rest.length >= 3) bases.push(rest);
    if (rest.startsWith('ال') && rest.length >= 4) bases.push(rest.slice(2));
    // ل before the article swallows its alef: ل + الحكومة = للحكومة, ل + الليرة = لليرة.
    if (rest.startsWith('لل') && rest.length >= 4) {
      bases.push(rest.slice(2), `ال${rest.slice(2)}`, `ال${rest.slice(1)}`);
    }
  }
  return bases;
}

const startsArabic = /^\p{Script=Arabic}/u;

interface KeywordMatch<T> {
  /** The keyword as it was given. */
  keyword: string;
  value: T;
}

/** Finds the keywords that occur in a text, each once, in the order of their first occurrence. */
export type KeywordMatcher<T> = (text: string | readonly string[]) => KeywordMatch<T>[];

interface Entry<T> extends KeywordMatch<T> {
  /** The words after the first. */
  rest: readonly string[];
}

/**
 * A matcher for many keywords at once; its cost per text does not grow with their number. A keyword (one or several
 * words) matches whole words, in Arabic also behind proclitics of its first word, never a part of a longer word. The
 * text may be given as `words(text)`.
 */
export function createKeywordMatcher<T>(keywords: Iterable<readonly [keyword: string, value: T]>): KeywordMatcher<T> {
  const byFirstWord = new Map<string, Entry<T>[]>();
  for (const [keyword, value] of keywords) {
    const [first, ...rest] = words(keyword);
    if (first === undefined) continue;
    const entries = byFirstWord.get(first) ?? [];
    entries.push({ keyword, value, rest });
    byFirstWord.set(first, entries);
  }

  return (text) => {
    const textWords = typeof text === 'string' ? words(text) : text;
    const found = new Set<Entry<T>>();
    for (const [position, textWord] of textWords.entries()) {
      for (const base of startsArabic.test(textWord) ? basesOf(textWord) : [textWord]) {
        for (const entry of byFirstWord.get(base) ?? []) {
          if (entry.rest.every((next, offset) => textWords[position + 1 + offset] === next)) found.add(entry);
        }
      }
    }
    return [...found].map(({ keyword, value }) => ({ keyword, value }));
  };
}

/** Whether `keyword` occurs in `text`; for many keywords over one text, see createKeywordMatcher. */
export function matchesKeyword(text: string | readonly string[], keyword: string): boolean {
  return createKeywordMatcher([[keyword, true]])(text).length > 0;
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
