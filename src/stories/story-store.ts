// Stories in Postgres: what is told, from which articles, on which topics, and what it is a development of.
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import type { TopicMatch } from '../topics/classify.ts';
import { pushWithinMs, siteOf } from './story.ts';

export type StoryRow = Selectable<Database['story']>;
export type StoryArticle = Selectable<Database['storyArticle']>;

export function findStoryArticle(db: Db, articleId: number): Promise<StoryArticle | undefined> {
  return db.selectFrom('storyArticle').selectAll().where('articleId', '=', articleId).executeTakeFirst();
}

export function getStoryRow(db: Db, storyId: number): Promise<StoryRow> {
  return db.selectFrom('story').selectAll().where('storyId', '=', storyId).executeTakeFirstOrThrow();
}

export async function insertStory(db: Db, story: Insertable<Database['story']>): Promise<number> {
  const { storyId } = await db.insertInto('story').values(story).returning('storyId').executeTakeFirstOrThrow();
  return storyId;
}

export async function insertStoryArticle(db: Db, article: Insertable<Database['storyArticle']>): Promise<void> {
  await db.insertInto('storyArticle').values(article).execute();
}

/** Changes a story; with `shows`, delivered copies are to show the change. Returns the story's revision. */
export async function updateStory(
  db: Db,
  storyId: number,
  { shows, ...values }: Updateable<Database['story']> & { shows: boolean },
): Promise<number> {
  const { revision } = await db
    .updateTable('story')
    .set((set) => ({ ...values, revision: set('revision', '+', shows ? 1 : 0) }))
    .where('storyId', '=', storyId)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}

/** Adds topics to a story; where one is new and the story is news still, its deliveries are planned (again). */
export async function addStoryTopics(
  db: Db,
  storyId: number,
  { matches, now }: { matches: readonly Pick<TopicMatch, 'topicId' | 'why'>[]; now: Date },
): Promise<void> {
  if (matches.length === 0) return;
  const added = await db
    .insertInto('storyTopic')
    .values(matches.map(({ topicId, why }) => ({ storyId, topicId, why })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('topicId')
    .execute();
  if (added.length === 0) return;
  await db
    .updateTable('story')
    .set({ plannedAt: null })
    .where('storyId', '=', storyId)
    .where('createdAt', '>', new Date(now.getTime() - pushWithinMs))
    .execute();
}

/** A story whose deliveries are to be planned, locked for this transaction; others skip it. */
export function lockUnplannedStory(trx: Db, now: Date): Promise<StoryRow | undefined> {
  return trx
    .selectFrom('story')
    .selectAll()
    .where('plannedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .where((where) => where.or([where('modelState', 'is', null), where('modelUntil', '<=', now)]))
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

/** Who else reported a story, and where. */
export interface OtherSource {
  name: string;
  url: string | null;
}

export interface StoryWithTopics extends Omit<StoryRow, 'searchTerms' | 'extract'> {
  topics: { topicId: number; slug: string; name: Record<string, string> }[];
  /** Without the story's own source, each name once, in the order in which they came. */
  alsoReportedBy: OtherSource[];
}

export async function getStory(db: Db, storyId: number): Promise<StoryWithTopics> {
  // Asked for every copy: without what only grouping and search need.
  const { searchTerms: _terms, extract: _extract, ...story } = await getStoryRow(db, storyId);
  const topics = await db
    .selectFrom('storyTopic')
    .innerJoin('topic', 'topic.topicId', 'storyTopic.topicId')
    .select(['topic.topicId', 'topic.slug', 'topic.name'])
    .where('storyTopic.storyId', '=', storyId)
    .orderBy('topic.position')
    .orderBy('topic.slug')
    .execute();
  return { ...story, topics, alsoReportedBy: await listOtherSources(db, story) };
}

/** Several feeds of one site are one source. */
export async function listOtherSources(
  db: Db,
  { storyId, sourceName, url }: Pick<StoryRow, 'storyId' | 'sourceName' | 'url'>,
): Promise<OtherSource[]> {
  const sources = await db
    .selectFrom('storyArticle')
    .innerJoin('article', 'article.articleId', 'storyArticle.articleId')
    .innerJoin('articleSource', 'articleSource.articleId', 'article.articleId')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select(['feed.title', 'feed.url as feedUrl', 'article.url'])
    .where('storyArticle.storyId', '=', storyId)
    .where('article.withdrawnAt', 'is', null)
    .orderBy('storyArticle.sequence')
    .orderBy('feed.feedId')
    .execute();
  const named = new Set([sourceName, siteOf(url)]);
  return sources.flatMap((source) => {
    const name = sourceNameOf(source);
    const site = siteOf(source.url);
    if (named.has(name) || (site !== undefined && named.has(site))) return [];
    named.add(name).add(site);
    return [{ name, url: source.url }];
  });
}

/** What readers know a feed by. */
export function sourceNameOf({ title, feedUrl }: { title: string | null; feedUrl: string }): string {
  return title ?? new URL(feedUrl).hostname;
}

/** Takes a story that waits for a model's summary; others leave it alone. */
export function claimModelStory(db: Db, now: Date): Promise<StoryRow | undefined> {
  return db
    .with('waiting', (waiting) =>
      waiting
        .selectFrom('story')
        .select('storyId')
        .where('modelState', '=', 'waiting')
        .where('withdrawnAt', 'is', null)
        .where('modelUntil', '>', now)
        .orderBy('storyId')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('story')
    .from('waiting')
    .whereRef('story.storyId', '=', 'waiting.storyId')
    .set({ modelState: 'asking' })
    .returningAll('story')
    .executeTakeFirst();
}

/** Ends the wait for a model; nothing is changed of a story that was told anew meanwhile. */
export async function markModelAnswer(
  db: Db,
  { storyId, toldHash }: Pick<StoryRow, 'storyId' | 'toldHash'>,
  answer: Partial<Pick<StoryRow, 'summary' | 'summarizedBy' | 'modelState'>>,
): Promise<void> {
  await db
    .updateTable('story')
    .set({ modelState: null, ...answer })
    .where('storyId', '=', storyId)
    .where('toldHash', '=', toldHash)
    .where('modelState', '=', 'asking')
    .execute();
}
