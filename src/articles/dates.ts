// The dates of pages: machine-readable forms only, as instants.

const isoDate =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const datedMail = /^(?:[a-z]{3,9},? )?\d{1,2} [a-z]{3,9} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC|Z|[+-]\d{4})$/i;

/**
 * The instant that `text` names (ISO 8601, or RFC 5322 with a zone); null for anything else, and for impossible dates.
 * A time without a zone, or a date alone, is taken in `timeZone`.
 */
export function instantOf(text: string, timeZone: string): Date | null {
  const trimmed = text.trim();
  const match = isoDate.exec(trimmed);
  if (!match) return datedMail.test(trimmed) ? valid(new Date(trimmed)) : null;

  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  const asWritten = new Date(wall);
  if (asWritten.getUTCMonth() !== month - 1 || asWritten.getUTCDate() !== day || hour > 23 || minute > 59) return null;

  const zone = match[7];
  if (zone === undefined) return valid(new Date(wall - offsetAt(wall, timeZone)));
  if (zone.toUpperCase() === 'Z') return valid(asWritten);
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.replaceAll(/\D/g, '').padEnd(4, '0');
  const offsetMinutes = sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2)));
  return valid(new Date(wall - offsetMinutes * 60_000));
}

function valid(date: Date): Date | null {
  const year = date.getUTCFullYear();
  return year >= 1990 && year <= 2100 ? date : null;
}

/** How far a zone's clocks are ahead of UTC, in milliseconds, when they show the wall-clock time `wall`. */
function offsetAt(wall: number, timeZone: string): number {
  const first = offsetOfInstant(wall, timeZone);
  return offsetOfInstant(wall - first, timeZone);
}

function offsetOfInstant(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const match = /([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}
