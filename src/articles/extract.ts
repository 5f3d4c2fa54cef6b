// Reads the article out of a web page, and the text out of a feed's HTML. Pure: nothing is fetched.
import { Readability } from '@mozilla/readability';
import { decodeEntities } from '../lib/html.ts';
import { type ArticleText, bodyOf, paragraphsOf } from './article.ts';
import { captionAmong, cleanParagraphs } from './clean.ts';
import { captionSelector, maxCaptionCharacters, type PageMetadata, readMetadata } from './metadata.ts';
import { openDocument, type PageDocument, type PageElement } from './page-document.ts';
import { paragraphsIn } from './paragraphs.ts';
import { pictureOf } from './pictures.ts';

/** Below this Readability tries again with less strictness; short news is news. */
const shortTextCharacters = 250;

interface PageOptions {
  /** For dates that name no zone; default UTC. */
  timeZone?: string;
}

/**
 * The article on the page at `url`; undefined when there is none. Never throws. Of a page beyond the limits of
 * page-document.ts only the part within them is read.
 */
export function extractPage(
  html: string,
  url: string,
  { timeZone = 'UTC' }: PageOptions = {},
): ArticleText | undefined {
  try {
    const document = openDocument(html);
    return document && readArticle(document, url, timeZone);
  } catch {
    // linkedom and Readability fail on some malformed pages; the article then lives from its feed.
    return undefined;
  }
}

function readArticle(document: PageDocument, url: string, timeZone: string): ArticleText | undefined {
  const metadata = readMetadata(document, url, timeZone);
  const { headline, kicker, imageUrl, language, publishedAt } = metadata;
  if (headline === null) return undefined;
  removeFrame(document);
  const found = bodyParagraphs(document, metadata);
  const imageCaption = metadata.imageCaption ?? captionAmong(found);
  const paragraphs = cleanParagraphs(found, { headline, kicker, imageCaption });
  if (paragraphs.length === 0 && !metadata.declaresArticle) return undefined;
  return { headline, kicker, body: bodyOf(paragraphs), imageUrl, imageCaption, language, publishedAt };
}

function bodyParagraphs(document: PageDocument, { articleBody }: PageMetadata): string[] {
  const shown = readability(document);
  const declared = articleBody === null ? [] : plainParagraphs(articleBody);
  const size = (paragraphs: string[]) => bodyOf(paragraphs).length;
  return size(shown) < shortTextCharacters && size(declared) > size(shown) ? declared : shown;
}

function readability(document: PageDocument): string[] {
  try {
    const content = new Readability<PageElement>(document, {
      charThreshold: shortTextCharacters,
      disableJSONLD: true,
      keepClasses: true,
      serializer: (node) => node,
    }).parse()?.content;
    return content ? paragraphsIn(content) : [];
  } catch {
    return [];
  }
}

const frameSelector =
  'script, style, noscript, iframe, form, button, select, nav, dialog, [role="navigation"], [role="dialog"], [hidden], aside';
/** Class and id words of widgets; `tag` and `category` are not among them, because CMSs put them on the article itself. */
const widgetWords = new Set(
  `share sharing sharer social related newsletter subscribe subscription donate donation donations support comments
   respond breadcrumb breadcrumbs tags taglist fontsize pagination advert advertisement ads popup modal cookie cookies
   outbrain taboola readmore readalso trending recommended recommendations toolbar`.split(/\s+/),
);
const widgetNames =
  /(?:read-(?:also|more)|also-read|most-(?:read|popular|viewed)|font-size|post-nav|prev-next|related-?posts)/i;

/** Removes navigation, widgets and captions, so that Readability cannot take them for text. */
function removeFrame(document: PageDocument): void {
  const written = countWritten(document);
  // Two paragraphs that read like text are more than a widget has: then the name misleads.
  const removeWidget = (element: PageElement) => {
    if ((written.get(element) ?? 0) < 2) element.remove();
  };

  for (const element of document.querySelectorAll(frameSelector)) removeWidget(element);
  for (const element of document.querySelectorAll(captionSelector)) {
    if ((element.textContent ?? '').trim().length <= maxCaptionCharacters) element.remove();
  }
  for (const element of document.querySelectorAll('body [class], body [id]')) {
    const names = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`;
    const parts = names.toLowerCase().split(/[^a-z]+/);
    const isWidget = parts.some((part) => widgetWords.has(part)) || widgetNames.test(names);
    if (isWidget && element.localName !== 'article' && element.localName !== 'main') removeWidget(element);
  }
}

/** How many paragraphs that read like text each element holds. */
function countWritten(document: PageDocument): ReadonlyMap<PageElement, number> {
  const counts = new Map<PageElement, number>();
  for (const each of document.querySelectorAll('p')) {
    const text = (each.textContent ?? '').trim();
    if (text.length < 80 || !/[.!؟?][\s»”"]*$/u.test(text.slice(-20))) continue;
    for (let holder: PageElement | null = each; holder; holder = holder.parentElement) {
      counts.set(holder, (counts.get(holder) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * The text and the first picture of a feed's HTML (or plain text). Paragraphs are not cleaned: whoever knows the
 * headline calls cleanParagraphs. Never throws.
 */
export function textOfFeedHtml(html: string, baseUrl: string): { body: string; imageUrl: string | null } {
  if (!/<[a-z!/]/i.test(html)) return { body: bodyOf(plainParagraphs(decodeEntities(html))), imageUrl: null };
  try {
    const document = openDocument(html);
    if (!document) return { body: '', imageUrl: null };
    const imageUrl = firstPicture(document, baseUrl);
    for (const element of document.querySelectorAll(`script, style, form, iframe, ${captionSelector}`)) {
      if (!element.querySelector('p + p')) element.remove();
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

function plainParagraphs(text: string): string[] {
  return paragraphsOf(text.includes('\n\n') ? text : text.replaceAll('\n', '\n\n'));
}
