// When an article was published and changed, with the zone that its publisher wrote.
import { type NewsDate, parseNewsDate } from '../lib/news-date.ts';

export interface PageDate {
  at: Date;
  /** East of UTC; null where no source names a zone. */
  offsetMinutes: number | null;
}

const earliestYear = 1990;
const latestYear = 2100;
const dayMs = 24 * 60 * 60_000;

/**
 * The first of `sources` that is a date; where it is a day alone, or written in UTC, a later source that says the same
 * more closely counts.
 */
export function firstDate(sources: readonly (string | null | undefined)[], timeZone: string): PageDate | null {
  const dates = sources.flatMap((text) => {
    const date = text ? parseNewsDate(text, { timeZone }) : undefined;
    if (!text || !date || !isPlausible(date.at)) return [];
    // Seconds since 1970 name no zone.
    return /^\s*\d{9,13}(?:\.\d+)?\s*$/.test(text) ? { ...date, offsetMinutes: null } : date;
  });
  const [first, ...rest] = dates;
  if (!first) return null;
  const timed = first.hasTime ? first : (rest.find((each) => each.hasTime && isSameDay(each, first)) ?? first);
  const local = timed.offsetMinutes === 0 ? rest.find((each) => isZoned(each) && +each.at === +timed.at) : undefined;
  return { at: timed.at, offsetMinutes: local?.offsetMinutes ?? timed.offsetMinutes };
}

function isZoned({ offsetMinutes }: NewsDate): boolean {
  return offsetMinutes !== null && offsetMinutes !== 0;
}

function isSameDay(timed: NewsDate, day: NewsDate): boolean {
  const ms = timed.at.getTime() - day.at.getTime();
  return ms >= 0 && ms < dayMs;
}

function isPlausible(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= earliestYear && year <= latestYear;
}

/** A day in the path, as many publishers write it: /2024/05/13/, /2024-05-13-…, /20240513/. */
export function dateInUrl(url: string): string | null {
  const path = URL.parse(url)?.pathname ?? '';
  const match = /(?:^|[/_-])((?:19|20)\d{2})([/_-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?=[/_-]|$)/.exec(path);
  if (!match || (match[2] === '' && match[0].replaceAll(/\D/g, '').length !== 8)) return null;
  const [, year = '', , month = '', day = ''] = match;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
