// Days of the Gregorian, Hijri and Persian calendars as instants.
import type { Calendar } from './month-names.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The beginning of a day of `calendar` as if in UTC; undefined where there is no such day or no news of that year. */
export function dayIn(calendar: Calendar, year: number, month: number, day: number): number | undefined {
  return calendar === 'gregorian' ? gregorianDay(year, month, day) : foreignDay(calendar, year, month, day);
}

export function gregorianDay(year: number, month: number, day: number): number | undefined {
  if (year < 1900 || year > 2200) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** Where each calendar's year 1 begins, and how long its year is on average. */
const eras = {
  'islamic-umalqura': { beginMs: Date.UTC(622, 6, 19), yearDays: 354.367 },
  persian: { beginMs: Date.UTC(622, 2, 22), yearDays: 365.2422 },
} as const;

const foreignFormats = {
  'islamic-umalqura': foreignFormat('islamic-umalqura'),
  persian: foreignFormat('persian'),
} as const;

function foreignFormat(calendar: Exclude<Calendar, 'gregorian'>): Intl.DateTimeFormat {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  return new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, { ...fields, timeZone: 'UTC' });
}

/** How far a lunar or solar month's real beginning may be from the average one. */
const calendarDriftDays = 5;

/** Intl converts only to a calendar: the day is looked for around where the averages put it. */
function foreignDay(
  calendar: Exclude<Calendar, 'gregorian'>,
  year: number,
  month: number,
  day: number,
): number | undefined {
  if (year < 1300 || year > 1500 || month > 12 || day < 1 || day > 31) return undefined;
  const { beginMs, yearDays } = eras[calendar];
  const days = Math.round((year - 1) * yearDays + ((month - 1) * yearDays) / 12 + day - 1);
  for (let drift = -calendarDriftDays; drift <= calendarDriftDays; drift += 1) {
    const at = beginMs + (days + drift) * dayMs;
    const parts = foreignFormats[calendar].formatToParts(at);
    const valueOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    if (valueOf('year') === year && valueOf('month') === month && valueOf('day') === day) return at;
  }
  return undefined;
}
