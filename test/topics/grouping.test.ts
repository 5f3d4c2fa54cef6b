import { expect, it } from 'vitest';
import { createLog } from '../../src/lib/log.ts';
import { groupStories } from '../../src/stories/group.ts';
import { createStoryMemory } from '../../src/stories/story-memory.ts';
import { decideSuggestion, listOpenSuggestions } from '../../src/topics/suggestion-store.ts';
import type { TopicPrediction } from '../../src/topics/topic-model.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';
import { topicIdOf } from './newsroom.ts';

const database = useDatabase();
const log = createLog({ level: 'error', now: () => new Date(0), write: () => {} });

it('gives a new story the topics that the model is sure of, and an editor the others to decide', async () => {
  const { db } = database;
  const clock = createTestClock();
  const now = clock.now();
  for (const slug of ['sport', 'economy', 'health']) await topicIdOf(db, slug);
  await db
    .insertInto('article')
    .values({
      state: 'read',
      headline: 'أهلي الميناء يبيع أسهمه',
      kicker: null,
      body: 'نص الخبر.',
      language: 'ar',
      url: 'https://news.example/1',
      canonicalUrl: null,
      imageUrl: null,
      publishedAt: now,
      createdAt: now,
    })
    .execute();
  const predictions: TopicPrediction[] = [
    { slug: 'sport', confidence: 0.98, applied: true },
    { slug: 'economy', confidence: 0.7, applied: false },
    { slug: 'health', confidence: 0.1, applied: false },
  ];
  const currentPredictor = () => Promise.resolve(() => predictions);
  const deps = { db, clock, log, memory: createStoryMemory(), model: undefined, currentPredictor };

  expect(await groupStories(deps)).toBe(1);
  expect(await db.selectFrom('storyTopic').select(['topicId', 'why']).execute()).toEqual([
    { topicId: await topicIdOf(db, 'sport'), why: 'model' },
  ]);
  expect((await listOpenSuggestions(db, { now, limit: 5 })).suggestions).toMatchObject([
    { headline: 'أهلي الميناء يبيع أسهمه', topic: { slug: 'economy' }, confidence: expect.closeTo(0.7) },
  ]);
});

it('gives a story nothing that an editor has dismissed for it, when its article changes', async () => {
  const { db } = database;
  const clock = createTestClock();
  const now = clock.now();
  const topicId = await topicIdOf(db, 'economy');
  const { storyId } = await db.selectFrom('story').select('storyId').executeTakeFirstOrThrow();
  await decideSuggestion(db, { storyId, topicId, accept: false, editorId: 1, now });
  await db.updateTable('article').set({ state: 'read', claimedUntil: null }).execute();
  const sure: TopicPrediction[] = [{ slug: 'economy', confidence: 0.99, applied: true }];
  const currentPredictor = () => Promise.resolve(() => sure);

  expect(await groupStories({ db, clock, log, memory: createStoryMemory(), model: undefined, currentPredictor })).toBe(
    1,
  );
  expect(await db.selectFrom('storyTopic').select('topicId').where('topicId', '=', topicId).execute()).toEqual([]);
});
