// Reads RSS 2.0 and 1.0, Atom and JSON Feed into one shape; the only place that knows the feed parser.
import { createHash } from 'node:crypto';
import {
  type AnyFeed,
  type AtomFeed,
  type JsonFeed,
  type MediaNs,
  type RdfFeed,
  type RssFeed,
  parseFeed as parseAny,
} from 'feedsmith';
import { escapeHtml } from '../lib/html.ts';
import { stripControls } from '../lib/text.ts';
import { tidyXml } from './decode.ts';
import { parseEntryDate } from './entry-date.ts';
import type { Entry, ParsedFeed } from './feed.ts';
import { oneLine, plainText } from './plain-text.ts';

interface ParseOptions {
  /** Where the feed came from: the base of its relative URLs. */
  feedUrl: string;
  now: Date;
}

/** What the formats have in common; of each list the first usable value counts. */
interface RawEntry {
  base: string;
  ids: Maybe[];
  links: Maybe[];
  title: string;
  contentHtml: Maybe;
  summaryHtml: Maybe;
  categories: Maybe[];
  images: Maybe[];
  dates: Maybe[];
}

type Maybe = string | undefined;

/** A unique index of Postgres takes 2,700 bytes at most. */
const maxGuidCharacters = 500;
const maxUrlCharacters = 2000;
const maxCategories = 50;

/** The feed in `text`; undefined when there is none. Never throws, whatever the text is. */
export function parseFeed(text: string, { feedUrl, now }: ParseOptions): ParsedFeed | undefined {
  const parsed = parseText(text);
  if (!parsed) return undefined;
  const { title, language, rawEntries } = readFormat(parsed, feedUrl);
  return {
    title: title?.slice(0, maxGuidCharacters) || null,
    language: language !== undefined && /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(language) ? language : null,
    entries: rawEntries.map((raw) => entryOf(raw, now)).filter((entry) => entry !== undefined),
  };
}

function parseText(text: string): AnyFeed | undefined {
  const start = /^\s*(\S)/.exec(text)?.[1];
  // A web page may mention <rss> or <feed> somewhere in its scripts.
  if (start === undefined || /^\s*<(?:!doctype html|html)/i.test(text)) return undefined;
  try {
    return parseAny(start === '{' || start === '[' ? text : tidyXml(text));
  } catch {
    // feedsmith throws for everything it does not recognise; that is an answer here.
    return undefined;
  }
}

interface ReadFeed {
  title: Maybe;
  language: Maybe;
  rawEntries: RawEntry[];
}

function readFormat(parsed: AnyFeed, feedUrl: string): ReadFeed {
  if (parsed.format === 'rss') return readRss(parsed.feed, feedUrl);
  if (parsed.format === 'rdf') return readRdf(parsed.feed, feedUrl);
  if (parsed.format === 'atom') return readAtom(parsed.feed, feedUrl);
  return readJson(parsed.feed, feedUrl);
}

function readRss(feed: RssFeed.Feed<string>, feedUrl: string): ReadFeed {
  const base = resolve(feed.xml?.base, resolve(feed.link, feedUrl));
  return {
    title: feed.title && plainText(feed.title),
    language: feed.language ?? feed.dc?.languages?.[0] ?? feed.xml?.lang,
    rawEntries: (feed.items ?? []).map((item) => ({
      base: resolve(item.xml?.base, base),
      ids: [item.guid?.value, item.atom?.id, item.dc?.identifiers?.[0]],
      links: [
        item.link,
        ...alternateLinks(item.atom?.links ?? []),
        item.guid?.isPermaLink !== false && /^https?:/i.test(item.guid?.value ?? '') ? item.guid?.value : undefined,
      ],
      title: plainText(item.title ?? item.dc?.titles?.[0] ?? item.media?.title?.value ?? ''),
      contentHtml: item.content?.encoded ?? atomHtml(item.atom?.content),
      summaryHtml:
        item.description ?? item.dc?.descriptions?.[0] ?? atomHtml(item.atom?.summary) ?? mediaText(item.media),
      categories: [...(item.categories ?? []).map(({ name }) => name), ...(item.dc?.subjects ?? [])],
      images: [
        ...mediaImages(item.media),
        ...(item.enclosures ?? []).filter(isImage).map(({ url }) => url),
        item.itunes?.image,
      ],
      dates: [item.pubDate, item.dc?.dates?.[0], item.dcterms?.issued?.[0], item.atom?.published, item.atom?.updated],
    })),
  };
}

