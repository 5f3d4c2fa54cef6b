// Which links of a feed name an article, and which only the place where one after the other is told.
import type { Entry } from '../feeds/feed.ts';
import { words } from '../lib/arabic.ts';
import { canonicalUrl } from './canonical-url.ts';

/** Two titles with this share of common words, of all they have, are one title. */
const sameTitle = 0.4;

/** URLs that say nothing about which article is meant: a home page, or one that entries with different titles share. */
export function sharedUrls(entries: readonly Entry[]): Set<string> {
  const titles = new Map<string, string>();
  const shared = new Set<string>();
  for (const entry of entries) {
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    if (url === null) continue;
    const other = titles.get(url);
    if (isHome(url)) shared.add(url);
    // Retitled is the same article; a live blog's entries have little in common.
    else if (other !== undefined && !isSameTitle(other, entry.title)) shared.add(url);
    titles.set(url, entry.title);
  }
  return shared;
}

/** Whether an address is a site's first page. */
export function isHome(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.pathname === '/' && parsed.search === '';
}

/** Whether two titles are one, reworded. */
export function isSameTitle(one: string, other: string): boolean {
  const left = new Set(words(one));
  const right = new Set(words(other));
  return left.intersection(right).size >= sameTitle * Math.max(1, left.union(right).size);
}
