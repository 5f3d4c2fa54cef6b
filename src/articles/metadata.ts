// What a page says about its article: JSON-LD first, then its meta elements, then what it shows.
import { words } from '../lib/arabic.ts';
import { decodeEntities } from '../lib/html.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { authorsFrom, bylineIn } from './authors.ts';
import type { PageDate } from './dates.ts';
import { findHeading, headlineFrom } from './headline.ts';
import { type LinkedData, readLinkedData } from './json-ld.ts';
import { findKicker } from './kicker.ts';
import { primarySubtag } from './language-tag.ts';
import { findLeadPicture, type LeadPicture } from './lead-picture.ts';
import { Meta } from './meta.ts';
import { findDates } from './page-dates.ts';
import { isInFrame, type PageDocument, type PageElement } from './page-document.ts';
import { elementsOf, type PageElements } from './page-elements.ts';
import { lineIn } from './paragraphs.ts';

export interface PageMetadata {
  headline: string | null;
  kicker: string | null;
  picture: LeadPicture;
  language: string | null;
  published: PageDate | null;
  modified: PageDate | null;
  authors: string[];
  section: string | null;
  tags: string[];
  /** The text as JSON-LD carries it. */
  articleBody: string | null;
  /** The page says of itself that it is an article. */
  declaresArticle: boolean;
  /** Where the page shows the headline. */
  heading: PageElement | null;
}

/** Reads before anything is removed from the document. `timeZone` is for times that name no zone. */
export function readMetadata(document: PageDocument, url: string, timeZone: string): PageMetadata {
  const elements = elementsOf(document);
  const meta = new Meta(elements);
  const title = lineIn(document.querySelector('title'));
  const titles = meta.all('og:title', 'twitter:title', 'dc.title', 'parsely-title', 'sailthru.title').map(clean);
  const linked = readLinkedData(elements.named('script'), { url, titles: [...titles, title] });
  const siteNames = [...(linked?.siteNames ?? []), ...meta.all('og:site_name', 'application-name', 'twitter:site')];
  const declared = [linked?.headline ? clean(linked.headline) : '', ...titles].filter((each) => each !== '');
  const heading = findHeading(elements.all, [...declared, title]);
  const headline = headlineFrom({ declared, title, heading: heading?.text ?? '', siteNames, url });
  const notSections = new Set([...siteNames, headline ?? '', title, URL.parse(url)?.hostname ?? ''].map(key));
  const section = findSection(elements, linked, meta).find((each) => !notSections.has(key(each))) ?? null;
  const { after, before } = nearHeading(elements.all, heading?.element ?? null);
  // What follows comes first: above the headline stands the page's own date.
  const shown = [...after, ...before];
  return {
    headline,
    kicker: heading
      ? findKicker(elements.all, heading.element, { headline: headline ?? '', section, siteNames })
      : null,
    picture: findLeadPicture(elements, url, linked?.images ?? [], meta),
    language: findLanguage(document, linked, meta),
    ...findDates({ elements, after, before, linked, meta, url, timeZone }),
    // A class that promises an author may hold the headline again, as a caption does.
    authors: findAuthors(elements, shown, linked, meta, [...siteNames, headline ?? '']),
    section,
    tags: findTags(elements, linked, meta),
    articleBody: linked?.articleBody ?? null,
    declaresArticle: linked !== undefined || meta.get('og:type')?.toLowerCase() === 'article',
    heading: heading?.element ?? null,
  };
}

function clean(text: string): string {
  return collapseWhitespace(stripControls(decodeEntities(text)));
}

function key(text: string): string {
  return words(text).join(' ');
}

/** Elements around the headline within which its byline and date stand. */
const elementsBefore = 40;
const elementsAfter = 150;

function nearHeading(
  elements: readonly PageElement[],
  heading: PageElement | null,
): { after: PageElement[]; before: PageElement[] } {
  const at = heading ? elements.indexOf(heading) : -1;
  const start = at === -1 ? elements.findIndex(({ localName }) => localName === 'body') : at;
  const ofArticle = (part: readonly PageElement[]) => part.filter((element) => !isInFrame(element));
  return {
    after: ofArticle(elements.slice(start, start + elementsAfter)),
    before: ofArticle(elements.slice(Math.max(0, start - elementsBefore), start)),
  };
}

// --- Authors ---

const authorNames = `author article:author og:article:author parsely-author sailthru.author dc.creator dcterms.creator
  dc.contributor citation_author byl byline article:author_name twitter:creator`.split(/\s+/);
const authorClass =
  /(?:^|[\s_-])(?:auth(?:or|er)s?|bylines?|writer|write-?by|contributor|reporter|auteur|autor|aut|yazar|muhabir)(?:[_-]*(?:name|names|link|title|info|details|box|block|meta|adi))?(?=$|[\s])/i;
/** Where publishers list what one of them wrote. */
const authorPath = /\/(?:authors?|writers?|reporters?|journalists?|editors?|columnists?|profiles?|auteurs?)\//i;
const maxBylineCharacters = 120;

