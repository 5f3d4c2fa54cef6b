// A feed's vocabulary: its entries, what asking it can give, and when to ask it again.
import type { HttpFailure } from '../lib/http-failure.ts';

/** What is over is not read: the largest feed of ten megabytes with real items has fewer. */
export const maxEntries = 50_000;

/** An item as the feed gave it. Texts are never empty strings except `title`; URLs are absolute http(s) URLs. */
export interface Entry {
  /** The feed's own identity of the item, or the stablest thing it has instead. */
  guid: string;
  url: string | null;
  /** Plain text, without markup and entities; empty when the feed gives none. */
  title: string;
  contentHtml: string | null;
  summaryHtml: string | null;
  categories: string[];
  imageUrl: string | null;
  /** Null when the feed gives no date, or none that can be true. */
  publishedAt: Date | null;
  /** When the feed says that the item changed; null as for `publishedAt`. */
  updatedAt: Date | null;
  /** Names; the address of one who gives no name. */
  authors: string[];
  /** Files that belong to the item, pictures among them. */
  enclosures: Enclosure[];
}

export interface Enclosure {
  url: string;
  /** A media type. */
  type: string | null;
  /** Bytes, as the feed says. */
  length: number | null;
}

export interface ParsedFeed {
  title: string | null;
  /** The site that the feed is of. */
  link: string | null;
  /** As the feed says it, like `ar` or `ar-SY`. */
  language: string | null;
  /** In the feed's order. */
  entries: Entry[];
}

/** What asking a feed gave. Every `reason` is an English sentence for the operator, without paths or secrets. */
export type FetchOutcome =
  | {
      kind: 'fetched';
      feed: ParsedFeed;
      etag: string | null;
      lastModified: string | null;
      /** The feed's new URL, when it has moved for good. */
      movedTo: string | null;
    }
  | { kind: 'unchanged'; movedTo: string | null }
  /** The address answers with something else: a web page, nothing, other data. */
  | { kind: 'not-a-feed'; reason: string }
  | HttpFailure;

const maxBackOffMs = 6 * 60 * 60 * 1000;
const maxRetryAfterMs = 24 * 60 * 60 * 1000;
/** The part of a longer wait that chance takes off, so that feeds that failed together come back apart. */
const jitterShare = 0.1;

interface NextCheckFacts {
  /** When the round began. */
  now: Date;
  intervalSeconds: number;
  /** Failures in a row, this one included; 0 when it should not count. */
  failureCount: number;
  /** Null: nobody has asked yet. */
  outcome: FetchOutcome | null;
  /** From 0 up to 1. */
  random: number;
}

/**
 * When to ask a feed again.
 *
 * | outcome              | next check                                                                    |
 * | -------------------- | ----------------------------------------------------------------------------- |
 * | fetched, unchanged   | one interval after the round's start, whole seconds: a tick then finds it due |
 * | the first failure    | the same                                                                      |
 * | the nth failure      | interval × 2ⁿ⁻¹, at most 6 hours (or the interval), less up to 10 % by chance |
 * | gone                 | as after many failures: 6 hours                                               |
 * | slow-down            | not before its Retry-After, of which at most 24 hours are obeyed              |
 * | aborted              | one interval: nothing was learnt                                              |
 *
 * There is no last attempt: a feed that comes back is found within six hours, whatever happened before.
 */
export function nextCheckAt({ now, intervalSeconds, failureCount, outcome, random }: NextCheckFacts): Date {
  const start = Math.floor(now.getTime() / 1000) * 1000;
  const intervalMs = intervalSeconds * 1000;
  if (!isFailure(outcome)) return new Date(start + intervalMs);

  const ceilingMs = Math.max(intervalMs, maxBackOffMs);
  const failures = outcome.kind === 'gone' ? Number.POSITIVE_INFINITY : Math.max(1, failureCount);
  const backOffMs = Math.min(intervalMs * 2 ** (failures - 1), ceilingMs);
  const spreadMs = Math.max(intervalMs, Math.round(backOffMs * (1 - jitterShare * random)));
  const askedMs = outcome.kind === 'slow-down' ? Math.min(outcome.retryAfterMs ?? 0, maxRetryAfterMs) : 0;
  // What the server asked for counts from the answer, not from the whole second before it.
  return new Date(Math.max(start + spreadMs, now.getTime() + askedMs));
}

type Failure = Exclude<FetchOutcome, { kind: 'fetched' | 'unchanged' | 'aborted' }>;

function isFailure(outcome: FetchOutcome | null): outcome is Failure {
  return outcome !== null && !['fetched', 'unchanged', 'aborted'].includes(outcome.kind);
}

/** Whether a whole round failed to reach anybody: then it is our network, and no feed's failure should be counted. */
export function looksOffline(outcomes: readonly FetchOutcome['kind'][]): boolean {
  const known = outcomes.filter((kind) => kind !== 'aborted');
  // One alone may as well be down itself.
  return known.length > 1 && known.every((kind) => kind === 'unreachable');
}
