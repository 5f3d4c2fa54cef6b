// Whether an entry belongs to a backlog: it came while nobody had read its feed for long.

const shortestGapMs = 60 * 60_000;
const intervalsOfGap = 3;
/** After a gap too, what is no older than this is news of now. */
const nowMs = 5 * 60_000;

interface LateFacts {
  /** The feed's last success before this round; null when there was none. */
  succeededAt: Date | null;
  /** Null when the feed gave no date. */
  publishedAt: Date | null;
  now: Date;
  feedIntervalSeconds: number;
}

/** True for what may have waited: its feed had not been read for an hour and three intervals, and it is not of now. */
export function isLateEntry({ succeededAt, publishedAt, now, feedIntervalSeconds }: LateFacts): boolean {
  // Of a first round only what is new is ever sent.
  if (succeededAt === null) return false;
  const intervalMs = feedIntervalSeconds * 1_000;
  const gapMs = now.getTime() - succeededAt.getTime();
  if (gapMs <= Math.max(shortestGapMs, intervalsOfGap * intervalMs)) return false;
  // A date that is to come says as little as none.
  return publishedAt === null || Math.abs(now.getTime() - publishedAt.getTime()) > Math.max(nowMs, intervalMs);
}
