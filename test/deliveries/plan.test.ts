import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { headSize } from '../../src/deliveries/audience-store.ts';
import { insertBroadcast } from '../../src/deliveries/broadcast-store.ts';
import { chunkSize } from '../../src/deliveries/chunk-store.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { addStoryTopics } from '../../src/stories/story-store.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-22T12:00:00Z');
const clock = { now: () => now, sleep: async () => {}, every: () => ({ stop() {} }) };

describe('planning', () => {
  const database = useDatabase();
  let storyId: number;
  let topicId: number;

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['delivery', 'chunk', 'subject', 'broadcast', 'story', 'recipient', 'topic'] as const) {
      await db.deleteFrom(table).execute();
    }
    topicId = await addTopic('local');
    storyId = await addStory('ar');
  });

  async function addTopic(slug: string): Promise<number> {
    const { topicId: id } = await database.db
      .insertInto('topic')
      .values({ slug, name: '{}', keywords: '{}', position: 0 })
      .returning('topicId')
      .executeTakeFirstOrThrow();
    return id;
  }

  async function addStory(language: string): Promise<number> {
    const { storyId: id } = await database.db
      .insertInto('story')
      .values({ headline: 'خبر', summary: 'نص.', language, publishedAt: now, createdAt: now })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    await database.db.insertInto('storyTopic').values({ storyId: id, topicId, why: 'feed' }).execute();
    return id;
  }

  async function addRecipients(
    count: number,
    values: { kind?: 'subscriber' | 'channel'; language?: string; chatId?: number; topic?: number } = {},
  ) {
    const { db } = database;
    const { rows } = await sql<{ recipientId: number }>`
      insert into recipient (kind, chat_id, language, created_at, last_active_at)
      select ${values.kind ?? 'subscriber'}, ${values.chatId ?? 1000} + n, ${values.language ?? null}, ${now},
        ${now}::timestamptz - n * interval '1 minute'
      from generate_series(1, ${count}) n
      returning recipient_id
    `.execute(db);
    const ids = rows.map(({ recipientId }) => recipientId);
    await sql`
      insert into subscription (recipient_id, topic_id, created_at)
      select unnest(${ids}::bigint[]), ${values.topic ?? topicId}, ${now}
    `.execute(db);
    return ids;
  }

  const plan = () => planDeliveries({ db: database.db, clock, freshHours: 12 });
  const rows = () => database.db.selectFrom('delivery').selectAll().orderBy('recipientId').execute();
  const chunks = () => database.db.selectFrom('chunk').selectAll().orderBy('chunkId').execute();

  it('owes a story once to each follower, however often it is planned', async () => {
    await addRecipients(3);
    expect(await plan()).toBe(3);
    await database.db.updateTable('story').set({ plannedAt: null }).execute();
    expect(await plan()).toBe(0);
    expect((await rows()).map((row) => [row.state, row.topicIds])).toEqual(
      Array.from({ length: 3 }, () => ['planned', [topicId]]),
    );
  });

  it('owes a channel only what is in its language, and a reader what is in any', async () => {
    await addRecipients(1, { kind: 'channel', language: 'en' });
    expect(await plan()).toBe(0);
    await addStory('en');
    expect(await plan()).toBe(1);
    await addRecipients(1, { language: 'en', chatId: 2000 });
    await database.db.updateTable('story').set({ plannedAt: null }).execute();
    expect(await plan()).toBe(2);
  });

  it('knows that a channel in Syrian Arabic is in Arabic', async () => {
    await addRecipients(1, { kind: 'channel', language: 'ar-SY' });
    expect(await plan()).toBe(1);
  });

  it("owes a story also for a reader's keywords, once, and says why", async () => {
    const { db } = database;
    const [reader, other, stopped] = await addRecipients(3);
    const [channel] = await addRecipients(1, { kind: 'channel', chatId: -1000 });
    if (!reader || !other || !stopped || !channel) throw new Error('a recipient is missing');
    await db.deleteFrom('subscription').where('recipientId', '!=', reader).execute();
    await db
      .insertInto('keywordSubscription')
      .values(
        [reader, other, stopped, channel].flatMap((recipientId) =>
          ['حلب', 'حمص'].map((keyword) => ({ recipientId, keyword, terms: [keyword], createdAt: now })),
        ),
      )
      .execute();
    await db.updateTable('recipient').set({ state: 'stopped' }).where('recipientId', '=', stopped).execute();
    await db
      .updateTable('story')
      .set({ headline: 'من حلب إلى حمص', searchTerms: ['حلب', 'حمص'] })
      .execute();
    expect(await plan()).toBe(2);
    expect((await rows()).map(({ recipientId, topicIds, keywords }) => ({ recipientId, topicIds, keywords }))).toEqual([
      { recipientId: reader, topicIds: [topicId], keywords: ['حلب', 'حمص'] },
      { recipientId: other, topicIds: null, keywords: ['حلب', 'حمص'] },
    ]);
  });

  it('owes a story that gets a further topic to those whom that one brings, and to nobody again', async () => {
    const other = await addTopic('sport');
    await addRecipients(2);
    await addRecipients(2, { chatId: 5000, topic: other });
    expect(await plan()).toBe(2);
    await addStoryTopics(database.db, storyId, { matches: [{ topicId: other, why: 'category' }], now });
    expect(await plan()).toBe(2);
    expect((await rows()).map(({ topicIds }) => topicIds)).toEqual([[topicId], [topicId], [other], [other]]);
  });

  it('writes down more readers than are found at once, each once, the most recently active first', async () => {
    const count = headSize + chunkSize + 1;
    const ids = await addRecipients(count);
    const [channel] = await addRecipients(1, { kind: 'channel', chatId: -9000 });
    expect(await plan()).toBe(count + 1);
    expect((await rows()).map(({ recipientId }) => recipientId)).toEqual([...ids, channel]);
    const order = (await chunks()).flatMap(({ recipientIds }) => recipientIds);
    expect(order).toEqual([channel, ...ids]);
    expect((await chunks()).map(({ tier, isListed }) => [tier, isListed])).toEqual([
      ...Array.from({ length: 3 }, () => [0, true]),
      ...Array.from({ length: (await chunks()).length - 3 }, () => [1, true]),
    ]);
  });

  it('goes on where it was ended after the first readers had been written down', async () => {
    await addRecipients(headSize + 10);
    const ending = new AbortController();
    // Asked before each step: the first readers are one, all others the next.
    const once = { ...clock, now: () => (ending.abort(), now) };
    await planDeliveries({ db: database.db, clock: once, freshHours: 12 }, { signal: ending.signal });
    expect(await rows()).toHaveLength(headSize);
    expect(await plan()).toBe(10);
    expect(await rows()).toHaveLength(headSize + 10);
  });

  it('owes a broadcast to its audience once, however often it is confirmed', async () => {
    await addRecipients(3);
    await addRecipients(1, { kind: 'channel', chatId: -1000 });
    await database.db.deleteFrom('story').execute();
    const broadcast = { editorId: 1, fromChatId: 1, messageIds: [5], progressMessageId: 6, now };
    const audience = { audience: 'readers', topicId: null } as const;
    expect(await insertBroadcast(database.db, { ...broadcast, ...audience })).toBeDefined();
    expect(await insertBroadcast(database.db, { ...broadcast, ...audience })).toBeUndefined();
    expect(await plan()).toBe(3);
    expect(await plan()).toBe(0);
  });
});
