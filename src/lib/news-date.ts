// Reads the dates of feeds and pages, in the languages and habits of newsrooms; what would have to be guessed is no date.
import { dayIn, gregorianDay } from './calendar-day.ts';
import { type Calendar, type Month, foldLetters, monthNamed } from './month-names.ts';
import { ianaOffsetMinutes, zoneOffsetAt } from './zone-offset.ts';

export interface NewsDate {
  at: Date;
  /** East of UTC as written; null when the text named no zone and `timeZone` was used. */
  offsetMinutes: number | null;
  /** False for a day alone: `at` is its beginning. */
  hasTime: boolean;
}

interface NewsDateOptions {
  /** IANA, of dates that name no zone. */
  timeZone: string;
  /** How "05/06/2020" is meant: 5 June, unless this is false. "06/25/2020" can only be month first. */
  dayFirst?: boolean;
}

/** A dateline with its weekday, both calendars and a label is shorter; longer text is prose. */
const maxCharacters = 200;

const minuteMs = 60_000;

/**
 * The first date in `text`: RFC 822, ISO 8601 and its W3C profile, asctime, seconds or milliseconds since 1970, a day
 * and month by name (Arabic, English, French, Turkish, Kurdish, Persian and others), or numbers. Of a date in two
 * calendars the Gregorian one counts. Undefined where there is no whole date of a day that exists. Never throws.
 */
export function parseNewsDate(text: string, { timeZone, dayFirst = true }: NewsDateOptions): NewsDate | undefined {
  const trimmed = text.trim();
  if (trimmed.length < 4 || trimmed.length > maxCharacters) return undefined;
  const bare = parseBareNumber(trimmed);
  if (bare) return 'at' in bare ? bare : newsDate({ ...bare, time: undefined, timeZone });

  const usual = parseUsual(trimmed);
  if (usual) return usual;
  const tokens = tokenize(foldLetters(trimmed));
  const found = findDate(tokens, dayFirst);
  if (!found) return undefined;
  // What comes after another date belongs to that one: "Published …, updated … 10:00".
  const next = findDate(tokens.slice(found.end), dayFirst);
  const until = next && next.day !== found.day ? found.end + next.start : tokens.length;
  const time = tokens.slice(0, until).find((token) => token.kind === 'time');
  return newsDate({ day: found.day, time, timeZone });
}

// --- One number, or one without separators ---

/** 1980 to 2100 in seconds: smaller numbers of ten digits are telephone numbers. */
const minEpochSeconds = 315_532_800;
const maxEpochSeconds = 4_102_444_800;

function parseBareNumber(written: string): NewsDate | { day: number } | undefined {
  // "@1780000000" of a shell, "/Date(1780000000000)/" of ASP.NET.
  const text = /^(?:@|\/Date\()(\d{9,13})(?:\)\/)?$/.exec(written)?.[1] ?? written;
  if (/^\d{9,10}(?:\.\d{1,9})?$|^\d{12,13}$/.test(text)) {
    const value = Math.floor(Number(text));
    const seconds = value >= 100_000_000_000 ? value / 1000 : value;
    if (seconds < minEpochSeconds || seconds > maxEpochSeconds) return undefined;
    return { at: new Date(seconds * 1000), offsetMinutes: 0, hasTime: true };
  }
  // W3C's profile of ISO 8601 (https://www.w3.org/TR/NOTE-datetime) allows a year or a month alone.
  const [match, year, month = '1'] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? [];
  const day = match === undefined ? undefined : gregorianDay(Number(year), Number(month), 1);
  return day === undefined ? undefined : { day };
}

// --- What most feeds write ---

const usualMonths = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const rfc822 =
  /^[A-Z][a-z]{2}, (\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (?:GMT|Z|([+-])(\d{2})(\d{2}))$/;

const iso8601 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** RFC 822 and ISO 8601 to the letter, which need no tokens; undefined for all else. */
function parseUsual(text: string): NewsDate | undefined {
  const isIso = text.charCodeAt(4) === 0x2d;
  const match = (isIso ? iso8601 : rfc822).exec(text);
  if (!match) return undefined;
  const [, first, month = '', third, hour, minute, second, sign, zoneHours = 0, zoneMinutes = 0] = match;
  const [year, day] = isIso ? [first, third] : [third, first];
  const monthNumber = isIso ? Number(month) : usualMonths.indexOf(month) + 1;
  const beginning = gregorianDay(Number(year), monthNumber, Number(day));
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes));
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  if (beginning === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Math.abs(offsetMinutes) > 14 * 60) return undefined;
  return { at: new Date(beginning + seconds * 1000 - offsetMinutes * minuteMs), offsetMinutes, hasTime: true };
}

// --- Tokens ---

