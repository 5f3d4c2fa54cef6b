// Decides what has to change for the newsroom to be as its file says.
import type { Topic } from '../topics/topic.ts';
import type { Newsroom, NewsroomChannel, NewsroomFeed, NewsroomTopic } from './newsroom.ts';
import type { StoredChannel, StoredFeed, StoredNewsroom } from './newsroom-store.ts';

/** What becomes of one kind of thing; each is named as in the file (slug, url, chat). */
export interface Report {
  created: string[];
  updated: { name: string; fields: string[] }[];
  unchanged: string[];
  removed: string[];
  /** Not in the file, and kept. */
  kept: string[];
}

interface KindPlan<Change> {
  report: Report;
  changes: Change[];
  /** Ids. */
  removals: number[];
}

export interface FeedChange {
  feed: NewsroomFeed;
  /** Undefined: a new feed. */
  feedId: number | undefined;
}

export interface ChannelChange {
  channel: NewsroomChannel;
  /** Undefined: a new channel. */
  recipientId: number | undefined;
}

export interface NewsroomPlan {
  topics: KindPlan<Omit<Topic, 'topicId'>>;
  feeds: KindPlan<FeedChange>;
  channels: KindPlan<ChannelChange>;
}

/** Two entries of the file turn out to be one and the same channel. */
export class SameChannelError extends Error {
  override name = 'SameChannelError';
}

export function planNewsroom(stored: StoredNewsroom, newsroom: Newsroom, { prune }: { prune: boolean }): NewsroomPlan {
  return {
    topics: planTopics(stored.topics, newsroom.topics, prune),
    feeds: planFeeds(stored.feeds, newsroom.feeds, prune),
    channels: planChannels(stored.channels, newsroom.channels, prune),
  };
}

export function chatName({ chatId, username }: Pick<StoredChannel, 'chatId' | 'username'>): string | number {
  return username === null ? (chatId ?? '') : `@${username}`;
}

function planTopics(stored: Topic[], listed: NewsroomTopic[] | undefined, prune: boolean): NewsroomPlan['topics'] {
  const bySlug = new Map(stored.map((topic) => [topic.slug, topic]));
  const positions = positionsOf(stored, listed ?? []);
  return planKind({
    stored,
    listed,
    prune,
    find: ({ slug }) => bySlug.get(slug),
    nameOfListed: ({ slug }) => slug,
    nameOfStored: ({ slug }) => slug,
    idOf: ({ topicId }) => topicId,
    differences: (topic, before) => [
      ...differing('name', topic.name, before.name),
      ...differing('keywords', topic.keywords, before.keywords),
      ...differing('position', positions.get(topic.slug), before.position),
    ],
    change: (topic) => ({ ...topic, position: positions.get(topic.slug) ?? 0 }),
  });
}

/** The order of the file. Topics that stand in that order already keep their numbers, whatever stands between them. */
function positionsOf(stored: Topic[], listed: NewsroomTopic[]): Map<string, number> {
  const order = listed.map(({ slug }) => slug);
  const listedSlugs = new Set(order);
  const standing = stored.filter(({ slug }) => listedSlugs.has(slug));
  const stands = standing.length === order.length && standing.every(({ slug }, index) => slug === order[index]);
  return new Map(stands ? standing.map(({ slug, position }) => [slug, position]) : order.map((slug, i) => [slug, i]));
}

function planFeeds(stored: StoredFeed[], listed: NewsroomFeed[] | undefined, prune: boolean): NewsroomPlan['feeds'] {
  // A feed that has moved is still the one that the file lists under its old URL.
  const byUrl = new Map([
    ...stored.flatMap((feed) => feed.formerUrls.map((url) => [url, feed] as const)),
    ...stored.map((feed) => [feed.url, feed] as const),
  ]);
  return planKind({
    stored,
    listed,
    prune,
    find: ({ url }) => byUrl.get(url),
    nameOfListed: ({ url }) => url,
    nameOfStored: ({ url }) => url,
    idOf: ({ feedId }) => feedId,
    differences: (feed, before) => [
      ...differing('language', feed.language, before.language),
      ...differing('timeZone', feed.timeZone, before.timeZone),
      ...differing('keep', feed.keep, before.keep),
      ...differing('drop', feed.drop, before.drop),
      ...differing('topics', feed.topics.toSorted(), before.topics.toSorted()),
      ...differing('categories', feed.categories, before.categories),
    ],
    change: (feed, before) => ({ feed, feedId: before?.feedId }),
  });
}

function planChannels(
  stored: StoredChannel[],
  listed: NewsroomChannel[] | undefined,
  prune: boolean,
): NewsroomPlan['channels'] {
  const byChat = new Map<string | number, StoredChannel>();
  for (const channel of stored) {
    if (channel.chatId !== null) byChat.set(channel.chatId, channel);
    if (channel.username !== null) byChat.set(`@${channel.username}`, channel);
  }
  const found = new Map<StoredChannel, NewsroomChannel>();
  return planKind({
    stored: stored.filter((channel) => channel.kind === 'channel'),
    listed,
    prune,
    find: (channel) => {
      const before = byChat.get(channel.chat);
      const other = before && found.get(before);
      if (other) throw new SameChannelError(`${other.chat} and ${channel.chat} are the same channel; list it once.`);
      if (before) found.set(before, channel);
      return before;
    },
    nameOfListed: ({ chat }) => String(chat),
    nameOfStored: (channel) => String(chatName(channel)),
    idOf: ({ recipientId }) => recipientId,
    differences: (channel, before) => [
      ...differing('language', channel.language, before.language),
      ...differing('topics', channel.topics.toSorted(), before.topics.toSorted()),
    ],
    change: (channel, before) => ({ channel, recipientId: before?.recipientId }),
  });
}

interface Kind<Listed, Stored, Change> {
  stored: Stored[];
  /** Undefined: the file leaves this kind alone. */
  listed: Listed[] | undefined;
  prune: boolean;
  find: (listed: Listed) => Stored | undefined;
  nameOfListed: (listed: Listed) => string;
  nameOfStored: (stored: Stored) => string;
  idOf: (stored: Stored) => number;
  differences: (listed: Listed, stored: Stored) => string[];
  change: (listed: Listed, stored: Stored | undefined) => Change;
}

function planKind<Listed, Stored, Change>(kind: Kind<Listed, Stored, Change>): KindPlan<Change> {
  const { stored, listed, prune, find, nameOfListed, nameOfStored, idOf, differences, change } = kind;
  const report: Report = { created: [], updated: [], unchanged: [], removed: [], kept: [] };
  const changes: Change[] = [];
  const inFile = new Set<Stored>();
  for (const item of listed ?? []) {
    const name = nameOfListed(item);
    const before = find(item);
    const fields = before === undefined ? [] : differences(item, before);
    if (before === undefined) report.created.push(name);
    else if (fields.length > 0) report.updated.push({ name, fields });
    else report.unchanged.push(name);
    if (before !== undefined) inFile.add(before);
    if (before === undefined || fields.length > 0) changes.push(change(item, before));
  }
  const others = stored.filter((item) => !inFile.has(item));
  const isRemoved = prune && listed !== undefined;
  report[isRemoved ? 'removed' : 'kept'] = others.map(nameOfStored);
  return { report, changes, removals: isRemoved ? others.map(idOf) : [] };
}

function differing(field: string, left: unknown, right: unknown): string[] {
  return JSON.stringify(left, sortKeys) === JSON.stringify(right, sortKeys) ? [] : [field];
}

/** Objects are compared without regard to the order of their keys, which jsonb does not keep. */
function sortKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
