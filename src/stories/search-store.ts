// Finds stories by words, as an Arabic reader would look for them.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { searchKeys } from '../lib/keywords.ts';
import { searchedCharacters } from './tell.ts';

/** Words of a search that count; what is longer is mostly a whole headline, found by its beginning. */
export const maxSearchWords = 12;

export interface FoundStory {
  storyId: number;
  headline: string;
  language: string;
  url: string | null;
  sourceName: string | null;
  publishedAt: Date;
}

/**
 * The stories told last that have every word of `query` (of many, the first twelve) in headline or text, the newest
 * first; none for a query without words.
 */
export async function searchStories(db: Db, query: string, { limit }: { limit: number }): Promise<FoundStory[]> {
  const keys = searchKeys(query).slice(0, maxSearchWords);
  if (keys.length === 0) return [];
  const found = await db
    .selectFrom('story')
    .select(['storyId', 'headline', 'language', 'url', 'sourceName', 'publishedAt'])
    .where((where) => where.and(keys.map((alternatives) => sql<boolean>`search_terms && ${alternatives}::text[]`)))
    .where('withdrawnAt', 'is', null)
    // As they were told, not published: for words that every story has, Postgres then looks at the last few only.
    .orderBy('storyId', 'desc')
    .limit(limit)
    .execute();
  return found.toSorted((one, other) => other.publishedAt.getTime() - one.publishedAt.getTime());
}

/** What a story's search terms are of: its headline, and the text of the article that it is told from. */
export async function getSearchedText(db: Db, storyId: number): Promise<string> {
  const { headline, body } = await db
    .selectFrom('story')
    .leftJoin('storyArticle', 'storyArticle.storyId', 'story.storyId')
    .leftJoin('article', (join) =>
      join.onRef('article.articleId', '=', 'storyArticle.articleId').on('article.withdrawnAt', 'is', null),
    )
    .select(['story.headline', sql<string | null>`left(article.body, ${searchedCharacters})`.as('body')])
    .where('story.storyId', '=', storyId)
    // A withdrawn article tells nothing any more.
    .orderBy(sql`article.article_id is null`)
    .orderBy('storyArticle.sequence')
    .limit(1)
    .executeTakeFirstOrThrow();
  return body === null ? headline : `${headline}\n${body}`;
}
