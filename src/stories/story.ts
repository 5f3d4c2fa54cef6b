// A story's pure rules: when it is urgent, who tells it, and when its delivered copies may change.
import { normalizeArabic } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';

const breakingCategories = new Set(
  ['عاجل', 'خبر عاجل', 'أخبار عاجلة', 'breaking', 'breaking news', 'urgent'].map(normalizeArabic),
);

/** Urgent by the newsroom's own word: a category of that name, or a headline that opens with it and a mark. */
export function isBreaking(headline: string, categories: readonly string[]): boolean {
  if (categories.some((category) => breakingCategories.has(collapseWhitespace(normalizeArabic(category))))) return true;
  // Without a mark after it the word may belong to the sentence ("Breaking the silence").
  return /^[^\p{L}\p{N}]*(?:(?:خبر )?عاجل|breaking(?: news)?|urgent)\s*[:|/؛.!\-–—\]»)]/u.test(
    normalizeArabic(headline),
  );
}

/** The site of an address, by which two feeds of one publisher are known as one; undefined for what is no address. */
export function siteOf(url: string | null): string | undefined {
  return URL.parse(url ?? '')?.hostname.replace(/^(?:www|m|amp)\./, '');
}

/** Changes of a story are gathered for this long before its delivered copies are edited. */
export const gatherChangesMs = 60_000;
/** New sources alone change a story's delivered copies no more often than this. */
export const betweenSourceEditsMs = 15 * 60_000;

/** When delivered copies are to show a change: a correction soon, new sources with patience. */
export function correctionDueAt(
  what: 'correction' | 'sources',
  last: { dueAt: Date; planned: boolean } | undefined,
  now: Date,
): Date {
  const soon = now.getTime() + gatherChangesMs;
  if (what === 'correction' || !last) return new Date(soon);
  // One that still waits will show this change as well.
  const lastMs = last.dueAt.getTime();
  return new Date(last.planned ? Math.max(soon, lastMs + betweenSourceEditsMs) : lastMs);
}

/** A topic that comes later than this only files the story; nobody gets it as news. */
export const pushWithinMs = 3 * 60 * 60_000;

/** What waited for longer than this before it could be told, or sent, belongs to a backlog. */
export const lateAfterMs = 60 * 60_000;
