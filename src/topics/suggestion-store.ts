// Topics that the model is not sure of, in Postgres, and what editors decide about them.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { SuggestedTopic } from './classify.ts';

/** After two days an article is not news: its suggestions are not shown, and accepting one sends nothing. */
export const maxSuggestionAgeMs = 12 * 60 * 60_000;

export interface Suggestion {
  storyId: number;
  topicId: number;
  confidence: number;
  state: 'open' | 'accepted' | 'dismissed';
  headline: string;
  url: string | null;
  topic: { slug: string; name: Record<string, string> };
}

/** Suggestions that are there already stay as they are, decided or not. */
export async function insertSuggestions(
  db: Db,
  storyId: number,
  suggestions: readonly SuggestedTopic[],
  now: Date,
): Promise<void> {
  if (suggestions.length === 0) return;
  await db
    .insertInto('topicSuggestion')
    .values(suggestions.map(({ topicId, confidence }) => ({ storyId, topicId, confidence, createdAt: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Topics that an editor has dismissed for this story: nothing gives it one of them any more. */
export async function listDismissedTopics(db: Db, storyId: number): Promise<Set<number>> {
  const rows = await db
    .selectFrom('topicSuggestion')
    .select('topicId')
    .where('storyId', '=', storyId)
    .where('state', '=', 'dismissed')
    .execute();
  return new Set(rows.map(({ topicId }) => topicId));
}

/** Where a list goes on: after this suggestion. */
export interface SuggestionPlace {
  storyId: number;
  topicId: number;
}

export interface SuggestionList {
  suggestions: Suggestion[];
  /** How many come after these. */
  more: number;
}

interface ListOptions {
  now: Date;
  limit: number;
  after?: SuggestionPlace | undefined;
}

/** What waits for an editor, the newest story first: not of withdrawn stories, nor a topic the story has got since. */
export async function listOpenSuggestions(db: Db, { now, limit, after }: ListOptions): Promise<SuggestionList> {
  const rows = await selectSuggestions(db)
    .select(sql<number>`count(*) over ()`.as('total'))
    .where('topicSuggestion.state', '=', 'open')
    .where('topicSuggestion.createdAt', '>', new Date(now.getTime() - maxSuggestionAgeMs))
    .where('story.withdrawnAt', 'is', null)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('storyTopic')
            .select('storyTopic.topicId')
            .whereRef('storyTopic.storyId', '=', 'topicSuggestion.storyId')
            .whereRef('storyTopic.topicId', '=', 'topicSuggestion.topicId'),
        ),
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`(topic_suggestion.story_id, topic_suggestion.topic_id) < (${after?.storyId}, ${after?.topicId})`,
      ),
    )
    .orderBy('topicSuggestion.storyId', 'desc')
    .orderBy('topicSuggestion.topicId', 'desc')
    .limit(limit)
    .execute();
  return {
    suggestions: rows.map(suggestionOf),
    more: (rows[0]?.total ?? 0) - rows.length,
  };
}

export type Decision = Suggestion & {
  /** False: somebody had decided it before, and that stands. */
  isNew: boolean;
  /** Whether the story is planned again, so that the topic's followers get it. */
  isTold: boolean;
};

/**
 * Decides a suggestion, once: of several editors the first one counts. Accepting gives the story the topic, as an
 * editor's word. Undefined when there is no such suggestion (any more).
 */
export function decideSuggestion(
  db: Db,
  { storyId, topicId, accept, editorId, now }: SuggestionPlace & { accept: boolean; editorId: number; now: Date },
): Promise<Decision | undefined> {
  return db.transaction().execute(async (trx) => {
    const decided = await trx
      .updateTable('topicSuggestion')
      .set({ state: accept ? 'accepted' : 'dismissed', decidedAt: now, decidedBy: editorId })
      .where('storyId', '=', storyId)
      .where('topicId', '=', topicId)
      .where('state', '=', 'open')
      .returning('createdAt')
      .executeTakeFirst();
    const row = await selectSuggestions(trx)
      .where('topicSuggestion.storyId', '=', storyId)
      .where('topicSuggestion.topicId', '=', topicId)
      .executeTakeFirst();
    if (!row) return undefined;
    const isFresh = decided !== undefined && now.getTime() - decided.createdAt.getTime() <= maxSuggestionAgeMs;
    const isTold = accept && decided !== undefined && (await giveTopic(trx, { storyId, topicId, plan: isFresh }));
    return { ...suggestionOf(row), isNew: decided !== undefined, isTold };
  });
}

/** Returns whether the story is planned again. */
async function giveTopic(trx: Db, { storyId, topicId, plan }: SuggestionPlace & { plan: boolean }): Promise<boolean> {
  await trx
    .insertInto('storyTopic')
    .values({ storyId, topicId, why: 'editor' })
    .onConflict((conflict) => conflict.columns(['storyId', 'topicId']).doUpdateSet({ why: 'editor' }))
    .execute();
  if (!plan) return false;
  const { numUpdatedRows } = await trx
    .updateTable('story')
    .set({ plannedAt: null })
    .where('storyId', '=', storyId)
    .where('withdrawnAt', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function selectSuggestions(db: Db) {
  return db
    .selectFrom('topicSuggestion')
    .innerJoin('story', 'story.storyId', 'topicSuggestion.storyId')
    .innerJoin('topic', 'topic.topicId', 'topicSuggestion.topicId')
    .select([
      'topicSuggestion.storyId',
      'topicSuggestion.topicId',
      'topicSuggestion.confidence',
      'topicSuggestion.state',
      'story.headline',
      'story.url',
      'topic.slug',
      'topic.name',
    ]);
}

type SuggestionRow = Omit<Suggestion, 'topic'> & Suggestion['topic'];

function suggestionOf({ storyId, topicId, confidence, state, headline, url, slug, name }: SuggestionRow): Suggestion {
  return { storyId, topicId, confidence, state, headline, url, topic: { slug, name } };
}
