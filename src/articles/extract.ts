// Reads the article out of a web page, and the text out of a feed's HTML. Pure: nothing is fetched.
import { decodeEntities } from '../lib/html.ts';
import { type ArticleText, bodyOf } from './article.ts';
import { agreedBody, blocksOf } from './declared-body.ts';
import { findBody, keptBody } from './body.ts';
import { embeddedBody } from './embedded-body.ts';
import { captionAmong, cleanParagraphs } from './clean.ts';
import { withoutFurniture } from './furniture.ts';
import { isCaption } from './lead-picture.ts';
import { readMetadata } from './metadata.ts';
import { openDocument, type PageDocument } from './page-document.ts';
import { paragraphsIn } from './paragraphs.ts';
import { pictureOf } from './pictures.ts';
import { attributesIn, selectOutermost } from './selectors.ts';

export interface PageOptions {
  /** For dates that name no zone; default UTC. */
  timeZone?: string;
  /** The operator's CSS selectors for this feed: the body is what they match, in the order of the page. */
  keep?: readonly string[];
  /** Removed before anything is read. */
  drop?: readonly string[];
}

/**
 * The article on the page at `url`; undefined when there is none. Never throws. Of a page beyond the limits of
 * page-document.ts only the part within them is read.
 */
export function extractPage(html: string, url: string, options: PageOptions = {}): ArticleText | undefined {
  try {
    const { keep = [], drop = [] } = options;
    const document = openDocument(html, attributesIn([...keep, ...drop]));
    return document && readArticle(document, html, url, options);
  } catch {
    // linkedom and Readability fail on some malformed pages; the article then lives from its feed.
    return undefined;
  }
}

function readArticle(
  document: PageDocument,
  html: string,
  url: string,
  { timeZone = 'UTC', keep = [], drop = [] }: PageOptions,
): ArticleText | undefined {
  for (const element of selectOutermost(document, drop)) element.remove();
  const metadata = readMetadata(document, url, timeZone);
  const { headline, kicker, picture, published, modified, language, authors, section, tags } = metadata;
  if (headline === null) return undefined;
  const kept = selectOutermost(document, keep);
  const shown =
    kept.length > 0
      ? keptBody(kept, metadata.heading)
      : embeddedBody(agreedBody(findBody(document, metadata.heading), metadata.articleBody), html);
  const found = withoutFurniture(shown, authors).map(({ text }) => text);
  const imageCaption = picture.caption ?? captionAmong(found);
  const paragraphs = cleanParagraphs(found, { headline, kicker, imageCaption });
  if (paragraphs.length === 0 && !metadata.declaresArticle) return undefined;
  return {
    headline,
    kicker,
    body: bodyOf(paragraphs),
    imageUrl: picture.url,
    imageCaption,
    imageCredit: picture.credit,
    language,
    publishedAt: published?.at ?? null,
    publishedOffsetMinutes: published?.offsetMinutes ?? null,
    modifiedAt: modified?.at ?? null,
    modifiedOffsetMinutes: modified?.offsetMinutes ?? null,
    authors,
    section,
    tags,
  };
}

/**
 * The text and the first picture of a feed's HTML (or plain text). Paragraphs are not cleaned: whoever knows the
 * headline calls cleanParagraphs. Never throws.
 */
export function textOfFeedHtml(html: string, baseUrl: string): { body: string; imageUrl: string | null } {
  if (!/<[a-z!/]/i.test(html)) {
    return { body: bodyOf(blocksOf(decodeEntities(html)).map(({ text }) => text)), imageUrl: null };
  }
  try {
    const document = openDocument(html);
    if (!document) return { body: '', imageUrl: null };
    const imageUrl = firstPicture(document, baseUrl);
    for (const element of document.querySelectorAll('form, figcaption, [class]')) {
      const isForm = element.localName === 'form' && !element.querySelector('p + p');
      if (isForm || isCaption(element)) element.remove();
    }
    return { body: bodyOf(paragraphsIn(document.body)), imageUrl };
  } catch {
    return { body: '', imageUrl: null };
  }
}

function firstPicture(document: PageDocument, baseUrl: string): string | null {
  for (const image of document.querySelectorAll('img')) {
    const url = pictureOf(image, baseUrl);
    if (url !== null) return url;
  }
  return null;
}
