// Short hashes of each run of three words: whether one text stands in another, without keeping either.
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

export function readShingles(shingles: string): Set<string> {
  const hashes = new Set<string>();
  for (let index = 0; index < shingles.length; index += charactersOfHash) {
    hashes.add(shingles.slice(index, index + charactersOfHash));
  }
  return hashes;
}

/** A longer hash of a whole text, fourteen characters: equal ones are of equal texts, among any number of articles. */
export function textHash(text: string): string {
  const halves = [0x811c9dc5, 0x01234567].map((seed) => fnv(text, seed).toString(36).padStart(7, '0'));
  return halves.join('');
}

/** FNV-1a, folded; in base 32. */
function hashOf(text: string): string {
  const hash = fnv(text, 0x811c9dc5);
  const folded = ((hash >>> bitsOfHash) ^ hash) & (2 ** bitsOfHash - 1);
  return folded.toString(32).padStart(charactersOfHash, '0');
}

function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
