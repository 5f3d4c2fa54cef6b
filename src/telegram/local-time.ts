// Dates and times as the newsroom's people write them, in the newsroom's zone.
import { directionOf } from './direction.ts';

/** Like "5 حزيران 2020، 14:05": the Levant's names of the months, and digits that every reader's font has. */
export function localTime(instant: Date, language: string, timeZone: string): string {
  const { date, time } = formatsOf(language, timeZone);
  return `${date.format(instant)}${directionOf(language) === 'rtl' ? '،' : ','} ${time.format(instant)}`;
}

interface Formats {
  date: Intl.DateTimeFormat;
  time: Intl.DateTimeFormat;
}

/** To make one takes as long as to write fifty dates. */
const formats = new Map<string, Formats>();

function formatsOf(language: string, timeZone: string): Formats {
  const key = `${language} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const locale = { ar: 'ar-SY-u-nu-latn', en: 'en-GB' }[language] ?? `${language}-u-nu-latn`;
  const made = {
    date: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', year: 'numeric', timeZone }),
    time: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }),
  };
  formats.set(key, made);
  return made;
}
