// Says a duration as people do: in seconds, minutes or hours.
import type { Locales } from './i18n.ts';

export function duration(locales: Locales, language: string, seconds: number): string {
  if (seconds < 60) return locales.plain(language, 'duration-seconds', { count: seconds });
  if (seconds < 3600) return locales.plain(language, 'duration-minutes', { count: Math.ceil(seconds / 60) });
  return locales.plain(language, 'duration-hours', { count: Math.ceil(seconds / 3600) });
}