type Token =
  | { kind: 'word'; text: string }
  | { kind: 'number'; text: string }
  /** Three numbers with one separator. */
  | { kind: 'numbers'; parts: readonly [string, string, string]; isHijri: boolean }
  /** `zone` is what follows the time, up to the end. */
  | { kind: 'time'; seconds: number; zone: string };

type TimeToken = Extract<Token, { kind: 'time' }>;

const tokenStart = /[\p{L}\d]/u;
const clock = /(\d{1,2})\s?[:h]\s?(\d{2})(?:\s?:\s?(\d{2})(?:[.,]\d{1,9})?)?(?!\d)/y;
// ISO's form without separators, and its dates that a T joins to such a time.
const compact = /(\d{4})(\d{2})(\d{2})(?:t(\d{2})(\d{2})(\d{2})?)?(?!\d)/y;
const numbers = /(\d{1,4})\s?([/.\u060D-]|년|年|월|月)\s?(\d{1,2})\s?(?:\2|월|月)\s?(\d{1,4})(?!\d)/y;
const number = /\d+/y;
const word = /\p{L}+/uy;
const meridiemAfter =
  /\s*(?:(a\.?m(?![\p{L}])|صباحا|ص(?![\p{L}])|ق\.\s?ظ|ovb|oo(?![\p{L}])|öö)|(p\.?m(?![\p{L}])|مساء|ب\.\s?ظ|بعد الظهر|بعد الزوال|ظهرا|عصرا|ليلا|م(?![\p{L}])|os(?![\p{L}])))\.?/uy;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    if (!tokenStart.test(text.charAt(at))) {
      at += text.codePointAt(at)! > 0xff_ff ? 2 : 1;
      continue;
    }
    const time = take(clock);
    if (time) {
      const before = tokens.at(-1);
      tokens.push(timeToken(time, take(meridiemAfter), before?.kind === 'word' ? before.text : '', text.slice(at)));
      continue;
    }
    const triple = take(numbers);
    if (triple) {
      const isHijri = /^\s*ه(?!\p{L})/u.test(text.slice(at, at + 4));
      tokens.push({ kind: 'numbers', parts: [triple[1] ?? '', triple[3] ?? '', triple[4] ?? ''], isHijri });
      continue;
    }
    const packed = take(compact);
    if (packed) {
      tokens.push({ kind: 'numbers', parts: [packed[1] ?? '', packed[2] ?? '', packed[3] ?? ''], isHijri: false });
      const [hour, minute, second] = packed.slice(4);
      if (hour !== undefined) tokens.push(timeToken(['', hour, minute, second], null, '', text.slice(at)));
      continue;
    }
    const digits = take(number);
    if (digits) {
      tokens.push({ kind: 'number', text: digits[0] });
      continue;
    }
    const letters = take(word);
    if (letters) tokens.push({ kind: 'word', text: letters[0] });
    else at += 1;
  }
  return tokens;
}

const morningBefore: ReadonlySet<string> = new Set(['오전', '上午', 'صباحا']);
const eveningBefore: ReadonlySet<string> = new Set(['오후', '下午', 'مساء']);

/** Seconds since midnight; NaN for a time that no clock shows. */
function timeToken(
  [, hour, minute, second = '0']: readonly (string | undefined)[],
  meridiem: RegExpExecArray | null,
  before: string,
  zone: string,
): TimeToken {
  const isMorning = meridiem?.[1] !== undefined || morningBefore.has(before.normalize('NFKC'));
  const isEvening = meridiem?.[2] !== undefined || eveningBefore.has(before.normalize('NFKC'));
  let hours = Number(hour);
  // At night "12" is midnight, and 1 to 5 are of the morning.
  const isNight = meridiem?.[2] === 'ليلا';
  if (isNight ? hours === 12 : isMorning && hours === 12) hours = 0;
  else if (isEvening && hours < 12 && !(isNight && hours <= 5)) hours += 12;
  const isSound = (hours < 24 || (hours === 24 && Number(minute) === 0)) && Number(minute) < 60 && Number(second) <= 60;
  return { kind: 'time', seconds: isSound ? (hours * 60 + Number(minute)) * 60 + Number(second) : Number.NaN, zone };
}

// --- Dates among the tokens ---

interface FoundDate {
  /** Milliseconds since 1970 of the day's beginning, as if in UTC. */
  day: number;
  /** Tokens from `start` up to `end`. */
  start: number;
  end: number;
}

function findDate(tokens: readonly Token[], dayFirst: boolean): FoundDate | undefined {
  let otherCalendar: FoundDate | undefined;
  for (let start = 0; start < tokens.length; start += 1) {
    const found = dateByName(tokens, start) ?? dateByNumbers(tokens, start, dayFirst);
    if (found?.calendar === 'gregorian') return found;
    otherCalendar ??= found;
  }
  return otherCalendar;
}

