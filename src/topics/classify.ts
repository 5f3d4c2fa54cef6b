// Which topics an article belongs to, and why: its feed says so, a category of the feed stands for them, a keyword is
// in it, or the model that learnt from the newsroom's labels is sure enough of it.
import { normalizeArabic } from '../lib/arabic.ts';
import { createKeywordMatcher, type KeywordMatcher } from '../lib/keywords.ts';
import { collapseWhitespace } from '../lib/text.ts';
import type { TopicPredictor } from './topic-model.ts';
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
  /** Undefined while the newsroom has trained none. */
  predict?: TopicPredictor | undefined;
}

export interface TopicMatch {
  topicId: number;
  why: 'feed' | 'category' | 'keyword' | 'model';
  /** The category or the keyword, as written by the newsroom; empty for the feed and the model. */
  evidence: string;
  /** 1 for what the newsroom's rules say, else the model's, below 1. */
  confidence: number;
}

export interface SuggestedTopic {
  topicId: number;
  confidence: number;
}

export interface Classification {
  matches: TopicMatch[];
  /** What the model thinks likely, and an editor decides; the likeliest first. */
  suggestions: SuggestedTopic[];
}

/** Below this a suggestion would more often be wrong than right, and editors would stop looking at them. */
const minSuggested = 0.5;
/** An article with more than this many doubtful topics is one that the model does not understand. */
const maxSuggested = 2;

/**
 * One match per topic, with the strongest reason: feed, category, keyword, model. Keywords of every language are looked
 * for in the whole of headline and body. Topics that are not in `topics` are never given.
 *
 * The model also adds topics to an article that has some by rule: the rules of a feed say what it is mostly about, not
 * that its articles are about nothing else, and who follows "economy" wants the article of the "syria" feed on prices.
 * It never takes one away: what the newsroom wrote down stands.
 */
export function classify(article: Classifiable): Classification {
  const matches = new Map<number, TopicMatch>();
  const known = new Map(article.topics.map(({ slug, topicId }) => [slug, topicId]));
  const ids = new Set(known.values());
  const add = (match: TopicMatch) => {
    if (ids.has(match.topicId) && !matches.has(match.topicId)) matches.set(match.topicId, match);
  };

  for (const topicId of article.feedTopicIds) add({ topicId, why: 'feed', evidence: '', confidence: 1 });

  const categories = new Set(article.categories.map(categoryKey));
  for (const { category, topicId } of article.feedCategories) {
    if (categories.has(categoryKey(category))) add({ topicId, why: 'category', evidence: category, confidence: 1 });
  }

  // A keyword of several words must not be found across the end of the headline.
  const match = matcherOf(article.topics);
  for (const text of [article.headline, article.body]) {
    for (const { keyword, value } of match(text)) {
      add({ topicId: value, why: 'keyword', evidence: keyword, confidence: 1 });
    }
  }

  const suggestions: SuggestedTopic[] = [];
  const predictions = article.predict?.({ title: article.headline, text: article.body }) ?? [];
  for (const { slug, confidence, applied } of predictions) {
    const topicId = known.get(slug);
    if (topicId === undefined || matches.has(topicId)) continue;
    if (applied) add({ topicId, why: 'model', evidence: '', confidence });
    else if (confidence >= minSuggested) suggestions.push({ topicId, confidence });
  }
  return { matches: [...matches.values()], suggestions: suggestions.slice(0, maxSuggested) };
}

function categoryKey(category: string): string {
  return collapseWhitespace(normalizeArabic(category));
}

/** One list of topics is asked about article after article, and analysing hundreds of keywords takes milliseconds. */
const matchers = new WeakMap<readonly Topic[], KeywordMatcher<number>>();

function matcherOf(topics: readonly Topic[]): KeywordMatcher<number> {
  const known = matchers.get(topics);
  if (known) return known;
  const matcher = createKeywordMatcher(
    topics.flatMap(({ keywords, topicId }) =>
      Object.values(keywords).flatMap((list) => list.map((keyword) => [keyword, topicId] as const)),
    ),
  );
  matchers.set(topics, matcher);
  return matcher;
}