function readRdf(feed: RdfFeed.Feed<string>, feedUrl: string): ReadFeed {
  const base = resolve(feed.xml?.base, resolve(feed.link, feedUrl));
  return {
    title: feed.title && plainText(feed.title),
    language: feed.dc?.languages?.[0] ?? feed.xml?.lang,
    rawEntries: (feed.items ?? []).map((item) => ({
      base: resolve(item.xml?.base, base),
      ids: [item.rdf?.about, item.dc?.identifiers?.[0]],
      links: [item.link, item.rdf?.about],
      title: plainText(item.title ?? item.dc?.titles?.[0] ?? ''),
      contentHtml: item.content?.encoded,
      summaryHtml: item.description ?? item.dc?.descriptions?.[0],
      categories: item.dc?.subjects ?? [],
      images: mediaImages(item.media),
      dates: [item.dc?.dates?.[0], item.dcterms?.issued?.[0]],
    })),
  };
}

function readAtom(feed: AtomFeed.Feed<string>, feedUrl: string): ReadFeed {
  const base = resolve(feed.xml?.base, feedUrl);
  return {
    title: feed.title && atomText(feed.title),
    language: feed.xml?.lang ?? feed.dc?.languages?.[0],
    rawEntries: (feed.entries ?? []).map((entry) => ({
      base: resolve(entry.xml?.base, base),
      ids: [entry.id],
      links: [
        ...alternateLinks(entry.links ?? []),
        entry.content?.src,
        /^https?:/i.test(entry.id ?? '') ? entry.id : undefined,
      ],
      title: entry.title ? atomText(entry.title) : plainText(entry.media?.title?.value ?? ''),
      contentHtml: atomHtml(entry.content),
      summaryHtml: atomHtml(entry.summary) ?? mediaText(entry.media),
      // A term is often a code and the label its name; the newsroom's map may know either.
      categories: [
        ...(entry.categories ?? []).flatMap(({ label, term }) => [label, term]),
        ...(entry.dc?.subjects ?? []),
      ],
      images: [
        ...mediaImages(entry.media),
        ...(entry.links ?? [])
          .filter((link) => link.rel === 'enclosure' && isImage({ url: link.href, type: link.type }))
          .map(({ href }) => href),
        entry.itunes?.image,
      ],
      dates: [entry.published, entry.updated, entry.dcterms?.issued?.[0], entry.dc?.dates?.[0]],
    })),
  };
}

function readJson(feed: JsonFeed.Feed<string>, feedUrl: string): ReadFeed {
  return {
    title: feed.title && plainText(feed.title),
    language: feed.language,
    rawEntries: (feed.items ?? []).map((item) => ({
      base: feedUrl,
      ids: [item.id],
      links: [item.url, item.external_url, /^https?:/i.test(item.id ?? '') ? item.id : undefined],
      title: plainText(item.title ?? ''),
      contentHtml: item.content_html ?? (item.content_text && textAsHtml(item.content_text)),
      summaryHtml: item.summary && textAsHtml(item.summary),
      categories: item.tags ?? [],
      images: [
        item.image,
        item.banner_image,
        ...(item.attachments ?? []).filter(({ mime_type }) => mime_type?.startsWith('image/')).map(({ url }) => url),
      ],
      dates: [item.date_published, item.date_modified],
    })),
  };
}

/** Undefined for an item that says nothing at all. */
function entryOf(raw: RawEntry, now: Date): Entry | undefined {
  const url = firstUrl(raw.links, raw.base);
  const title = raw.title;
  const contentHtml = html(raw.contentHtml);
  const summaryHtml = html(raw.summaryHtml);
  const rawDate = raw.dates.find((date) => date !== undefined && date.trim() !== '');
  const fallback =
    title === '' ? (summaryHtml ?? contentHtml ?? '').slice(0, maxGuidCharacters) : `${title} ${rawDate ?? ''}`;
  const guid = [...raw.ids, url ?? undefined, fallback].map((id) => oneLine(id ?? '')).find((id) => id !== '');
  if (guid === undefined) return undefined;
  return {
    guid: boundedGuid(guid),
    url,
    title,
    contentHtml,
    summaryHtml,
    categories: categoriesOf(raw.categories),
    imageUrl: firstUrl(raw.images, url ?? raw.base),
    publishedAt: firstDate(raw.dates, now),
  };
}

