// What publishing adds to an article: its addresses, its date, and the habits of the site that it happened to get.
import { type Article, datedArticle } from './article.ts';

export interface PublishedArticle extends Article {
  /** 1 for the first article of this newsroom. */
  number: number;
  publishedAt: Date;
  /** The page's path, as it stands in a URL. */
  path: string;
  /** The canonical address of the page. */
  url: string;
  /** The address in the feed, sometimes with tracking parameters. */
  link: string;
  guid: string;
  pictureUrl?: string;
  habits: Habits;
}

/** Real sites are inconsistent with themselves; these inconsistencies come round in fixed cycles. */
interface Habits {
  template: 'wordpress' | 'magazine' | 'english';
  hasOpenGraph: boolean;
  hasJsonLd: boolean;
  /** The name of the site behind the headline, in `og:title` too. */
  titleHasSiteName: boolean;
  /** The picture's address stands in `data-src`, for a script to load. */
  hasLazyPicture: boolean;
  /** How the feed carries the picture. */
  feedPicture: 'enclosure' | 'media' | 'none';
  /** The feed carries the whole text. */
  feedHasText: boolean;
  isTracked: boolean;
}

export function publication(article: Article, number: number, publishedAt: Date, origin: string): PublishedArticle {
  const habits = habitsOf(article, number);
  const id = 41_000 + number * 37;
  const path = {
    wordpress: `/archives/${id}`,
    magazine: `/${encodeURIComponent('مقالات')}/${article.slug}/`,
    english: `/en/${article.slug}`,
  }[habits.template];
  const url = origin + path;
  return {
    ...datedArticle(article, publishedAt),
    number,
    publishedAt,
    path,
    url,
    link: habits.isTracked ? `${url}?utm_source=rss&utm_medium=feed&utm_campaign=harbour` : url,
    guid: habits.template === 'english' ? `tag:harbourpost.example,2020:${article.slug}` : `${origin}/?p=${id}`,
    ...(article.picture === undefined ? {} : { pictureUrl: `${origin}/pictures/${article.picture}` }),
    habits,
  };
}

function habitsOf({ language }: Article, number: number): Habits {
  const metadata = number % 7;
  const template = language === 'en' ? 'english' : number % 2 === 1 ? 'wordpress' : 'magazine';
  return {
    template,
    hasOpenGraph: metadata !== 4 && metadata !== 6,
    hasJsonLd: metadata !== 3 && metadata !== 6,
    titleHasSiteName: metadata === 5,
    hasLazyPicture: template === 'wordpress' && number % 3 === 0,
    feedPicture: (['enclosure', 'media', 'none'] as const)[number % 3] ?? 'none',
    feedHasText: number % 4 === 0,
    isTracked: number % 5 === 2,
  };
}
