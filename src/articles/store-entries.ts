// Stores what a feed gave: each new entry as an article, once and for good, and what it says anew as a correction.
import type { Db } from '../db/database.ts';
import type { Feed } from '../feeds/feed-store.ts';
import type { Entry } from '../feeds/feed.ts';
import { correctArticle, insertArticle, insertArticles, lockArticle } from './article-store.ts';
import { corrected, type EntryWords } from './article-words.ts';
import { compareMark, type EntryChange, firstMark, hasTitleOf } from './entry-mark.ts';
import {
  type EarlierEntry,
  findEarlierEntry,
  type KnownEntries,
  listKnownEntries,
  moveEntry,
  setEntryHash,
} from './entry-store.ts';
import type { PreparedEntry } from './prepare-entries.ts';
import { isSameTitle } from './shared-urls.ts';
import { whatIsNew } from './what-is-new.ts';

/** A new feed's entries older than this are stored and never sent. */
const firstRoundFreshMs = 60 * 60 * 1000;

export interface StoredEntries {
  articles: number;
  corrected: number;
}

/** What others have stored since it was prepared is found, and not stored again; by feed. The feeds must be locked. */
export async function storeEntries(
  trx: Db,
  prepared: readonly { feed: Feed; entries: readonly PreparedEntry[] }[],
  now: Date,
): Promise<Map<Feed, StoredEntries>> {
  const given = prepared.flatMap(({ feed, entries }) => entries.map((each) => ({ ...each, feed })));
  const known = await listKnownEntries(
    trx,
    given.map(({ feed: { feedId }, entry: { guid } }) => ({ feedId, guid })),
  );
  const all = new Map(prepared.map(({ feed }) => [feed, { articles: 0, corrected: 0 }]));
  const begun = await insertNewArticles(trx, given, { known, now });
  for (const { words, ...each } of given) {
    const { feed, entry } = each;
    const { feedId } = feed;
    const { guid } = entry;
    const stored = all.get(feed) as StoredEntries;
    if (begun.has(entry)) {
      if (!isOldEntry(feed, entry, now)) stored.articles += 1;
      continue;
    }
    const news = whatIsNew(known.of(feedId, guid), each.hashes, now);
    if (news.kind === 'mark') {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
    } else if (news.kind === 'entry' && words) {
      const outcome = await storeEntry(trx, feed, { ...each, words }, now);
      if (outcome !== 'nothing') stored[outcome] += 1;
    } else if (news.kind === 'correction' && words) {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
      if (await correct(trx, news, entry, words)) stored.corrected += 1;
    }
  }
  return all;
}

/** So many are stored with one statement; a feed may have tens of thousands. */
const articlesTogether = 500;

/** Stores together what nobody has given before, as nearly all that is new. Gives the entries of those articles. */
async function insertNewArticles(
  trx: Db,
  given: readonly (PreparedEntry & { feed: Feed })[],
  { known, now }: { known: KnownEntries; now: Date },
): Promise<Set<Entry>> {
  const byUrl = new Map<string, PreparedEntry & { feed: Feed; words: EntryWords }>();
  for (const { words, ...each } of given) {
    const { feed, entry, canonicalUrl: url } = each;
    // Of several with one address only the first begins an article.
    if (url === null || !words || byUrl.has(url) || known.of(feed.feedId, entry.guid)) continue;
    byUrl.set(url, { ...each, words });
  }
  const begun = new Set<Entry>();
  const all = [...byUrl.values()];
  for (let at = 0; at < all.length; at += articlesTogether) {
    const together = all.slice(at, at + articlesTogether);
    const articles = together.map((each) => newArticle(each.feed, each, each.canonicalUrl, now));
    const inserted = await insertArticles(trx, articles);
    for (const { entry, canonicalUrl: url } of together) if (url !== null && inserted.has(url)) begun.add(entry);
  }
  return begun;
}

/** What a feed's first round finds is told only when it is fresh. */
function isOldEntry({ firstRoundAt }: Feed, { publishedAt }: Entry, now: Date): boolean {
  return firstRoundAt === null && (publishedAt === null || publishedAt.getTime() < now.getTime() - firstRoundFreshMs);
}

function newArticle(
  feed: Feed,
  { entry, hashes, words, isLate }: PreparedEntry & { words: EntryWords },
  url: string | null,
  now: Date,
) {
  const { guid, categories, publishedAt } = entry;
  return {
    article: {
      url: entry.url,
      canonicalUrl: url,
      state: isOldEntry(feed, entry, now) ? ('old' as const) : ('new' as const),
      ...words,
      publishedAt: publishedAt !== null && publishedAt < now ? publishedAt : now,
      createdAt: now,
      isLate,
    },
    source: { feedId: feed.feedId, guid, categories, entryHash: firstMark(hashes) },
  };
}

/** Stores what the feed gives for the first time; says what there is now to be told. */
async function storeEntry(
  trx: Db,
  feed: Feed,
  prepared: PreparedEntry & { words: EntryWords },
  now: Date,
): Promise<keyof StoredEntries | 'nothing'> {
  const { entry, hashes, canonicalUrl, words } = prepared;
  const earlier = canonicalUrl === null ? undefined : await findEarlierEntry(trx, feed.feedId, canonicalUrl);
  const isRetitled =
    earlier !== undefined && (hasTitleOf(earlier.entryHash, hashes) || isSameTitle(earlier.headline, words.headline));
  if (isRetitled) return (await renameEntry(trx, feed, { ...prepared, earlier }, now)) ? 'corrected' : 'nothing';
  const isOld = isOldEntry(feed, entry, now);
  const outcome = await insertArticle(trx, {
    // One page for one alert after the other: the first has its address for good.
    ...newArticle(feed, prepared, earlier ? null : canonicalUrl, now),
    regroups: !isOld,
  });
  return outcome === 'regroup' || (outcome === 'inserted' && !isOld) ? 'articles' : 'nothing';
}

/** Some feeds give an article another guid with each revision. Whether it is to be told anew. */
async function renameEntry(
  trx: Db,
  { feedId }: Feed,
  { entry, hashes, words, earlier }: PreparedEntry & { words: EntryWords; earlier: EarlierEntry },
  now: Date,
): Promise<boolean> {
  const { guid, categories } = entry;
  const compared = compareMark(earlier.entryHash, hashes, now);
  const entryHash = 'mark' in compared ? compared.mark : earlier.entryHash;
  await moveEntry(trx, earlier, { feedId, guid, categories, entryHash });
  if (compared.kind !== 'changed') return false;
  return correct(trx, { articleId: earlier.articleId, change: compared.change }, entry, words);
}

/** Whether the article is to be told anew. */
async function correct(
  trx: Db,
  { articleId, change }: { articleId: number; change: EntryChange },
  { title }: Entry,
  words: EntryWords,
): Promise<boolean> {
  const article = await lockArticle(trx, articleId);
  if (!article || article.withdrawnAt !== null) return false;
  // Without a title the text's beginning is the headline.
  const isRetitled = change.title || (title === '' && change.text);
  await correctArticle(trx, article, corrected(article, words, { ...change, title: isRetitled }));
  return article.state !== 'old';
}
