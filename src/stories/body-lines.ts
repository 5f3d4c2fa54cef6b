// Reads a text line by line before it is summed up: which lines are written text and which stand between it.
import { beginsList, isListLike, paragraph } from '../articles/clutter.ts';
import { words } from '../lib/arabic.ts';
import { isBoilerplate } from './boilerplate.ts';
import { withoutDateline } from './dateline.ts';
import { splitSentences } from './sentences.ts';

/** Lines of a text that was broken at a fixed width are about this long, and none is much longer. */
const minWrappedCharacters = 40;
const maxWrappedCharacters = 140;
const minWrappedLines = 4;
/** The share of a broken text, in characters, that stands in lines without an end. */
const wrappedShare = 0.6;
/** An unended line with more words is written text whose stop was forgotten. */
const maxDebrisWords = 30;
/** Without a stop, a line of a text that writes none is a sentence from this many words on. */
const minUnendedWords = 9;

/** The sentences of the article in `body`, verbatim and in order, without what is not written text. */
export function bodySentences(body: string, language: string, limit: number): string[] {
  const lines = linesOf(body);
  const endsItsLines = shareOf(lines, ends) >= 0.5;
  const sentences: string[] = [];
  let insideList = false;
  for (const line of lines) {
    const each = paragraph(line);
    insideList = beginsList(each) || (insideList && isListLike(each));
    if (insideList) continue;
    const own = sentencesOf(withoutDateline(line), language);
    // In a paragraph of several sentences only those go that are boilerplate themselves.
    if (own.length <= 1 && isBoilerplate(line)) continue;
    if (own.length === 1 && !ends(line) && (hasCredit.test(line) || isDebris(each.wordCount, endsItsLines))) continue;
    sentences.push(...own.filter((sentence) => !isBoilerplate(sentence)));
    if (sentences.length >= limit) break;
  }
  return sentences.slice(0, limit);
}

/** A caption ends with who took the picture, in brackets. */
const hasCredit = /\([^()]{2,40}\)\s*$/u;

/** Whether a line that ends without a stop is a heading, a caption or a kicker. */
function isDebris(wordCount: number, endsItsLines: boolean): boolean {
  return endsItsLines ? wordCount <= maxDebrisWords : wordCount < minUnendedWords;
}

/** Two dots are a dash in headlines and kickers, not an end. */
function ends(line: string): boolean {
  return /(?:(?<!\.)\.|\.{3}|[…:：]|(?![.])\p{Sentence_Terminal})[\s»”’"')\]]*(?:\p{Extended_Pictographic}\uFE0F?\s*)*$/u.test(
    line.slice(-20),
  );
}

/** The share of the characters that stand in lines for which `holds`: short lines between the text count little. */
function shareOf(lines: readonly string[], holds: (line: string) => boolean): number {
  let all = 0;
  let holding = 0;
  for (const line of lines) {
    all += line.length;
    if (holds(line)) holding += line.length;
  }
  return all === 0 ? 0 : holding / all;
}

/** The lines of `body`; of a text that was broken at a fixed width, its paragraphs. */
function linesOf(body: string): string[] {
  const lines = body.split('\n');
  const filled = lines.map((line) => line.trim()).filter((line) => line !== '');
  const width = wrapWidth(filled);
  if (width === undefined) return filled;
  const joined: string[] = [];
  let open = false;
  for (const [index, line] of lines.entries()) {
    const isShort = words(line).length <= maxDebrisWords;
    const apart: boolean = line.trim() === '' || (isShort && (isBoilerplate(line) || (!open && hasCredit.test(line))));
    if (open && !apart) joined[joined.length - 1] += `\n${line}`;
    else joined.push(line);
    // A line is broken where the next word has no more room: a shorter one ends its paragraph.
    const nextWord = /^\s*(\S*)/u.exec(lines[index + 1] ?? '')?.[1] ?? '';
    open = !apart && line.trim().length + 1 + nextWord.length >= width;
  }
  return joined.map((line) => line.trim()).filter((line) => line !== '');
}

/** How long the lines of a text are that was broken at a fixed width; undefined where it was not. */
function wrapWidth(lines: readonly string[]): number | undefined {
  const isWrappedLine = (line: string) => line.length >= minWrappedCharacters && line.length <= maxWrappedCharacters;
  const wrapped = lines.filter(isWrappedLine);
  const broken = shareOf(lines, (line) => isWrappedLine(line) && !ends(line));
  if (lines.length < minWrappedLines || broken < wrappedShare) return undefined;
  const lengths = wrapped.map((line) => line.length).toSorted((one, other) => one - other);
  return lengths[Math.floor(lengths.length * 0.8)];
}

/** As splitSentences, of a paragraph whose line breaks end nothing; each verbatim, with its line breaks. */
function sentencesOf(text: string, language: string): string[] {
  const flat = text.replaceAll(/[\r\n]/g, ' ');
  let from = 0;
  return splitSentences(flat, language).map((sentence) => {
    const at = flat.indexOf(sentence, from);
    from = at + sentence.length;
    return text.slice(at, from);
  });
}
