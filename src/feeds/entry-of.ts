// Makes an entry of what an item says: the first usable value of each kind, absolute addresses, dates that can be true.
import { createHash } from 'node:crypto';
import { parseNewsDate } from '../lib/news-date.ts';
import { stripControls } from '../lib/text.ts';
import type { Enclosure, Entry } from './feed.ts';
import { oneLine, plainText } from './plain-text.ts';

export type Maybe = string | undefined;

interface RawEnclosure {
  url?: Maybe;
  type?: Maybe;
  length?: number | undefined;
}

/** What the formats have in common; of each list the first usable value counts. */
export interface RawEntry {
  /** Its own, as written. */
  base: Maybe;
  ids: readonly Maybe[];
  links: readonly Maybe[];
  /** As written. */
  title: string;
  contentHtml: Maybe;
  summaryHtml: Maybe;
  categories: readonly Maybe[];
  authors: readonly Maybe[];
  images: readonly Maybe[];
  enclosures: readonly RawEnclosure[];
  dates: readonly Maybe[];
  updates: readonly Maybe[];
}

/** A feed as it is written. */
export interface RawFeed {
  title: Maybe;
  link: string | null;
  language: Maybe;
  /** Of the items' relative addresses. */
  base: string;
  /** What an item's own base is relative to. */
  documentBase: string;
  /** Else a title may be markup. */
  hasPlainTitles?: boolean;
  /** Given away to whoever makes entries of them. */
  entries: RawEntry[];
}

interface EntryOptions {
  /** Of its relative addresses. */
  base: string;
  /** Plain text. */
  title: string;
  now: Date;
  /** IANA, of dates that name no zone. */
  timeZone: string;
}

/** A unique index of Postgres takes 2,700 bytes at most. */
const maxGuidCharacters = 500;
const maxUrlCharacters = 2000;
const maxNameCharacters = 200;
const maxCategories = 50;
const maxAuthors = 20;
const maxEnclosures = 50;

/** Undefined for an item that says nothing at all. */
export function entryOf(raw: RawEntry, { base, title, now, timeZone }: EntryOptions): Entry | undefined {
  const url = firstUrl(raw.links, base);
  const contentHtml = html(raw.contentHtml);
  const summaryHtml = html(raw.summaryHtml);
  const guid = guidOf(raw, { url, title, text: summaryHtml ?? contentHtml });
  if (guid === undefined) return undefined;
  return {
    guid,
    url,
    title,
    contentHtml,
    summaryHtml,
    categories: names(raw.categories, maxCategories),
    imageUrl: firstUrl(raw.images, url ?? base),
    publishedAt: firstDate(raw.dates, now, timeZone),
    updatedAt: firstDate(raw.updates, now, timeZone),
    authors: names(raw.authors, maxAuthors),
    enclosures: enclosuresOf(raw.enclosures, url ?? base),
  };
}

interface KnownParts {
  url: string | null;
  title: string;
  text: string | null;
}

function guidOf(raw: RawEntry, { url, title, text }: KnownParts): string | undefined {
  for (const id of [...raw.ids, url ?? undefined]) {
    const line = id === undefined ? '' : oneLine(id);
    if (line !== '') return boundedGuid(line);
  }
  const date = raw.dates.find((each) => each !== undefined && each.trim() !== '') ?? '';
  const words = title === '' ? (text ?? '').slice(0, maxGuidCharacters) : `${title} ${date}`;
  // An item may be nothing but a file, or a date and a name.
  const rest = [raw.enclosures[0]?.url, date, ...raw.authors, ...raw.categories].join(' ');
  const fallback = oneLine(words) || oneLine(rest);
  return fallback === '' ? undefined : boundedGuid(fallback);
}

function boundedGuid(guid: string): string {
  if (guid.length <= maxGuidCharacters) return guid;
  return `${guid.slice(0, 100).toWellFormed()}… ${createHash('sha256').update(guid).digest('hex')}`;
}

function names(raw: readonly Maybe[], max: number): string[] {
  if (raw.length === 0) return [];
  const texts = raw
    .slice(0, max * 4)
    .filter((text) => text !== undefined && text.length <= maxNameCharacters * 4)
    .map((text) => plainText(text ?? ''))
    .filter((text) => text !== '' && text.length <= maxNameCharacters);
  return [...new Set(texts)].slice(0, max);
}

