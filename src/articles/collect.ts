// The first stage: asks the feeds that are due and stores each new entry as an article, once and for good.
import { claimFeeds, type Feed, lockFeed, markFeedFailed, markFeedMoved, markFeedRead } from '../feeds/feed-store.ts';
import { type Entry, type FetchOutcome, looksOffline, nextCheckAt } from '../feeds/feed.ts';
import { fetchFeed } from '../feeds/fetch-feed.ts';
import { type Db, isDeadlock, isDisconnected } from '../db/database.ts';
import { words } from '../lib/arabic.ts';
import type { Clock } from '../lib/clock.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Fetch, HostLimiter } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { insertArticle, listKnownGuids } from './article-store.ts';
import { canonicalUrl } from './canonical-url.ts';
import { cleanParagraphs } from './clean.ts';
import { textOfFeedHtml } from './extract.ts';
import { detectLanguage } from './language.ts';

/** A new feed's entries older than this are stored and never sent. */
const firstRoundFreshMs = 60 * 60 * 1000;

/** Many, for most of the time is spent waiting, and feeds that never answer must leave places for those that do. */
const feedsAtOnce = 32;

/** Longer than a feed may take: until then nobody else asks it, and a killed process' share is due again after. */
const claimMs = 45_000;

const storeAttempts = 5;

/** Two titles with this share of common words are one title, reworded. */
const sameTitle = 0.4;

export interface CollectDeps {
  db: Db;
  fetch: Fetch;
  hosts: HostLimiter;
  clock: Clock;
  random: Random;
  log: Log;
  feedIntervalSeconds: number;
  defaultLanguage: string;
}

interface CollectOptions {
  /** Also feeds that are not due yet: somebody asked for a round now. */
  all?: boolean;
  signal?: AbortSignal;
  /** Called as soon as a feed gave something new, while others are still being asked. */
  onNew?: () => Promise<void>;
}

export interface CollectResult {
  feeds: number;
  unchanged: number;
  failed: number;
  articles: number;
}

/** One round over the feeds that are due. Feeds claimed by another process are left to it. */
export async function collect(deps: CollectDeps, options: CollectOptions = {}): Promise<CollectResult> {
  const { db, clock } = deps;
  const roundAt = clock.now();
  const feeds = await claimFeeds(db, {
    now: roundAt,
    all: options.all ?? false,
    nextCheckAt: new Date(roundAt.getTime() + claimMs),
  });
  const result: CollectResult = { feeds: feeds.length, unchanged: 0, failed: 0, articles: 0 };
  const outcomes: { feed: Feed; outcome: FetchOutcome }[] = [];

  await forEachConcurrently(feeds, feedsAtOnce, async (feed) => {
    const { signal } = options;
    const outcome = await deps.hosts.run(
      feed.url,
      () => fetchFeed(deps.fetch, feed, { now: clock.now(), ...(signal ? { signal } : {}) }),
      signal,
    );
    if (signal?.aborted) return;
    outcomes.push({ feed, outcome });
    const added = await storePatiently(deps, feed, outcome, roundAt);
    if (outcome.kind === 'unchanged') result.unchanged += 1;
    result.articles += added;
    if (added > 0) await options.onNew?.();
  });

  const offline = looksOffline(outcomes.map(({ outcome }) => outcome));
  for (const { feed, outcome } of outcomes) {
    if (outcome.kind === 'fetched' || outcome.kind === 'unchanged' || outcome.kind === 'aborted') continue;
    result.failed += 1;
    const failureCount = offline ? feed.failureCount : feed.failureCount + 1;
    await markFeedFailed(db, feed.feedId, {
      outcome: outcome.kind,
      outcomeReason: outcome.reason,
      failureCount,
      nextCheckAt: nextCheck(deps, roundAt, { failureCount, outcome }),
    });
    deps.log.warn('feed failed', { feedId: feed.feedId, outcome: outcome.kind, reason: outcome.reason });
  }
  return result;
}

