// What an editor withdraws: an article and, where it is told already, its story with everything that it is told from.
import { withdrawArticle } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';
import { withdrawStory } from '../stories/change-story.ts';
import { listStoryArticles, lockGrouping } from '../stories/grouping-store.ts';
import { findStoryArticle, getStoryRow } from '../stories/story-store.ts';
import { countDeliveredCopies } from './copy-search-store.ts';

export interface Withdrawable {
  articleId: number;
  /** Null while the article is in no story. */
  storyId: number | null;
  /** As readers know it. */
  headline: string;
  /** Nothing is left that tells it; its copies may still be on their way out. */
  isWithdrawn: boolean;
  /** How many have received it. */
  copies: number;
}

export async function findWithdrawable(db: Db, articleId: number): Promise<Withdrawable | undefined> {
  const article = await db
    .selectFrom('article')
    .leftJoin('storyArticle', 'storyArticle.articleId', 'article.articleId')
    .leftJoin('story', 'story.storyId', 'storyArticle.storyId')
    .select(['article.headline', 'article.withdrawnAt', 'story.storyId', 'story.headline as toldHeadline'])
    .where('article.articleId', '=', articleId)
    .executeTakeFirst();
  if (!article) return undefined;
  const { storyId, headline, toldHeadline, withdrawnAt } = article;
  return {
    articleId,
    storyId,
    headline: toldHeadline ?? headline,
    isWithdrawn: storyId === null ? withdrawnAt !== null : (await listStoryArticles(db, storyId)).length === 0,
    copies: storyId === null ? 0 : await countDeliveredCopies(db, storyId),
  };
}

/** The article that began the story. */
export async function findFirstArticle(db: Db, storyId: number): Promise<number | undefined> {
  const first = await db
    .selectFrom('storyArticle')
    .select('articleId')
    .where('storyId', '=', storyId)
    .orderBy('sequence')
    .limit(1)
    .executeTakeFirst();
  return first?.articleId;
}

/**
 * Withdraws the story and whatever tells it, and owes that to its copies at once. Between groupings, so that no source
 * that waits for its story meanwhile can take it up; which story is the article's is asked only then.
 */
export async function withdraw(
  db: Db,
  { articleId }: Pick<Withdrawable, 'articleId'>,
  { because, now }: { because: string; now: Date },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await lockGrouping(trx);
    const storyId = (await findStoryArticle(trx, articleId))?.storyId;
    const articles = storyId === undefined ? [{ articleId }] : await listStoryArticles(trx, storyId);
    for (const article of articles) await withdrawArticle(trx, article.articleId, { because, now });
    if (storyId === undefined || (await getStoryRow(trx, storyId)).withdrawnAt !== null) return;
    await withdrawStory(trx, storyId, now);
  });
}
