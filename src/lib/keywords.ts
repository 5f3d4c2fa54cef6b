// Keywords in texts and words to search by: in Arabic by the bases of each word, in other scripts by whole words.
import { laterBases, nameBases, nameKeys, wordBases, wordBasesInPhrase, wordKeys } from './arabic-bases.ts';
import { words } from './arabic.ts';

/**
 * How a keyword is found. A `name` takes particles only (لدمشق, والأسد); a `word` also pronouns, the dual, the plural
 * and the feminine (وحكوماتها); a `phrase` is several words, each of them inflected, next to each other.
 */
export type KeywordKind = 'name' | 'word' | 'phrase';

interface KeywordMatch<T> {
  /** The keyword as it was given. */
  keyword: string;
  value: T;
}

/** Finds the keywords that occur in a text, each once, in the order of their first occurrence. */
export type KeywordMatcher<T> = (text: string | readonly string[]) => KeywordMatch<T>[];

interface Entry<T> extends KeywordMatch<T> {
  /** For each word after the first, the keys that it is found by. */
  rest: readonly (readonly string[])[];
}

/** The keywords that are found in one way, by the keys of their first word. */
interface Index<T> {
  entries: Map<string, Entry<T>[]>;
  firstBases: (word: string) => string[];
  laterBases: (word: string) => string[];
}

/**
 * A matcher for many keywords at once; its cost per text does not grow with their number. Keywords match whole words,
 * never a part of a longer word. Without a kind, one word is a `word` and several are a `phrase`: newsrooms follow
 * subjects more than names, and a name loses little as a word. The text may be given as `words(text)` (lib/arabic.ts);
 * given whole, it also tells the name علي from the preposition على.
 */
export function createKeywordMatcher<T>(
  keywords: Iterable<readonly [keyword: string, value: T, kind?: KeywordKind | undefined]>,
): KeywordMatcher<T> {
  const names: Index<T> = { entries: new Map(), firstBases: nameBases, laterBases: nameKeys };
  const single: Index<T> = { entries: new Map(), firstBases: wordBases, laterBases };
  const phrases: Index<T> = { entries: new Map(), firstBases: wordBasesInPhrase, laterBases };

  for (const [keyword, value, kind] of keywords) {
    const [first, ...rest] = wordsOf(keyword);
    if (first === undefined) continue;
    const index = kind === 'name' ? names : rest.length === 0 ? single : phrases;
    const keysOf = inArabic(kind === 'name' ? nameKeys : wordKeys);
    const entry = { keyword, value, rest: rest.map(keysOf) };
    for (const key of keysOf(first)) {
      const entries = index.entries.get(key);
      if (entries) entries.push(entry);
      else index.entries.set(key, [entry]);
    }
  }

  const indexes = [names, single, phrases].filter(({ entries }) => entries.size > 0);
  return (text) => {
    const textWords = typeof text === 'string' ? wordsOf(text) : splitCompounds(text);
    const found = new Set<Entry<T>>();
    for (let position = 0; position < textWords.length; position += 1) {
      for (const index of indexes) findAt(position, textWords, index, found);
    }
    return [...found].map(({ keyword, value }) => ({ keyword, value }));
  };
}

function findAt<T>(position: number, textWords: readonly string[], index: Index<T>, found: Set<Entry<T>>): void {
  const later = inArabic(index.laterBases);
  for (const base of inArabic(index.firstBases)(textWords[position] ?? '')) {
    for (const entry of index.entries.get(base) ?? []) {
      if (found.has(entry)) continue;
      const follows = entry.rest.every((keys, offset) => {
        const next = textWords[position + 1 + offset];
        return next !== undefined && later(next).some((each) => keys.includes(each));
      });
      if (follows) found.add(entry);
    }
  }
}

/** Whether `keyword` occurs in `text`; for many keywords over one text, see createKeywordMatcher. */
export function matchesKeyword(
  text: string | readonly string[],
  keyword: string,
  options: { kind?: KeywordKind | undefined } = {},
): boolean {
  return createKeywordMatcher([[keyword, true, options.kind]])(text).length > 0;
}

/** Longer ones are no words (a picture in base64), and an index has no room for them. */
const maxTermCharacters = 64;

/** What is stored of `text` so that it is found by its words: the bases of them all, each once. */
export function searchTerms(text: string): string[] {
  const terms = wordsOf(text).flatMap(inArabic(wordBases));
  return [...new Set(terms.filter((term) => term.length <= maxTermCharacters))];
}

/** The words of a search, each with its alternatives: a text is found that has a search term of every word. */
export function searchKeys(query: string): string[][] {
  return wordsOf(query).map(inArabic(wordKeys));
}

const arabic = /^\p{Script=Arabic}/u;

function inArabic(analyse: (word: string) => string[]): (word: string) => string[] {
  return (word) => (arabic.test(word) ? analyse(word) : [word]);
}

/** The preposition, whose ى is lost in the normal form: there it would be the name علي. */
const preposition = /(?<![\p{L}\p{M}])[وف]?\u064E?ع\u064E?ل\u064E?ى(?![\p{L}\p{M}])/u;

function wordsOf(text: string): string[] {
  const parts = text.split(preposition).map((part) => splitCompounds(words(part)));
  return parts.flatMap((part, index) => (index === 0 ? part : ['على', ...part]));
}

/** Names that are written as one word or as two: عبدالله, أبوظبي. */
const compound = /^([وفبلك]{0,2}(?:عبد(?=ال)|ابو(?=ظبي)))(.{3,})$/;

function splitCompounds(textWords: readonly string[]): string[] {
  return textWords.flatMap((word) => {
    const match = word.includes('عبدال') || word.includes('ابوظبي') ? compound.exec(word) : null;
    return match ? [match[1] ?? '', match[2] ?? ''] : [word];
  });
}
