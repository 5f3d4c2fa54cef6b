// STORY: one event as it is told to readers, and when it is urgent.
import { normalizeArabic } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';
import type { Topic } from '../topics/topic.ts';

/** What is delivered. */
export interface Story {
  storyId: number;
  headline: string;
  kicker: string | null;
  /** Whole sentences; may be empty. */
  summary: string;
  language: string;
  url: string | null;
  sourceName: string | null;
  imageUrl: string | null;
  /** Telegram's answer to the picture. */
  imageState: 'untried' | 'usable' | 'refused';
  publishedAt: Date;
  breaking: boolean;
  topics: Topic[];
}

const breakingCategories = new Set(
  ['عاجل', 'خبر عاجل', 'أخبار عاجلة', 'breaking', 'breaking news', 'urgent'].map(normalizeArabic),
);

/** Urgent by the newsroom's own word: a category of that name, or a headline that opens with it and a mark. */
export function isBreaking(headline: string, categories: readonly string[]): boolean {
  if (categories.some((category) => breakingCategories.has(collapseWhitespace(normalizeArabic(category))))) return true;
  // Without a mark after it the word may belong to the sentence ("Breaking the silence").
  return /^[^\p{L}\p{N}]*(?:(?:خبر )?عاجل|breaking(?: news)?|urgent)\s*[:|/؛.!\-–—\]»)]/u.test(
    normalizeArabic(headline),
  );
}
