// What a page says about its article: JSON-LD first, then its meta elements, then what it shows.
import { words } from '../lib/arabic.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { decodeEntities } from '../lib/html.ts';
import { instantOf } from './dates.ts';
import { findHeading, headlineFrom } from './headline.ts';
import { type LinkedData, readLinkedData } from './json-ld.ts';
import { findKicker } from './kicker.ts';
import { primarySubtag } from './language.ts';
import { isInFrame, type PageDocument, type PageElement } from './page-document.ts';
import { lineIn } from './paragraphs.ts';
import { pictureOf, pictureUrl } from './pictures.ts';

export interface PageMetadata {
  headline: string | null;
  kicker: string | null;
  imageUrl: string | null;
  imageCaption: string | null;
  language: string | null;
  publishedAt: Date | null;
  /** The text as JSON-LD carries it. */
  articleBody: string | null;
  /** The page says of itself that it is an article. */
  declaresArticle: boolean;
}

type Meta = ReadonlyMap<string, string>;

/** Reads before anything is removed from the document. `timeZone` is for times that name no zone. */
export function readMetadata(document: PageDocument, url: string, timeZone: string): PageMetadata {
  const meta = metaOf(document);
  const linked = readLinkedData(document);
  const title = lineIn(document.querySelector('title'));
  const siteNames = [...(linked?.siteNames ?? []), meta.get('og:site_name'), meta.get('application-name')].flatMap(
    (name) => name ?? [],
  );
  const declared = [linked?.headline, meta.get('og:title'), meta.get('twitter:title')].flatMap((each) =>
    each ? clean(each) : [],
  );
  const heading = findHeading(document, [...declared, title]);
  const headline = headlineFrom({ declared, title, heading: heading?.text ?? '', siteNames, url });
  const section = linked?.section ?? meta.get('article:section') ?? null;
  return {
    headline,
    kicker: heading ? findKicker(document, heading.element, { headline: headline ?? '', section, siteNames }) : null,
    imageUrl: findImage(document, url, linked, meta),
    imageCaption: findCaption(document),
    language: findLanguage(document, linked, meta),
    publishedAt: findDate(document, linked, meta, timeZone),
    articleBody: linked?.articleBody ?? null,
    declaresArticle: linked !== undefined || meta.get('og:type')?.toLowerCase() === 'article',
  };
}

function clean(text: string): string {
  return collapseWhitespace(stripControls(decodeEntities(text)));
}

/** The first value of each name. */
function metaOf(document: PageDocument): Meta {
  const values = new Map<string, string>();
  for (const element of document.querySelectorAll('meta')) {
    const name = ['property', 'name', 'itemprop', 'http-equiv']
      .map((attribute) => element.getAttribute(attribute)?.trim().toLowerCase())
      .find(Boolean);
    const content = element.getAttribute('content')?.trim();
    if (name && content && !values.has(name)) values.set(name, content);
  }
  return values;
}

/** The lead image is among the first. */
const maxImages = 100;

const imageNames = ['og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src', 'image'];

function findImage(document: PageDocument, url: string, linked: LinkedData | undefined, meta: Meta): string | null {
  const declared = [
    ...(linked?.images ?? []),
    ...imageNames.map((name) => meta.get(name)),
    document.querySelector('link[rel="image_src"]')?.getAttribute('href'),
  ];
  for (const source of declared) {
    const picture = pictureUrl(source, url);
    if (picture !== null) return picture;
  }
  for (const selector of ['figure img', 'article img', '[itemprop="image"]', 'main img', 'img']) {
    for (const image of [...document.querySelectorAll(selector)].slice(0, maxImages)) {
      if (isInFrame(image) || leadsElsewhere(image, url)) continue;
      const picture = pictureOf(image, url);
      if (picture !== null) return picture;
    }
  }
  return null;
}

const otherArticles =
  /(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|most-?read|trending|popular|sidebar|widget)(?:[\s_-]|$)/i;

/** A thumbnail in a list of other articles: by the list's name, or by a link to another page around the picture, not to the picture itself. */
function leadsElsewhere(image: PageElement, pageUrl: string): boolean {
  for (let holder: PageElement | null = image; holder; holder = holder.parentElement) {
    if (otherArticles.test(`${holder.getAttribute('id') ?? ''} ${holder.getAttribute('class') ?? ''}`)) return true;
  }
  const link = image.closest('a[href]');
  const target = link ? URL.parse(link.getAttribute('href') ?? '', pageUrl) : null;
  if (!target || /\.(?:jpe?g|png|webp|gif|avif)$/i.test(target.pathname)) return false;
  return target.pathname !== new URL(pageUrl).pathname;
}

/** Elements that hold the caption of a picture. */
export const captionSelector =
  'figcaption, .wp-caption-text, [class*="caption" i]:not(figure):not(.wp-caption), [class*="photo-credit" i], [class*="image-credit" i]';
const spelledIcon = /^(?:(?:camera|photo|image) icon\s*)+/i;
/** A longer one is text that a class name only seems to call a caption. */
export const maxCaptionCharacters = 400;

function findCaption(document: PageDocument): string | null {
  const captions = [...document.querySelectorAll(captionSelector)].filter((each) => !isInFrame(each));
  const lead = captions.find((each) => hasWords(each) && nearPicture(each)) ?? captions.find(hasWords);
  if (lead) return captionText(lead);
  // Without any class to know it by, the icon before it gives the caption away.
  for (const element of document.querySelectorAll('p, div, span, small, em')) {
    if ((element.textContent ?? '').length > maxCaptionCharacters) continue;
    const text = lineIn(element);
    if (spelledIcon.test(text) && words(captionText(element)).length >= 2) return captionText(element);
  }
  return null;
}

function hasWords(element: PageElement): boolean {
  const text = captionText(element);
  return words(text).length >= 2 && text.length <= maxCaptionCharacters;
}

function nearPicture(element: PageElement): boolean {
  const holder = element.closest('figure') ?? element.parentElement;
  return holder?.querySelector('img, picture') != null;
}

function captionText(element: PageElement): string {
  return lineIn(element).replace(spelledIcon, '').trim();
}

function findLanguage(document: PageDocument, linked: LinkedData | undefined, meta: Meta): string | null {
  const declared = [
    document.documentElement?.getAttribute('lang'),
    document.documentElement?.getAttribute('xml:lang'),
    meta.get('og:locale'),
    meta.get('content-language'),
    linked?.language,
  ];
  for (const tag of declared) {
    const subtag = primarySubtag(tag ?? null);
    if (subtag !== null) return subtag;
  }
  return null;
}

const dateNames = [
  'article:published_time',
  'og:article:published_time',
  'datepublished',
  'parsely-pub-date',
  'sailthru.date',
  'dc.date.issued',
  'dc.date',
  'dcterms.created',
  'pubdate',
  'publish-date',
  'date',
];

function findDate(document: PageDocument, linked: LinkedData | undefined, meta: Meta, timeZone: string): Date | null {
  const shown = ['[itemprop="datePublished"]', 'time[pubdate]', 'article time[datetime]', 'time[datetime]'].flatMap(
    (selector) => {
      const element = document.querySelector(selector);
      return element?.getAttribute('datetime') ?? element?.getAttribute('content') ?? [];
    },
  );
  for (const text of [linked?.datePublished, ...dateNames.map((name) => meta.get(name)), ...shown]) {
    const date = text ? instantOf(text, timeZone) : null;
    if (date) return date;
  }
  return null;
}
