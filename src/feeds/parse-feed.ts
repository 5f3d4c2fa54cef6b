// Reads RSS in all its versions, Atom and JSON Feed into one shape; the only place that knows the feed parser.
import { type JsonFeed, type MediaNs, type RssFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { type CanonicalFeed, canonicalFeed } from './canonical-feed.ts';
import { unpark } from './canonical-item.ts';
import { type Maybe, type RawEnclosure, type RawEntry, entryOf, resolveUrl } from './entry-of.ts';
import { type ParsedFeed, maxEntries } from './feed.ts';
import { oneLine, plainText } from './plain-text.ts';
import { parseJson } from './repair-json.ts';
import { textAsHtml } from './typed-text.ts';

interface ParseOptions {
  /** Where the feed came from: the base of its relative URLs. */
  feedUrl: string;
  now: Date;
  /** IANA, of dates that name no zone. */
  timeZone?: string;
}

const maxTitleCharacters = 500;

/** The feed in `text`; undefined when there is none. Never throws, whatever the text is. */
export function parseFeed(text: string, { feedUrl, now, timeZone = 'UTC' }: ParseOptions): ParsedFeed | undefined {
  const read = isJson(text) ? readJson(text, feedUrl) : readXml(text, feedUrl);
  if (!read) return undefined;
  const { title, link, language, rawEntries } = read;
  return {
    title: title?.slice(0, maxTitleCharacters).toWellFormed() || null,
    link,
    language: languageTag(language),
    entries: rawEntries.map((raw) => entryOf(raw, { now, timeZone })).filter((entry) => entry !== undefined),
  };
}

/** A BCP 47 tag, also where it is written with an underscore. */
function languageTag(text: Maybe): string | null {
  const tag = text?.trim().replaceAll('_', '-') ?? '';
  return /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i.test(tag) ? tag : null;
}

interface ReadFeed {
  title: Maybe;
  link: string | null;
  language: Maybe;
  rawEntries: RawEntry[];
}

function isJson(text: string): boolean {
  return /^[\s\uFEFF]*[{[]/.test(text);
}

/** The document itself, without a web page that a broken server sent before it; undefined when it is a web page. */
function withoutPage(text: string): string | undefined {
  if (!/^[\s\uFEFF]*<(?:!doctype\s+html|html)/i.test(text)) return text;
  // A web page may mention <rss> or <feed> somewhere in its scripts, but not after its end.
  const end = text.toLowerCase().lastIndexOf('</html>');
  return end === -1 ? undefined : text.slice(end);
}

function readXml(text: string, feedUrl: string): ReadFeed | undefined {
  const document = withoutPage(text);
  const canonical = document === undefined ? undefined : canonicalFeed(document);
  if (!canonical) return undefined;
  try {
    return readRss(parseRssFeed(canonical.xml), canonical, feedUrl);
  } catch {
    // feedsmith throws for a feed with nothing in it; that is an answer here.
    const { isClosed, language } = canonical;
    return isClosed ? { title: undefined, link: null, language, rawEntries: [] } : undefined;
  }
}

function readRss(
  feed: RssFeed.Feed<string>,
  { texts, isAtom, bases, language }: CanonicalFeed,
  feedUrl: string,
): ReadFeed {
  const parked = (value: Maybe) => unpark(texts, value);
  const documentBase = bases.reduce((outer, base) => resolveUrl(base, outer), feedUrl);
  const link = feed.link === undefined ? null : resolveUrl(parked(feed.link), documentBase, null);
  // RFC 4287 knows no other base than xml:base; RSS says nothing, and its relative links are the site's.
  const base = isAtom ? documentBase : (link ?? documentBase);
  const title = parked(feed.title ?? feed.dc?.titles?.[0]);
  return {
    title: title && plainText(title),
    link,
    language: feed.language ?? language,
    rawEntries: (feed.items ?? []).map((item) => ({
      base: item.xml?.base === undefined ? base : resolveUrl(parked(item.xml.base), isAtom ? base : documentBase),
      ids: [item.guid?.value, item.dc?.identifiers?.[0]].map(parked),
      links: [parked(item.link)],
      title: plainText(parked(item.title ?? item.dc?.titles?.[0]) ?? ''),
      ...textsOf(item, parked),
      categories: (item.categories ?? []).map(({ name }) => parked(name)),
      authors: authorsOf(item).map(parked),
      images: [...mediaImages(item.media), ...(item.enclosures ?? []).filter(isImage).map(({ url }) => url)].map(
        parked,
      ),
      enclosures: enclosuresOf(item).map(({ url, type, length }) => ({ url: parked(url), type: parked(type), length })),
      dates: [
        item.pubDate,
        ...(item.dc?.dates ?? []),
        ...(item.dcterms?.issued ?? []),
        ...(item.dcterms?.created ?? []),
        ...(item.dcterms?.modified ?? []),
      ].map(parked),
      updates: (item.dcterms?.modified ?? []).map(parked),
    })),
  };
}

function httpOnly(value: Maybe): Maybe {
  return value !== undefined && /^https?:/i.test(value) ? value : undefined;
}

/** Of a description and a summary (which RSS does not know) the longer one is the content, where no other is. */
function textsOf({ content, description, itunes, dc }: RssFeed.Item<string>, parked: (value: Maybe) => Maybe) {
  const encoded = parked(content?.encoded);
  const own = parked(description ?? dc?.descriptions?.[0]);
  const summary = parked(itunes?.summary);
  if (own === undefined || summary === undefined) return { contentHtml: encoded, summaryHtml: own ?? summary };
  const [shorter, longer] = own.length <= summary.length ? [own, summary] : [summary, own];
  return { contentHtml: encoded ?? longer, summaryHtml: shorter };
}

/** Names before addresses: who has a name is not told by an address too. */
function authorsOf({ authors = [], dc }: RssFeed.Item<string>): Maybe[] {
  const names = [
    ...authors.map((author) => (typeof author === 'string' ? author : author.name)),
    ...(dc?.creators ?? []),
  ];
  const known = names.filter((name) => name !== undefined);
  if (known.length > 0) return known;
  return authors.map((author) => (typeof author === 'string' ? author : author.email));
}

/** RSS's own and those of Media RSS, which often are the same. */
function enclosuresOf({ enclosures = [], media }: RssFeed.Item<string>): RawEnclosure[] {
  return [...enclosures, ...mediaContents(media).map(({ url, type, fileSize }) => ({ url, type, length: fileSize }))];
}

function readJson(text: string, feedUrl: string): ReadFeed | undefined {
  const json = parseJson(text);
  if (json === undefined) return undefined;
  let feed: JsonFeed.Feed<string>;
  try {
    feed = parseJsonFeed(json, { maxItems: maxEntries });
  } catch {
    return undefined;
  }
  return {
    // jsonfeed.org/version/1.1: titles are plain text.
    title: feed.title && oneLine(feed.title),
    link: feed.home_page_url === undefined ? null : resolveUrl(feed.home_page_url, feedUrl, null),
    language: feed.language,
    rawEntries: (feed.items ?? []).map((item) => ({
      base: feedUrl,
      ids: [item.id],
      links: [item.url, item.external_url, httpOnly(item.id)],
      title: oneLine(item.title ?? ''),
      contentHtml: item.content_html ?? (item.content_text && textAsHtml(item.content_text)),
      summaryHtml: item.summary && textAsHtml(item.summary),
      categories: item.tags ?? [],
      authors: (item.authors ?? feed.authors ?? []).map(({ name }) => name),
      images: [
        item.image,
        item.banner_image,
        ...(item.attachments ?? []).filter(({ mime_type }) => mime_type?.startsWith('image/')).map(({ url }) => url),
      ],
      enclosures: (item.attachments ?? []).map(({ url, mime_type, size_in_bytes }) => ({
        url,
        type: mime_type,
        length: size_in_bytes,
      })),
      dates: [item.date_published, item.date_modified],
      updates: [item.date_modified],
    })),
  };
}

function mediaContents(media: MediaNs.ItemOrFeed | undefined) {
  return [...(media?.contents ?? []), ...(media?.groups ?? []).flatMap((group) => group.contents ?? [])];
}

/** The pictures of Media RSS, the widest first, full pictures before thumbnails. */
function mediaImages(media: MediaNs.ItemOrFeed | undefined): Maybe[] {
  if (!media) return [];
  const pictures = mediaContents(media).filter(
    (content) => content.medium === 'image' || (!content.medium && isImage(content)),
  );
  return [...widestFirst(pictures), ...widestFirst(media.thumbnails ?? [])].map(({ url }) => url);
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
