// The terms that texts are compared by: a number for each meaning, whichever of its words a newsroom chose.
import { isNameOfOccurrence, meaningsOf, meanings } from './news-synonyms.ts';
import { fnv } from './shingles.ts';
import { listedStems, newsFrequency, unlistedShare } from './word-frequency.ts';

/** The terms of a text in order, 32-bit numbers; a phrase of the thesaurus is one. */
export function termsOf(stems: readonly string[]): number[] {
  return meaningsOf(stems).map(termId);
}

/** By a hash instead of a table, so that terms cost nothing and are the same in every process. */
export function termId(term: string): number {
  return fnv(term) | 0;
}

/**
 * What the thesaurus holds counts as rare even where its words are not: that both tell of a fire, or of one country,
 * tells more of an event than its words do.
 */
const meaningShare = 0.001;
const occurrences = new Set<number>();
const shares = new Map<number, number>();
for (const stem of listedStems()) shares.set(termId(stem), newsFrequency(stem));
for (const meaning of meanings) {
  shares.set(termId(meaning), meaningShare);
  if (isNameOfOccurrence(meaning)) occurrences.add(termId(meaning));
}

/** The share of articles of news at large that hold the term, 0 to 1. */
export function shareOf(meaning: number): number {
  return listedShareOf(meaning) ?? unlistedShare;
}

/** The same; undefined for one that is on no list. */
export function listedShareOf(meaning: number): number | undefined {
  return shares.get(meaning);
}

/** Whether the term says what happened, and not who or where. */
export function isOccurrence(meaning: number): boolean {
  return occurrences.has(meaning);
}
