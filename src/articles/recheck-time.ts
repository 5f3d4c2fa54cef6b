// When an article's page is looked at again: often soon after publication, when most corrections are made, then never.

const hourMs = 60 * 60 * 1000;
/** After publication. */
export const recheckAfterMs: readonly number[] = [hourMs, 6 * hourMs, 24 * hourMs];

/** The first of these times that is still to come; null when all are past. */
export function nextRecheckAt(publishedAt: Date, now: Date): Date | null {
  const times = recheckAfterMs.map((ms) => new Date(publishedAt.getTime() + ms));
  return times.find((time) => time > now) ?? null;
}
