import { beforeEach, expect, it } from 'vitest';
import { listLabels } from '../../src/topics/label-store.ts';
import { decideSuggestion, insertSuggestions } from '../../src/topics/suggestion-store.ts';
import { useDatabase } from '../support/database.ts';
import { now, tellStory, topicIdOf } from './newsroom.ts';

const database = useDatabase();

async function suggest(storyId: number, slug: string, decision?: 'accept' | 'dismiss'): Promise<void> {
  const topicId = await topicIdOf(database.db, slug);
  await insertSuggestions(database.db, storyId, [{ topicId, confidence: 0.6 }], now);
  if (decision === undefined) return;
  await decideSuggestion(database.db, { storyId, topicId, accept: decision === 'accept', editorId: 1, now });
}

beforeEach(async () => {
  for (const table of ['story', 'article', 'topic'] as const) await database.db.deleteFrom(table).execute();
  for (const slug of ['sport', 'economy', 'syria', 'health']) await topicIdOf(database.db, slug);
});

it('are the articles that a feed, a category or an editor gave a topic, the newest first', async () => {
  const { db } = database;
  const first = await tellStory(db, { headline: 'الأول', body: 'نص', topics: { sport: 'feed', economy: 'category' } });
  await tellStory(db, { headline: 'بكلمة', topics: { sport: 'keyword' } });
  await tellStory(db, { headline: 'بالنموذج', topics: { sport: 'model' } });
  await tellStory(db, { headline: 'بلا شيء' });
  const last = await tellStory(db, { headline: 'الأخير', topics: { syria: 'editor' } });
  const labels = await listLabels(db);
  expect(labels.map(({ topics, ...label }) => ({ ...label, topics: [...topics].sort() }))).toEqual([
    { title: 'الأخير', text: '', topics: ['syria'], unsure: [], group: String(last) },
    { title: 'الأول', text: 'نص', topics: ['economy', 'sport'], unsure: [], group: String(first) },
  ]);
  expect(await listLabels(db, { limit: 1 })).toMatchObject([{ title: 'الأخير' }]);
});

it('are unsure of what only a keyword, the model or an open suggestion says', async () => {
  const storyId = await tellStory(database.db, {
    headline: 'خبر',
    topics: { syria: 'feed', sport: 'keyword', health: 'model' },
  });
  await suggest(storyId, 'economy');
  const [label] = await listLabels(database.db);
  expect(label?.topics).toEqual(['syria']);
  expect(label?.unsure?.toSorted()).toEqual(['economy', 'health', 'sport']);
});

it("follow the editors' decisions on suggestions", async () => {
  const storyId = await tellStory(database.db, { headline: 'خبر', topics: { syria: 'feed' } });
  await suggest(storyId, 'economy', 'accept');
  await suggest(storyId, 'sport', 'dismiss');
  const [label] = await listLabels(database.db);
  expect(label?.topics.toSorted()).toEqual(['economy', 'syria']);
  expect(label?.unsure).toEqual([]);
});

it('say of an article that has only a dismissal nothing but that', async () => {
  const storyId = await tellStory(database.db, { headline: 'خبر' });
  await suggest(storyId, 'sport', 'dismiss');
  const [label] = await listLabels(database.db);
  expect(label?.topics).toEqual([]);
  expect(label?.unsure?.toSorted()).toEqual(['economy', 'health', 'syria']);
});

it('leave out articles that were withdrawn, and texts beyond what is learnt from', async () => {
  await tellStory(database.db, { headline: 'طويل', body: 'كلمة '.repeat(10_000), topics: { sport: 'feed' } });
  expect((await listLabels(database.db))[0]?.text.length).toBeLessThan(10_000);
  await database.db.updateTable('article').set({ withdrawnAt: now }).execute();
  expect(await listLabels(database.db)).toEqual([]);
});
