// Stores what a feed gave: each new entry as an article, once and for good, and what it says anew as a correction.
import type { Db } from '../db/database.ts';
import type { Feed } from '../feeds/feed-store.ts';
import type { Entry, ParsedFeed } from '../feeds/feed.ts';
import { words } from '../lib/arabic.ts';
import { htmlToText } from '../lib/html.ts';
import {
  correctArticle,
  insertArticle,
  type KnownEntry,
  listKnownEntries,
  lockArticle,
  setEntryHash,
} from './article-store.ts';
import { corrected, type EntryWords } from './article-words.ts';
import { canonicalUrl } from './canonical-url.ts';
import { cleanParagraphs } from './clean.ts';
import { compareMark, firstMark, hashOfEntry, maxEntryCharacters } from './entry-mark.ts';
import { detectLanguage } from './language.ts';
import type { FeedText, PageReader } from './page-reader.ts';

/** A new feed's entries older than this are stored and never sent. */
const firstRoundFreshMs = 60 * 60 * 1000;

/** Two titles with this share of common words are one title, reworded. */
const sameTitle = 0.4;

/** Of one answer of a feed; what follows is read as plain text. So much of the threads' time a hostile feed may have. */
const maxSlowEntries = 3;

/** An entry that is new or changed, with its text. */
interface PreparedEntry {
  entry: Entry;
  hash: string;
  /** Null when the entry's link does not say which article is meant. */
  canonicalUrl: string | null;
  /** Undefined when there is nothing to call it by, or nothing to tell. */
  words: EntryWords | undefined;
}

interface PrepareDeps {
  db: Db;
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
): Promise<PreparedEntry[]> {
  const entries = uniqueBy(parsed.entries, (entry) => entry.guid);
  const guids = entries.map((entry) => entry.guid);
  const known = await listKnownEntries(deps.db, feed.feedId, guids);
  const shared = sharedUrls(entries);
  const language = feed.language ?? parsed.language ?? deps.defaultLanguage;
  const readHtml = htmlReader(deps.pages, signal);
  const prepared: PreparedEntry[] = [];
  // The oldest first, so that readers get them in the order of the newsroom.
  for (const entry of entries.toReversed()) {
    const hash = hashOfEntry(entry);
    const news = whatIsNew(known.get(entry.guid), hash, now);
    if (news.kind === 'nothing') continue;
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    const html = (entry.contentHtml ?? entry.summaryHtml ?? '').slice(0, maxEntryCharacters);
    const text = news.kind === 'mark' ? undefined : await readHtml(html, entry.url ?? feed.url);
    if (signal?.aborted) return [];
    prepared.push({
      entry,
      hash,
      canonicalUrl: url !== null && shared.has(url) ? null : url,
      words: text && wordsOf(entry, text, { language, now }),
    });
  }
  return prepared;
}

type News =
  | { kind: 'nothing' }
  | { kind: 'entry' }
  /** Only the mark is to be kept, so that a later change is seen. */
  | { kind: 'mark'; mark: string }
  | { kind: 'correction'; mark: string; articleId: number };

function whatIsNew(known: KnownEntry | undefined, hash: string, now: Date): News {
  if (!known) return { kind: 'entry' };
  const { articleId, entryHash, hasWords } = known;
  // Of several sources only one may change the article's words; where there is none any more, this one takes its place.
  if (entryHash === null) return hasWords ? { kind: 'nothing' } : { kind: 'mark', mark: firstMark(hash) };
  const compared = compareMark(entryHash, hash, now);
  if (compared.kind === 'unchanged' || compared.kind === 'too-often') return { kind: 'nothing' };
  const { kind, mark } = compared;
  return kind === 'changed' ? { kind: 'correction', mark, articleId } : { kind: 'mark', mark };
}

