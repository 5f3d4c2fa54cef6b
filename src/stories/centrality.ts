// Ranks the sentences of a text by how much of what the whole speaks about each one says.
import { words } from '../lib/arabic.ts';

/** Shorter words are mostly particles. */
const minWordLetters = 3;

/** The places of the `count` sentences whose words are most shared by the others, in the text's order. */
export function mostCentral(sentences: readonly string[], count: number): number[] {
  const bags = sentences.map((sentence) => new Set(words(sentence).filter((word) => word.length >= minWordLetters)));
  const sentencesWith = new Map<string, number>();
  for (const bag of bags) for (const word of bag) sentencesWith.set(word, (sentencesWith.get(word) ?? 0) + 1);
  const scores = bags.map((bag, index) => {
    let shared = 0;
    for (const word of bag) shared += (sentencesWith.get(word) ?? 1) - 1;
    // Long sentences share more by their length alone: divided by its root, they keep a part of that.
    return { index, score: shared / Math.sqrt(Math.max(1, bag.size)) };
  });
  return scores
    .toSorted((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ index }) => index)
    .toSorted((a, b) => a - b);
}
