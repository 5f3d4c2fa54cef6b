// Stores what a feed gave: each new entry as an article, once and for good, and what it says anew as a correction.
import type { Db } from '../db/database.ts';
import type { Feed } from '../feeds/feed-store.ts';
import type { Entry, ParsedFeed } from '../feeds/feed.ts';
import type { Clock } from '../lib/clock.ts';
import { htmlToText } from '../lib/html.ts';
import { correctArticle, insertArticle, lockArticle } from './article-store.ts';
import { corrected, type EntryWords } from './article-words.ts';
import { paragraphsOf } from './article.ts';
import { canonicalUrl } from './canonical-url.ts';
import {
  compareMark,
  type EntryChange,
  type EntryHashes,
  firstMark,
  hashesOfEntry,
  hasTitleOf,
  htmlOfEntry,
} from './entry-mark.ts';
import {
  type EarlierEntry,
  findEarlierEntry,
  type KnownEntry,
  listKnownEntries,
  moveEntry,
  setEntryHash,
} from './entry-store.ts';
import { detectLanguage } from './language.ts';
import type { FeedText, PageReader } from './page-reader.ts';
import { isSameTitle, sharedUrls } from './shared-urls.ts';

/** A new feed's entries older than this are stored and never sent. */
const firstRoundFreshMs = 60 * 60 * 1000;

/** Of one answer of a feed; what follows is read as plain text. So much of the threads' time a hostile feed may have. */
const maxSlowEntries = 3;
/** Of such an entry's HTML, and of the text in it: read here, while nothing else is done. */
const maxPlainHtmlCharacters = 50_000;
const maxPlainCharacters = 10_000;

/** After so much of a feed's text whatever else waits has a turn: comparing takes time, too. */
const charactersPerTurn = 500_000;

/** A longer address fits no index: such an entry is known by its guid alone. */
const maxCanonicalUrlCharacters = 2_000;

/** An entry that is new or changed, with its text. */
interface PreparedEntry {
  entry: Entry;
  hashes: EntryHashes;
  /** Null when the entry's link does not say which article is meant. */
  canonicalUrl: string | null;
  /** Undefined when there is nothing to call it by, or nothing to tell. */
  words: EntryWords | undefined;
}

export interface PreparedEntries {
  entries: PreparedEntry[];
  /** Something is too much for today: the feed is to be asked for its whole answer again, though it does not change. */
  isHeldBack: boolean;
}

export const nothingPrepared: PreparedEntries = { entries: [], isHeldBack: false };

interface PrepareDeps {
  db: Db;
  clock: Clock;
  pages: PageReader;
  defaultLanguage: string;
}

/**
 * Reads the text of what is new or changed in a feed's answer, oldest first. Before any transaction begins: reading
 * takes time that no lock should. Empty when `signal` aborts.
 */
export async function prepareEntries(
  deps: PrepareDeps,
  feed: Feed,
  parsed: ParsedFeed,
  { now, signal }: { now: Date; signal: AbortSignal | undefined },
): Promise<PreparedEntries> {
  const entries = uniqueBy(parsed.entries, (entry) => entry.guid);
  const guids = entries.map((entry) => entry.guid);
  const known = await listKnownEntries(deps.db, feed.feedId, guids);
  const shared = sharedUrls(entries);
  const language = feed.language ?? parsed.language ?? deps.defaultLanguage;
  const readHtml = htmlReader(deps.pages, signal);
  const prepared: PreparedEntry[] = [];
  let isHeldBack = false;
  let compared = 0;
  // The oldest first, so that readers get them in the order of the newsroom.
  for (const entry of entries.toReversed()) {
    const before = known.get(entry.guid);
    const hashes = hashesOfEntry(entry, before?.entryHash ?? null);
    compared += htmlOfEntry(entry).length;
    if (compared > charactersPerTurn) {
      compared = 0;
      await deps.clock.sleep(0, signal);
    }
    const news = whatIsNew(before, hashes, now);
    isHeldBack ||= 'isHeldBack' in news && news.isHeldBack;
    if (news.kind === 'nothing') continue;
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    const isIdentity = url !== null && url.length <= maxCanonicalUrlCharacters && !shared.has(url);
    const text = news.kind === 'mark' ? undefined : await readHtml(entry, entry.url ?? feed.url);
    if (signal?.aborted) return nothingPrepared;
    prepared.push({
      entry,
      hashes,
      canonicalUrl: isIdentity ? url : null,
      words: text && wordsOf(entry, text, { language, now }),
    });
  }
  return { entries: prepared, isHeldBack };
}

type News =
  | { kind: 'nothing'; isHeldBack: boolean }
  | { kind: 'entry' }
  /** Only the mark is to be kept, so that a later change is seen. */
  | { kind: 'mark'; mark: string }
  | { kind: 'correction'; mark: string; change: EntryChange; articleId: number; isHeldBack: boolean };

