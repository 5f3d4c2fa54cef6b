// Stories with articles and topics in a test's database.
import type { Db } from '../../src/db/database.ts';
import type { Database } from '../../src/db/schema.ts';
import { upsertTopic } from '../../src/topics/topic-store.ts';

export const now = new Date('2026-11-22T19:00:00Z');

interface ToldStory {
  headline: string;
  body?: string;
  url?: string;
  createdAt?: Date;
  /** Slug → why the story has it. */
  topics?: Record<string, Database['storyTopic']['why']>;
}

/** A story of one article, planned already; returns its id. */
export async function tellStory(db: Db, { headline, body = '', url, createdAt = now, topics = {} }: ToldStory) {
  const common = { headline, kicker: null, language: 'ar', url: url ?? null, imageUrl: null, publishedAt: createdAt };
  const { storyId } = await db
    .insertInto('story')
    .values({ ...common, summary: '', sourceName: null, createdAt, plannedAt: createdAt })
    .returning('storyId')
    .executeTakeFirstOrThrow();
  const { articleId } = await db
    .insertInto('article')
    .values({ ...common, body, canonicalUrl: null, createdAt, state: 'grouped' })
    .returning('articleId')
    .executeTakeFirstOrThrow();
  await db.insertInto('storyArticle').values({ storyId, articleId, addedAt: createdAt }).execute();
  for (const [slug, why] of Object.entries(topics)) {
    await db
      .insertInto('storyTopic')
      .values({ storyId, topicId: await topicIdOf(db, slug), why })
      .execute();
  }
  return storyId;
}

export async function topicIdOf(db: Db, slug: string): Promise<number> {
  const known = await db.selectFrom('topic').select('topicId').where('slug', '=', slug).executeTakeFirst();
  if (known) return known.topicId;
  const topic = await upsertTopic(db, { slug, name: { ar: `اسم ${slug}` }, keywords: {}, position: 0 });
  return topic.topicId;
}
