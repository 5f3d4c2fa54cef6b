// Feeds in Postgres: which are due, what their last check gave.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { jsonRows } from '../db/json-rows.ts';
import type { Database } from '../db/schema.ts';

export type Feed = Selectable<Database['feed']>;

export function listFeeds(db: Db): Promise<Feed[]> {
  return db.selectFrom('feed').selectAll().orderBy('feedId').execute();
}

export function findFeed(db: Db, by: { feedId: number } | { url: string }): Promise<Feed | undefined> {
  const query = db.selectFrom('feed').selectAll();
  return ('feedId' in by ? query.where('feedId', '=', by.feedId) : query.where('url', '=', by.url)).executeTakeFirst();
}

/** What a newsroom says of a feed and its articles. */
export type FeedSettings = Pick<Feed, 'language' | 'timeZone' | 'keepSelectors' | 'dropSelectors'>;

/** The new feed, due at once; undefined when there is one with this URL already. */
export function insertFeed(
  db: Db,
  { url, now, ...settings }: { url: string; now: Date } & Pick<FeedSettings, 'language'> & Partial<FeedSettings>,
): Promise<Feed | undefined> {
  return db
    .insertInto('feed')
    .values({ url, ...settings, nextCheckAt: now })
    .onConflict((conflict) => conflict.column('url').doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function setFeedSettings(db: Db, feedId: number, settings: FeedSettings): Promise<void> {
  await db.updateTable('feed').set(settings).where('feedId', '=', feedId).execute();
}

/** Pauses a feed, or makes it active again and due at once. */
export async function setFeedState(db: Db, feedId: number, state: Feed['state'], now: Date): Promise<void> {
  await db
    .updateTable('feed')
    .set(state === 'active' ? { state, nextCheckAt: now, failureCount: 0 } : { state })
    .where('feedId', '=', feedId)
    .where('state', '!=', state)
    .execute();
}

export async function deleteFeed(db: Db, feedId: number): Promise<void> {
  await db.deleteFrom('feed').where('feedId', '=', feedId).execute();
}

interface ClaimOptions {
  now: Date;
  /** Also feeds that are not due yet, in the order of their ids: those after this one. */
  after: number | undefined;
  /** When a feed is due again if nobody comes back with an outcome. */
  nextCheckAt: Date;
  limit: number;
}

/** How far apart the clocks of machines that work together may be. */
const clockSpreadMs = 60_000;

/** What was asked at a time that is to come was asked before the clock was set back: it is due. */
export async function expireFutureChecks(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('feed')
    .set({ nextCheckAt: now, checkedAt: now })
    .where('state', '=', 'active')
    .where('checkedAt', '>', new Date(now.getTime() + clockSpreadMs))
    .execute();
}

/** Takes feeds that are due, so that no other round asks them too. */
export function claimFeeds(db: Db, { now, after, nextCheckAt, limit }: ClaimOptions): Promise<Feed[]> {
  return db
    .with('due', (due) => {
      const active = due.selectFrom('feed').select('feedId').where('state', '=', 'active');
      const wanted =
        after === undefined
          ? active.where('nextCheckAt', '<=', now).orderBy('nextCheckAt')
          : active.where('feedId', '>', after).orderBy('feedId');
      return wanted.limit(limit).forUpdate().skipLocked();
    })
    .updateTable('feed')
    .from('due')
    .whereRef('feed.feedId', '=', 'due.feedId')
    .set({ nextCheckAt, checkedAt: now })
    .returningAll('feed')
    .execute();
}

/** Holds feeds for this transaction; those that were removed meanwhile are not among the ids that come back. */
export async function lockFeeds(trx: Db, feedIds: readonly number[]): Promise<Set<number>> {
  const rows = await trx
    .selectFrom('feed')
    .select('feedId')
    .where('feedId', '=', sql<number>`any(${feedIds}::bigint[])`)
    .orderBy('feedId')
    .forUpdate()
    .execute();
  return new Set(rows.map(({ feedId }) => feedId));
}

export type FeedSuccess = Pick<Feed, 'feedId' | 'etag' | 'lastModified' | 'title' | 'nextCheckAt' | 'outcome'>;

/** Notes that feeds answered; the first success of each ends its first round. */
export async function markFeedsRead(db: Db, feeds: readonly FeedSuccess[], now: Date): Promise<void> {
  if (feeds.length === 0) return;
  await sql`
    update feed set
      etag = read.etag, last_modified = read.last_modified, title = read.title,
      next_check_at = read.next_check_at, outcome = read.outcome, outcome_reason = null,
      succeeded_at = ${now}, first_round_at = coalesce(feed.first_round_at, ${now}), failure_count = 0
    from json_populate_recordset(null::feed, ${jsonRows(feeds)}) as read
    where feed.feed_id = read.feed_id`.execute(db);
}

type FeedFailure = Pick<Feed, 'outcome' | 'outcomeReason' | 'failureCount' | 'nextCheckAt'>;

export async function markFeedFailed(db: Db, feedId: number, failure: FeedFailure): Promise<void> {
  await db.updateTable('feed').set(failure).where('feedId', '=', feedId).execute();
}

/** The feed moved for good. Where another feed has that URL already, this one keeps its old URL: neither is lost. */
export async function markFeedMoved(db: Db, feedId: number, url: string): Promise<void> {
  await db
    .updateTable('feed')
    .set({ url, formerUrls: sql`array_append(former_urls, url)` })
    .where('feedId', '=', feedId)
    .where((where) =>
      where.not(where.exists(where.selectFrom('feed as other').select('other.feedId').where('other.url', '=', url))),
    )
    .execute();
}
