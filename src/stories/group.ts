// The third stage: turns articles that were read into stories with topics and a summary. One article is one story so far.
import { type Article, listArticleSources, lockReadArticle, markArticleGrouped } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { classify } from '../topics/classify.ts';
import { listFeedTopics, listTopics } from '../topics/topic-store.ts';
import type { Topic } from '../topics/topic.ts';
import { addStoryTopics, findStoryOfArticle, insertStory } from './story-store.ts';
import { isBreaking } from './story.ts';
import { summarize } from './summarize.ts';

/** Groups what was read; returns how many articles were grouped. */
export async function groupStories(
  { db, clock }: { db: Db; clock: Clock },
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const topics = await listTopics(db);
  let grouped = 0;
  while (!signal?.aborted && (await groupOne(db, topics, clock.now()))) grouped += 1;
  return grouped;
}

async function groupOne(db: Db, topics: readonly Topic[], now: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const article = await lockReadArticle(trx);
    if (!article) return false;
    const sources = await listArticleSources(trx, article.articleId);
    const categories = sources.flatMap((source) => source.categories);
    const { feedTopicIds, feedCategories } = await listFeedTopics(
      trx,
      sources.map((source) => source.feedId),
    );
    const matches = classify({
      headline: article.headline,
      body: article.body,
      categories,
      feedTopicIds: feedTopicIds.map((feedTopic) => feedTopic.topicId),
      feedCategories,
      topics,
    });
    const storyId =
      (await findStoryOfArticle(trx, article.articleId))?.storyId ??
      (await insertStory(trx, tell(article, sources[0], categories, now), article.articleId));
    await addStoryTopics(
      trx,
      storyId,
      matches.map((match) => match.topicId),
    );
    await markArticleGrouped(trx, article.articleId);
    return true;
  });
}

function tell(
  article: Article,
  source: { feedTitle: string | null; feedUrl: string } | undefined,
  categories: readonly string[],
  now: Date,
) {
  const { headline, kicker, body, language, url, imageUrl, publishedAt } = article;
  return {
    headline,
    kicker,
    summary: summarize(body, { language, headline }).join(' '),
    language,
    url,
    sourceName: source ? (source.feedTitle ?? new URL(source.feedUrl).hostname) : null,
    imageUrl,
    publishedAt,
    breaking: isBreaking(headline, categories),
    createdAt: now,
  };
}