function nextCheck(
  { feedIntervalSeconds: intervalSeconds, random }: CollectDeps,
  now: Date,
  { failureCount, outcome }: { failureCount: number; outcome: FetchOutcome | null } = {
    failureCount: 0,
    outcome: null,
  },
): Date {
  return nextCheckAt({ now, intervalSeconds, failureCount, outcome, random: random.number() });
}

/** Feeds that share articles may lock each other out; who loses begins again. One feed's trouble is nobody else's. */
async function storePatiently(deps: CollectDeps, feed: Feed, outcome: FetchOutcome, roundAt: Date): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeAnswer(deps, feed, outcome, roundAt);
    } catch (error) {
      if (isDisconnected(error)) throw error;
      if (!isDeadlock(error) || attempt === storeAttempts) {
        deps.log.error('could not store what a feed gave', { feedId: feed.feedId, error });
        return 0;
      }
    }
  }
}

/** Entries and the feed's new state in one transaction: an ETag is kept only together with what it stands for. */
async function storeAnswer(deps: CollectDeps, feed: Feed, outcome: FetchOutcome, roundAt: Date): Promise<number> {
  if (outcome.kind !== 'fetched' && outcome.kind !== 'unchanged') return 0;
  return deps.db.transaction().execute(async (trx) => {
    // Two rounds may have asked the same feed: the second one finds what the first has stored.
    if (!(await lockFeed(trx, feed.feedId))) return 0;
    const articles = outcome.kind === 'fetched' ? await storeEntries(deps, trx, feed, outcome) : 0;
    await markFeedRead(trx, feed, {
      now: roundAt,
      outcome: outcome.kind,
      etag: outcome.kind === 'fetched' ? outcome.etag : feed.etag,
      lastModified: outcome.kind === 'fetched' ? outcome.lastModified : feed.lastModified,
      title: outcome.kind === 'fetched' ? (outcome.feed.title ?? feed.title) : feed.title,
      nextCheckAt: nextCheck(deps, roundAt),
    });
    if (outcome.movedTo && outcome.movedTo !== feed.url) await markFeedMoved(trx, feed.feedId, outcome.movedTo);
    return articles;
  });
}

async function storeEntries(
  { clock, defaultLanguage }: CollectDeps,
  trx: Db,
  feed: Feed,
  { feed: parsed }: Extract<FetchOutcome, { kind: 'fetched' }>,
): Promise<number> {
  const now = clock.now();
  const entries = uniqueBy(parsed.entries, (entry) => entry.guid);
  const known = await listKnownGuids(
    trx,
    feed.feedId,
    entries.map((entry) => entry.guid),
  );
  const shared = sharedUrls(entries);
  let added = 0;

  // The oldest first, so that readers get them in the order of the newsroom.
  for (const entry of entries.filter(({ guid }) => !known.has(guid)).toReversed()) {
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    const text = textOfFeedHtml(entry.contentHtml ?? entry.summaryHtml ?? '', entry.url ?? feed.url);
    const body = cleanParagraphs(text.body.split('\n\n'), { headline: entry.title, kicker: null, imageCaption: null });
    const headline = entry.title || body[0] || entry.url;
    if (!headline) continue;
    const isOld =
      feed.firstRoundAt === null &&
      (entry.publishedAt === null || entry.publishedAt.getTime() < now.getTime() - firstRoundFreshMs);
    const outcome = await insertArticle(trx, {
      article: {
        url: entry.url,
        canonicalUrl: url !== null && shared.has(url) ? null : url,
        state: isOld ? 'old' : 'new',
        headline,
        body: body.join('\n\n'),
        language: detectLanguage(
          `${entry.title}\n${body.join('\n')}`,
          feed.language ?? parsed.language ?? defaultLanguage,
        ),
        imageUrl: entry.imageUrl ?? text.imageUrl,
        publishedAt: entry.publishedAt !== null && entry.publishedAt < now ? entry.publishedAt : now,
        createdAt: now,
      },
      source: { feedId: feed.feedId, guid: entry.guid, categories: entry.categories },
      regroups: !isOld,
    });
    if (outcome === 'regroup' || (outcome === 'inserted' && !isOld)) added += 1;
  }
  return added;
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
