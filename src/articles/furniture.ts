// Takes out of a body's blocks what their shape and place give away, in any language: links to other articles, lines
// above the first sentence and below the last, credits of pictures.
import { words } from '../lib/arabic.ts';
import { parseNewsDate } from '../lib/news-date.ts';
import { bylineIn } from './authors.ts';
import { isCredit, isCreditedCaption } from './credit.ts';
import { beginsList, endsSentence, isInvitation, offersToReaders, paragraph } from './clutter.ts';
import type { Block } from './paragraphs.ts';

/** A block with what the rules ask about it. */
interface Shape extends Block {
  wordCount: number;
  ends: boolean;
  /** Surely a sentence of the text. */
  written: boolean;
  /** The heading by which clean.ts knows the list below it; it goes with the list. */
  opensList: boolean;
}

/** The blocks that can be the article's own, in order. `authors` wrote it: below it, a line that begins with one presents them. */
export function withoutFurniture(blocks: readonly Block[], authors: readonly string[] = []): Block[] {
  const shapes = blocks
    .map(shapeOf)
    .filter((each, index) => !isLeftover(each) && !(index < topBlocks && isByline(each, authors)));
  return withoutTail(withoutOpening(withoutLinks(shapes)), authors);
}

/** Headlines and names have fewer words; many newsrooms write their paragraphs without a final stop. */
const unendedWords = 25;
const sentenceWords = 8;

function shapeOf(block: Block): Shape {
  const wordCount = wordsOf(block.text);
  const ends = endsSentence(block.text);
  const written =
    block.kind !== 'heading' &&
    block.linked < (block.kind === 'item' ? itemLink : 0.7) &&
    ((ends && wordCount >= sentenceWords) || wordCount >= unendedWords) &&
    !isCredit(block.text);
  return { ...block, wordCount, ends, written, opensList: wordCount <= 6 && beginsList(paragraph(block.text)) };
}

/** Below a standfirst stand who wrote the text, where and when. */
const topBlocks = 8;
const bylineWords = 12;

function isByline({ text, kind, wordCount, ends, written }: Shape, authors: readonly string[]): boolean {
  if (written || kind !== 'text' || wordCount > bylineWords) return false;
  if (/^(?:by|von|par|por|بقلم|كتب|كتبت)\s*:?$/iu.test(text) || bylineIn(text) !== null) return true;
  // "09:30 p.m." ends no sentence.
  if (ends && !/[ap]\.\s?m\.$/i.test(text)) return false;
  if (authors.some((author) => text.toLowerCase().startsWith(author.toLowerCase()))) return true;
  return parseNewsDate(text, { timeZone: 'UTC' }) !== undefined && words(text).length <= dateWords;
}

/** Weekday, day, month, year, time and a label. */
const dateWords = 9;

/** Scripts without spaces have about two letters a word. */
function wordsOf(text: string): number {
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0;
  return Math.max(words(text).length, Math.round(unspaced / 2));
}

/** To subscribe, to follow, to write: such lines are short, and lead somewhere. */
const invitationWords = 40;

/** Numbers of a gallery, addresses without a word, credits of pictures whose captions are gone. */
function isLeftover({ text, wordCount, written, linked }: Shape): boolean {
  if (linked > 0 && wordCount <= invitationWords && isInvitation(paragraph(text))) return true;
  if (/^(?:https?:\/\/|www\.)\S+$/i.test(text)) return true;
  if (isCreditedCaption(text)) return true;
  if (written) return false;
  if (wordCount === 0 || /^\d{1,4}(?:\s*[/|]\s*\d{1,4})?$/.test(text)) return true;
  return isCredit(text);
}

/** A link that is a whole block leads to another article. */
const wholeLink = 0.9;
/** Beside another such block also a link with a word around it does: "[Video]", "→", a date. */
const partLink = 0.6;
/** The items of a list of links also have words around them. */
const itemLink = 0.25;

