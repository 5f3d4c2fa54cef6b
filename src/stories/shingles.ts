// Short hashes of each run of three words: whether one text stands in another, without keeping either.
import { fnv1a } from '../lib/hash.ts';

export const wordsOfRun = 3;
const bitsOfHash = 20;
const charactersOfHash = 4;

/** The hashes of all runs of `words`, four characters each, without separator. */
export function shinglesOf(words: readonly string[]): string {
  const hashes = new Set<string>();
  for (let index = 0; index + wordsOfRun <= words.length; index += 1) {
    hashes.add(hashOf(words.slice(index, index + wordsOfRun).join(' ')));
  }
  return [...hashes].join('');
}

/** The hashes as numbers, ascending. */
export function readShingles(shingles: string): number[] {
  const hashes: number[] = [];
  for (let index = 0; index < shingles.length; index += charactersOfHash) {
    hashes.push(Number.parseInt(shingles.slice(index, index + charactersOfHash), 32));
  }
  return hashes.sort((a, b) => a - b);
}

/** A hash of 32 bits for a whole text, seven characters. */
export function textHash(text: string): string {
  return fnv(text).toString(36).padStart(7, '0');
}

/** Folded; in base 32. */
function hashOf(text: string): string {
  const hash = fnv(text);
  const folded = ((hash >>> bitsOfHash) ^ hash) & (2 ** bitsOfHash - 1);
  return folded.toString(32).padStart(charactersOfHash, '0');
}

/** FNV-1a, 32 bits, mixed once more so that similar texts do not have similar hashes. */
export function fnv(text: string): number {
  const hash = fnv1a(text);
  return Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
}
