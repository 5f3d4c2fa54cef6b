// Time zones (IANA): their names, and the day that it is there.

/** A zone's name in its usual spelling, like Asia/Damascus or UTC; undefined for what is no zone. */
export function timeZoneNamed(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** The day that it is in `timeZone`, YYYY-MM-DD. */
export function dayOf(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(now);
}
