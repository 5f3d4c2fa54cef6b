// The mark of what a feed last said of an entry: by it a correction is seen, and a feed that keeps changing is bounded.
import { createHash } from 'node:crypto';
import type { Entry } from '../feeds/feed.ts';
import { htmlToText } from '../lib/html.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { pictureKey } from './picture-key.ts';

/** Marks of another version say nothing: what counts as a change was something else. */
const version = '1';

/** A feed that flips between two versions, or counts something in its text, is believed so often. */
export const maxCorrectionsPerDay = 6;

/** An article is shorter; what follows is neither compared nor read. */
export const maxEntryCharacters = 500_000;

/**
 * What a newsroom would call a change of its article: another title, another text, another picture. Dates, categories,
 * markup, white space, a link's or a picture's parameters and the picture's host are none.
 */
export function hashOfEntry({ title, contentHtml, summaryHtml, imageUrl }: Entry): string {
  const text = htmlToText((contentHtml ?? summaryHtml ?? '').slice(0, maxEntryCharacters));
  const told = [title, text].map((each) => collapseWhitespace(stripControls(each)).normalize('NFC'));
  const picture = imageUrl === null ? null : pictureKey(imageUrl);
  return createHash('sha256')
    .update(JSON.stringify([...told, picture]))
    .digest('base64url');
}

/** The mark of an entry that is seen for the first time. */
export function firstMark(hash: string): string {
  return `${version}.${hash}`;
}

/**
 * What to do about an entry that was marked before. `unchanged`: nothing · `adopted`: keep the new mark, for the old
 * one cannot be compared · `changed`: a correction · `too-often`: a correction too many today; tomorrow it counts.
 */
export function compareMark(
  mark: string,
  hash: string,
  now: Date,
): { kind: 'unchanged' } | { kind: 'too-often' } | { kind: 'adopted' | 'changed'; mark: string } {
  const [markVersion, markedHash, lastDay, count] = mark.split('.');
  if (markVersion !== version) return { kind: 'adopted', mark: firstMark(hash) };
  if (markedHash === hash) return { kind: 'unchanged' };
  const day = now.toISOString().slice(0, 10);
  const today = lastDay === day ? Number(count) : 0;
  if (today >= maxCorrectionsPerDay) return { kind: 'too-often' };
  return { kind: 'changed', mark: `${firstMark(hash)}.${day}.${today + 1}` };
}
