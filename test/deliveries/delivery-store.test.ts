import { beforeEach, describe, expect, it } from 'vitest';
import {
  claimDeliveries,
  closeUnwanted,
  closeDeliveries,
  listAbandoned,
  markChatWritten,
  markDelivery,
  markSending,
  planStory,
  releaseDeliveries,
} from '../../src/deliveries/delivery-store.ts';
import { insertBroadcast } from '../../src/deliveries/broadcast-store.ts';
import { priorities } from '../../src/deliveries/delivery.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('the ledger', () => {
  const database = useDatabase();
  let storyId: number;
  let topicId: number;

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['delivery', 'story', 'recipient', 'topic'] as const) await db.deleteFrom(table).execute();
    ({ topicId } = await db
      .insertInto('topic')
      .values({ slug: 'local', name: '{}', keywords: '{}', position: 0 })
      .returning('topicId')
      .executeTakeFirstOrThrow());
    storyId = await addStory('ar');
  });

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
    values: { kind?: 'subscriber' | 'channel'; language?: string; chatId?: number } = {},
  ) {
    const rows = await database.db
      .insertInto('recipient')
      .values(
        Array.from({ length: count }, (_, index) => ({
          kind: values.kind ?? 'subscriber',
          chatId: (values.chatId ?? 1000) + index,
          language: values.language ?? null,
          createdAt: now,
        })),
      )
      .returning('recipientId')
      .execute();
    await database.db
      .insertInto('subscription')
      .values(rows.map(({ recipientId }) => ({ recipientId, topicId, createdAt: now })))
      .execute();
    return rows.map(({ recipientId }) => recipientId);
  }

  const plan = (story = storyId, priority: number = priorities.article) =>
    planStory(database.db, { storyId: story, priority, now });
  const claim = (limit: number, at = now) =>
    claimDeliveries(database.db, { now: at, limit, claimedUntil: new Date(at.getTime() + 40_000) });

  it('owes a story once to each follower, however often it is planned', async () => {
    await addRecipients(3);
    expect(await plan()).toBe(3);
    expect(await plan()).toBe(0);
    const rows = await database.db.selectFrom('delivery').selectAll().execute();
    expect(rows.map((row) => [row.state, row.topicIds])).toEqual(
      Array.from({ length: 3 }, () => ['planned', [topicId]]),
    );
  });

  it('owes a channel only what is in its language, and a reader what is in any', async () => {
    await addRecipients(1, { kind: 'channel', language: 'en' });
    expect(await plan()).toBe(0);
    expect(await plan(await addStory('en'))).toBe(1);
    await database.db.updateTable('recipient').set({ kind: 'subscriber' }).execute();
    expect(await plan()).toBe(1);
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
          ['حلب', 'حمص', 'حماة'].map((keyword) => ({ recipientId, keyword, terms: [keyword], createdAt: now })),
        ),
      )
      .execute();
    await db.updateTable('recipient').set({ state: 'stopped' }).where('recipientId', '=', stopped).execute();
    const planWith = (keywords: string[]) => planStory(db, { storyId, keywords, priority: priorities.article, now });
    expect(await planWith(['حمص', 'حلب'])).toBe(2);
    expect(await planWith(['حماة'])).toBe(0);
    const rows = await db
      .selectFrom('delivery')
      .select(['recipientId', 'topicIds', 'keywords'])
      .orderBy('recipientId')
      .execute();
    expect(rows).toEqual([
      { recipientId: reader, topicIds: [topicId], keywords: ['حلب', 'حمص'] },
      { recipientId: other, topicIds: [], keywords: ['حلب', 'حمص'] },
    ]);
  });

  it('withdraws what is owed to those who are not to be written to any more, but not what is under way', async () => {
    await addRecipients(2);
    await plan();
    const [underWay] = await claim(1);
    if (!underWay) throw new Error('nothing to claim');
    expect(await markSending(database.db, underWay, later(40))).toBe(true);
    await database.db.updateTable('recipient').set({ state: 'stopped' }).execute();
    await closeUnwanted(database.db, now);
    const states = await database.db.selectFrom('delivery').select(['state']).orderBy('state').execute();
    expect(states.map((row) => row.state)).toEqual(['canceled', 'sending']);
  });

  it('does not send what was withdrawn between the claim and the call', async () => {
    const [recipientId] = await addRecipients(1);
    await plan();
    const [delivery] = await claim(1);
    if (!delivery || recipientId === undefined) throw new Error('nothing to claim');
    await closeDeliveries(database.db, { recipientId }, { state: 'canceled', outcome: 'stopped', reason: '', now });
    expect(await markSending(database.db, delivery, later(40))).toBe(false);
  });

  it('makes a broadcast of a message once, however often it is confirmed', async () => {
    await addRecipients(3);
    const broadcast = {
      editorId: 1,
      fromChatId: 1,
      messageIds: [5],
      progressMessageId: 6,
      audience: 'readers',
      topicId: null,
      now,
    } as const;
    expect(await insertBroadcast(database.db, { ...broadcast, messageIds: [5] })).toMatchObject({ size: 3 });
    expect(await insertBroadcast(database.db, { ...broadcast, messageIds: [5] })).toBeUndefined();
  });

  it('gives each delivery to one of many who ask at the same time', async () => {
    await addRecipients(60);
    await plan();
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(10)));
    const ids = claims.flat().map((delivery) => delivery.deliveryId);
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    const rest = [];
    for (let more = await claim(10); more.length > 0; more = await claim(10)) rest.push(...more);
    expect(new Set([...ids, ...rest.map((delivery) => delivery.deliveryId)]).size).toBe(60);
  });

  it('takes at most one delivery of a recipient at a time, the most urgent', async () => {
    const [recipientId] = await addRecipients(1);
    await plan();
    const breaking = await addStory('ar');
    await plan(breaking, priorities.breaking);
    const claimed = await claim(10);
    expect(claimed.map((delivery) => delivery.storyId)).toEqual([breaking]);
    expect(claimed[0]?.recipient).toMatchObject({ recipientId, chatId: 1000, kind: 'subscriber', recentSentAt: [] });
    expect(await claim(10)).toEqual([]);
    expect((await claim(10, later(2))).map((delivery) => delivery.storyId)).toEqual([storyId]);
  });

  it('leaves a channel alone for the rest of the minute after twenty messages', async () => {
    await addRecipients(1, { kind: 'channel' });
    await plan();
    const [delivery] = await claim(1);
    if (!delivery) throw new Error('nothing to claim');
    const recentSentAt = Array.from({ length: 19 }, (_, index) => later(-38 + index * 2));
    await markChatWritten(database.db, { ...delivery.recipient, recentSentAt }, now);
    await releaseDeliveries(database.db, [delivery.deliveryId]);
    expect(await claim(1, later(21))).toEqual([]);
    expect(await claim(1, later(23))).toHaveLength(1);
  });

  it('gives what was claimed and not sent to others when the claim ends', async () => {
    await addRecipients(1);
    await plan();
    expect(await claim(1)).toHaveLength(1);
    expect(await claim(1, later(30))).toEqual([]);
    expect(await claim(1, later(41))).toHaveLength(1);
  });

  it('never takes again what is in the middle of a call, but knows it as abandoned when its claim has ended', async () => {
    await addRecipients(1);
    await plan();
    const [delivery] = await claim(1);
    if (!delivery) throw new Error('nothing to claim');
    expect(await markSending(database.db, delivery, later(40))).toBe(true);
    expect(await markSending(database.db, { ...delivery, claimedUntil: later(99) }, later(40))).toBe(false);
    expect(await claim(1, later(60))).toEqual([]);
    expect(await listAbandoned(database.db, later(30))).toEqual([]);
    expect(await listAbandoned(database.db, later(41))).toMatchObject([{ deliveryId: delivery?.deliveryId }]);
  });

  it('never opens again what is closed', async () => {
    const [recipientId] = await addRecipients(1);
    await plan();
    const [delivery] = await claim(1);
    if (!delivery || recipientId === undefined) throw new Error('nothing to claim');
    await markDelivery(database.db, delivery, {
      decision: { state: 'sent', closed: true },
      outcome: { kind: 'sent', reason: null, messageId: 7 },
      now,
    });
    await markDelivery(database.db, delivery, {
      decision: { state: 'planned', closed: false, dueInMs: 0, countsAsAttempt: true },
      outcome: { kind: 'retry', reason: 'late', messageId: null },
      now: later(1),
    });
    await closeDeliveries(
      database.db,
      { recipientId },
      { state: 'canceled', outcome: 'stopped', reason: '', now: later(2) },
    );
    const row = await database.db.selectFrom('delivery').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'sent', messageId: 7, closedAt: now, attempts: 1 });
  });
});
