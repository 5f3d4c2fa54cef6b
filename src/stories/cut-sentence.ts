// Cuts a sentence that is too long for its place, where the reader loses least.
import { codePoints } from '../lib/text.ts';

const ellipsis = '…';
/** A cut at a clause may leave this share of the room empty before a cut at a word is better. */
const minClauseShare = 0.5;

/** Behind a mark of pause, or before "and" with a verb of saying or doing: "، وأضاف". */
const clauses = [
  /[؛;:][\s»”"')]*/gu,
  /[،,、，—–][\s»”"')]*/gu,
  /\s(?=(?:و|ف|بينما|فيما|لكن|ولكن|حيث|كما)\p{L}*\s|and\s|but\s|while\s)/gu,
];

/** `sentence`, or its beginning with "…" so that it has at most `maxCharacters` code points. */
export function cutSentence(sentence: string, maxCharacters: number): string {
  if (codePoints(sentence) <= maxCharacters) return sentence;
  const room = [...sentence.slice(0, 2 * maxCharacters)].slice(0, Math.max(0, maxCharacters - 1)).join('');
  const withNext = sentence.slice(0, room.length + 1);
  const ends = [
    ...clauses.map((clause) => [...withNext.matchAll(clause)].map(({ index }) => index)),
    [...withNext.matchAll(/\s/gu)].map(({ index }) => index),
  ].map((places) => places.filter((place) => place <= room.length).at(-1) ?? 0);
  const at = ends.find((place, index) => place >= (index < clauses.length ? room.length * minClauseShare : 1));
  const kept = room.slice(0, at ?? room.length).replace(/[\s\p{P}]+$/u, '');
  return `${kept}${ellipsis}`;
}
