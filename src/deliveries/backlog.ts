// A backlog: what could not be told in its time. It is gathered into one digest for each recipient, never pushed piece by piece.
import { lateAfterMs, pushWithinMs } from '../stories/story.ts';

const hourMs = 60 * 60_000;
const staleHours = 72;

/** How a story is owed when it is planned: pushed at once · held for a digest · too old to be news to anybody. */
export type Owing = 'push' | 'hold' | 'stale';

interface PlannedStory {
  publishedAt: Date;
  createdAt: Date;
  isLate: boolean;
}

interface Freshness {
  now: Date;
  /** FRESH_HOURS: what is older is never pushed. */
  freshHours: number;
}

/** Urgency changes nothing: what is held is not breaking any more. */
export function howOwed({ publishedAt, createdAt, isLate }: PlannedStory, { now, freshHours }: Freshness): Owing {
  const ageMs = now.getTime() - publishedAt.getTime();
  if (ageMs > Math.max(staleHours, freshHours) * hourMs) return 'stale';
  // Further topics plan a story again within this time; one that waits for longer was never planned.
  const hasWaited = now.getTime() - createdAt.getTime() > pushWithinMs;
  return isLate || hasWaited || ageMs > freshHours * hourMs ? 'hold' : 'push';
}

/** Why nobody gets a story that is stale, for the ledger. */
export function staleBecause({ freshHours }: Pick<Freshness, 'freshHours'>): string {
  return `the story was older than ${Math.max(staleHours, freshHours)} hours when it came`;
}

/** A backlog is complete once so long nothing more was added to it; and for no longer than that it is waited for. */
const gatherMs = 60_000;
export const longestGatherMs = 5 * 60_000;

/** What waits to be sent, and nobody has begun to send. */
export interface Waiting {
  subjectId: number;
  plannedAt: Date;
  /** Null for a digest. */
  publishedAt: Date | null;
  /** Since when it is held for a digest; null: it could have been sent, but was not. */
  heldSince: Date | null;
  /** A digest, or a story that was left over from a backlog. */
  isReleased: boolean;
}

/** What was planned before it should have gone out by now. */
export function lateBefore(now: Date): Date {
  return new Date(now.getTime() - lateAfterMs);
}

/** What was published before it is not fresh. */
export function freshSince({ now, freshHours }: Freshness): Date {
  return new Date(now.getTime() - freshHours * hourMs);
}

/**
 * What of it is a backlog, to be told in digests now: what is held, once that is complete; and with it, or where it is
 * several or no longer fresh, what could not be sent for an hour. A digest that still waits counts as well: it grows.
 */
export function backlogOf<W extends Waiting>(waiting: readonly W[], freshness: Freshness): W[] {
  const held = waiting.filter(({ heldSince }) => heldSince !== null);
  const rest = waiting.filter(({ heldSince }) => heldSince === null);
  const late = rest.filter(({ plannedAt }) => plannedAt < lateBefore(freshness.now));
  const added = late.filter(({ isReleased }) => !isReleased).length;
  const others = rest.filter(({ isReleased }) => isReleased).length;
  const isComplete = isGathered(
    held.flatMap(({ heldSince }) => heldSince ?? []),
    freshness.now,
  );
  const isSeveral = added > 0 && added + others > 1;
  const isOld = late.some(({ publishedAt }) => publishedAt !== null && publishedAt < freshSince(freshness));
  return [...(isComplete ? held : []), ...(isComplete || isSeveral || isOld ? late : [])];
}

function isGathered(heldSince: readonly Date[], now: Date): boolean {
  if (heldSince.length === 0) return false;
  // What is held since a time to come was held before the clock was set back: long enough.
  const times = heldSince.map((date) => date.getTime()).filter((time) => time <= now.getTime() + gatherMs);
  if (times.length === 0) return true;
  const newest = times.reduce((a, b) => Math.max(a, b));
  const oldest = times.reduce((a, b) => Math.min(a, b));
  return now.getTime() >= Math.min(newest + gatherMs, oldest + longestGatherMs);
}
