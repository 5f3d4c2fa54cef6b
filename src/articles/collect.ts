// The first stage: asks the feeds that are due and stores what is new in them.
import { claimFeeds, type Feed, lockFeed, markFeedFailed, markFeedMoved, markFeedRead } from '../feeds/feed-store.ts';
import { type FetchOutcome, looksOffline, nextCheckAt } from '../feeds/feed.ts';
import { fetchFeed } from '../feeds/fetch-feed.ts';
import { type Db, isDeadlock, isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Fetch, HostLimiter } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { PageReader } from './page-reader.ts';
import { nothingPrepared, prepareEntries, storeEntries, type StoredEntries } from './store-entries.ts';

/** Many, for most of the time is spent waiting, and feeds that never answer must leave places for those that do. */
const feedsAtOnce = 32;

/** Longer than a feed may take: until then nobody else asks it, and a killed process' share is due again after. */
const claimMs = 45_000;

const storeAttempts = 5;

export interface CollectDeps {
  db: Db;
  fetch: Fetch;
  hosts: HostLimiter;
  pages: PageReader;
  clock: Clock;
  random: Random;
  log: Log;
  feedIntervalSeconds: number;
  defaultLanguage: string;
  /** The newsroom's, for feeds that have none of their own. */
  timeZone: string;
}

interface CollectOptions {
  /** Also feeds that are not due yet: somebody asked for a round now. */
  all?: boolean;
  signal?: AbortSignal;
  /** Called as soon as a feed gave something new, while others are still being asked. */
  onNew?: () => Promise<void>;
}

export interface CollectResult extends StoredEntries {
  feeds: number;
  unchanged: number;
  failed: number;
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
  const result: CollectResult = { feeds: feeds.length, unchanged: 0, failed: 0, articles: 0, corrected: 0 };
  const outcomes: { feed: Feed; outcome: FetchOutcome }[] = [];

  await forEachConcurrently(feeds, feedsAtOnce, async (feed) => {
    const { signal } = options;
    const outcome = await deps.hosts.run(
      feed.url,
      () =>
        fetchFeed(deps.fetch, feed, {
          now: clock.now(),
          timeZone: feed.timeZone ?? deps.timeZone,
          ...(signal ? { signal } : {}),
        }),
      signal,
    );
    if (signal?.aborted) return;
    outcomes.push({ feed, outcome });
    const { articles, corrected } = await storePatiently(deps, feed, outcome, roundAt, signal);
    if (outcome.kind === 'unchanged') result.unchanged += 1;
    result.articles += articles;
    result.corrected += corrected;
    if (articles + corrected > 0) await options.onNew?.();
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

const nothing: StoredEntries = { articles: 0, corrected: 0 };

/** Feeds that share articles may lock each other out; who loses begins again. One feed's trouble is nobody else's. */
async function storePatiently(
  deps: CollectDeps,
  feed: Feed,
  outcome: FetchOutcome,
  roundAt: Date,
  signal: AbortSignal | undefined,
): Promise<StoredEntries> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeAnswer(deps, feed, outcome, roundAt, signal);
    } catch (error) {
      if (isDisconnected(error)) throw error;
      if (!isDeadlock(error) || attempt === storeAttempts) {
        deps.log.error('could not store what a feed gave', { feedId: feed.feedId, error });
        return nothing;
      }
    }
  }
}

/** Entries and the feed's new state in one transaction: an ETag is kept only together with what it stands for. */
async function storeAnswer(
  deps: CollectDeps,
  feed: Feed,
  outcome: FetchOutcome,
  roundAt: Date,
  signal: AbortSignal | undefined,
): Promise<StoredEntries> {
  if (outcome.kind !== 'fetched' && outcome.kind !== 'unchanged') return nothing;
  const now = deps.clock.now();
  const prepared =
    outcome.kind === 'fetched' ? await prepareEntries(deps, feed, outcome.feed, { now, signal }) : nothingPrepared;
  const validators = prepared.isHeldBack
    ? { etag: null, lastModified: null }
    : outcome.kind === 'fetched'
      ? outcome
      : feed;
  if (signal?.aborted) return nothing;
  return deps.db.transaction().execute(async (trx) => {
    // Two rounds may have asked the same feed: the second one finds what the first has stored.
    if (!(await lockFeed(trx, feed.feedId))) return nothing;
    const stored = await storeEntries(trx, feed, prepared, now);
    await markFeedRead(trx, feed, {
      now: roundAt,
      outcome: outcome.kind,
      etag: validators.etag,
      lastModified: validators.lastModified,
      title: outcome.kind === 'fetched' ? (outcome.feed.title ?? feed.title) : feed.title,
      nextCheckAt: nextCheck(deps, roundAt),
    });
    if (outcome.movedTo && outcome.movedTo !== feed.url) await markFeedMoved(trx, feed.feedId, outcome.movedTo);
    return stored;
  });
}
