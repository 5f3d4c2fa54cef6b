// Feeds in Postgres: which are due, what their last check gave.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
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
  /** Also feeds that are not due yet. */
  all: boolean;
  /** When a feed is due again if nobody comes back with an outcome. */
  nextCheckAt: Date;
}

/** Takes the feeds that are due, so that no other round asks them too. */
export function claimFeeds(db: Db, { now, all, nextCheckAt }: ClaimOptions): Promise<Feed[]> {
  return db
    .with('due', (due) =>
      due
        .selectFrom('feed')
        .select('feedId')
        .where('state', '=', 'active')
        .$if(!all, (query) => query.where('nextCheckAt', '<=', now))
        .orderBy('nextCheckAt')
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('feed')
    .from('due')
    .whereRef('feed.feedId', '=', 'due.feedId')
    .set({ nextCheckAt, checkedAt: now })
    .returningAll('feed')
    .execute();
}

/** Holds the feed for this transaction; false when it was removed meanwhile. */
export async function lockFeed(trx: Db, feedId: number): Promise<boolean> {
  const row = await trx.selectFrom('feed').select('feedId').where('feedId', '=', feedId).forUpdate().executeTakeFirst();
  return row !== undefined;
}

type FeedSuccess = Pick<Feed, 'etag' | 'lastModified' | 'title' | 'nextCheckAt' | 'outcome'> & { now: Date };

/** Notes that a feed answered; its first success ends its first round. */
export async function markFeedRead(db: Db, feed: Feed, { now, ...success }: FeedSuccess): Promise<void> {
  await db
    .updateTable('feed')
    .set({
      ...success,
      outcomeReason: null,
      succeededAt: now,
      firstRoundAt: feed.firstRoundAt ?? now,
      failureCount: 0,
    })
    .where('feedId', '=', feed.feedId)
    .execute();
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
