// A story's pure rules: when it is urgent.
import { normalizeArabic } from '../lib/arabic.ts';
import { collapseWhitespace } from '../lib/text.ts';

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
