import { beforeEach, expect, test } from 'vitest';
import { insertFeed } from '../../src/feeds/feed-store.ts';
import {
  deleteTopics,
  findTopicBySlug,
  listFeedTopics,
  listTopics,
  setFeedCategories,
  setFeedTopics,
  upsertTopic,
} from '../../src/topics/topic-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T19:00:00Z');
const syria = { slug: 'syria', name: { ar: 'سوريا' }, keywords: { ar: ['دمشق'] }, position: 1 };

beforeEach(async () => {
  for (const table of ['feed', 'topic'] as const) await database.db.deleteFrom(table).execute();
});

async function newFeed(url: string): Promise<number> {
  const feed = await insertFeed(database.db, { url, language: null, now });
  return feed?.feedId ?? 0;
}

test('topics are listed in their order, then by slug', async () => {
  for (const [slug, position] of [
    ['sport', 2],
    ['culture', 1],
    ['a_b', 1],
    ['a-b', 1],
  ] as const) {
    await upsertTopic(database.db, { ...syria, slug, position });
  }
  expect((await listTopics(database.db)).map(({ slug }) => slug)).toEqual(['a-b', 'a_b', 'culture', 'sport']);
});

test('a topic is found by its slug, as it was stored', async () => {
  const { topicId } = await upsertTopic(database.db, syria);
  expect(await findTopicBySlug(database.db, 'syria')).toEqual({ ...syria, topicId });
  expect(await findTopicBySlug(database.db, 'sport')).toBeUndefined();
});

test('a topic that exists keeps its id and gets the new values', async () => {
  const { topicId } = await upsertTopic(database.db, syria);
  const changed = { slug: 'syria', name: { en: 'Syria' }, keywords: {}, position: 5 };
  expect(await upsertTopic(database.db, changed)).toEqual({ ...changed, topicId });
});

test('a feed has exactly the topics and categories that it was given last', async () => {
  const feedId = await newFeed('https://news.example/');
  const otherId = await newFeed('https://other.example/');
  const { topicId } = await upsertTopic(database.db, syria);
  const { topicId: sportId } = await upsertTopic(database.db, { ...syria, slug: 'sport' });
  await setFeedTopics(database.db, feedId, [topicId, sportId]);
  await setFeedTopics(database.db, feedId, [sportId]);
  await setFeedTopics(database.db, otherId, [topicId]);
  await setFeedCategories(database.db, feedId, [{ category: 'سوريا', topicId }]);
  await setFeedCategories(database.db, feedId, [
    { category: 'فن', topicId },
    { category: 'رياضة', topicId: sportId },
  ]);

  expect(await listFeedTopics(database.db, [feedId])).toEqual({
    feedTopicIds: [{ feedId, topicId: sportId }],
    feedCategories: [
      { feedId, category: 'رياضة', topicId: sportId },
      { feedId, category: 'فن', topicId },
    ],
  });
  expect((await listFeedTopics(database.db, [feedId, otherId])).feedTopicIds).toHaveLength(2);
  expect(await listFeedTopics(database.db, [])).toEqual({ feedTopicIds: [], feedCategories: [] });

  await setFeedTopics(database.db, feedId, []);
  await setFeedCategories(database.db, feedId, []);
  expect(await listFeedTopics(database.db, [feedId])).toEqual({ feedTopicIds: [], feedCategories: [] });
});

test('a deleted topic is gone from its feeds too', async () => {
  const feedId = await newFeed('https://news.example/');
  const { topicId } = await upsertTopic(database.db, syria);
  await setFeedTopics(database.db, feedId, [topicId]);
  await setFeedCategories(database.db, feedId, [{ category: 'سوريا', topicId }]);
  await deleteTopics(database.db, [topicId]);
  expect(await listTopics(database.db)).toEqual([]);
  expect(await listFeedTopics(database.db, [feedId])).toEqual({ feedTopicIds: [], feedCategories: [] });
});
