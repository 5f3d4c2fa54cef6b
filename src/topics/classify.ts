// Which topics an article belongs to, and why: its feed says so, a category of the feed stands for them, or a keyword.
import { createKeywordMatcher, normalizeArabic, words } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';
import type { Topic } from './topic.ts';

export interface Classifiable {
  headline: string;
  body: string;
  /** The entry's own categories. */
  categories: readonly string[];
  /** Topics that every article of the feed has. */
  feedTopicIds: readonly number[];
  /** The feed's category map. */
  feedCategories: readonly { category: string; topicId: number }[];
  topics: readonly Topic[];
}

export interface TopicMatch {
  topicId: number;
  why: 'feed' | 'category' | 'keyword';
  /** The category or the keyword, as written by the newsroom; empty for the feed. */
  evidence: string;
}

/**
 * One match per topic, with the strongest reason: feed, then category, then keyword. Keywords of every language are
 * looked for in the whole of headline and body. Topics that are not in `topics` are never given.
 */
export function classify(article: Classifiable): TopicMatch[] {
  const matches = new Map<number, TopicMatch>();
  const known = new Set(article.topics.map((topic) => topic.topicId));
  const add = (match: TopicMatch) => {
    if (known.has(match.topicId) && !matches.has(match.topicId)) matches.set(match.topicId, match);
  };

  for (const topicId of article.feedTopicIds) add({ topicId, why: 'feed', evidence: '' });

  const categories = new Set(article.categories.map(categoryKey));
  for (const { category, topicId } of article.feedCategories) {
    if (categories.has(categoryKey(category))) add({ topicId, why: 'category', evidence: category });
  }

  // A keyword of several words must not be found across the end of the headline.
  const match = createKeywordMatcher(keywordsOf(article.topics));
  for (const text of [article.headline, article.body]) {
    for (const { keyword, value } of match(words(text))) add({ topicId: value, why: 'keyword', evidence: keyword });
  }
  return [...matches.values()];
}

function categoryKey(category: string): string {
  return collapseWhitespace(normalizeArabic(category));
}

function keywordsOf(topics: readonly Topic[]): (readonly [string, number])[] {
  return topics.flatMap(({ keywords, topicId }) =>
    Object.values(keywords).flatMap((list) => list.map((keyword) => [keyword, topicId] as const)),
  );
}
