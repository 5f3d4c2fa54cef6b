// Brings the newsroom to what its file says: all of it or nothing, and nothing again when it is applied again.
import type { Db } from '../db/database.ts';
import { insertFeed, setFeedSettings } from '../feeds/feed-store.ts';
import { deleteTopics, setFeedCategories, setFeedTopics, upsertTopic } from '../topics/topic-store.ts';
import type { Newsroom } from './newsroom.ts';
import {
  deleteChannels,
  deleteFeeds,
  insertChannel,
  lockNewsroom,
  readNewsroom,
  setChannelLanguage,
  setSubscriptions,
} from './newsroom-store.ts';
import { type ChannelChange, type FeedChange, type NewsroomPlan, planNewsroom, type Report } from './plan-newsroom.ts';

export interface ApplyReport {
  topics: Report;
  feeds: Report;
  channels: Report;
}

interface ApplyOptions {
  now: Date;
  /** Whether to delete what the file does not list, of the kinds that it lists at all. */
  prune?: boolean;
  /** Whether only to say what would change. */
  dryRun?: boolean;
}

/**
 * The file is the truth for what it lists: a topic, feed or channel in it gets exactly what stands there. What it does not list is kept, unless pruned. Every slug it names must exist or be listed.
 */
export function applyNewsroom(
  db: Db,
  newsroom: Newsroom,
  { now, prune = false, dryRun = false }: ApplyOptions,
): Promise<ApplyReport> {
  return db.transaction().execute(async (trx) => {
    await lockNewsroom(trx);
    const stored = await readNewsroom(trx);
    const plan = planNewsroom(stored, newsroom, { prune });
    if (!dryRun) await carryOut(trx, plan, new Map(stored.topics.map(({ slug, topicId }) => [slug, topicId])), now);
    return { topics: plan.topics.report, feeds: plan.feeds.report, channels: plan.channels.report };
  });
}

/** Topic slug → id. */
type TopicIds = Map<string, number>;

async function carryOut(trx: Db, plan: NewsroomPlan, topicIds: TopicIds, now: Date): Promise<void> {
  for (const topic of plan.topics.changes) topicIds.set(topic.slug, (await upsertTopic(trx, topic)).topicId);
  for (const change of plan.feeds.changes) await writeFeed(trx, change, topicIds, now);
  for (const change of plan.channels.changes) await writeChannel(trx, change, topicIds, now);
  await deleteChannels(trx, plan.channels.removals);
  await deleteFeeds(trx, plan.feeds.removals);
  await deleteTopics(trx, plan.topics.removals);
}

async function writeFeed(trx: Db, { feed, feedId: knownId }: FeedChange, topicIds: TopicIds, now: Date): Promise<void> {
  const { url, language, timeZone, keep, drop, topics, categories } = feed;
  const settings = { language, timeZone, keepSelectors: keep, dropSelectors: drop };
  const feedId = knownId ?? (await insertFeed(trx, { url, ...settings, now }))?.feedId;
  if (feedId === undefined) throw new Error(`the feed ${url} was added by someone else just now; apply the file again`);
  if (knownId !== undefined) await setFeedSettings(trx, feedId, settings);
  await setFeedTopics(trx, feedId, idsOf(topics, topicIds));
  await setFeedCategories(
    trx,
    feedId,
    Object.entries(categories).map(([category, slug]) => ({ category, topicId: idOf(slug, topicIds) })),
  );
}

async function writeChannel(trx: Db, change: ChannelChange, topicIds: TopicIds, now: Date): Promise<void> {
  const { chat, language, topics } = change.channel;
  const address =
    typeof chat === 'number' ? { chatId: chat, username: null } : { chatId: null, username: chat.slice('@'.length) };
  const recipientId = change.recipientId ?? (await insertChannel(trx, { ...address, language, now }));
  if (change.recipientId !== undefined) await setChannelLanguage(trx, recipientId, language);
  await setSubscriptions(trx, { recipientId, topicIds: idsOf(topics, topicIds), now });
}

function idsOf(slugs: readonly string[], topicIds: TopicIds): number[] {
  return slugs.map((slug) => idOf(slug, topicIds));
}

function idOf(slug: string, topicIds: TopicIds): number {
  const topicId = topicIds.get(slug);
  if (topicId === undefined) throw new Error(`there is no topic ${slug}`);
  return topicId;
}
