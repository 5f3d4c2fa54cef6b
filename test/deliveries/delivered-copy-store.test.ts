import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  closeEarlierCorrections,
  lockCopies,
  planCorrection,
  planMissedCorrection,
} from '../../src/deliveries/delivered-copy-store.ts';
import {
  claimDeliveries,
  closeDeliveries,
  markDelivery,
  markSending,
  nextDeliveryAt,
} from '../../src/deliveries/delivery-store.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { lockRecipientState } from '../../src/recipients/recipient-store.ts';
import { insertCorrection } from '../../src/stories/correction-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('delivered copies', () => {
  const database = useDatabase();
  let storyId: number;
  let recipientId: number;

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['delivery', 'story', 'recipient'] as const) await db.deleteFrom(table).execute();
    ({ storyId } = await db
      .insertInto('story')
      .values({ headline: 'خبر', summary: 'نص.', language: 'ar', publishedAt: now, createdAt: now, plannedAt: now })
      .returning('storyId')
      .executeTakeFirstOrThrow());
    ({ recipientId } = await db
      .insertInto('recipient')
      .values({ kind: 'subscriber', chatId: 1000, createdAt: now })
      .returning('recipientId')
      .executeTakeFirstOrThrow());
    await db.insertInto('delivery').values({ recipientId, storyId, priority: 2, dueAt: now, plannedAt: now }).execute();
  });

  const claim = (at = now) => claimDeliveries(database.db, { now: at, limit: 10, claimedUntil: later(40) });
  const correct = (storyRevision: number) =>
    insertCorrection(database.db, { storyId, kind: 'update', storyRevision, dueAt: now, now });
  const plan = (at = now) => planDeliveries({ db: database.db, clock: createTestClock(at) });
  const corrections = () =>
    database.db
      .selectFrom('delivery')
      .selectAll()
      .where('correctionId', 'is not', null)
      .orderBy('deliveryId')
      .execute();
  const sent = {
    decision: { state: 'sent', closed: true },
    outcome: { kind: 'sent', reason: null, messageId: 7, storyRevision: 1, messageFormat: 'text' },
    now,
  } as const;

  it('are not missed by a correction that is planned while one is being written down', async () => {
    const { db } = database;
    const [delivery] = await claim();
    if (!delivery) throw new Error('nothing to claim');
    await correct(2);
    const recording = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const written = db.transaction().execute(async (trx) => {
      await lockCopies(trx, storyId, 'recording');
      await markDelivery(trx, delivery, sent);
      await planMissedCorrection(trx, { recipientId, recipientState: 'active', storyId, revision: 1, now });
      held.resolve();
      await recording.promise;
    });
    await held.promise;
    const planned = plan();
    await expect
      .poll(async () => {
        const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(db);
        return rows.length;
      })
      .toBe(1);
    recording.resolve();
    await written;
    expect(await planned).toBe(1);
    expect(await corrections()).toHaveLength(1);
  });

  it('are corrected once, whichever of their corrections is planned first and by how many processes', async () => {
    const [delivery] = await claim();
    if (!delivery) throw new Error('nothing to claim');
    await markDelivery(database.db, delivery, sent);
    await correct(2);
    await correct(3);
    const counts = await Promise.all([plan(), plan(), plan()]);
    expect(counts.toSorted()).toEqual([0, 0, 1]);
    expect(await corrections()).toMatchObject([{ recipientId, priority: 0, state: 'planned' }]);
    await correct(3);
    expect(await plan()).toBe(0);
  });

  it('wait for their correction while their recipient is being written to', async () => {
    const [delivery] = await claim();
    if (!delivery) throw new Error('nothing to claim');
    await markDelivery(database.db, delivery, sent);
    await correct(2);
    await plan();
    const [edit] = await claim(later(2));
    if (!edit) throw new Error('nothing to edit');
    await markSending(database.db, edit, later(62));
    await correct(3);
    await plan();
    expect((await corrections()).map(({ state }) => state)).toEqual(['sending', 'planned']);

    expect(await claim(later(10))).toEqual([]);
    expect(await nextDeliveryAt(database.db)).toEqual(later(62));
    await markDelivery(database.db, edit, { ...sent, outcome: { kind: 'sent', reason: null, messageId: null } });
    expect(await claim(later(10))).toHaveLength(1);
  });

  it('that are oldest are corrected first, so that a story that changes often reaches everyone', async () => {
    const { db } = database;
    await db.deleteFrom('recipient').execute();
    for (let reader = 0; reader < 6; reader += 1) {
      const { recipientId: id } = await db
        .insertInto('recipient')
        .values({ kind: 'subscriber', chatId: 2000 + reader, createdAt: now })
        .returning('recipientId')
        .executeTakeFirstOrThrow();
      const shown = [3, 2, 3, null, 2, null][reader] ?? null;
      const copy = {
        recipientId: id,
        storyId,
        state: 'sent',
        storyRevision: shown,
        messageId: 7,
        closedAt: now,
      } as const;
      await db
        .insertInto('delivery')
        .values({ ...copy, priority: 2, dueAt: now, plannedAt: now })
        .execute();
    }
    await correct(4);
    await plan();
    const order = await db
      .selectFrom('delivery')
      .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
      .select('chatId')
      .where('correctionId', 'is not', null)
      .orderBy('deliveryId')
      .execute();
    expect(order.map(({ chatId }) => chatId)).toEqual([2003, 2005, 2001, 2004, 2000, 2002]);
  });

  it('are corrected while it is written down that their reader has left, and neither ends the other', async () => {
    const { db } = database;
    const [delivery] = await claim();
    if (!delivery) throw new Error('nothing to claim');
    await markDelivery(db, delivery, sent);
    await correct(2);
    await plan();
    await correct(3);
    const newest = await db
      .selectFrom('correction')
      .selectAll()
      .where('plannedAt', 'is', null)
      .executeTakeFirstOrThrow();
    const recipientHeld = Promise.withResolvers<void>();
    const deliveriesHeld = Promise.withResolvers<void>();
    const recording = db.transaction().execute(async (trx) => {
      await lockRecipientState(trx, recipientId);
      recipientHeld.resolve();
      await deliveriesHeld.promise;
      await closeDeliveries(trx, { recipientId }, { state: 'failed', outcome: 'dead-reader', reason: '', now });
    });
    const planning = db.transaction().execute(async (trx) => {
      await lockCopies(trx, storyId, 'planning');
      await recipientHeld.promise;
      await closeEarlierCorrections(trx, { ...newest, now });
      deliveriesHeld.resolve();
      return planCorrection(trx, { ...newest, now });
    });
    expect(await Promise.allSettled([recording, planning])).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: 1 },
    ]);
  });

  it('are left alone in chats that are not to be written to, and where there is no message', async () => {
    const [delivery] = await claim();
    if (!delivery) throw new Error('nothing to claim');
    await markDelivery(database.db, delivery, { ...sent, outcome: { ...sent.outcome, messageId: 0 } });
    await correct(2);
    expect(await plan()).toBe(0);
    await database.db.updateTable('delivery').set({ messageId: 7 }).execute();
    await database.db.updateTable('recipient').set({ state: 'blocked' }).execute();
    await correct(3);
    expect(await plan()).toBe(0);
  });
});
