// What the page reader's threads do: HTML in, the text of an article out. Nothing else of the program is here.
import type { ArticleText } from './article.ts';
import { extractPage, type PageOptions, textOfFeedHtml } from './extract.ts';

export interface PageTask extends PageOptions {
  html: string;
  url: string;
}

/** Answers when the thread has loaded. */
export function ready(): void {}

export function page({ html, url, ...options }: PageTask): ArticleText | undefined {
  return extractPage(html, url, options);
}

export function feedHtml({ html, url }: PageTask): ReturnType<typeof textOfFeedHtml> {
  return textOfFeedHtml(html, url);
}
