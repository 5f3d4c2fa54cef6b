// What the topic model sees of a text: its words, their stems and its pairs of words, each hashed to a number.
import { words } from '../lib/arabic.ts';
import { fnv1a } from '../lib/hash.ts';

/** Every hash is below this; fewer hashes let unrelated words share a weight, more cost only memory while training. */
export const hashCount = 2 ** 18;
/** About 500 words: what comes later says little about the topic, and news is written so. */
export const maxFeatureCharacters = 3_000;
/** A word of the title counts as often as this in the text. */
const titleWeight = 2;

export interface TopicText {
  title: string;
  /** Plain text. */
  text: string;
}

/** Each hash once, and how often it occurs. */
export interface TextFeatures {
  hashes: Int32Array;
  counts: Float32Array;
}

export function textFeatures({ title, text }: TopicText): TextFeatures {
  const counts = new Map<number, number>();
  for (const [part, weight] of [
    [title, titleWeight],
    [text, 1],
  ] as const) {
    const add = (hash: number) => counts.set(hash % hashCount, (counts.get(hash % hashCount) ?? 0) + weight);
    let before: number | undefined;
    for (const word of words(part.slice(0, maxFeatureCharacters))) {
      const hash = hashText(word);
      const stem = arabicStem(word);
      add(hash);
      if (stem !== word) add(hashText(stem, stemSeed));
      if (before !== undefined) add(mix(Math.imul(before, pairFactor) ^ hash));
      before = hash;
    }
  }
  return { hashes: Int32Array.from(counts.keys()), counts: Float32Array.from(counts.values()) };
}

/**
 * Cuts what inflection puts around a noun: a conjunction, the article with its preposition, a pronoun or an ending. It
 * cuts too much now and then, which a weight does not mind: the whole word is a feature too.
 */
function arabicStem(word: string): string {
  return word
    .replace(/^(?:[وف]?(?:[بك]?ال|لل)|و(?=\p{Script=Arabic}{3}))(?=\p{Script=Arabic}{2})/u, '')
    .replace(/(?<=\p{Script=Arabic}{3})(?:ها|هم|هن|ان|ات|ون|ين|ية)$|(?<=\p{Script=Arabic}{2})[هةي]$/u, '');
}

/** Keeps a stem apart from the word that is written like it. */
const stemSeed = 0x5bd1e995;
/** Odd, so that the order of a pair matters and nothing is lost. */
const pairFactor = 0x9e3779b1;

/** FNV-1a over UTF-16, finished by `mix`; at least 0. */
export function hashText(text: string, seed?: number): number {
  return mix(fnv1a(text, seed));
}

/** The finisher of MurmurHash3: every bit of the result depends on every bit given. */
function mix(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
