import { beforeEach, describe, expect, it } from 'vitest';
import {
  decideSuggestion,
  insertSuggestions,
  listOpenSuggestions,
  maxSuggestionAgeMs,
} from '../../src/topics/suggestion-store.ts';
import { useDatabase } from '../support/database.ts';
import { now, tellStory, topicIdOf } from './newsroom.ts';

const database = useDatabase();
const editorId = 4_001;
const hour = 60 * 60_000;
let sport: number;
let economy: number;

beforeEach(async () => {
  for (const table of ['story', 'article', 'topic'] as const) await database.db.deleteFrom(table).execute();
  sport = await topicIdOf(database.db, 'sport');
  economy = await topicIdOf(database.db, 'economy');
});

async function suggested(headline: string, topicIds: number[], createdAt = now): Promise<number> {
  const storyId = await tellStory(database.db, { headline, createdAt });
  const suggestions = topicIds.map((topicId) => ({ topicId, confidence: 0.75 }));
  await insertSuggestions(database.db, storyId, suggestions, createdAt);
  return storyId;
}

const open = async (options: { limit?: number; after?: { storyId: number; topicId: number } } = {}) => {
  const { suggestions, more } = await listOpenSuggestions(database.db, { now, limit: 10, ...options });
  return { shown: suggestions.map(({ headline, topic }) => `${headline}: ${topic.slug}`), more };
};
const decide = (storyId: number, accept: boolean, more = {}) =>
  decideSuggestion(database.db, { storyId, topicId: sport, accept, editorId, now, ...more });
const topicsOf = (storyId: number) =>
  database.db.selectFrom('storyTopic').select(['topicId', 'why']).where('storyId', '=', storyId).execute();
const plannedAt = async (storyId: number) =>
  (await database.db.selectFrom('story').select('plannedAt').where('storyId', '=', storyId).executeTakeFirstOrThrow())
    .plannedAt;

describe('open suggestions', () => {
  it('are shown newest story first, and page by page', async () => {
    await suggested('أول', [sport]);
    const second = await suggested('ثان', [sport, economy]);
    expect(await open({ limit: 2 })).toEqual({ shown: ['ثان: economy', 'ثان: sport'], more: 1 });
    const after = { storyId: second, topicId: sport };
    expect(await open({ after })).toEqual({ shown: ['أول: sport'], more: 0 });
    expect(await open({ after: { ...after, storyId: 1 } })).toEqual({ shown: [], more: 0 });
  });

  it('hold what an editor needs to decide', async () => {
    const storyId = await tellStory(database.db, { headline: 'خبر', url: 'https://news.example/1' });
    await insertSuggestions(database.db, storyId, [{ topicId: sport, confidence: 0.75 }], now);
    expect((await listOpenSuggestions(database.db, { now, limit: 5 })).suggestions).toEqual([
      {
        storyId,
        topicId: sport,
        confidence: 0.75,
        state: 'open',
        headline: 'خبر',
        url: 'https://news.example/1',
        topic: { slug: 'sport', name: { ar: 'اسم sport' } },
      },
    ]);
  });

  it('are not shown when the story is old, was withdrawn, or has got the topic since', async () => {
    await suggested('قديم', [sport], new Date(now.getTime() - maxSuggestionAgeMs - hour));
    const withdrawn = await suggested('مسحوب', [sport]);
    await database.db.updateTable('story').set({ withdrawnAt: now }).where('storyId', '=', withdrawn).execute();
    const storyId = await suggested('خبر', [sport]);
    await database.db.insertInto('storyTopic').values({ storyId, topicId: sport, why: 'keyword' }).execute();
    expect(await open()).toEqual({ shown: [], more: 0 });
  });

  it('stay as they were when the same is suggested again', async () => {
    const storyId = await suggested('خبر', [sport]);
    await decide(storyId, false);
    await insertSuggestions(database.db, storyId, [{ topicId: sport, confidence: 0.9 }], now);
    expect(await open()).toEqual({ shown: [], more: 0 });
  });
});

describe('a decision', () => {
  it('to accept gives the story the topic as an editor, and has it planned', async () => {
    const storyId = await suggested('خبر', [sport, economy]);
    expect(await decide(storyId, true)).toMatchObject({
      state: 'accepted',
      isNew: true,
      isTold: true,
      headline: 'خبر',
    });
    expect(await topicsOf(storyId)).toEqual([{ topicId: sport, why: 'editor' }]);
    expect(await plannedAt(storyId)).toBeNull();
    expect(await open()).toEqual({ shown: ['خبر: economy'], more: 0 });
    const { decidedAt, decidedBy } = await database.db
      .selectFrom('topicSuggestion')
      .select(['decidedAt', 'decidedBy'])
      .where('topicId', '=', sport)
      .executeTakeFirstOrThrow();
    expect({ decidedAt, decidedBy }).toEqual({ decidedAt: now, decidedBy: editorId });
  });

  it('to dismiss changes nothing of the story', async () => {
    const storyId = await suggested('خبر', [sport]);
    expect(await decide(storyId, false)).toMatchObject({ state: 'dismissed', isNew: true, isTold: false });
    expect(await topicsOf(storyId)).toEqual([]);
    expect(await plannedAt(storyId)).toEqual(now);
  });

  it('is made once: the first of two editors at the same instant counts', async () => {
    const storyId = await suggested('خبر', [sport]);
    const decisions = await Promise.all([true, false, true, false].map((accept) => decide(storyId, accept)));
    expect(decisions.filter((decision) => decision?.isNew)).toHaveLength(1);
    const [state, ...others] = new Set(decisions.map((decision) => decision?.state));
    expect(others).toEqual([]);
    expect(await topicsOf(storyId)).toHaveLength(state === 'accepted' ? 1 : 0);
  });

  it('does not plan the story again when the button is pressed again', async () => {
    const storyId = await suggested('خبر', [sport]);
    await decide(storyId, true);
    await database.db.updateTable('story').set({ plannedAt: now }).where('storyId', '=', storyId).execute();
    expect(await decide(storyId, true)).toMatchObject({ state: 'accepted', isNew: false, isTold: false });
    expect(await plannedAt(storyId)).toEqual(now);
  });

  it('about an old or withdrawn story is kept, and sends nothing', async () => {
    const old = await suggested('قديم', [sport]);
    const later = new Date(now.getTime() + maxSuggestionAgeMs + hour);
    expect(await decide(old, true, { now: later })).toMatchObject({ state: 'accepted', isTold: false });
    expect(await topicsOf(old)).toEqual([{ topicId: sport, why: 'editor' }]);
    expect(await plannedAt(old)).toEqual(now);

    const withdrawn = await suggested('مسحوب', [sport]);
    await database.db.updateTable('story').set({ withdrawnAt: now }).where('storyId', '=', withdrawn).execute();
    expect(await decide(withdrawn, true)).toMatchObject({ isTold: false });
    expect(await plannedAt(withdrawn)).toEqual(now);
  });

  it('becomes the reason for a topic that a keyword has given meanwhile', async () => {
    const storyId = await suggested('خبر', [sport]);
    await database.db.insertInto('storyTopic').values({ storyId, topicId: sport, why: 'keyword' }).execute();
    await decide(storyId, true);
    expect(await topicsOf(storyId)).toEqual([{ topicId: sport, why: 'editor' }]);
  });

  it('about what is gone is none', async () => {
    const storyId = await suggested('خبر', [economy]);
    expect(await decide(storyId, true)).toBeUndefined();
    expect(await topicsOf(storyId)).toEqual([]);
  });
});
