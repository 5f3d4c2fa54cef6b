// FNV-1a: a fast hash of texts, for tables and comparisons and never for secrets.

const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/** Over UTF-16 units, in 32 bits; similar texts have similar hashes until somebody mixes them. */
export function fnv1a(text: string, seed = offsetBasis): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  return hash;
}
