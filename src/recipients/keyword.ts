// KEYWORD: a word or phrase of a reader's own, beside the newsroom's topics.
import { createHash } from 'node:crypto';
import { closedWords } from '../lib/arabic-words.ts';
import { sameWords, words } from '../lib/arabic.ts';
import { codePoints, collapseWhitespace, stripControls } from '../lib/text.ts';

/** A reader's keywords, together. */
export const maxKeywords = 20;
/** Code points of one keyword, spaces included. */
export const maxKeywordLength = 60;
const maxKeywordWords = 5;

export type CheckedKeyword = { kind: 'keyword'; keyword: string } | { kind: 'too-long' } | { kind: 'no-word' };

/** In nearly every text, in their normal form. */
const particles = new Set(
  'في من علي عن الي مع او ثم قد لم لن لا ما هل ان هو هي the of to in and on for at is was by with from as it'.split(
    ' ',
  ),
);

/** From the first letter or digit to the last one, with its marks. */
const core = /[\p{L}\p{N}](?:.*[\p{L}\p{N}\p{M}])?/u;

/** What a reader typed, as it is stored: one line, without punctuation around it, of at most five words. */
export function checkKeyword(text: string): CheckedKeyword {
  const keyword = core.exec(collapseWhitespace(stripControls(text)))?.[0] ?? '';
  const found = words(keyword);
  // One letter or digit is in every text, and so is a word of grammar.
  if (found.join('').length < 2 || found.every((word) => closedWords.has(word) || particles.has(word)))
    return { kind: 'no-word' };
  if (codePoints(keyword) > maxKeywordLength || found.length > maxKeywordWords) return { kind: 'too-long' };
  return { kind: 'keyword', keyword };
}

/** Whether two keywords are one to a reader: سُوريا and سوريا, NASA and nasa. */
export function isSameKeyword(one: string, other: string): boolean {
  return sameWords(one, other);
}

/** Stands for a keyword where there is no room for it: 16 letters, digits, - and _. */
export function keywordMark(keyword: string): string {
  return createHash('sha256').update(keyword).digest('base64url').slice(0, 16);
}
