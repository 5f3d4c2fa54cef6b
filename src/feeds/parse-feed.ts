// Reads RSS in all its versions, Atom and JSON Feed into one shape; the only place that knows the feed parser.
import { type JsonFeed, parseJsonFeed } from 'feedsmith';
import { documentIn } from './embedded-feed.ts';
import { type Maybe, type RawFeed, entryOf, isPicture, resolveUrl } from './entry-of.ts';
import { type ParsedFeed, maxEntries } from './feed.ts';
import { oneLine, plainText } from './plain-text.ts';
import { parseJson } from './repair-json.ts';
import { textAsHtml } from './typed-text.ts';
import { readXmlFeed } from './xml-feed.ts';

interface ParseOptions {
  /** Where the feed came from: the base of its relative URLs. */
  feedUrl: string;
  now: Date;
  /** IANA, of dates that name no zone. */
  timeZone?: string;
}

const maxTitleCharacters = 500;
/** Of an item, with its markup; what is over is not read. */
const maxWrittenTitleCharacters = 20_000;

/** The feed in `text`; undefined when there is none. Never throws, whatever the text is. */
export function parseFeed(text: string, { feedUrl, now, timeZone = 'UTC' }: ParseOptions): ParsedFeed | undefined {
  const document = documentIn(text);
  const read =
    document && (document.kind === 'json' ? readJsonFeed(document.text, feedUrl) : readXmlFeed(document.text, feedUrl));
  if (!read) return undefined;
  const { title, link, language, base, documentBase, hasPlainTitles = false } = read;
  const textOfTitle = (written: string) =>
    (hasPlainTitles ? oneLine : plainText)(written.slice(0, maxWrittenTitleCharacters));
  return {
    title:
      textOfTitle(title ?? '')
        .slice(0, maxTitleCharacters)
        .toWellFormed() || null,
    link,
    language: languageTag(language),
    entries: consume(read.entries, (raw) =>
      entryOf(raw, {
        base: raw.base === undefined ? base : resolveUrl(raw.base, documentBase),
        title: textOfTitle(raw.title),
        now,
        timeZone,
      }),
    ),
  };
}

/** What `make` makes of each, where it makes something; `from` is emptied on the way, so that not both are held. */
function consume<From, To>(from: From[], make: (each: From) => To | undefined): To[] {
  const made: To[] = [];
  from.reverse();
  for (let each = from.pop(); each !== undefined; each = from.pop()) {
    const one = make(each);
    if (one !== undefined) made.push(one);
  }
  return made;
}

/** A BCP 47 tag, also where it is written with an underscore. */
function languageTag(text: Maybe): string | null {
  const tag = text?.trim().replaceAll('_', '-') ?? '';
  return /^[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}$/i.test(tag) ? tag : null;
}

/** JSON Feed (https://jsonfeed.org/version/1.1); undefined for what is none. */
function readJsonFeed(text: string, feedUrl: string): RawFeed | undefined {
  const json = parseJson(text);
  if (json === undefined) return undefined;
  let feed: JsonFeed.Feed<string>;
  try {
    feed = parseJsonFeed(json, { maxItems: maxEntries });
  } catch {
    return undefined;
  }
  return {
    title: feed.title,
    link: resolveUrl(feed.home_page_url, feedUrl, null),
    language: feed.language,
    base: feedUrl,
    documentBase: feedUrl,
    hasPlainTitles: true,
    entries: (feed.items ?? []).map((item) => ({
      base: undefined,
      ids: [item.id],
      links: [item.url, item.external_url, httpOnly(item.id)],
      title: item.title ?? '',
      contentHtml: item.content_html ?? (item.content_text && textAsHtml(item.content_text)),
      summaryHtml: item.summary && textAsHtml(item.summary),
      categories: item.tags ?? [],
      authors: (item.authors ?? feed.authors ?? []).map(({ name }) => name),
      images: [
        item.image,
        item.banner_image,
        ...(item.attachments ?? [])
          .filter(({ url, mime_type }) => isPicture(url ?? '', mime_type))
          .map(({ url }) => url),
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

function httpOnly(value: Maybe): Maybe {
  return value !== undefined && /^https?:/i.test(value) ? value : undefined;
}
