// Asks one feed what is new: a conditional request within limits, and an outcome for everything that can come of it.
import { download } from '../lib/download.ts';
import { answerOrFailure } from '../lib/http-failure.ts';
import type { Fetch } from '../lib/http.ts';
import type { FetchOutcome } from './feed.ts';
import { readFeed } from './read-feed.ts';

export const feedMaxBytes = 10 * 1024 * 1024;
export const feedTimeoutMs = 30_000;

const accept =
  'application/rss+xml, application/atom+xml, application/rdf+xml;q=0.9, application/feed+json;q=0.9, ' +
  'application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5';

interface FeedAddress {
  url: string;
  /** The validators of the last fetch that was stored. */
  etag: string | null;
  lastModified: string | null;
}

interface FetchFeedOptions {
  now: Date;
  signal?: AbortSignal;
  timeoutMs?: number;
  maxBytes?: number;
  /** IANA, of dates that name no zone; default UTC. */
  timeZone?: string;
}

/** Never throws for what the world does; an aborted `signal` gives the outcome `aborted`. */
export async function fetchFeed(
  fetch: Fetch,
  { url, etag, lastModified }: FeedAddress,
  { now, signal, timeoutMs = feedTimeoutMs, maxBytes = feedMaxBytes, timeZone = 'UTC' }: FetchFeedOptions,
): Promise<FetchOutcome> {
  const downloaded = await download(fetch, url, {
    maxBytes,
    timeoutMs,
    headers: {
      accept,
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
    },
    ...(signal ? { signal } : {}),
  });
  const answer = answerOrFailure(downloaded, now);
  if (answer.kind !== 'answered') return answer;
  if (answer.status === 304) return { kind: 'unchanged', movedTo: answer.movedTo };

  const contentType = answer.headers.get('content-type');
  const read = readFeed(answer.bytes, { contentType, url: answer.url, now, timeZone, maxBytes });
  if (read.kind !== 'feed') return read;
  return {
    kind: 'fetched',
    feed: read.feed,
    etag: validator(answer.headers.get('etag')),
    lastModified: validator(answer.headers.get('last-modified')),
    movedTo: answer.movedTo,
  };
}

/** A header that can be sent back as it came. */
function validator(value: string | null): string | null {
  return value !== null && /^[\x20-\x7e]{1,500}$/.test(value) ? value : null;
}
