// An article's fingerprint in numbers, ready to be compared: small, since tens of thousands are held at once.
import type { Fingerprint } from './fingerprint.ts';
import { readShingles } from './shingles.ts';
import { termId, termsOf } from './terms.ts';

/** Sets are ascending arrays. */
export interface Comparable {
  /** The meanings of title and lead. */
  terms: Int32Array;
  /** For each term how often it occurs, the title's twice; and, added to it, `inTitle` and `inOpening`. */
  counts: Int32Array;
  shingles: Int32Array;
  /** Figures themselves; days and places as terms. */
  numbers: readonly number[];
  days: readonly number[];
  places: readonly number[];
  /** Kinds of daily report that it may be. */
  routine: readonly number[];
  publishedAtMs: number;
  feed: string | number;
  exact: number;
  titleExact: number;
  titleFrame: number;
  leadFrame: number;
}

export const inTitle = 1024;
/** Among the first terms of the lead, which say who did what, and where. */
export const inOpening = 512;
const openingTerms = 16;
/** More often than a term can occur in what is compared. */
export const countMask = inOpening - 1;
const none: readonly number[] = [];

export function comparable(fingerprint: Fingerprint, publishedAt: Date, feed: string | number): Comparable {
  const title = termsOf(split(fingerprint.title));
  const lead = termsOf(split(fingerprint.lead));
  const counts = new Map<number, number>();
  for (const term of title) counts.set(term, (counts.get(term) ?? inTitle) + 2);
  for (const [position, term] of lead.entries()) {
    const count = counts.get(term) ?? 0;
    const mark = position < openingTerms && (count & inOpening) === 0 ? inOpening : 0;
    counts.set(term, count + 1 + mark);
  }
  const terms = Int32Array.from(counts.keys()).sort();
  return {
    terms,
    counts: terms.map((term) => counts.get(term) ?? 0),
    shingles: Int32Array.from(readShingles(fingerprint.shingles)),
    numbers: list(split(fingerprint.numbers).map(Number)),
    days: list(split(fingerprint.days).map(termId)),
    places: list(termsOf(split(fingerprint.places))),
    routine: list(fingerprint.routine),
    publishedAtMs: publishedAt.getTime(),
    feed,
    exact: hashOf(fingerprint.exact),
    titleExact: hashOf(fingerprint.titleExact),
    titleFrame: hashOf(fingerprint.titleFrame),
    leadFrame: hashOf(fingerprint.leadFrame),
  };
}

function list(numbers: readonly number[]): readonly number[] {
  return numbers.length === 0 ? none : [...new Set(numbers)].sort((a, b) => a - b);
}

function hashOf(hash: string): number {
  return Number.parseInt(hash, 36) | 0;
}

function split(joined: string): string[] {
  return joined === '' ? [] : joined.split(' ');
}

/** What is held of an article: one array in the place of three, each of which would cost more than what is in it. */
export interface Packed {
  lists: Int32Array;
  rest: Omit<Comparable, 'terms' | 'counts' | 'shingles'>;
}

export function pack({ terms, counts, shingles, ...rest }: Comparable): Packed {
  return { lists: Int32Array.of(terms.length, ...terms, ...counts, ...shingles), rest };
}

export function unpack({ lists, rest }: Packed): Comparable {
  const size = lists[0] ?? 0;
  return {
    ...rest,
    terms: lists.subarray(1, 1 + size),
    counts: lists.subarray(1 + size, 1 + 2 * size),
    shingles: lists.subarray(1 + 2 * size),
  };
}

/** How many numbers two ascending arrays share. */
export function countShared(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let shared = 0;
  for (let a = 0, b = 0; a < one.length && b < other.length;) {
    const difference = (one[a] ?? 0) - (other[b] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) a += 1;
    if (difference >= 0) b += 1;
  }
  return shared;
}
