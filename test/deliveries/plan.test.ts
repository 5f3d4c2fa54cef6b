import { type Insertable, type KyselyPlugin, sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/schema.ts';
import { headSize } from '../../src/deliveries/audience-store.ts';
import { insertBroadcast } from '../../src/deliveries/broadcast-store.ts';
import { chunkSize } from '../../src/deliveries/chunk-store.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
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

  async function addStory(
    language: string,
    { topics = [topicId], ...values }: Partial<Insertable<Database['story']>> & { topics?: number[] } = {},
  ): Promise<number> {
    const { storyId: id } = await database.db
      .insertInto('story')
      .values({ headline: 'خبر', summary: 'نص.', language, publishedAt: now, createdAt: now, ...values })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    for (const topic of topics) {
      await database.db.insertInto('storyTopic').values({ storyId: id, topicId: topic, why: 'feed' }).execute();
    }
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

  describe('several stories at once', () => {
    const planOnce = async () => {
      const ending = new AbortController();
      const once = { ...clock, now: () => (ending.abort(), now) };
      return planDeliveries({ db: database.db, clock: once, freshHours: 12 }, { signal: ending.signal });
    };

    /** Each story's rows: to whom, for which topics and keywords. */
    const owed = async () => {
      const all = await database.db
        .selectFrom('delivery')
        .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
        .select(['storyId', 'recipientId', 'delivery.topicIds', 'delivery.keywords'])
        .orderBy('storyId')
        .orderBy('recipientId')
        .execute();
      return all.map(({ storyId: of, recipientId, topicIds, keywords }) => [of, recipientId, topicIds, keywords]);
    };

    /** In the order in which their chunks are sent. */
    const storiesInOrder = async () => {
      const all = await database.db
        .selectFrom('chunk')
        .innerJoin('subject', 'subject.subjectId', 'chunk.subjectId')
        .select(['storyId', 'chunk.lane', 'chunk.dueAt'])
        .orderBy('chunk.lane')
        .orderBy('tier')
        .orderBy('chunkId')
        .execute();
      return all.map(({ storyId: of, lane, dueAt }) => [of, lane, dueAt]);
    };

    it('asks Postgres no more for sixteen stories than for two', async () => {
      const planCounted = async (stories: number) => {
        for (let added = 0; added < stories; added += 1) {
          const topic = await addTopic(`of-${stories}-${added}`);
          await addRecipients(1, { chatId: stories * 1000 + added, topic });
          await addStory('ar', { topics: [topic] });
        }
        let asked = 0;
        const count: KyselyPlugin = {
          transformQuery({ node }) {
            asked += 1;
            return node;
          },
          transformResult: async ({ result }) => result,
        };
        const db = database.db.withPlugin(count);
        expect(await planDeliveries({ db, clock, freshHours: 12 })).toBe(stories);
        return asked;
      };
      await plan();
      const ofTwo = await planCounted(2);
      expect(ofTwo).toBeGreaterThan(0);
      expect(await planCounted(16)).toBe(ofTwo);
    });

    it('owes each to those whom its own topics and keywords bring, and says which', async () => {
      const sport = await addTopic('sport');
      const [local, both] = (await addRecipients(2)) as [number, number];
      const [fan] = (await addRecipients(1, { chatId: 5000, topic: sport })) as [number];
      await database.db
        .insertInto('subscription')
        .values({ recipientId: both, topicId: sport, createdAt: now })
        .execute();
      const [arabic] = (await addRecipients(1, { kind: 'channel', chatId: -1000, language: 'ar' })) as [number];
      const [english] = (await addRecipients(1, { kind: 'channel', chatId: -2000, language: 'en' })) as [number];
      await database.db
        .insertInto('keywordSubscription')
        .values(
          [local, fan, arabic].map((recipientId) => ({ recipientId, keyword: 'حلب', terms: ['حلب'], createdAt: now })),
        )
        .execute();
      const inEnglish = await addStory('en');
      const onBoth = await addStory('ar', { topics: [topicId, sport] });
      const onNothing = await addStory('ar', { topics: [], headline: 'من حلب', searchTerms: ['حلب'] });
      const onSport = await addStory('ar', { topics: [sport], headline: 'في حلب', searchTerms: ['حلب'] });
      expect(await plan()).toBe((await owed()).length);
      expect(await owed()).toEqual([
        [storyId, local, [topicId], null],
        [storyId, both, [topicId], null],
        [storyId, arabic, [topicId], null],
        [inEnglish, local, [topicId], null],
        [inEnglish, both, [topicId], null],
        [inEnglish, english, [topicId], null],
        [onBoth, local, [topicId], null],
        [onBoth, both, [topicId, sport], null],
        [onBoth, fan, [sport], null],
        [onBoth, arabic, [topicId], null],
        [onNothing, local, null, ['حلب']],
        [onNothing, fan, null, ['حلب']],
        [onSport, local, null, ['حلب']],
        [onSport, both, [sport], null],
        [onSport, fan, [sport], ['حلب']],
      ]);
    });

    it('owes one that nobody was found for to those whom a further topic brings, beside the others', async () => {
      expect(await plan()).toBe(0);
      const sport = await addTopic('sport');
      const [fan] = (await addRecipients(1, { topic: sport })) as [number];
      await addStoryTopics(database.db, storyId, { matches: [{ topicId: sport, why: 'category' }], now });
      const next = await addStory('ar', { topics: [sport] });
      expect(await plan()).toBe(2);
      expect(await owed()).toEqual([
        [storyId, fan, [sport], null],
        [next, fan, [sport], null],
      ]);
    });

    it('has those that are urgent, late and too old each in its lane, in the order of the stories', async () => {
      await addRecipients(2);
      const hours = (count: number) => new Date(now.getTime() - count * 3_600_000);
      const late = await addStory('ar', { publishedAt: hours(20) });
      const old = await addStory('ar', { publishedAt: hours(100) });
      const breaking = await addStory('ar', { breaking: true });
      const last = await addStory('ar');
      expect(await plan()).toBe(10);
      expect(await storiesInOrder()).toEqual([
        [breaking, lanes.breaking, now],
        [storyId, lanes.story, now],
        [last, lanes.story, now],
        [late, lanes.digest, null],
        [old, lanes.digest, now],
      ]);
      const stopped = database.db.selectFrom('subject').select('storyId').where('stoppedOutcome', '=', 'stale');
      expect(await stopped.execute()).toEqual([{ storyId: old }]);
    });

    it.each(['topic', 'keyword'])('lets the readers of one whose %s many follow wait for no others', async (by) => {
      const crowded = await addTopic('crowded');
      const crowd = await addRecipients(headSize + 1, { chatId: 10_000, topic: crowded });
      if (by === 'keyword') {
        await sql`
          insert into keyword_subscription (recipient_id, keyword, terms, created_at)
          select unnest(${crowd}::bigint[]), 'حلب', '{حلب}', ${now}
        `.execute(database.db);
      }
      await addRecipients(1);
      const many = { headline: 'حلب', searchTerms: ['حلب'], topics: by === 'topic' ? [crowded] : [] };
      const second = await addStory('ar', many);
      const third = await addStory('ar');
      await addStory('ar', many);
      expect(await planOnce()).toBe(1);
      expect(await planOnce()).toBe(headSize);
      expect(new Set((await storiesInOrder()).map(([of]) => of))).toEqual(new Set([storyId, second]));
      await plan();
      expect((await owed()).filter(([of]) => of === third)).toHaveLength(1);
      expect(await rows()).toHaveLength(2 * (headSize + 1) + 2);
    });

    it('finds the rest of a story that several topics bring to many later', async () => {
      const others = await Promise.all(['one', 'two'].map(addTopic));
      for (const [index, topic] of others.entries()) {
        await addRecipients(headSize - 500, { chatId: 10_000 * (index + 1), topic });
      }
      await addRecipients(1);
      const large = await addStory('ar', { topics: others });
      expect(await planOnce()).toBe(headSize + 1);
      expect((await chunks()).map(({ size }) => size)).toEqual([1, ...Array(headSize / chunkSize).fill(chunkSize)]);
      expect(await plan()).toBe(headSize - 1000);
      expect((await owed()).filter(([of]) => of === large)).toHaveLength(2 * headSize - 1000);
    });
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
