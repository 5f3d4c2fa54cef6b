// The articles of the sample newsroom: read from articles/*.txt, and dated when they are published.
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

export type Language = 'ar' | 'en';

export interface Article {
  slug: string;
  language: Language;
  /** The slug of the topic that the newsroom itself would file it under. */
  topic: string;
  /** What the feed says, which is not always what the newsroom file maps. */
  categories: readonly string[];
  headline: string;
  /** The short line above the headline. */
  kicker?: string;
  author: string;
  /** A file in pictures/. */
  picture?: string;
  caption?: string;
  tags: readonly string[];
  paragraphs: readonly string[];
}

const folder = new URL('./articles/', import.meta.url);

/** All articles in the order in which the newsroom publishes them: `NN-slug.language.txt`. */
export function readArticles(): Article[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => parseArticle(name, readFileSync(new URL(name, folder), 'utf8')));
}

/** Front matter between two lines of dashes, then paragraphs with an empty line between them. */
function parseArticle(name: string, text: string): Article {
  const [, slug, language] = /^\d+-([a-z0-9-]+)\.(ar|en)\.txt$/.exec(name) ?? [];
  const [, front, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  if (!slug || !language || !front || !body) throw new Error(`${name} is not an article.`);
  return {
    slug,
    language: language as Language,
    ...(parse(front) as Omit<Article, 'slug' | 'language' | 'paragraphs'>),
    paragraphs: body.trim().split(/\n{2,}/),
  };
}

const dayMs = 24 * 60 * 60 * 1000;
const timeZone = 'Asia/Damascus';

/** The article as it reads on the day it is published: `{day-1}`, `{date+7}` and `{stamp}` become dates around `at`. */
export function datedArticle(article: Article, at: Date): Article {
  const dated = (text: string) =>
    text.replaceAll(/\{(day|date|stamp)([+-]\d+)?\}/g, (_, form: DateForm, days = '0') =>
      dateText(new Date(at.getTime() + Number(days) * dayMs), form, article.language),
    );
  return {
    ...article,
    headline: dated(article.headline),
    ...(article.caption === undefined ? {} : { caption: dated(article.caption) }),
    paragraphs: article.paragraphs.map(dated),
  };
}

type DateForm = 'day' | 'date' | 'stamp';

/** "الجمعة 5 من حزيران", "5 من حزيران", "5 حزيران 2020" and their English counterparts. */
export function dateText(at: Date, form: DateForm, language: Language): string {
  const locale = language === 'ar' ? 'ar-SY-u-nu-latn' : 'en-GB';
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(at);
  const [weekday, day, month, year] = [
    part({ weekday: 'long' }),
    part({ day: 'numeric' }),
    part({ month: 'long' }),
    part({ year: 'numeric' }),
  ];
  if (form === 'stamp') return `${day} ${month} ${year}`;
  const date = language === 'ar' ? `${day} من ${month}` : `${day} ${month}`;
  if (form === 'date') return date;
  return language === 'ar' ? `${weekday} ${date}` : `${weekday}, ${date}`;
}