function boundedGuid(guid: string): string {
  if (guid.length <= maxGuidCharacters) return guid;
  return `${guid.slice(0, 100).toWellFormed()}… ${createHash('sha256').update(guid).digest('hex')}`;
}

function categoriesOf(raw: readonly Maybe[]): string[] {
  const names = raw.map((name) => plainText(name ?? '')).filter((name) => name !== '' && name.length <= 200);
  return [...new Set(names)].slice(0, maxCategories);
}

function firstDate(raw: readonly Maybe[], now: Date): Date | null {
  for (const text of raw) {
    const date = text === undefined ? null : parseEntryDate(text, now);
    if (date) return date;
  }
  return null;
}

function firstUrl(raw: readonly Maybe[], base: string): string | null {
  for (const text of raw) {
    const url = text?.trim() ? URL.parse(text.trim(), base) : null;
    if (url && /^https?:$/.test(url.protocol) && url.href.length <= maxUrlCharacters) return url.href.toWellFormed();
  }
  return null;
}

/** `url` made absolute; `base` itself where there is none or it makes no sense. */
function resolve(url: Maybe, base: string): string {
  const resolved = url?.trim() ? URL.parse(url.trim(), base) : null;
  return resolved && /^https?:$/.test(resolved.protocol) ? resolved.href : base;
}

function html(value: Maybe): string | null {
  return stripControls(value ?? '').trim() || null;
}

interface AtomLink {
  href?: string | undefined;
  rel?: string | undefined;
  type?: string | undefined;
}

/** The links to the article itself, web pages first. */
function alternateLinks(links: readonly AtomLink[]): Maybe[] {
  const alternates = links.filter(({ rel }) => rel === undefined || rel === 'alternate');
  const pages = alternates.filter(({ type }) => type === undefined || type.includes('html'));
  return [...pages, ...alternates].map(({ href }) => href);
}

interface AtomValue {
  value?: string | undefined;
  type?: string | undefined;
}

/** RFC 4287, 3.1: `text` is literal, `html` and `xhtml` are markup. */
function atomText({ value = '', type = 'text' }: AtomValue): string {
  return type === 'text' || type === 'text/plain' ? oneLine(value) : plainText(value);
}

function atomHtml(text: AtomValue | string | undefined): Maybe {
  const { value, type } = typeof text === 'string' ? { value: text, type: undefined } : (text ?? {});
  if (value === undefined) return undefined;
  if (type === 'html' || type === 'xhtml' || type?.includes('html')) return value;
  if (type !== undefined && type !== 'text' && !type.startsWith('text/')) return undefined;
  // Many feeds forget the type; real prose does not hold paragraphs and links by accident.
  return /<(?:p|br|div|img|a|ul|figure)[\s/>]/i.test(value) ? value : textAsHtml(value);
}

function textAsHtml(text: string): string {
  const paragraphs = text.split(/\r?\n\s*\n/).map((paragraph) => paragraph.trim());
  return paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n');
}

function mediaText(media: MediaNs.ItemOrFeed | undefined): Maybe {
  const description = media?.description ?? media?.groups?.[0]?.description;
  return description && (description.type === 'html' ? description.value : textAsHtml(description.value ?? ''));
}

/** The pictures of Media RSS, the widest first, full pictures before thumbnails. */
function mediaImages(media: MediaNs.ItemOrFeed | undefined): Maybe[] {
  if (!media) return [];
  const contents = [...(media.contents ?? []), ...(media.groups ?? []).flatMap((group) => group.contents ?? [])];
  const thumbnails = [media, ...(media.groups ?? []), ...contents].flatMap((part) => part.thumbnails ?? []);
  const pictures = contents.filter((content) => content.medium === 'image' || (!content.medium && isImage(content)));
  return [...widestFirst(pictures), ...widestFirst(thumbnails)].map(({ url }) => url);
}

function widestFirst<T extends { url?: string; width?: number }>(pictures: readonly T[]): T[] {
  return pictures
    .filter(({ url, width }) => (width === undefined || width > 50) && !isAvatar(url))
    .toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0));
}

/** WordPress puts the author's face first among an article's pictures. */
function isAvatar(url: Maybe): boolean {
  return /\bgravatar\.com\/avatar\//.test(url ?? '');
}

function isImage({ url, type }: { url?: string | undefined; type?: string | undefined }): boolean {
  return type ? type.startsWith('image/') : /\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)/i.test(url ?? '');
}
