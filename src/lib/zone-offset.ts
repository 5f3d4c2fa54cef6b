// Time zones as news writes them: names, offsets and cities, in minutes east of UTC.

const minutesPerHour = 60;
/** The clocks of the world lie between UTC−12 and UTC+14. */
const maxOffsetMinutes = 14 * minutesPerHour;

/**
 * RFC 822's names, and those of the newsrooms' own region: AST is Arabia's (+3) here, not the Atlantic's. Names that
 * mean several zones in the region (IST) are left out.
 */
const hoursByName: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  غرينتش: 0,
  غرينيتش: 0,
  جرينتش: 0,
  wet: 0,
  west: 1,
  bst: 1,
  wat: 1,
  cet: 1,
  met: 1,
  cest: 2,
  mest: 2,
  cat: 2,
  sast: 2,
  eet: 2,
  eest: 3,
  idt: 3,
  msk: 3,
  trt: 3,
  eat: 3,
  ast: 3,
  irst: 3.5,
  irdt: 4.5,
  gst: 4,
  pkt: 5,
  hkt: 8,
  sgt: 8,
  jst: 9,
  kst: 9,
  aest: 10,
  aedt: 11,
  nzst: 12,
  nzdt: 13,
  adt: -3,
  est: -5,
  edt: -4,
  et: -5,
  cst: -6,
  cdt: -5,
  ct: -6,
  mst: -7,
  mdt: -6,
  mt: -7,
  pst: -8,
  pdt: -7,
  pt: -8,
};

/** What follows "بتوقيت", in the letters that `foldLetters` leaves. */
const zoneByCity: Readonly<Record<string, string>> = {
  دمشق: 'Asia/Damascus',
  سوريا: 'Asia/Damascus',
  بيروت: 'Asia/Beirut',
  بغداد: 'Asia/Baghdad',
  القدس: 'Asia/Jerusalem',
  فلسطين: 'Asia/Hebron',
  عمان: 'Asia/Amman',
  القاهره: 'Africa/Cairo',
  مكه: 'Asia/Riyadh',
  الرياض: 'Asia/Riyadh',
  السعوديه: 'Asia/Riyadh',
  الدوحه: 'Asia/Qatar',
  ابوظبي: 'Asia/Dubai',
  دبي: 'Asia/Dubai',
  صنعاء: 'Asia/Aden',
  طرابلس: 'Africa/Tripoli',
  تونس: 'Africa/Tunis',
  الجزائر: 'Africa/Algiers',
  الخرطوم: 'Africa/Khartoum',
  اسطنبول: 'Europe/Istanbul',
  انقره: 'Europe/Istanbul',
};

// "GMT+3", "+0300", "+03:00", "-5"; a date that follows a dash is none: "11:22 -05/06/2020".
const numeric = /^\(?(?:gmt|utc|ut)?\s?([+\u2212-])(\d{1,2})(?::?(\d{2}))?(?![\d:/.])(?!-\d)/;

/**
 * What the start of `text` (folded by `foldLetters`) says of a zone, for the wall-clock time `wallMs` in it: its offset
 * in minutes; undefined where it names none that we know.
 */
export function zoneOffsetAt(text: string, wallMs: number): number | undefined {
  const trimmed = text.trimStart();
  const [match, sign, hours, minutes = '0'] = numeric.exec(trimmed) ?? [];
  if (match !== undefined) {
    const offset = (sign === '+' ? 1 : -1) * (Number(hours) * minutesPerHour + Number(minutes));
    return Math.abs(offset) <= maxOffsetMinutes ? offset : undefined;
  }
  const iana = /^\(?([a-z]{2,20}\/[a-z_]{2,20})/.exec(trimmed)?.[1];
  if (iana !== undefined) return ianaOffsetMinutes(wallMs, iana);
  const name = /^\(?(?:بتوقيت\s+)?(\p{L}{1,12})(?!\p{L})/u.exec(trimmed)?.[1] ?? '';
  const city = /^\(?بتوقيت/.test(trimmed) && Object.hasOwn(zoneByCity, name) ? zoneByCity[name] : undefined;
  if (city !== undefined) return ianaOffsetMinutes(wallMs, city);
  const hoursEast = Object.hasOwn(hoursByName, name) ? hoursByName[name] : undefined;
  return hoursEast === undefined ? undefined : hoursEast * minutesPerHour;
}

/**
 * How far the clocks of an IANA zone are ahead of UTC, in minutes, when they show `wallMs` (a wall-clock time written
 * as if it were UTC); undefined for a name that is no zone.
 */
export function ianaOffsetMinutes(wallMs: number, timeZone: string): number | undefined {
  const format = formatOf(timeZone);
  if (format === undefined) return undefined;
  if (format === 'UTC') return 0;
  const first = offsetOfInstant(wallMs, format);
  // Near a change of the clocks the first answer is of the wrong side.
  return offsetOfInstant(wallMs - first * 60_000, format);
}

/** Making a format costs a thousand times what using it costs. */
const formats = new Map<string, Intl.DateTimeFormat | 'UTC' | undefined>();
/** A newsroom has a few zones; hostile feeds may name all that there are, and misspellings of them. */
const maxFormats = 500;

function formatOf(timeZone: string): Intl.DateTimeFormat | 'UTC' | undefined {
  if (timeZone === 'UTC') return 'UTC';
  if (formats.has(timeZone)) return formats.get(timeZone);
  if (formats.size >= maxFormats) formats.clear();
  let format: Intl.DateTimeFormat | undefined;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    // No zone of that name: remembered too.
  }
  formats.set(timeZone, format);
  return format;
}

function offsetOfInstant(instantMs: number, format: Intl.DateTimeFormat): number {
  const name = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [match, sign, hours, minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  return match === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * minutesPerHour + Number(minutes));
}
