// The names of time zones (IANA).

/** A zone's name in its usual spelling, like Asia/Damascus or UTC; undefined for what is no zone. */
export function timeZoneNamed(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
