// Topics in Postgres, and which of them a feed or its categories stand for.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Topic } from './topic.ts';

type TopicValues = Omit<Topic, 'topicId'>;

export interface FeedTopics {
  feedTopicIds: { feedId: number; topicId: number }[];
  feedCategories: { feedId: number; category: string; topicId: number }[];
}

const columns = ['topicId', 'slug', 'name', 'keywords', 'position'] as const;

/** In the order in which readers see them. */
export function listTopics(db: Db): Promise<Topic[]> {
  return db
    .selectFrom('topic')
    .select(columns)
    .orderBy('position')
    .orderBy(sql`slug collate "C"`)
    .execute();
}

export function findTopicBySlug(db: Db, slug: string): Promise<Topic | undefined> {
  return db.selectFrom('topic').select(columns).where('slug', '=', slug).executeTakeFirst();
}

/** Inserts the topic, or gives the one with this slug these values. */
export function upsertTopic(db: Db, { slug, name, keywords, position }: TopicValues): Promise<Topic> {
  const values = { name: JSON.stringify(name), keywords: JSON.stringify(keywords), position };
  return db
    .insertInto('topic')
    .values({ slug, ...values })
    .onConflict((conflict) => conflict.column('slug').doUpdateSet(values))
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** Deletes topics, with all subscriptions to them. */
export async function deleteTopics(db: Db, topicIds: readonly number[]): Promise<void> {
  await db.deleteFrom('topic').where('topicId', '=', anyOf(topicIds)).execute();
}

/** The topics of these feeds, and of their categories. */
export async function listFeedTopics(db: Db, feedIds: readonly number[]): Promise<FeedTopics> {
  const feedTopicIds = await db
    .selectFrom('feedTopic')
    .select(['feedId', 'topicId'])
    .where('feedId', '=', anyOf(feedIds))
    .orderBy('feedId')
    .orderBy('topicId')
    .execute();
  const feedCategories = await db
    .selectFrom('feedCategory')
    .select(['feedId', 'category', 'topicId'])
    .where('feedId', '=', anyOf(feedIds))
    .orderBy('feedId')
    .orderBy(sql`category collate "C"`)
    .execute();
  return { feedTopicIds, feedCategories };
}

/** Gives a feed exactly these topics. */
export async function setFeedTopics(db: Db, feedId: number, topicIds: readonly number[]): Promise<void> {
  await db.deleteFrom('feedTopic').where('feedId', '=', feedId).execute();
  if (topicIds.length === 0) return;
  await db
    .insertInto('feedTopic')
    .values(topicIds.map((topicId) => ({ feedId, topicId })))
    .execute();
}

/** Gives a feed exactly this map of its categories to topics. */
export async function setFeedCategories(
  db: Db,
  feedId: number,
  categories: readonly { category: string; topicId: number }[],
): Promise<void> {
  await db.deleteFrom('feedCategory').where('feedId', '=', feedId).execute();
  if (categories.length === 0) return;
  await db
    .insertInto('feedCategory')
    .values(categories.map(({ category, topicId }) => ({ feedId, category, topicId })))
    .execute();
}

/** One array parameter, however many ids: a list of parameters ends at 65,535. */
function anyOf(ids: readonly number[]) {
  return sql<number>`any(${ids}::bigint[])`;
}
