import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { claimChunks } from '../../src/deliveries/chunk-store.ts';
import { lockCopies, planMissedCorrections } from '../../src/deliveries/delivered-copy-store.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
import { markDeliveries, startDeliveries } from '../../src/deliveries/delivery-store.ts';
import { sendDeliveries } from '../../src/deliveries/send.ts';
import { setRecipientState } from '../../src/recipients/recipient-store.ts';
import { insertCorrection } from '../../src/stories/correction-store.ts';
import { updateStory } from '../../src/stories/story-store.ts';
import { useSendingDesk } from '../support/sending-desk.ts';
import { createTestClock } from '../support/test-clock.ts';

describe('delivered copies', () => {
  const clock = createTestClock();
  const desk = useSendingDesk({ clock });
  const now = () => clock.now();
  let storyId: number;
  let readers: Awaited<ReturnType<typeof desk.addReaders>>;

  beforeEach(async () => {
    for (const table of ['delivery', 'story', 'recipient'] as const) await desk.db.deleteFrom(table).execute();
    readers = await desk.addReaders(1);
    storyId = await desk.addStory('الخبر كما كان');
  });

  /** The story is told to everyone. */
  const tell = async () => {
    await desk.plan();
    await desk.send();
  };
  /** Says in the headline which revision it is. */
  const correct = async (storyRevision: number) => {
    await updateStory(desk.db, storyId, { headline: `الصيغة ${storyRevision}`, correctedAt: now(), shows: true });
    await insertCorrection(desk.db, { storyId, kind: 'update', storyRevision, dueAt: now(), now: now() });
  };
  const deliver = async () => {
    await desk.plan();
    await desk.send();
  };
  const shown = () => readers.map(({ user }) => user.messages().map(({ text }) => text?.split('\n')[0]));
  const edits = () => desk.telegram.calls('editMessageText').length;
  /** Those of the story's corrections, in the order of planning. */
  const corrections = () =>
    desk.db
      .selectFrom('delivery')
      .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
      .innerJoin('correction', 'correction.correctionId', 'subject.correctionId')
      .select(['recipientId', 'state', 'outcome', 'lane'])
      .where('correction.storyId', '=', storyId)
      .orderBy('delivery.subjectId')
      .orderBy('recipientId')
      .execute();

  it('are not missed by a correction that is planned while one is being written down', async () => {
    const { db } = desk;
    await desk.plan();
    const [chunk] = await claimChunks(db, {
      sender: 'another',
      claim: 'another.1',
      leaseMs: 60_000,
      recipientsAtOnce: 150,
      now: now(),
    });
    if (!chunk) throw new Error('nothing is planned');
    const recipientId = chunk.recipientIds[0] as number;
    const slot = { recipientId, at: now(), nextSendAt: now() };
    const slice = { chunk, claim: 'another.1', starting: [slot] };
    const [started] = await startDeliveries(db, [slice], { reaches: ['active'], rivals: [] });
    expect(started?.attempts).toEqual(new Map([[recipientId, 1]]));
    await correct(2);
    const recording = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const written = db.transaction().execute(async (trx) => {
      await lockCopies(trx, [storyId], 'recording');
      const answer = { event: 'arrive', outcome: 'sent', reason: null, messageId: 7, storyRevision: 1 } as const;
      await markDeliveries(trx, [{ subjectId: chunk.subjectId, recipientId, attempts: 1, ...answer }], { now: now() });
      await planMissedCorrections(trx, [{ storyId, recipientId, revision: 1 }], now());
      held.resolve();
      await recording.promise;
    });
    await held.promise;
    const planned = desk.plan();
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
    await tell();
    await correct(2);
    await correct(3);
    const counts = await Promise.all([desk.plan(), desk.plan(), desk.plan()]);
    expect(counts.toSorted()).toEqual([0, 0, 1]);
    expect(await corrections()).toMatchObject([{ lane: lanes.correction, state: 'planned' }]);
    const before = edits();
    await desk.send();
    expect(edits()).toBe(before + 1);
    expect(shown()).toEqual([['الصيغة 3']]);
    await insertCorrection(desk.db, { storyId, kind: 'update', storyRevision: 3, dueAt: now(), now: now() });
    expect(await desk.plan()).toBe(0);
  });

  it('are each corrected once where several correct them at the same time', async () => {
    readers.push(...(await desk.addReaders(60)));
    await tell();
    await correct(2);
    await desk.plan();
    const before = edits();
    const racing = [desk.send(), desk.send(), desk.send()];
    await correct(3);
    await desk.plan();
    await Promise.all(racing);
    await deliver();
    expect(shown()).toEqual(readers.map(() => ['الصيغة 3']));
    expect(edits() - before).toBeLessThanOrEqual(2 * readers.length);
    expect(new Set((await corrections()).map(({ state }) => state))).not.toContain('planned');
  });

  it('wait for their correction while their recipient is being written to', async () => {
    await tell();
    await correct(2);
    await desk.plan();
    const { sender } = desk.deps();
    const before = edits();
    let other: Promise<unknown> | undefined;
    let editsMeanwhile: number | undefined;
    /** How often the reader was put off with the next correction. */
    const postponements = async () => {
      const { rows } = await sql`
        select from chunk join subject using (subject_id) join correction using (correction_id)
        where story_revision = 3 and correction.story_id = ${storyId} and closed_at is not null
      `.execute(desk.db);
      return rows.length;
    };
    // While this process is in the middle of the edit, another one has the next correction.
    const editStory: typeof sender.editStory = async (...args) => {
      if (!other) {
        await correct(3);
        await desk.plan();
        other = desk.send();
        await expect.poll(postponements, { timeout: 20_000 }).toBeGreaterThan(1);
        editsMeanwhile = edits() - before;
      }
      return sender.editStory(...args);
    };
    await sendDeliveries({ ...desk.deps(), sender: { ...sender, editStory } });
    await other;
    expect(editsMeanwhile).toBe(0);
    expect(edits()).toBe(before + 2);
    expect(shown()).toEqual([['الصيغة 3']]);
  });

  it('that are oldest are corrected first, so that a story that changes often reaches everyone', async () => {
    readers.push(...(await desk.addReaders(5)));
    await tell();
    for (const [index, storyRevision] of [3, 2, 3, null, 2, null].entries()) {
      const recipientId = readers[index]?.recipientId as number;
      await desk.db.updateTable('delivery').set({ storyRevision }).where('recipientId', '=', recipientId).execute();
    }
    for (const revision of [2, 3, 4]) await correct(revision);
    await desk.plan();
    const { recipientIds } = await desk.db
      .selectFrom('chunk')
      .select('recipientIds')
      .where('closedAt', 'is', null)
      .executeTakeFirstOrThrow();
    const order = recipientIds.map((id) => readers.findIndex(({ recipientId }) => recipientId === id));
    expect(order).toEqual([3, 5, 1, 4, 0, 2]);
  });

  it('are corrected while it is written down that their reader has left, and neither ends the other', async () => {
    const { db } = desk;
    await tell();
    await correct(2);
    await desk.plan();
    await correct(3);
    const recipientId = readers[0]?.recipientId as number;
    const planned = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const leaving = db.transaction().execute(async (trx) => {
      const hasLeft = await setRecipientState(trx, recipientId, { state: 'blocked', now: now() });
      held.resolve();
      await planned.promise;
      return hasLeft;
    });
    await held.promise;
    expect(await desk.plan()).toBe(1);
    planned.resolve();
    expect(await leaving).toBe(true);
    const before = edits();
    await desk.send();
    expect(edits()).toBe(before);
    expect((await corrections()).map(({ state, outcome }) => [state, outcome])).toEqual([
      ['canceled', 'superseded'],
      ['canceled', 'left'],
    ]);
  });

  it('are corrected also where their reader left and came back before the correction went out', async () => {
    await tell();
    await correct(2);
    await desk.plan();
    const recipientId = readers[0]?.recipientId as number;
    clock.advance(1000);
    await setRecipientState(desk.db, recipientId, { state: 'stopped', now: now() });
    await setRecipientState(desk.db, recipientId, { state: 'active', now: now() });
    await desk.send();
    expect(shown()).toEqual([['الصيغة 2']]);
  });

  it('are left alone in chats that are not to be written to, and where there is no message', async () => {
    await tell();
    await desk.db.updateTable('delivery').set({ messageId: 0 }).execute();
    await correct(2);
    expect(await desk.plan()).toBe(0);
    await desk.db.updateTable('delivery').set({ messageId: 7 }).execute();
    await desk.db.updateTable('recipient').set({ state: 'blocked' }).execute();
    await correct(3);
    expect(await desk.plan()).toBe(0);
  });
});
