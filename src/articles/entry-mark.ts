// The mark of what a feed last said of an entry: by it a correction is seen, and a feed that keeps changing is bounded.
import { hash as hashOnce } from 'node:crypto';
import type { Entry } from '../feeds/feed.ts';
import { htmlToText } from '../lib/html.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { pictureKey } from './picture-key.ts';

/** Marks of another version say nothing: what counts as a change was something else. */
const version = '2';

/** A feed that flips between two versions, or counts something in its text, is believed so often. */
export const maxCorrectionsPerDay = 6;

/** An article is shorter; what follows is neither compared nor read. */
const maxEntryCharacters = 500_000;

/** Of a hash in a mark: 96 bits, and nobody gains anything by two texts that have the same. */
const hashCharacters = 16;

/** The hashes of what an entry says. */
export interface EntryHashes {
  title: string;
  text: string;
  picture: string;
  /** Of the text as it came, in its markup: while this is the same, the text is. */
  source: string;
}

/** What of an entry has changed. */
export interface EntryChange {
  title: boolean;
  text: boolean;
  picture: boolean;
}

/**
 * What a newsroom would call a change of its article: another title, another text, another picture. Dates, categories,
 * markup, white space, a link's or a picture's parameters, the picture's host and its size are none. The text is taken
 * out of its markup only where that is not what `mark` knows: feeds are asked every few minutes.
 */
export function hashesOfEntry(entry: Entry, mark: string | null): EntryHashes {
  const html = htmlOfEntry(entry);
  const source = hash(html);
  const known = mark === null ? undefined : parseMark(mark);
  return {
    title: hash(plain(entry.title)),
    text: known?.hashes.source === source ? known.hashes.text : hash(plain(htmlToText(html))),
    picture: entry.imageUrl === null ? '' : hash(pictureKey(entry.imageUrl)),
    source,
  };
}

/** The entry's text in its markup, as far as it is read. */
export function htmlOfEntry({ contentHtml, summaryHtml }: Entry): string {
  return (contentHtml ?? summaryHtml ?? '').slice(0, maxEntryCharacters);
}

function plain(text: string): string {
  return collapseWhitespace(stripControls(text)).normalize('NFC');
}

function hash(text: string): string {
  return hashOnce('sha256', text, 'base64url').slice(0, hashCharacters);
}

interface Mark {
  hashes: EntryHashes;
  /** YYYY-MM-DD, of the last correction, and how often the title and the rest were corrected then. */
  day: string;
  titles: number;
  others: number;
}

function parseMark(mark: string): Mark | undefined {
  const [markVersion, title = '', text = '', picture = '', source = '', day = '', titles, others] = mark.split('.');
  if (markVersion !== version) return undefined;
  return { hashes: { title, text, picture, source }, day, titles: Number(titles ?? 0), others: Number(others ?? 0) };
}

/** The mark of an entry that is seen for the first time. */
export function firstMark({ title, text, picture, source }: EntryHashes): string {
  return [version, title, text, picture, source].join('.');
}

/** Whether the title is the one that `mark` was made of. */
export function hasTitleOf(mark: string, { title }: EntryHashes): boolean {
  return parseMark(mark)?.hashes.title === title;
}

export type ComparedMark =
  | { kind: 'unchanged' }
  /** Nothing but changes that are too many for today. */
  | { kind: 'too-often' }
  /** Keep the new mark; the old one cannot be compared. */
  | { kind: 'adopted'; mark: string }
  /** A correction of `change`; `isHeldBack` when something else is too much for today. */
  | { kind: 'changed'; mark: string; change: EntryChange; isHeldBack: boolean };

/**
 * What to do about an entry that was marked before. The title has a day's number of its own, so that a counter in the
 * text cannot use up its corrections; what is too much today counts tomorrow.
 */
export function compareMark(mark: string, hashes: EntryHashes, now: Date): ComparedMark {
  const known = parseMark(mark);
  if (!known) return { kind: 'adopted', mark: firstMark(hashes) };
  const before = known.hashes;
  const title = before.title !== hashes.title;
  const other = before.text !== hashes.text || before.picture !== hashes.picture;
  if (!title && !other) return { kind: 'unchanged' };
  const day = now.toISOString().slice(0, 10);
  const [titles, others] = known.day === day ? [known.titles, known.others] : [0, 0];
  const takesTitle = title && titles < maxCorrectionsPerDay;
  const takesOther = other && others < maxCorrectionsPerDay;
  if (!takesTitle && !takesOther) return { kind: 'too-often' };
  const next = { ...(takesOther ? hashes : before), title: (takesTitle ? hashes : before).title };
  return {
    kind: 'changed',
    mark: [firstMark(next), day, titles + Number(takesTitle), others + Number(takesOther)].join('.'),
    change: {
      title: takesTitle,
      text: takesOther && before.text !== hashes.text,
      picture: takesOther && before.picture !== hashes.picture,
    },
    isHeldBack: takesTitle !== title || takesOther !== other,
  };
}
