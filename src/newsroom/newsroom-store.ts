// Reads the newsroom as it stands in Postgres, and writes what a newsroom file changes.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { listFeeds } from '../feeds/feed-store.ts';
import type { RecipientKind } from '../recipients/recipient.ts';
import type { Topic } from '../topics/topic.ts';
import { listFeedTopics, listTopics } from '../topics/topic-store.ts';
import type { NewsroomFeed } from './newsroom.ts';

export interface StoredFeed extends NewsroomFeed {
  feedId: number;
  formerUrls: string[];
}

export interface StoredChannel {
  recipientId: number;
  kind: RecipientKind;
  chatId: number | null;
  /** Without the @, lower case. */
  username: string | null;
  language: string | null;
  /** Slugs, in the order of the topics. */
  topics: string[];
}

/** The newsroom as it stands: topics in their order, feeds and channels in the order in which they came. */
export interface StoredNewsroom {
  topics: Topic[];
  feeds: StoredFeed[];
  channels: StoredChannel[];
}

/** Until the transaction ends, no other newsroom file is applied. */
export async function lockNewsroom(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('nashra newsroom'))`.execute(trx);
}

export async function readNewsroom(db: Db): Promise<StoredNewsroom> {
  const topics = await listTopics(db);
  const slugs = new Map(topics.map(({ topicId, slug }) => [topicId, slug]));
  return { topics, feeds: await readFeeds(db, slugs), channels: await readChannels(db, slugs) };
}

/** Topic id → slug, in the order of the topics. */
type Slugs = ReadonlyMap<number, string>;

async function readFeeds(db: Db, slugs: Slugs): Promise<StoredFeed[]> {
  const feeds = await listFeeds(db);
  const { feedTopicIds, feedCategories } = await listFeedTopics(
    db,
    feeds.map(({ feedId }) => feedId),
  );
  const topicsByFeed = Map.groupBy(feedTopicIds, ({ feedId }) => feedId);
  const categoriesByFeed = Map.groupBy(feedCategories, ({ feedId }) => feedId);
  return feeds.map(({ feedId, url, formerUrls, language, timeZone, keepSelectors, dropSelectors }) => ({
    feedId,
    formerUrls,
    url,
    language,
    timeZone,
    keep: keepSelectors,
    drop: dropSelectors,
    topics: slugsOf(topicsByFeed.get(feedId), slugs),
    categories: Object.fromEntries(
      (categoriesByFeed.get(feedId) ?? []).map(({ category, topicId }) => [category, slugs.get(topicId) ?? '']),
    ),
  }));
}

/** Channels, and groups: a newsroom file may name a group that the bot was added to. */
async function readChannels(db: Db, slugs: Slugs): Promise<StoredChannel[]> {
  const channels = await db
    .selectFrom('recipient')
    .select(['recipientId', 'kind', 'chatId', 'username', 'language'])
    .where('kind', '!=', 'subscriber')
    .orderBy('recipientId')
    .execute();
  const subscriptions = await db
    .selectFrom('subscription')
    .innerJoin('recipient', 'recipient.recipientId', 'subscription.recipientId')
    .select(['subscription.recipientId', 'subscription.topicId'])
    .where('recipient.kind', '!=', 'subscriber')
    .execute();
  const byRecipient = Map.groupBy(subscriptions, ({ recipientId }) => recipientId);
  return channels.map((channel) => ({ ...channel, topics: slugsOf(byRecipient.get(channel.recipientId), slugs) }));
}

function slugsOf(rows: { topicId: number }[] = [], slugs: Slugs): string[] {
  const ids = new Set(rows.map(({ topicId }) => topicId));
  return [...slugs].flatMap(([topicId, slug]) => (ids.has(topicId) ? [slug] : []));
}

export async function deleteFeeds(db: Db, feedIds: readonly number[]): Promise<void> {
  await db
    .deleteFrom('feed')
    .where('feedId', '=', sql<number>`any(${feedIds}::bigint[])`)
    .execute();
}

export async function insertChannel(
  db: Db,
  channel: { chatId: number | null; username: string | null; language: string | null; now: Date },
): Promise<number> {
  const { now, ...values } = channel;
  const { recipientId } = await db
    .insertInto('recipient')
    .values({ kind: 'channel', ...values, createdAt: now })
    .returning('recipientId')
    .executeTakeFirstOrThrow();
  return recipientId;
}

export async function setChannelLanguage(db: Db, recipientId: number, language: string | null): Promise<void> {
  await db.updateTable('recipient').set({ language }).where('recipientId', '=', recipientId).execute();
}

/** Gives a recipient exactly these topics; subscriptions that stay keep their date. */
export async function setSubscriptions(
  db: Db,
  { recipientId, topicIds, now }: { recipientId: number; topicIds: readonly number[]; now: Date },
): Promise<void> {
  await db
    .deleteFrom('subscription')
    .where('recipientId', '=', recipientId)
    .where('topicId', '!=', sql<number>`all(${topicIds}::bigint[])`)
    .execute();
  if (topicIds.length === 0) return;
  await db
    .insertInto('subscription')
    .values(topicIds.map((topicId) => ({ recipientId, topicId, createdAt: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Deletes channels, with what is owed to them. */
export async function deleteChannels(db: Db, recipientIds: readonly number[]): Promise<void> {
  await db
    .deleteFrom('recipient')
    .where('recipientId', '=', sql<number>`any(${recipientIds}::bigint[])`)
    .execute();
}
