// The way from the bytes of an answer to the feed in it, or to the words that say why there is none.
import { decodeFeed } from './decode.ts';
import type { ParsedFeed } from './feed.ts';
import { parseFeed } from './parse-feed.ts';

/** Unpacked; as much as a feed may have when it is asked for. */
const maxFeedBytes = 10 * 1024 * 1024;

interface ReadFeedOptions {
  /** The answer's Content-Type. */
  contentType: string | null;
  /** Where it came from: the base of relative URLs. */
  url: string;
  now: Date;
  /** IANA, of dates that name no zone; default UTC. */
  timeZone?: string;
  maxBytes?: number;
}

/** Each `reason` is an English sentence for the operator. */
export type ReadFeedOutcome =
  { kind: 'feed'; feed: ParsedFeed } | { kind: 'not-a-feed'; reason: string } | { kind: 'too-large'; reason: string };

/** Never throws, whatever the bytes are. */
export function readFeed(
  bytes: Uint8Array,
  { contentType, url, now, timeZone = 'UTC', maxBytes = maxFeedBytes }: ReadFeedOptions,
): ReadFeedOutcome {
  if (bytes.length > maxBytes) return { kind: 'too-large', reason: 'The feed is too large.' };
  const text = decodeFeed(bytes, contentType, maxBytes);
  if (text === undefined) return { kind: 'too-large', reason: 'The feed is too large after unpacking.' };
  const feed = parseFeed(text, { feedUrl: url, now, timeZone });
  return feed ? { kind: 'feed', feed } : { kind: 'not-a-feed', reason: whatItIs(text) };
}

function whatItIs(text: string): string {
  const start = text.trimStart().slice(0, 2000).toLowerCase();
  if (start === '') return 'The address gives nothing at all: the answer is empty.';
  if (/^(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype html|html)/s.test(start)) {
    return 'The address gives a web page, not a feed.';
  }
  if (/^[{[]/.test(start)) return 'The address gives JSON that is not a JSON Feed.';
  if (/^<\?xml|^<[a-z]/.test(start)) return 'The address gives XML that is not RSS or Atom, or is damaged.';
  return 'The address gives something that is neither RSS, Atom nor JSON Feed.';
}
