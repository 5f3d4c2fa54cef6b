// Splits news text into sentences, in any script, where newsrooms end them.
import { contextCharacters, stopEndsSentence } from './full-stop.ts';

/** A quotation or bracket longer than this does not hold its sentences together. */
const maxQuotationCharacters = 600;
/** A longer sentence has lost its full stops, or its script has none; it is cut at a weaker mark. */
export const maxSentenceCharacters = 1500;

const emoji = String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)[\uFE0F\u200D\p{Emoji_Modifier}]*`;
/** Ends, what opens a quotation or a bracket, and emoji, which end a sentence where people write them for a stop. */
const marks = new RegExp(`(?<end>[\\p{Sentence_Terminal}…]+)|(?<opener>[«“„"([「『（])|(?<emoji>${emoji})`, 'gu');
const moreEmoji = new RegExp(`(?:\\s*${emoji})+`, 'uy');
const closerOf: Readonly<Record<string, string>> = {
  '«': '»',
  '“': '”',
  '„': '“',
  '"': '"',
  '(': ')',
  '[': ']',
  '「': '」',
  '『': '』',
  '（': '）',
};
const closer = /[»”’"')\]}›」』）】》\p{Sentence_Terminal}…]/u;

/**
 * The sentences of `text` in order, each trimmed and otherwise verbatim; a line break ends a sentence. What has no
 * letter and no digit belongs to the sentence before it. A quotation of several sentences stays whole. `language` is a
 * BCP 47 tag.
 */
export function splitSentences(text: string, language: string): string[] {
  return text
    .split(/[\n\r\u2028\u2029]/)
    .flatMap((line) => splitLine(line, language))
    .flatMap((sentence) => (sentence.length > maxSentenceCharacters ? cutAtWeakerMarks(sentence) : [sentence]))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function splitLine(line: string, language: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  /** Where the quotation or bracket that we are in closes. */
  let openUntil = -1;

  /** Up to here, and from `start` on, there is no letter and no digit. */
  let wordless = 0;
  /** The end of the emoji that were looked at. */
  let emojiEnd = 0;

  const endAt = (end: number) => {
    const hasWord = /[\p{L}\p{N}]/u.test(line.slice(wordless, end));
    wordless = end;
    if (hasWord) sentences.push(line.slice(start, end));
    else if (sentences.length > 0) sentences.push(`${sentences.pop()}${line.slice(start, end)}`);
    else return;
    start = end;
  };

  for (const match of line.matchAll(marks)) {
    const { end, opener } = match.groups ?? {};
    const at = match.index;
    if (at < start || (end === undefined && opener === undefined && at < emojiEnd)) continue;
    if (opener !== undefined) {
      if (at > openUntil) openUntil = Math.max(openUntil, closingOf(line, at, opener));
      continue;
    }
    const tail = tailFrom(line, at + match[0].length, openUntil);
    emojiEnd = tail;
    if (tail <= openUntil) continue;
    const ends =
      end === undefined ? emojiEnds(line, start, at, tail) : markEnds(line, { start, at, mark: end, tail, language });
    if (ends) endAt(tail);
  }
  endAt(line.length);
  return sentences;
}

/** The position of what closes `opener`, or -1 when nothing does soon: then it opened nothing. */
function closingOf(line: string, at: number, opener: string): number {
  const after = line.slice(at + 1, at + 1 + maxQuotationCharacters);
  const found = after.indexOf(closerOf[opener] ?? opener);
  return found === -1 ? -1 : at + 1 + found;
}

/** Where the sentence would end: behind the marks that close, and the emoji that say how it was meant. */
function tailFrom(line: string, from: number, openUntil: number): number {
  let tail = from;
  while (tail < line.length && closer.test(line[tail] as string)) {
    // A straight quotation mark that closes nothing opens the next sentence, unless a space follows it.
    if (line[tail] === '"' && tail !== openUntil && /[^\s]/.test(line[tail + 1] ?? ' ')) break;
    tail += 1;
  }
  moreEmoji.lastIndex = tail;
  return moreEmoji.test(line) ? moreEmoji.lastIndex : tail;
}

interface EndMark {
  start: number;
  at: number;
  mark: string;
  tail: number;
  language: string;
}

function markEnds(line: string, { start, at, mark, tail, language }: EndMark): boolean {
  const following = line.slice(tail, tail + contextCharacters);
  const after = following.trimStart();
  if (after === '') return true;
  // A comma goes on; "(...)" and "(!)" say something about a word.
  if (/^[،,؛;:、，：]/u.test(after) || /[([]/.test(line[at - 1] ?? '')) return false;
  const glued = after.length === following.length && tail === at + mark.length;
  if (glued && /^[\p{L}\p{N}/&=]/u.test(after) && isAddress(line, at)) return false;
  // A dash of two dots, as in headlines: «أولًا.. ثانيًا».
  if (mark === '..') return false;
  if (!/^[.!?؟…]+$/u.test(mark)) return true;
  if (/^[«“"'(]?\p{Ll}/u.test(after)) return false;
  if (mark === '.') {
    const before = line.slice(Math.max(start, at - contextCharacters), at);
    return stopEndsSentence({ before, after, glued, language });
  }
  // «من هناك؟» فلم يجبه أحد.
  return !(/[»”"]/u.test(line.slice(at, tail)) && saysWho.test(after));
}

/** What goes on after a question or an exclamation in quotation marks. */
const saysWho =
  /^(?:ف\p{L}{2,}|(?:ي|ت)?(?:قال|قول|سأل|سائل|تساءل|تساءلت|صرخ|صاح|هتف|رد|أجاب|جيب|كتب|علق|ضيف|أضاف)(?:ت|وا|ون)?)(?!\p{L})/u;

/** Whether the word around `at` is a URL, an e-mail address or an account's name. */
function isAddress(line: string, at: number): boolean {
  const word = /\S*$/u.exec(line.slice(Math.max(0, at - contextCharacters), at))?.[0] ?? '';
  return /(?:https?:|www\.|@)/iu.test(word);
}

/** An emoji between words stands for the stop of what has at least two words. */
function emojiEnds(line: string, start: number, at: number, tail: number): boolean {
  if (!/^\s+[\p{L}\p{N}"«“]/u.test(line.slice(tail, tail + contextCharacters))) return false;
  const before = line.slice(Math.max(start, at - contextCharacters), at);
  return /\s$/u.test(before) && /[\p{L}\p{N}]\s+[^\s\p{L}\p{N}]*[\p{L}\p{N}]/u.test(before);
}

/** Pieces of at most maxSentenceCharacters, ended at the strongest mark in the second half of each. */
function cutAtWeakerMarks(sentence: string): string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > maxSentenceCharacters) {
    const window = rest.slice(0, maxSentenceCharacters);
    const half = maxSentenceCharacters / 2;
    const at = [/[؛;][^؛;]*$/u, /[،,、，][^،,、，]*$/u, /\s\S*$/u]
      .map((mark) => window.search(mark))
      .find((index) => index >= half);
    let end = (at ?? maxSentenceCharacters - 1) + 1;
    // Never between the halves of one character.
    if (/[\uD800-\uDBFF]/.test(rest[end - 1] as string)) end -= 1;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...pieces, rest];
}