function withoutLinks(shapes: readonly Shape[]): Shape[] {
  const isLink = (each: Shape | undefined, share: number) =>
    each !== undefined && !each.written && each.linked >= share && !(each.ends && each.linked < wholeLink);
  const drops = shapes.map((each, index) => {
    if (isLink(each, wholeLink)) return true;
    if (!isLink(each, partLink)) return false;
    return isLink(shapes[index - 1], partLink) || isLink(shapes[index + 1], partLink);
  });
  // Where the links are the text, as in a press review, they stay.
  const others = shapes.filter((_, index) => !drops[index]);
  if (!isMostOf(others, shapes)) return [...shapes];
  return shapes.filter((each, index) => {
    if (drops[index]) return false;
    // The heading of a list that went.
    return !(drops[index + 1] === true && isHeadingOfList(each));
  });
}

function isHeadingOfList({ kind, text, wordCount, ends, written, opensList }: Shape): boolean {
  return !opensList && !written && !ends && (kind === 'heading' || /[:：]\s*$/u.test(text)) && wordCount <= 6;
}

function size(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, { text }) => sum + text.length, 0);
}

/** A line of so many words before the first sentence is a byline, a date, a credit, a button. */
const openingLineWords = 12;

function withoutOpening(shapes: readonly Shape[]): Shape[] {
  const first = shapes.findIndex((each) => each.written);
  if (first <= 0) return [...shapes];
  const kept = shapes.filter((each, index) => {
    if (index >= first || each.opensList) return true;
    if (each.kind === 'heading') return false;
    return each.ends || each.wordCount > openingLineWords;
  });
  return isMostOf(kept, shapes) ? kept : [...shapes];
}

/** A rule that takes more than this is wrong about the page. */
const maxDroppedShare = 0.3;

function isMostOf(kept: readonly Shape[], all: readonly Shape[]): boolean {
  return size(kept) >= size(all) * (1 - maxDroppedShare);
}

/** The last lines of a page's text without a stop: names, buttons, headings of what went. */
const closingLineWords = 10;
/** An address to write to, or a newsletter, stands so close to the end. */
const contactBlocks = 4;

function withoutTail(shapes: readonly Shape[], authors: readonly string[]): Shape[] {
  const last = shapes.findLastIndex((each) => each.written);
  if (last === -1) return [...shapes];
  const items = shapes.slice(last + 1).filter(({ kind }) => kind === 'item');
  const listOfLinks = items.length >= 2 && items.reduce((sum, { linked }) => sum + linked, 0) / items.length > itemLink;
  const kept = shapes.filter((each, index) => {
    if (index <= last || each.opensList) return true;
    if (each.kind === 'heading' || (each.kind === 'item' && listOfLinks)) return false;
    return each.ends || each.kind !== 'text' || each.wordCount > closingLineWords;
  });
  const end = kept.length - contactBlocks;
  const presents = (text: string) =>
    authors.some((author) => text.toLowerCase().startsWith(`${author.toLowerCase()} `));
  const withoutContacts = kept.filter((each, index) => {
    if (index < Math.max(1, end) || each.kind === 'quote') return true;
    return !(hasContact(each.text) || isOffer(each) || presents(each.text));
  });
  while (withoutContacts.length > 1 && isEmptyHeading(withoutContacts.at(-1))) withoutContacts.pop();
  return isMostOf(withoutContacts, shapes) ? withoutContacts : [...shapes];
}

function isEmptyHeading(each: Shape | undefined): boolean {
  return each?.kind === 'heading' && !each.opensList;
}

function isOffer({ text, linked, wordCount }: Shape): boolean {
  return linked > 0 && wordCount <= invitationWords && offersToReaders(paragraph(text));
}

/** How to reach the writer: below an article nothing else names an address. */
function hasContact(text: string): boolean {
  return text.length < 600 && (/[\w.+-]{1,64}@[\w-]{1,64}\.\w{2}/.test(text) || /(?:^|[\s(])@\w{3,}/.test(text));
}
