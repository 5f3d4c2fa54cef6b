// The first stage: asks the feeds that are due and stores what is new in them.
import {
  claimFeeds,
  expireFutureChecks,
  type Feed,
  type FeedSuccess,
  lockFeeds,
  markFeedFailed,
  markFeedMoved,
  markFeedsRead,
} from '../feeds/feed-store.ts';
import { type FetchOutcome, looksOffline, nextCheckAt } from '../feeds/feed.ts';
import { fetchFeed } from '../feeds/fetch-feed.ts';
import { type Db, isDeadlock, isDisconnected } from '../db/database.ts';
import { alarm, type Clock } from '../lib/clock.ts';
import { inBatches } from '../lib/batches.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Fetch, HostLimiter } from '../lib/http.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import type { PageReader } from './page-reader.ts';
import { type PreparedEntries, prepareEntries } from './prepare-entries.ts';
import { createRoom } from './room.ts';
import { storeEntries, type StoredEntries } from './store-entries.ts';

/** Many, for most of the time is spent waiting, and feeds that never answer must leave places for those that do. */
const feedsAtOnce = 32;

/** Longer than a feed may take: until then nobody else asks it, and a killed process' share is due again after. */
const claimMs = 45_000;
/** Taken as they are needed: of tens of thousands the last is asked long after that. */
const feedsPerClaim = 200;

/** Answers that are stored together, when so many have come while others were stored. */
const answersTogether = 16;

/**
 * So many feeds with something new may be on their way to the readers; then no other is asked, so that what was
 * collected is told before more is. What takes longer than its time on the way counts no more.
 */
const newsOnTheWay = 10;
const wayMs = 2_000;

/** Feeds that had nothing new are noted together; none waits for that so long that its claim runs out. */
const unchangedTogether = 200;
const unchangedWaitMs = 5_000;

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
  /**
   * Called as soon as feeds gave something new, while others are still being asked. Resolves when that was told, if it
   * can: while much is on its way, fewer feeds are asked.
   */
  onNew?: () => Promise<void>;
}

export interface CollectResult extends StoredEntries {
  feeds: number;
  unchanged: number;
  failed: number;
}

/** One round over the feeds that are due. Feeds claimed by another process are left to it. */
export async function collect(deps: CollectDeps, options: CollectOptions = {}): Promise<CollectResult> {
  const { clock } = deps;
  const { signal } = options;
  const roundAt = clock.now();
  const result: CollectResult = { feeds: 0, unchanged: 0, failed: 0, articles: 0, corrected: 0 };
  const outcomes: FetchOutcome['kind'][] = [];
  const failures: Failed[] = [];
  const room = createRoom(newsOnTheWay);
  const unchanged = createUnchanged(deps, roundAt);
  const store = inBatches(answersTogether, (answers: readonly Fetched[]) =>
    storePatiently(deps, answers, roundAt, signal),
  );

  await forEachConcurrently(claimed(deps, roundAt, options), feedsAtOnce, async (feed) => {
    result.feeds += 1;
    const answered = await room.free(signal);
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
    if (outcome.kind !== 'fetched') answered();
    if (signal?.aborted) return;
    outcomes.push(outcome.kind);
    if (outcome.kind !== 'fetched') room.learn(false);
    if (outcome.kind === 'unchanged') {
      result.unchanged += 1;
      await unchanged.add(feed, outcome.movedTo);
    } else if (outcome.kind === 'fetched') {
      await room.use(async () => {
        answered();
        const { articles, corrected } = await store({ feed, outcome });
        result.articles += articles;
        result.corrected += corrected;
        room.learn(articles + corrected > 0);
        if (articles + corrected > 0 && options.onNew) await orAfter(wayMs, options.onNew());
      });
    } else if (outcome.kind !== 'aborted') {
      failures.push({ feed, outcome });
    }
  });

  await unchanged.note();
  const offline = looksOffline(outcomes);
  result.failed = failures.length;
  for (const { feed, outcome } of failures) {
    const failureCount = offline ? feed.failureCount : feed.failureCount + 1;
    await markFeedFailed(deps.db, feed.feedId, {
      outcome: outcome.kind,
      outcomeReason: outcome.reason,
      failureCount,
      nextCheckAt: nextCheck(deps, roundAt, { failureCount, outcome }),
    });
    deps.log.warn('feed failed', { feedId: feed.feedId, outcome: outcome.kind, reason: outcome.reason });
  }
  return result;
}

/** Resolves with `work`, or when it has taken `ms` milliseconds. */
async function orAfter(ms: number, work: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = alarm(ms, resolve);
  try {
    await Promise.race([work, promise]);
  } finally {
    cancel();
  }
}

interface Fetched {
  feed: Feed;
  outcome: Extract<FetchOutcome, { kind: 'fetched' }>;
}

