import { beforeEach, describe, expect, test } from 'vitest';
import { findFeed, insertFeed, listFeeds, markFeedMoved } from '../../src/feeds/feed-store.ts';
import { applyNewsroom } from '../../src/newsroom/apply.ts';
import { exportNewsroom } from '../../src/newsroom/export.ts';
import type { Newsroom } from '../../src/newsroom/newsroom.ts';
import { SameChannelError } from '../../src/newsroom/plan-newsroom.ts';
import {
  activateChannel,
  activateSubscriber,
  findRecipientByChat,
  listSubscribedTopics,
  setRecipientState,
  setSubscription,
} from '../../src/recipients/recipient-store.ts';
import { findTopicBySlug, listTopics } from '../../src/topics/topic-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T19:00:00Z');
const later = new Date('2026-11-22T20:00:00Z');

const syria = { slug: 'syria', name: { ar: 'سوريا', en: 'Syria' }, keywords: { ar: ['دمشق', 'حلب'] } };
const economy = { slug: 'economy', name: { ar: 'اقتصاد' }, keywords: {} };
const feed = {
  url: 'https://news.example/feed/',
  language: 'ar',
  timeZone: 'Asia/Beirut',
  keep: ['.story-body'],
  drop: ['.related', '#comments'],
  topics: ['syria'],
  categories: { اقتصاد: 'economy', سوريا: 'syria' },
};
const bare = { language: null, timeZone: null, keep: [], drop: [], topics: [], categories: {} };
const channel = { chat: '@example_syria', language: 'ar', topics: ['syria'] };
const newsroom: Newsroom = { topics: [syria, economy], feeds: [feed], channels: [channel] };

const nothing = { created: [], updated: [], unchanged: [], removed: [], kept: [] };
const unchanged = {
  topics: { ...nothing, unchanged: ['syria', 'economy'] },
  feeds: { ...nothing, unchanged: ['https://news.example/feed/'] },
  channels: { ...nothing, unchanged: ['@example_syria'] },
};

const apply = (file: Newsroom, options: { prune?: boolean; dryRun?: boolean } = {}) =>
  applyNewsroom(database.db, file, { now, ...options });

beforeEach(async () => {
  for (const table of ['recipient', 'feed', 'topic'] as const) await database.db.deleteFrom(table).execute();
});