/** Words that may stand inside a date: of, de, من, شهر, عام; also what ends a number ("5th", "2020م"). */
const fillers: ReadonlySet<string> = new Set(
  'of the th st nd rd er eme de del du di من شهر سنه عام لعام لسنه م ه e an a ي'.split(' '),
);

interface CalendarDate extends FoundDate {
  calendar: Calendar;
}

/** Day month year, month day year, or year month day, where the month is a word. */
function dateByName(tokens: readonly Token[], start: number): CalendarDate | undefined {
  let month: Month | undefined;
  let numbersBefore = 0;
  const digits: string[] = [];
  let at = start;
  while (at < tokens.length && (!month || digits.length < 2)) {
    const token = tokens[at];
    const named = month ? undefined : monthAt(tokens, at);
    if (named) {
      month = named.month;
      numbersBefore = digits.length;
      at = named.end;
    } else if (token?.kind === 'number' && digits.length < (month ? 2 : 1)) {
      digits.push(token.text);
      at += 1;
    } else if (token?.kind === 'time' && month && digits.length === 1) {
      // asctime: the time, and maybe its zone, stand before the year.
      const zoneFollows = tokens[at + 1]?.kind === 'word' && tokens[at + 2]?.kind === 'number';
      at += zoneFollows ? 2 : 1;
    } else if (token?.kind === 'word' && at > start && fillers.has(token.text)) {
      at += 1;
    } else {
      return undefined;
    }
  }
  const [first = '', second = ''] = digits;
  if (!month || second === '') return undefined;
  const yearFirst = first.length === 4 && numbersBefore === 1;
  const year = yearOf(yearFirst ? first : second);
  const day =
    year === undefined ? undefined : dayIn(month.calendar, year, month.number, Number(yearFirst ? second : first));
  return day === undefined ? undefined : { calendar: month.calendar, day, start, end: at };
}

/** The month whose name begins at `at`; "حزيران/يونيو" and "كانون الثاني (يناير)" are one month. */
function monthAt(tokens: readonly Token[], at: number): { month: Month; end: number } | undefined {
  const one = tokens[at];
  if (one?.kind !== 'word') return undefined;
  const two = tokens[at + 1];
  const double = two?.kind === 'word' ? monthNamed(`${one.text} ${two.text}`) : undefined;
  const month = double ?? monthNamed(one.text);
  if (!month) return undefined;
  const end = at + (double ? 2 : 1);
  const again = monthAt(tokens, end);
  return again?.month.calendar === month.calendar && again.month.number === month.number
    ? { month, end: again.end }
    : { month, end };
}

/** Three numbers: the year at one end, day and month in the order that is possible, else in the one that is usual. */
function dateByNumbers(tokens: readonly Token[], start: number, dayFirst: boolean): CalendarDate | undefined {
  const token = tokens[start];
  if (token?.kind !== 'numbers') return undefined;
  const [first, second, third] = token.parts;
  const yearFirst = first.length === 4;
  const year = yearOf(yearFirst ? first : third);
  if (year === undefined || (yearFirst ? third.length > 2 : first.length > 2)) return undefined;
  const calendar =
    token.isHijri || isHijriYear(year) ? 'islamic-umalqura' : isPersianYear(year) ? 'persian' : 'gregorian';
  const orders = yearFirst
    ? [[second, third]]
    : dayFirst
      ? [
          [second, first],
          [first, second],
        ]
      : [
          [first, second],
          [second, first],
        ];
  for (const [month, dayOfMonth] of orders) {
    const day = dayIn(calendar, year, Number(month), Number(dayOfMonth));
    if (day !== undefined) return { calendar, day, start, end: start + 1 };
  }
  return undefined;
}

function yearOf(text: string): number | undefined {
  if (text.length === 4) return Number(text);
  // RFC 2822, 4.3: two-digit years from 50 on are the last century's.
  return text.length === 2 ? Number(text) + (Number(text) < 50 ? 2000 : 1900) : undefined;
}

/** 1999 to 2076: no Gregorian year of news, and the Persian years of the same numbers are still to come. */
function isHijriYear(year: number): boolean {
  return year >= 1420 && year <= 1500;
}

/** 1961 to 2040; the Hijri years of the same numbers were over before there were feeds. */
function isPersianYear(year: number): boolean {
  return year >= 1340 && year < 1420;
}

// --- Instants ---

interface DateFacts {
  day: number;
  time: TimeToken | undefined;
  timeZone: string;
}

function newsDate({ day, time, timeZone }: DateFacts): NewsDate | undefined {
  const wall = day + (time?.seconds ?? 0) * 1000;
  if (Number.isNaN(wall)) return undefined;
  const offsetMinutes = time ? (zoneOffsetAt(time.zone, wall) ?? null) : null;
  const offset = offsetMinutes ?? ianaOffsetMinutes(wall, timeZone) ?? 0;
  return { at: new Date(wall - offset * minuteMs), offsetMinutes, hasTime: time !== undefined };
}