function enclosuresOf(raw: readonly RawEnclosure[], base: string): Enclosure[] {
  const byUrl = new Map<string, Enclosure>();
  for (const { url, type, length } of raw) {
    if (byUrl.size >= maxEnclosures) break;
    const absolute = firstUrl([url], base);
    if (absolute === null) continue;
    const known = byUrl.get(absolute);
    byUrl.set(absolute, {
      url: absolute,
      type: known?.type ?? (type ? oneLine(type).slice(0, maxNameCharacters) : null),
      length: known?.length ?? (length !== undefined && Number.isSafeInteger(length) && length >= 0 ? length : null),
    });
  }
  return [...byUrl.values()];
}

const dayMs = 24 * 60 * 60 * 1000;
/** Before the first feeds: a machine's zero, not a day of publication. */
const earliestMs = Date.UTC(1990, 0, 1);

/** A date up to a day ahead is a clock or a zone gone wrong: it becomes `now`. Any further ahead is no date. */
function firstDate(raw: readonly Maybe[], now: Date, timeZone: string): Date | null {
  for (const text of raw) {
    const at = text === undefined ? undefined : parseNewsDate(text, { timeZone })?.at.getTime();
    if (at !== undefined && at >= earliestMs && at <= now.getTime() + dayMs) {
      return new Date(Math.min(at, now.getTime()));
    }
  }
  return null;
}

function firstUrl(raw: readonly Maybe[], base: string): string | null {
  for (const text of raw) {
    const url = text === undefined ? null : resolveUrl(text, base, null);
    if (url !== null && url.length <= maxUrlCharacters) return url.toWellFormed();
  }
  return null;
}

/** `url` made absolute; `otherwise` (the base itself, if not given) where it makes no sense or is not of the web. */
export function resolveUrl(url: Maybe, base: string): string;
export function resolveUrl(url: Maybe, base: string, otherwise: null): string | null;
export function resolveUrl(url: Maybe, base: string, otherwise: string | null = base): string | null {
  const written = writtenUrl(url ?? '', base);
  const resolved = written === '' ? null : URL.parse(written, base);
  return resolved && /^https?:$/.test(resolved.protocol) ? resolved.href : otherwise;
}

// What URL.parse reads as it is meant. It takes ASCII's white space and controls out by itself.
const usualUrl = /^https?:\/\/[\w.-]+\.[a-z]+\/[\x21-\x7E]*[\w/=-]$/;
// An address that was broken into lines, and indented.
const lineBreak = /[\r\n][^\S\r\n]*/g;
const wrapping = /^[\s"'“”«»\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+/;
// A scheme written twice, without its colon, or with too few or the wrong slashes.
const oddScheme = /^(?:https?:?[\\/]{1,3}){0,3}(https?)(?::[\\/]{1,3}|[\\/]{2,3})(?=[^\\/])/i;

/** `url` as its writer meant it: without marks around it, and with the scheme that was forgotten or misspelt. */
function writtenUrl(url: string, base: string): string {
  if (usualUrl.test(url)) return url;
  const end = lastIndexOfUrl(url);
  const text = url.slice(0, end).replaceAll(lineBreak, '').replace(wrapping, '').replace(oddScheme, '$1://');
  if (/^www\.[\w-]+\./i.test(text)) return `https://${text}`;
  const slash = text.indexOf('/');
  // The site's own name first, without a scheme.
  const isOwnHost = slash > 3 && text.slice(0, slash).includes('.') && text.slice(0, slash) === URL.parse(base)?.host;
  return isOwnHost ? `https://${text}` : text;
}

/** Where `url` ends, without the marks after it; from the end, so that a long run of them costs one pass. */
function lastIndexOfUrl(url: string): number {
  let end = url.length;
  while (end > 0 && wrapping.test(url.charAt(end - 1))) end -= 1;
  return end;
}

// What stripControls would change; most texts have none of it, and testing is much cheaper than replacing.
const uncleanText = /[\0-\x09\x0B-\x1F\x7F-\x9F\u2028-\u202E\uD800-\uDFFF\uFEFF]/;

function html(value: Maybe): string | null {
  if (value === undefined) return null;
  return (uncleanText.test(value) ? stripControls(value) : value).trim() || null;
}

/** Whether a file is a picture, by its type, or by its name where the type says nothing. */
export function isPicture(url: string, type: Maybe): boolean {
  if (type?.startsWith('image/')) return true;
  const saysNothing = !type?.includes('/') || type === 'application/octet-stream';
  return saysNothing && /\.(?:jpe?g|png|webp|gif|avif)(?:$|\?)/i.test(url);
}