describe('applying a newsroom', () => {
  test('creates what it lists', async () => {
    expect(await apply(newsroom)).toEqual({
      topics: { ...nothing, created: ['syria', 'economy'] },
      feeds: { ...nothing, created: ['https://news.example/feed/'] },
      channels: { ...nothing, created: ['@example_syria'] },
    });
    expect(await exportNewsroom(database.db)).toEqual(newsroom);
    expect(await listTopics(database.db)).toMatchObject([
      { slug: 'syria', position: 0 },
      { slug: 'economy', position: 1 },
    ]);
    expect(await listFeeds(database.db)).toMatchObject([{ url: feed.url, state: 'active', nextCheckAt: now }]);
  });

  test('a second time changes nothing', async () => {
    await apply(newsroom);
    const before = await everything();
    expect(await applyNewsroom(database.db, newsroom, { now: later })).toEqual(unchanged);
    expect(await applyNewsroom(database.db, newsroom, { now: later, prune: true })).toEqual(unchanged);
    expect(await everything()).toEqual(before);
  });

  test('changes what it lists to exactly what it says', async () => {
    await apply(newsroom);
    const changed: Newsroom = {
      topics: [{ ...economy, name: { ar: 'الاقتصاد' } }, syria],
      feeds: [
        {
          ...feed,
          language: null,
          timeZone: null,
          keep: [],
          drop: ['aside'],
          topics: [],
          categories: { مال: 'economy' },
        },
      ],
      channels: [{ ...channel, topics: ['economy'] }],
    };
    expect(await apply(changed)).toEqual({
      topics: {
        ...nothing,
        updated: [
          { name: 'economy', fields: ['name', 'position'] },
          { name: 'syria', fields: ['position'] },
        ],
      },
      feeds: {
        ...nothing,
        updated: [{ name: feed.url, fields: ['language', 'timeZone', 'keep', 'drop', 'topics', 'categories'] }],
      },
      channels: { ...nothing, updated: [{ name: '@example_syria', fields: ['topics'] }] },
    });
    expect(await exportNewsroom(database.db)).toEqual(changed);
  });

  test('keeps what it does not list', async () => {
    await apply(newsroom);
    const other = { ...bare, url: 'https://other.example/', topics: ['sport'] };
    const sport = { slug: 'sport', name: { ar: 'رياضة' }, keywords: {} };
    expect(await apply({ topics: [sport], feeds: [other], channels: [] })).toEqual({
      topics: { ...nothing, created: ['sport'], kept: ['syria', 'economy'] },
      feeds: { ...nothing, created: ['https://other.example/'], kept: [feed.url] },
      channels: { ...nothing, kept: ['@example_syria'] },
    });
    const { feeds, channels } = await exportNewsroom(database.db);
    expect(feeds).toEqual([feed, other]);
    expect(channels).toEqual([channel]);
  });

  test('with pruning deletes what it does not list', async () => {
    await apply(newsroom);
    const smaller: Newsroom = { topics: [economy], feeds: [], channels: [] };
    expect(await apply(smaller, { prune: true })).toMatchObject({
      topics: { unchanged: ['economy'], removed: ['syria'], kept: [] },
      feeds: { removed: [feed.url] },
      channels: { removed: ['@example_syria'] },
    });
    expect(await exportNewsroom(database.db)).toEqual(smaller);
  });

  test('with pruning leaves alone the kinds that it has no section for', async () => {
    await apply(newsroom);
    await apply({ feeds: [] }, { prune: true });
    expect(await exportNewsroom(database.db)).toEqual({ ...newsroom, feeds: [] });
  });

  test('never touches readers, whatever is pruned', async () => {
    await apply(newsroom);
    const { subscriber } = await activateSubscriber(database.db, { chatId: 77, language: 'ar', now });
    const topicId = (await findTopicBySlug(database.db, 'economy'))?.topicId ?? 0;
    await setSubscription(database.db, { recipientId: subscriber.recipientId, topicId, on: true, now });
    await apply({ topics: [economy], feeds: [], channels: [] }, { prune: true });
    expect(await findRecipientByChat(database.db, 77)).toMatchObject({ state: 'active' });
    expect(await listSubscribedTopics(database.db, subscriber.recipientId)).toEqual(new Set([topicId]));
  });

  test('as a dry run says the same and changes nothing', async () => {
    await apply(newsroom);
    const before = await everything();
    const smaller: Newsroom = { topics: [economy, syria], feeds: [{ ...feed, url: 'https://new.example/' }] };
    const report = await apply(smaller, { prune: true, dryRun: true });
    expect(report.feeds).toEqual({ ...nothing, created: ['https://new.example/'], removed: [feed.url] });
    expect(await everything()).toEqual(before);
    expect(await apply(smaller, { prune: true })).toEqual(report);
  });

  test('changes nothing at all when a part of it cannot be', async () => {
    await apply({ topics: [syria] });
    const before = await everything();
    const impossible = { topics: [economy], feeds: [feed], channels: [{ ...channel, topics: ['sport'] }] };
    await expect(apply(impossible)).rejects.toThrow('there is no topic sport');
    expect(await everything()).toEqual(before);
  });

  test('several times at once creates everything once', async () => {
    const reports = await Promise.all(Array.from({ length: 4 }, () => apply(newsroom)));
    expect(reports.filter(({ feeds }) => feeds.created.length === 1)).toHaveLength(1);
    expect(reports.filter(({ feeds }) => feeds.unchanged.length === 1)).toHaveLength(3);
    expect(await exportNewsroom(database.db)).toEqual(newsroom);
  });

  test('leaves a feed that is asked and paused as it is', async () => {
    await apply(newsroom);
    await database.db.updateTable('feed').set({ state: 'paused', etag: '"1"', nextCheckAt: later }).execute();
    await apply({ ...newsroom, feeds: [{ ...feed, language: 'en' }] });
    expect(await findFeed(database.db, { url: feed.url })).toMatchObject({
      state: 'paused',
      etag: '"1"',
      nextCheckAt: later,
      language: 'en',
    });
  });

  test('takes up a feed that was added by hand', async () => {
    const added = await insertFeed(database.db, { url: feed.url, language: null, now: later });
    expect(await apply(newsroom)).toMatchObject({ feeds: { created: [], updated: [{ name: feed.url }] } });
    expect(await findFeed(database.db, { url: feed.url })).toMatchObject({ feedId: added?.feedId, language: 'ar' });
  });
});

