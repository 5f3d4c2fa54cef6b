// Stories in Postgres: what is told, from which articles, on which topics.
import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';

export type StoryRow = Selectable<Database['story']>;

export function findStoryOfArticle(db: Db, articleId: number): Promise<{ storyId: number } | undefined> {
  return db.selectFrom('storyArticle').select('storyId').where('articleId', '=', articleId).executeTakeFirst();
}

export async function insertStory(db: Db, story: Insertable<Database['story']>, articleId: number): Promise<number> {
  const { storyId } = await db.insertInto('story').values(story).returning('storyId').executeTakeFirstOrThrow();
  await db.insertInto('storyArticle').values({ storyId, articleId }).execute();
  return storyId;
}

/** Adds topics to a story; where one is new, the story's deliveries are planned (again). */
export async function addStoryTopics(db: Db, storyId: number, topicIds: readonly number[]): Promise<void> {
  if (topicIds.length === 0) return;
  const added = await db
    .insertInto('storyTopic')
    .values(topicIds.map((topicId) => ({ storyId, topicId })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('topicId')
    .execute();
  if (added.length === 0) return;
  await db.updateTable('story').set({ plannedAt: null }).where('storyId', '=', storyId).execute();
}

/** A story whose deliveries are to be planned, locked for this transaction; others skip it. */
export function lockUnplannedStory(trx: Db): Promise<StoryRow | undefined> {
  return trx
    .selectFrom('story')
    .selectAll()
    .where('plannedAt', 'is', null)
    .orderBy('storyId')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function markStoryPlanned(db: Db, storyId: number, plannedAt: Date): Promise<void> {
  await db.updateTable('story').set({ plannedAt }).where('storyId', '=', storyId).execute();
}

export async function markStoryImage(db: Db, storyId: number, imageState: 'usable' | 'refused'): Promise<void> {
  await db
    .updateTable('story')
    .set({ imageState })
    .where('storyId', '=', storyId)
    .where('imageState', '!=', imageState)
    .execute();
}

export interface StoryWithTopics extends StoryRow {
  topics: { topicId: number; slug: string; name: Record<string, string> }[];
}

export async function getStory(db: Db, storyId: number): Promise<StoryWithTopics> {
  const story = await db.selectFrom('story').selectAll().where('storyId', '=', storyId).executeTakeFirstOrThrow();
  const topics = await db
    .selectFrom('storyTopic')
    .innerJoin('topic', 'topic.topicId', 'storyTopic.topicId')
    .select(['topic.topicId', 'topic.slug', 'topic.name'])
    .where('storyTopic.storyId', '=', storyId)
    .orderBy('topic.position')
    .orderBy('topic.slug')
    .execute();
  return { ...story, topics };
}
