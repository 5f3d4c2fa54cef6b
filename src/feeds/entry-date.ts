// The date of an entry, read strictly: a date that would have to be guessed is no date.

const dayMs = 24 * 60 * 60 * 1000;
/** Before the first feeds: a machine's zero, not a day of publication. */
const earliestMs = Date.UTC(1990, 0, 1);

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours east of Greenwich; RFC 822's own names and those of the newsrooms' own region. */
const zones: Readonly<Record<string, number>> = {
  UT: 0,
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 1,
  BST: 1,
  CET: 1,
  CEST: 2,
  EET: 2,
  EEST: 3,
  MSK: 3,
  EST: -5,
  EDT: -4,
  CST: -6,
  CDT: -5,
  MST: -7,
  MDT: -6,
  PST: -8,
  PDT: -7,
};

const rfc822 =
  /^(?:[a-z]{3,9}\.?,?\s+)?(\d{1,2})[\s-]+([a-z]{3,9})\.?[\s-]+(\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(.*)$/i;
const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[t\s]\s*(\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(.*)$/i;

/**
 * RFC 822 (as RSS writes it) and ISO 8601 (Atom, Dublin Core, JSON Feed); a date without a zone is UTC. Null for
 * anything else, for days that do not exist, for dates before 1990, and for those more than a day ahead of `now`.
 * A date up to a day ahead is a clock or a zone gone wrong: it becomes `now`.
 */
export function parseEntryDate(text: string, now: Date): Date | null {
  const trimmed = text.trim().slice(0, 100);
  const time = parseIso(trimmed) ?? parseRfc822(trimmed);
  if (time === undefined || time < earliestMs || time > now.getTime() + dayMs) return null;
  return new Date(Math.min(time, now.getTime()));
}

function parseIso(text: string): number | undefined {
  const [match, year, month, day, hour, minute, second, zone] = iso.exec(text) ?? [];
  return match === undefined ? undefined : instant({ year, month: Number(month) - 1, day, hour, minute, second, zone });
}

function parseRfc822(text: string): number | undefined {
  const [match, day, monthName, year = '', hour, minute, second, zone] = rfc822.exec(text) ?? [];
  if (match === undefined) return undefined;
  const month = months.indexOf((monthName ?? '').slice(0, 3).toLowerCase());
  // RFC 2822, 4.3: two-digit years from 50 on are the last century's.
  const century = year.length === 4 ? 0 : Number(year) < 50 ? 2000 : 1900;
  return instant({ year: String(Number(year) + century), month, day, hour, minute, second, zone });
}

interface DateParts {
  year: string | undefined;
  /** From 0. */
  month: number;
  day: string | undefined;
  hour: string | undefined;
  minute: string | undefined;
  second: string | undefined;
  zone: string | undefined;
}

function instant({
  year,
  month,
  day,
  hour = '0',
  minute = '0',
  second = '0',
  zone = '',
}: DateParts): number | undefined {
  const offsetMinutes = parseZone(zone);
  if (offsetMinutes === undefined || Number(hour) > 24 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const midnight = new Date(Date.UTC(Number(year), month, Number(day)));
  if (midnight.getUTCMonth() !== month || midnight.getUTCDate() !== Number(day)) return undefined;
  const minutes = Number(hour) * 60 + Number(minute) - offsetMinutes;
  return midnight.getTime() + minutes * 60_000 + Number(second) * 1000;
}

/** Minutes east of Greenwich. */
function parseZone(zone: string): number | undefined {
  if (zone === '') return 0;
  const [match, sign, hours, minutes = '0'] =
    /^(?:GMT|UTC)?\s*([+-])(\d{2}):?(\d{2})?(?:\s*\(.*\))?$/i.exec(zone) ?? [];
  if (match !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const named = zones[zone.toUpperCase()];
  return named === undefined ? undefined : named * 60;
}
