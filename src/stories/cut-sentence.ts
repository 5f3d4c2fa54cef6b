// Cuts a sentence that is too long for its place, where the reader loses least.
import { clip } from '../lib/text.ts';

/** A cut at a clause may leave this share of the room empty before a cut at a word is better. */
const minClauseShare = 0.5;

/** Behind a mark of pause, or before a clause of its own: "… وأضاف". The strongest first. */
const clauses = [/[؛;:]/gu, /[،,、，—–]/gu, /\s(?=(?:و\p{L}+|فيما|بينما|لكن|ولكن|حيث|and|but|while)\s)/gu];

/** `sentence`, or its beginning with "…" so that it has at most `maxCharacters` code points. */
export function cutSentence(sentence: string, maxCharacters: number): string {
  const clipped = clip(sentence, maxCharacters);
  if (clipped === sentence) return sentence;
  // With what comes next, which may be the mark itself.
  const head = sentence.slice(0, Math.max(0, clipped.length - 1));
  const seen = sentence.slice(0, head.length + 1);
  const at = clauses
    .map((clause) => [...seen.matchAll(clause)].at(-1)?.index ?? -1)
    .find((index) => index >= head.length * minClauseShare && index > 0);
  return at === undefined ? clipped : `${seen.slice(0, at).trimEnd()}…`;
}