function whatIsNew(known: KnownEntry | undefined, hashes: EntryHashes, now: Date): News {
  if (!known) return { kind: 'entry' };
  const { articleId, entryHash, hasWords } = known;
  // Of several sources only one may change the article's words; where there is none any more, this one takes its place.
  if (entryHash === null) {
    return hasWords ? { kind: 'nothing', isHeldBack: false } : { kind: 'mark', mark: firstMark(hashes) };
  }
  const compared = compareMark(entryHash, hashes, now);
  switch (compared.kind) {
    case 'unchanged':
    case 'too-often':
      return { kind: 'nothing', isHeldBack: compared.kind === 'too-often' };
    case 'adopted':
      return { kind: 'mark', mark: compared.mark };
    case 'changed':
      return { ...compared, kind: 'correction', articleId };
  }
}

/** Reads an entry's HTML in a thread; what is too much for it, or comes after too much of that, as plain text. */
function htmlReader(pages: PageReader, signal: AbortSignal | undefined) {
  let slow = 0;
  return async (entry: Entry, url: string): Promise<FeedText> => {
    const html = htmlOfEntry(entry);
    if (slow < maxSlowEntries) {
      const outcome = await pages.readFeedHtml({ html, url, title: entry.title }, signal);
      if (outcome.kind === 'read') return outcome.text;
      slow += 1;
    }
    const body = htmlToText(html.slice(0, maxPlainHtmlCharacters)).slice(0, maxPlainCharacters);
    return { body, imageUrl: null };
  };
}

function wordsOf(
  entry: Entry,
  text: FeedText,
  { language, now }: { language: string; now: Date },
): EntryWords | undefined {
  const { body } = text;
  const headline = entry.title || paragraphsOf(body)[0] || entry.url;
  if (!headline) return undefined;
  return {
    headline,
    body,
    language: detectLanguage(`${entry.title}\n${body}`, language),
    imageUrl: entry.imageUrl ?? text.imageUrl,
    // Some feeds give the newsroom's mail address for an author.
    authors: entry.authors.filter((name) => !name.includes('@')),
    modifiedAt: entry.updatedAt !== null && entry.updatedAt <= now ? entry.updatedAt : null,
  };
}

export interface StoredEntries {
  articles: number;
  corrected: number;
}

/** What others have stored since it was prepared is found, and not stored again. The feed must be locked. */
export async function storeEntries(
  trx: Db,
  feed: Feed,
  { entries }: PreparedEntries,
  now: Date,
): Promise<StoredEntries> {
  const known = await listKnownEntries(
    trx,
    feed.feedId,
    entries.map(({ entry }) => entry.guid),
  );
  const stored: StoredEntries = { articles: 0, corrected: 0 };
  const { feedId } = feed;
  for (const { words, ...each } of entries) {
    const { guid } = each.entry;
    const news = whatIsNew(known.get(guid), each.hashes, now);
    if (news.kind === 'mark') {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
    } else if (news.kind === 'entry' && words) {
      const outcome = await storeEntry(trx, feed, { ...each, words }, now);
      if (outcome !== 'nothing') stored[outcome] += 1;
    } else if (news.kind === 'correction' && words) {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
      if (await correct(trx, news, each.entry, words)) stored.corrected += 1;
    }
  }
  return stored;
}

/** Stores what the feed gives for the first time; says what there is now to be told. */
async function storeEntry(
  trx: Db,
  feed: Feed,
  prepared: PreparedEntry & { words: EntryWords },
  now: Date,
): Promise<keyof StoredEntries | 'nothing'> {
  const { entry, hashes, canonicalUrl, words } = prepared;
  const { url, guid, categories, publishedAt } = entry;
  const earlier = canonicalUrl === null ? undefined : await findEarlierEntry(trx, feed.feedId, canonicalUrl);
  const isRetitled =
    earlier !== undefined && (hasTitleOf(earlier.entryHash, hashes) || isSameTitle(earlier.headline, words.headline));
  if (isRetitled) return (await renameEntry(trx, feed, { ...prepared, earlier }, now)) ? 'corrected' : 'nothing';
  const isOld =
    feed.firstRoundAt === null && (publishedAt === null || publishedAt.getTime() < now.getTime() - firstRoundFreshMs);
  const outcome = await insertArticle(trx, {
    article: {
      url,
      // One page for one alert after the other: the first has its address for good.
      canonicalUrl: earlier ? null : canonicalUrl,
      state: isOld ? 'old' : 'new',
      ...words,
      publishedAt: publishedAt !== null && publishedAt < now ? publishedAt : now,
      createdAt: now,
    },
    source: { feedId: feed.feedId, guid, categories, entryHash: firstMark(hashes) },
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

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