describe('a feed that has moved for good', () => {
  test('is still the one that the file lists under its old address', async () => {
    await apply(newsroom);
    const { feedId } = (await findFeed(database.db, { url: feed.url })) ?? { feedId: 0 };
    await markFeedMoved(database.db, feedId, 'https://news.example/rss');
    expect(await apply(newsroom, { prune: true })).toEqual(unchanged);
    expect((await listFeeds(database.db)).map(({ url }) => url)).toEqual(['https://news.example/rss']);
  });
});

describe('a channel that Telegram has told us more about', () => {
  const chatId = -1_001_234_567_890;

  beforeEach(async () => {
    await apply(newsroom);
    await activateChannel(database.db, { chatId, username: 'Example_Syria', title: 'قناة', language: 'ar', now });
  });

  test.each([['@example_syria'], [chatId]])('is found by %s', async (chat) => {
    const report = await apply({ channels: [{ chat, language: 'en', topics: ['syria', 'economy'] }] });
    expect(report.channels).toEqual({ ...nothing, updated: [{ name: String(chat), fields: ['language', 'topics'] }] });
    expect(await findRecipientByChat(database.db, chatId)).toMatchObject({
      username: 'example_syria',
      title: 'قناة',
      language: 'en',
    });
  });

  test('is exported by its name, and unchanged when that is applied', async () => {
    expect((await exportNewsroom(database.db)).channels).toEqual([channel]);
    expect(await apply(await exportNewsroom(database.db), { prune: true })).toEqual(unchanged);
  });

  test('is refused when it is listed under both', async () => {
    const twice = { channels: [channel, { ...channel, chat: chatId }] };
    await expect(apply(twice)).rejects.toThrow(SameChannelError);
  });

  test('stays disabled when we may not post there', async () => {
    const { recipientId = 0 } = (await findRecipientByChat(database.db, chatId)) ?? {};
    await setRecipientState(database.db, recipientId, { state: 'disabled', reason: 'kicked', now });
    await apply({ channels: [{ ...channel, topics: [] }] });
    expect(await findRecipientByChat(database.db, chatId)).toMatchObject({ state: 'disabled', stateReason: 'kicked' });
  });
});

describe('exporting a newsroom', () => {
  test('and applying that changes nothing, whatever else has happened to it', async () => {
    await apply(newsroom);
    await apply({ topics: [{ slug: 'sport', name: { en: 'Sport' }, keywords: {} }, syria] });
    await activateChannel(database.db, { chatId: -100_555, username: null, title: null, language: null, now });
    await insertFeed(database.db, { url: 'https://hand.example/', language: null, now });

    const before = await everything();
    const report = await apply(await exportNewsroom(database.db), { prune: true });
    for (const kind of Object.values(report)) expect(kind).toEqual({ ...nothing, unchanged: kind.unchanged });
    expect(await everything()).toEqual(before);
  });

  test('of nothing is a newsroom without anything', async () => {
    expect(await exportNewsroom(database.db)).toEqual({ topics: [], feeds: [], channels: [] });
  });
});

async function everything() {
  const { db } = database;
  return {
    topics: await db.selectFrom('topic').selectAll().orderBy('topicId').execute(),
    feeds: await db.selectFrom('feed').selectAll().orderBy('feedId').execute(),
    feedTopics: await db.selectFrom('feedTopic').selectAll().orderBy('feedId').orderBy('topicId').execute(),
    feedCategories: await db.selectFrom('feedCategory').selectAll().orderBy('feedId').orderBy('category').execute(),
    recipients: await db.selectFrom('recipient').selectAll().orderBy('recipientId').execute(),
    subscriptions: await db.selectFrom('subscription').selectAll().orderBy('recipientId').orderBy('topicId').execute(),
  };
}