/** Reads HTML in a thread; what is too much for it, or comes after too much of that, as plain text. */
function htmlReader(pages: PageReader, signal: AbortSignal | undefined) {
  let slow = 0;
  return async (html: string, url: string): Promise<FeedText> => {
    if (slow < maxSlowEntries) {
      const outcome = await pages.readFeedHtml({ html, url }, signal);
      if (outcome.kind === 'read') return outcome.text;
      slow += 1;
    }
    return { body: htmlToText(html), imageUrl: null };
  };
}

function wordsOf(
  entry: Entry,
  text: FeedText,
  { language, now }: { language: string; now: Date },
): EntryWords | undefined {
  const body = cleanParagraphs(text.body.split('\n\n'), { headline: entry.title, kicker: null, imageCaption: null });
  const headline = entry.title || body[0] || entry.url;
  if (!headline) return undefined;
  return {
    headline,
    body: body.join('\n\n'),
    language: detectLanguage(`${entry.title}\n${body.join('\n')}`, language),
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
  prepared: readonly PreparedEntry[],
  now: Date,
): Promise<StoredEntries> {
  const known = await listKnownEntries(
    trx,
    feed.feedId,
    prepared.map(({ entry }) => entry.guid),
  );
  const stored: StoredEntries = { articles: 0, corrected: 0 };
  const { feedId } = feed;
  for (const { words, ...each } of prepared) {
    const { guid } = each.entry;
    const news = whatIsNew(known.get(guid), each.hash, now);
    if (news.kind === 'mark') {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
    } else if (news.kind === 'entry' && words) {
      if (await storeEntry(trx, feed, { ...each, words }, now)) stored.articles += 1;
    } else if (news.kind === 'correction' && words) {
      await setEntryHash(trx, { feedId, guid, entryHash: news.mark });
      if (await correct(trx, news.articleId, words)) stored.corrected += 1;
    }
  }
  return stored;
}

/** Whether there is now something to be told. */
async function storeEntry(
  trx: Db,
  feed: Feed,
  { entry, hash, canonicalUrl, words }: PreparedEntry & { words: EntryWords },
  now: Date,
): Promise<boolean> {
  const { url, guid, categories, publishedAt } = entry;
  const isOld =
    feed.firstRoundAt === null && (publishedAt === null || publishedAt.getTime() < now.getTime() - firstRoundFreshMs);
  const outcome = await insertArticle(trx, {
    article: {
      url,
      canonicalUrl,
      state: isOld ? 'old' : 'new',
      ...words,
      publishedAt: publishedAt !== null && publishedAt < now ? publishedAt : now,
      createdAt: now,
    },
    source: { feedId: feed.feedId, guid, categories, entryHash: firstMark(hash) },
    regroups: !isOld,
  });
  return outcome === 'regroup' || (outcome === 'inserted' && !isOld);
}

/** Whether the article is to be told anew. */
async function correct(trx: Db, articleId: number, words: EntryWords): Promise<boolean> {
  const article = await lockArticle(trx, articleId);
  if (!article || article.withdrawnAt !== null) return false;
  await correctArticle(trx, article, corrected(article, words));
  return article.state !== 'old';
}

/** URLs that say nothing about which article is meant: a home page, or one that entries with different titles share. */
function sharedUrls(entries: readonly Entry[]): Set<string> {
  const titles = new Map<string, string>();
  const shared = new Set<string>();
  for (const entry of entries) {
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    if (url === null) continue;
    const { pathname, search } = new URL(url);
    const other = titles.get(url);
    if (pathname === '/' && search === '') shared.add(url);
    // Retitled is the same article; a live blog's entries have little in common.
    else if (other !== undefined && sharedWords(other, entry.title) < sameTitle) shared.add(url);
    titles.set(url, entry.title);
  }
  return shared;
}

/** The share of words that two titles have in common, of all they have. */
function sharedWords(one: string, other: string): number {
  const left = new Set(words(one));
  const right = new Set(words(other));
  return left.intersection(right).size / Math.max(1, left.union(right).size);
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
