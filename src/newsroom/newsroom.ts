// A newsroom as its file describes it (topics, feeds, channels), and the rules that each value must meet.
import { timeZoneNamed } from '../lib/time-zone.ts';

export interface NewsroomTopic {
  slug: string;
  /** Language → name; at least one. */
  name: Record<string, string>;
  /** Language → keywords. */
  keywords: Record<string, string[]>;
}

export interface NewsroomFeed {
  url: string;
  /** Null: each article's language is recognised by itself. */
  language: string | null;
  /** IANA, of dates that name no zone; null: the newsroom's. */
  timeZone: string | null;
  /** CSS selectors of its pages: what is the article (none: it is found by itself), and what never belongs to one. */
  keep: string[];
  drop: string[];
  /** Slugs of the topics that every article of the feed has. */
  topics: string[];
  /** The feed's own categories → topic slugs. */
  categories: Record<string, string>;
}

export interface NewsroomChannel {
  /** `@name` in lower case, or Telegram's id. */
  chat: string | number;
  /** Null: the newsroom's default language. */
  language: string | null;
  topics: string[];
}

/** A kind that is left out is left alone; an empty list says that there are none. */
export interface Newsroom {
  topics?: NewsroomTopic[];
  feeds?: NewsroomFeed[];
  channels?: NewsroomChannel[];
}

/** `value` is what is stored; `problem` ends a sentence that begins with what was read. */
type Checked<T> = { value: T; problem?: never } | { value?: never; problem: string };

const maxUrlLength = 2000;

/** A slug is at most 50 characters, so that `topic_<slug>` fits a deep link's 64. */
export function checkSlug(text: string): Checked<string> {
  if (/^[a-z0-9][a-z0-9_-]{0,49}$/.test(text)) return { value: text };
  return { problem: 'must be 1 to 50 of a–z, 0–9, "-" and "_", and begin with a letter or digit, like syria' };
}

/** A feed's address in the one form that is stored: normalised, without a fragment. */
export function checkFeedUrl(text: string): Checked<string> {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    return { problem: 'must be a whole address that begins with https:// or http://' };
  }
  if (url.username !== '' || url.password !== '') return { problem: 'must not contain a user name or a password' };
  url.hash = '';
  if (url.href.length > maxUrlLength) return { problem: `must be at most ${maxUrlLength} characters long` };
  return { value: url.href };
}

/** A language tag in its canonical form (BCP 47): ar, en-GB. */
export function checkLanguage(text: string): Checked<string> {
  const problem = 'must be a language tag, like ar or en-GB';
  if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text)) return { problem };
  try {
    const [value] = Intl.getCanonicalLocales(text);
    return value === undefined ? { problem } : { value };
  } catch {
    return { problem };
  }
}

/** A time zone in its canonical form (IANA): Asia/Damascus, UTC. */
export function checkTimeZone(text: string): Checked<string> {
  const value = timeZoneNamed(text);
  return value === undefined ? { problem: 'must be an IANA time zone, like Asia/Damascus' } : { value };
}

/** A channel's `@name` (5–32 of A–Z, 0–9, _) or its id; ids of channels and groups are below zero. */
export function checkChat(chat: string | number): Checked<string | number> {
  const problem = 'must be a channel\'s "@name" (5 to 32 letters, digits and "_") or its id, like -1001234567890';
  if (typeof chat === 'string' && !/^[+-]?\d+$/.test(chat)) {
    if (/^@\w{5,32}$/.test(chat)) return { value: chat.toLowerCase() };
    const name = /^(?:(?:https?:\/\/)?t\.me\/)?(\w{5,32})\/?$/.exec(chat)?.[1];
    return { problem: name === undefined ? problem : `must be written "@${name}"` };
  }
  const id = Number(chat);
  if (!Number.isSafeInteger(id)) return { problem };
  return id < 0 ? { value: id } : { problem: `${problem} (an id above zero is a person's)` };
}