function findAuthors(
  elements: PageElements,
  shown: readonly PageElement[],
  linked: LinkedData | undefined,
  meta: Meta,
  siteNames: readonly string[],
): string[] {
  const short = shown.filter((element) => (element.textContent ?? '').length <= maxBylineCharacters);
  const isMarked = ([, value]: readonly [PageElement, string]) => /(?:^|\s)author(?:\s|$)/.test(value);
  const isListed = (each: PageElement) => each.localName === 'a' && authorPath.test(each.getAttribute('href') ?? '');
  const attempts = [
    () => linked?.authors ?? [],
    () =>
      meta
        .all(...authorNames)
        .filter((name) => !name.startsWith('@'))
        .map(clean),
    () =>
      [...elements.having('itemprop'), ...elements.having('rel')]
        .filter(isMarked)
        .map(([each]) => lineIn(each))
        .slice(0, 5),
    () => short.filter(isListed).map(lineIn).slice(0, 5),
    () =>
      short
        .filter((each) => authorClass.test(each.getAttribute('class') ?? ''))
        .map(lineIn)
        .slice(0, 2),
    () => short.flatMap((each) => bylineIn(lineIn(each)) ?? []).slice(0, 1),
  ];
  for (const attempt of attempts) {
    const authors = authorsFrom(attempt(), siteNames);
    if (authors.length > 0) return authors;
  }
  return [];
}

// --- Section, tags, language ---

const maxSectionWords = 6;
/** Where a page stands when it stands nowhere. */
const noSection =
  /^(?:home|home ?page|front page|main|all|index|uncategorized|غير مصنف|الرئيسية|الصفحة الرئيسية|رئيسية)$|\.\w{2,3}$/iu;
const maxTags = 30;

function findSection(elements: PageElements, linked: LinkedData | undefined, meta: Meta): string[] {
  const declared = [
    linked?.section,
    ...meta.all('article:section', 'og:article:section', 'parsely-section', 'sailthru.section'),
    ...meta.all('dc.subject', 'section', 'category', 'cxenseparse:recs:category'),
    elements.having('rel').find(([, rel]) => /\bcategory\b/.test(rel))?.[0],
    lastStep(elements),
  ];
  return declared
    .map((each) => (typeof each === 'string' ? clean(each) : each ? lineIn(each) : ''))
    .filter(
      (each) => each !== '' && words(each).length <= maxSectionWords && !each.includes('@') && !noSection.test(each),
    );
}

const breadcrumbClass = /(?:^|[\s_-])bread-?crumbs?(?=$|[\s_-])/i;

/** The last link of the way to the article that a page shows; the first leads home. */
function lastStep(elements: PageElements): PageElement | undefined {
  const way = elements.having('class').find(([, names]) => breadcrumbClass.test(names))?.[0];
  return way ? [...way.querySelectorAll('a')].slice(1).findLast((link) => lineIn(link) !== '') : undefined;
}

function findTags(elements: PageElements, linked: LinkedData | undefined, meta: Meta): string[] {
  const lists = (values: readonly string[]) => values.flatMap((value) => value.split(/\s*[,،;|]\s*/u));
  const attempts = [
    () => lists(meta.all('article:tag', 'og:article:tag', 'video:tag')),
    () => lists(linked?.keywords ?? []),
    () => lists(meta.all('parsely-tags', 'sailthru.tags', 'news_keywords', 'citation_keywords')),
    () =>
      elements
        .having('rel')
        .filter(([, rel]) => /(?:^|\s)tag(?:\s|$)/.test(rel))
        .map(([each]) => lineIn(each)),
    () => lists(meta.all('keywords')),
    () =>
      elements
        .named('a')
        .filter((each) => leadsToTag(each) && !isInFrame(each))
        .map(lineIn),
  ];
  for (const attempt of attempts) {
    const tags = new Set(
      attempt()
        .map((tag) => clean(tag).replace(/^#/, ''))
        .filter((tag) => tag !== '' && words(tag).length <= 8),
    );
    if (tags.size > 0) return [...tags].slice(0, maxTags);
  }
  return [];
}

/** Where publishers list what has one tag. */
const tagPath = /\/(?:tags?|topics?|keywords?|وسم|وسوم|%d9%88%d8%b3%d9%85)\/./i;

function leadsToTag(link: PageElement): boolean {
  return tagPath.test(link.getAttribute('href') ?? '');
}

function findLanguage(document: PageDocument, linked: LinkedData | undefined, meta: Meta): string | null {
  const declared = [
    document.documentElement?.getAttribute('lang'),
    document.documentElement?.getAttribute('xml:lang'),
    ...meta.all('og:locale', 'content-language', 'language', 'dc.language', 'dcterms.language'),
    linked?.language,
  ];
  for (const tag of declared) {
    const subtag = primarySubtag(tag ?? null);
    if (subtag !== null) return subtag;
  }
  return null;
}
