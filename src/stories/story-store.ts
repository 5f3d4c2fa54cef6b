// Stories in Postgres: what is told, from which articles, on which topics, and what it is a development of.
import { type ExpressionBuilder, type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import { columnsOf, jsonRows } from '../db/json-rows.ts';
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

export type NewStory = Insertable<Database['story']> & { storyId: number };

/** Ids for stories that are to be inserted together. */
export async function takeStoryIds(db: Db, count: number): Promise<number[]> {
  if (count <= 0) return [];
  const { rows } = await sql<{ storyId: number }>`
    select nextval(pg_get_serial_sequence('story', 'story_id')) as story_id from generate_series(1, ${count}::integer)
  `.execute(db);
  return rows.map(({ storyId }) => storyId);
}

/** Stories with ids that were taken before. */
export async function insertStories(db: Db, stories: readonly NewStory[]): Promise<void> {
  const columns = columnsOf(stories);
  await sql`
    insert into story (${columns}) overriding system value
    select ${columns} from json_populate_recordset(null::story, ${jsonRows(stories)})`.execute(db);
}

export interface NewStoryArticle extends Pick<StoryArticle, 'articleId' | 'storyId' | 'addedAt'> {
  relation: StoryArticle['relation'];
  similarity: number;
  fingerprint: object | null;
}

/** The last one's sequence. */
export async function insertStoryArticles(db: Db, articles: readonly NewStoryArticle[]): Promise<number> {
  const columns = columnsOf(articles);
  const { rows } = await sql<{ sequence: number }>`
    insert into story_article (${columns})
    select ${columns} from json_populate_recordset(null::story_article, ${jsonRows(articles)})
    returning sequence`.execute(db);
  return Math.max(...rows.map(({ sequence }) => sequence));
}

/** The stories of those of the articles that have one, by article. */
export async function listStoriesOfArticles(db: Db, articleIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await db
    .selectFrom('storyArticle')
    .select(['articleId', 'storyId'])
    .where('articleId', '=', sql<number>`any(${articleIds}::bigint[])`)
    .execute();
  return new Map(rows.map(({ articleId, storyId }) => [articleId, storyId]));
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

/** The topics of stories that are told for the first time. */
export async function insertStoryTopics(db: Db, topics: readonly Insertable<Database['storyTopic']>[]): Promise<void> {
  if (topics.length === 0) return;
  const columns = columnsOf(topics);
  await sql`
    insert into story_topic (${columns})
    select ${columns} from json_populate_recordset(null::story_topic, ${jsonRows(topics)})`.execute(db);
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

/** Stories of which nothing is planned yet, locked for this transaction; others skip them. */
export function lockUnplannedStories(trx: Db, { now, limit }: { now: Date; limit: number }): Promise<StoryRow[]> {
  return trx
    .selectFrom('story')
    .selectAll()
    .where('plannedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .where((where) => where.or([where('modelState', 'is', null), where('modelUntil', '<=', now)]))
    .where((where) => where.not(isBegun(where)))
    .orderBy('breaking', 'desc')
    .orderBy('storyId')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
}

/** Some were planned, and others are still to be looked for: the first story of that kind that is after `afterId`. */
export function findBegunStory(
  db: Db,
  { now, afterId }: { now: Date; afterId: number },
): Promise<StoryRow | undefined> {
  return db
    .selectFrom('story')
    .selectAll()
    .where('plannedAt', 'is', null)
    .where('withdrawnAt', 'is', null)
    .where((where) => where.or([where('modelState', 'is', null), where('modelUntil', '<=', now)]))
    .where(isBegun)
    .where('storyId', '>', afterId)
    .orderBy('storyId')
    .limit(1)
    .executeTakeFirst();
}

function isBegun(where: ExpressionBuilder<Database, 'story'>) {
  return where.exists(
    where
      .selectFrom('subject')
      .innerJoin('chunk', 'chunk.subjectId', 'subject.subjectId')
      .select('chunk.chunkId')
      .whereRef('subject.storyId', '=', 'story.storyId'),
  );
}

/**
 * Held by whoever plans the rest of a story: not its row, which its first readers' messages change meanwhile. False when
 * somebody else has it.
 */
export async function tryLockPlanning(trx: Db, storyId: number): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('nashra planning', ${storyId})) as is_ours
  `.execute(trx);
  return rows[0]?.isOurs ?? false;
}

/** Unless it got further topics meanwhile: then it is planned once more. */
export async function markStoryPlannedBy(
  trx: Db,
  { storyId, topicIds, plannedAt }: { storyId: number; topicIds: readonly number[]; plannedAt: Date },
): Promise<void> {
  await sql`select 1 from story where story_id = ${storyId} for update`.execute(trx);
  const now = (await listTopicIdsOfStories(trx, [storyId])).get(storyId) ?? [];
  if (now.every((topicId) => topicIds.includes(topicId))) await markStoriesPlanned(trx, [storyId], plannedAt);
}

/** By story. */
export async function listTopicIdsOfStories(db: Db, storyIds: readonly number[]): Promise<Map<number, number[]>> {
  const rows = await db
    .selectFrom('storyTopic')
    .select(['storyId', 'topicId'])
    .where('storyId', '=', sql<number>`any(${storyIds}::bigint[])`)
    .execute();
  const topicIds = new Map(storyIds.map((storyId): [number, number[]] => [storyId, []]));
  for (const { storyId, topicId } of rows) topicIds.get(storyId)?.push(topicId);
  return topicIds;
}

export async function markStoriesPlanned(db: Db, storyIds: readonly number[], plannedAt: Date): Promise<void> {
  if (storyIds.length === 0) return;
  await db
    .updateTable('story')
    .set({ plannedAt })
    .where('storyId', '=', sql<number>`any(${storyIds}::bigint[])`)
    .execute();
}

/** Who else reported a story, and where. */
export interface OtherSource {
  name: string;
  url: string | null;
}

export type StoryTopic = Pick<Selectable<Database['topic']>, 'topicId' | 'slug' | 'name'>;

export interface StoryWithTopics extends Omit<StoryRow, 'searchTerms' | 'extract'> {
  topics: StoryTopic[];
  /** Without the story's own source, each name once, in the order in which they came. */
  alsoReportedBy: OtherSource[];
}

/** In the order in which readers see topics. */
export async function listStoryTopics(db: Db, storyId: number): Promise<StoryTopic[]> {
  return (await listTopicsOfStories(db, [storyId])).get(storyId) ?? [];
}

async function listTopicsOfStories(db: Db, storyIds: readonly number[]): Promise<Map<number, StoryTopic[]>> {
  const rows = await db
    .selectFrom('storyTopic')
    .innerJoin('topic', 'topic.topicId', 'storyTopic.topicId')
    .select(['storyTopic.storyId', 'topic.topicId', 'topic.slug', 'topic.name'])
    .where('storyTopic.storyId', '=', sql<number>`any(${storyIds}::bigint[])`)
    .orderBy('topic.position')
    .orderBy('topic.slug')
    .execute();
  const topics = new Map(storyIds.map((storyId): [number, StoryTopic[]] => [storyId, []]));
  for (const { storyId, ...topic } of rows) topics.get(storyId)?.push(topic);
  return topics;
}

export async function getStory(db: Db, storyId: number): Promise<StoryWithTopics> {
  const story = (await getStories(db, [storyId])).get(storyId);
  if (!story) throw new Error(`There is no story ${storyId}.`);
  return story;
}

/** Those of them that there are, by id. */
export async function getStories(db: Db, storyIds: readonly number[]): Promise<Map<number, StoryWithTopics>> {
  const rows = await db
    .selectFrom('story')
    .selectAll()
    .where('storyId', '=', sql<number>`any(${storyIds}::bigint[])`)
    .execute();
  const topics = await listTopicsOfStories(db, storyIds);
  const sources = await listSourcesOfStories(db, storyIds);
  return new Map(
    // Asked for every copy: without what only grouping and search need.
    rows.map(({ searchTerms: _terms, extract: _extract, ...story }) => {
      const { storyId } = story;
      const alsoReportedBy = otherSources(story, sources.get(storyId) ?? []);
      return [storyId, { ...story, topics: topics.get(storyId) ?? [], alsoReportedBy }];
    }),
  );
}

/** Several feeds of one site are one source. */
export async function listOtherSources(
  db: Db,
  story: Pick<StoryRow, 'storyId' | 'sourceName' | 'url'>,
): Promise<OtherSource[]> {
  return otherSources(story, (await listSourcesOfStories(db, [story.storyId])).get(story.storyId) ?? []);
}

interface StorySource {
  title: string | null;
  feedUrl: string;
  /** Of the article. */
  url: string | null;
}

/** In the order in which they came. */
async function listSourcesOfStories(db: Db, storyIds: readonly number[]): Promise<Map<number, StorySource[]>> {
  const rows = await db
    .selectFrom('storyArticle')
    .innerJoin('article', 'article.articleId', 'storyArticle.articleId')
    .innerJoin('articleSource', 'articleSource.articleId', 'article.articleId')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select(['storyArticle.storyId', 'feed.title', 'feed.url as feedUrl', 'article.url'])
    .where('storyArticle.storyId', '=', sql<number>`any(${storyIds}::bigint[])`)
    .where('article.withdrawnAt', 'is', null)
    .orderBy('storyArticle.sequence')
    .orderBy('feed.feedId')
    .execute();
  return Map.groupBy(rows, ({ storyId }) => storyId);
}

function otherSources(
  { sourceName, url }: Pick<StoryRow, 'sourceName' | 'url'>,
  sources: readonly StorySource[],
): OtherSource[] {
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