interface Failed {
  feed: Feed;
  outcome: Exclude<FetchOutcome, { kind: 'fetched' | 'unchanged' | 'aborted' }>;
}

/** The feeds that are due, or all, claimed as they are asked for. */
async function* claimed(
  { db, clock }: CollectDeps,
  roundAt: Date,
  { all = false, signal }: CollectOptions,
): AsyncGenerator<Feed> {
  await expireFutureChecks(db, roundAt);
  let after = all ? 0 : undefined;
  while (!signal?.aborted) {
    const nextCheckAt = new Date(clock.now().getTime() + claimMs);
    const feeds = await claimFeeds(db, { now: roundAt, after, nextCheckAt, limit: feedsPerClaim });
    yield* feeds;
    if (feeds.length < feedsPerClaim) return;
    if (all) after = Math.max(...feeds.map(({ feedId }) => feedId));
  }
}

/** Feeds that have nothing new, to be noted together. */
function createUnchanged(deps: CollectDeps, roundAt: Date) {
  let feeds: Feed[] = [];
  let since = roundAt;
  const note = async () => {
    const noted = feeds;
    feeds = [];
    await markFeedsRead(
      deps.db,
      noted.map((feed) => ({
        ...success(deps, feed, roundAt),
        outcome: 'unchanged',
        etag: feed.etag,
        lastModified: feed.lastModified,
        title: feed.title,
      })),
      roundAt,
    );
  };
  return {
    note,
    async add(feed: Feed, movedTo: string | null): Promise<void> {
      const now = deps.clock.now();
      if (feeds.length === 0) since = now;
      feeds.push(feed);
      if (movedTo && movedTo !== feed.url) await markFeedMoved(deps.db, feed.feedId, movedTo);
      if (feeds.length >= unchangedTogether || now.getTime() - since.getTime() > unchangedWaitMs) await note();
    },
  };
}

function success(deps: CollectDeps, { feedId }: Feed, roundAt: Date): Pick<FeedSuccess, 'feedId' | 'nextCheckAt'> {
  return { feedId, nextCheckAt: nextCheck(deps, roundAt) };
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

/**
 * Feeds that share articles may lock each other out; who loses begins again. One feed's trouble is nobody else's: where
 * several cannot be stored together, each is by itself.
 */
async function storePatiently(
  deps: CollectDeps,
  answers: readonly Fetched[],
  roundAt: Date,
  signal: AbortSignal | undefined,
): Promise<StoredEntries[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await storeAnswers(deps, answers, roundAt, signal);
    } catch (error) {
      if (isDisconnected(error)) throw error;
      if (answers.length > 1) {
        const stored: StoredEntries[] = [];
        for (const answer of answers) stored.push(...(await storePatiently(deps, [answer], roundAt, signal)));
        return stored;
      }
      if (!isDeadlock(error) || attempt === storeAttempts) {
        deps.log.error('could not store what a feed gave', { feedId: answers[0]?.feed.feedId, error });
        return [nothing];
      }
    }
  }
}

/** Entries and the feeds' new state in one transaction: an ETag is kept only together with what it stands for. */
async function storeAnswers(
  deps: CollectDeps,
  answers: readonly Fetched[],
  roundAt: Date,
  signal: AbortSignal | undefined,
): Promise<StoredEntries[]> {
  const now = deps.clock.now();
  const parsed = answers.map(({ feed, outcome }) => ({ feed, parsed: outcome.feed }));
  const prepared = await prepareEntries(deps, parsed, { now, signal });
  if (signal?.aborted) return answers.map(() => nothing);
  return deps.db.transaction().execute(async (trx) => {
    // Two rounds may have asked the same feed: the second one finds what the first has stored.
    const locked = await lockFeeds(
      trx,
      answers.map(({ feed }) => feed.feedId),
    );
    const there = answers.flatMap(({ feed, outcome }, index) =>
      locked.has(feed.feedId) ? [{ feed, outcome, prepared: prepared[index] as PreparedEntries }] : [],
    );
    const stored = await storeEntries(
      trx,
      there.map(({ feed, prepared: { entries } }) => ({ feed, entries })),
      now,
    );
    await markFeedsRead(
      trx,
      there.map(({ feed, outcome, prepared: { isHeldBack } }) => ({
        ...success(deps, feed, roundAt),
        outcome: 'fetched',
        etag: isHeldBack ? null : outcome.etag,
        lastModified: isHeldBack ? null : outcome.lastModified,
        title: outcome.feed.title ?? feed.title,
      })),
      roundAt,
    );
    for (const { feed, outcome } of there) {
      if (outcome.movedTo && outcome.movedTo !== feed.url) await markFeedMoved(trx, feed.feedId, outcome.movedTo);
    }
    return answers.map(({ feed }) => stored.get(feed) ?? nothing);
  });
}
