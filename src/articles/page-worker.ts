// What the page reader's threads do: HTML in, the text of an article out. Nothing else of the program is here.
import { maxBodyCharacters } from './article-limits.ts';
import { type ArticleText, bodyOf, paragraphsOf } from './article.ts';
import { cleanParagraphs } from './clean.ts';
import { extractPage, type PageOptions, textOfFeedHtml } from './extract.ts';
import type { FeedText } from './page-reader.ts';
import { withoutCutEnd } from './teaser.ts';

export interface PageTask extends PageOptions {
  html: string;
  url: string;
}

export interface FeedHtmlTask {
  html: string;
  url: string;
  /** Of the entry; empty when it has none. */
  title: string;
}

/** Answers when the thread has loaded. */
export function ready(): void {}

export function page({ html, url, ...options }: PageTask): ArticleText | undefined {
  return extractPage(html, url, options);
}

export function feedHtml(pieces: readonly FeedHtmlTask[]): FeedText[] {
  return pieces.map(feedText);
}

function feedText({ html, url, title }: FeedHtmlTask): FeedText {
  const { body, imageUrl } = textOfFeedHtml(html, url);
  const known = { headline: title, kicker: null, imageCaption: null };
  const paragraphs = cleanParagraphs(paragraphsOf(body.slice(0, maxBodyCharacters)), known);
  return { body: bodyOf(withoutCutEnd(paragraphs)), imageUrl };
}
