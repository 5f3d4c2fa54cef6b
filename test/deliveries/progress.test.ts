import { beforeEach, describe, expect, it } from 'vitest';
import { countBroadcast, getBroadcast, insertBroadcast, lockProgress } from '../../src/deliveries/broadcast-store.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
import { createProgress, reportBroadcast } from '../../src/deliveries/progress.ts';
import type { BroadcastCounts, Desk } from '../../src/deliveries/sender.ts';
import { stopSubject } from '../../src/deliveries/subject-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const silent = async () => {};

describe('an editor who watches a broadcast', () => {
  const database = useDatabase();
  let clock: ReturnType<typeof createTestClock>;
  let broadcastId: number;
  let shown: [what: string, counts: BroadcastCounts, because?: string | null][];
  /** Whether a report comes through. */
  let comesThrough: boolean;

  const desk: Desk = {
    broadcastProgress: async (_, counts) => void shown.push(['progress', counts]),
    broadcastReport: async (_, counts, because) => {
      shown.push(['report', counts, because]);
      return comesThrough;
    },
    channelLost: silent,
    storyRefused: silent,
    correctionRefused: silent,
  };
  const deps = () => ({ db: database.db, desk, clock });
  const show = () => createProgress(deps()).show({ now: true });
  const state = async () => (await getBroadcast(database.db, broadcastId)).state;

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['broadcast', 'recipient'] as const) await db.deleteFrom(table).execute();
    clock = createTestClock();
    shown = [];
    comesThrough = true;
    await db
      .insertInto('recipient')
      .values([1, 2, 3].map((chatId) => ({ kind: 'subscriber' as const, chatId, createdAt: clock.now() })))
      .execute();
    broadcastId = (await insertBroadcast(db, {
      editorId: 4001,
      fromChatId: 4001,
      messageIds: [9],
      progressMessageId: 10,
      audience: 'readers',
      topicId: null,
      now: clock.now(),
    })) as number;
  });

  async function plan(counts: Partial<BroadcastCounts> & { canceled?: number }) {
    const { db } = database;
    const at = clock.now();
    const { subjectId } = await db
      .insertInto('subject')
      .values({ kind: 'broadcast', broadcastId, lane: lanes.broadcast, plannedAt: at })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    const { open = 0, total: _, ...closed } = counts;
    await db
      .insertInto('chunk')
      .values({
        subjectId,
        lane: lanes.broadcast,
        recipientIds: [],
        size: 3,
        ...closed,
        dueAt: at,
        isListed: true,
        closedAt: open === 0 ? at : null,
      })
      .execute();
    await db.updateTable('broadcast').set({ plannedAt: at }).execute();
  }

  it('sees all of its audience still to be written to until it is planned, and no end', async () => {
    await show();
    const counts = { total: 3, open: 3, sent: 0, blocked: 0, failed: 0, unknown: 0 };
    expect(shown).toEqual([['progress', counts]]);
    expect(await state()).toBe('running');
    await database.db.updateTable('recipient').set({ state: 'stopped' }).execute();
    await show();
    expect(shown.at(-1)).toMatchObject(['progress', { total: 0, open: 0 }]);
    expect(await state()).toBe('running');
  });

  it('is told of the end, once', async () => {
    await plan({ sent: 1, blocked: 1, canceled: 1 });
    await show();
    await show();
    expect(shown).toEqual([['report', { total: 3, open: 0, sent: 1, blocked: 1, failed: 1, unknown: 0 }, null]]);
    expect(await state()).toBe('done');
  });

  it('is told again when the report did not come through', async () => {
    await plan({ sent: 3 });
    comesThrough = false;
    await show();
    expect(await state()).toBe('running');
    comesThrough = true;
    await show();
    expect(shown.map(([what]) => what)).toEqual(['report', 'report']);
    expect(await state()).toBe('done');
  });

  it('is told at once that Telegram refused it', async () => {
    await plan({ sent: 1, open: 2 });
    await stopSubject(database.db, { broadcastId }, { outcome: 'content', reason: 'not found', now: clock.now() });
    await reportBroadcast(deps(), broadcastId);
    await reportBroadcast(deps(), broadcastId);
    await show();
    expect(shown).toMatchObject([['report', { sent: 1, open: 2 }, 'not found']]);
    expect(await getBroadcast(database.db, broadcastId)).toMatchObject({ state: 'stopped', stateReason: 'not found' });
  });

  it('never sees an older state after a newer one: while one process shows it, no other does', async () => {
    await plan({ sent: 1, open: 2 });
    await database.db.transaction().execute(async (trx) => {
      await lockProgress(trx, broadcastId);
      await show();
      expect(shown).toEqual([]);
    });
    await show();
    expect(shown).toHaveLength(1);
  });

  it('makes a broadcast once, however often it is confirmed', async () => {
    const { editorId, fromChatId, messageIds } = await getBroadcast(database.db, broadcastId);
    const again = {
      editorId,
      fromChatId,
      messageIds,
      progressMessageId: 11,
      audience: 'everyone',
      topicId: null,
    } as const;
    expect(await insertBroadcast(database.db, { ...again, now: clock.now() })).toBeUndefined();
    expect(await countBroadcast(database.db, broadcastId)).toMatchObject({ total: 3 });
  });
});
