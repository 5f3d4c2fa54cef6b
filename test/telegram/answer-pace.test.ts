import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import type { PaceSettings } from '../../src/deliveries/pace.ts';
import { paceState, takeSlots } from '../../src/deliveries/pace-store.ts';
import { createLog, silentLog } from '../../src/lib/log.ts';
import { answerPace } from '../../src/telegram/answer-pace.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const database = useDatabase();
const pace: PaceSettings = { perSecond: 30 };

beforeEach(async () => {
  await sql`update pace set next_at = clock_timestamp() - interval '1 hour',
    paid_next_at = clock_timestamp() - interval '1 hour', paused_until = null`.execute(database.db);
});

/** Answers through the transformer; returns what was called, and how long after it was asked for. */
function answers({ db = database.db, settings = pace } = {}) {
  const clock = createTestClock();
  const start = clock.now().getTime();
  const calls: { method: string; payload: object; afterMs: number }[] = [];
  const lines: string[] = [];
  const log = createLog({ level: 'info', now: () => clock.now(), write: (line) => void lines.push(line) });
  const transform = answerPace({ db, clock, log, pace: settings });
  const call = (method: 'sendMessage' | 'editMessageText' | 'sendChatAction', payload: { chat_id: number }) =>
    transform(
      (called, given) => {
        calls.push({ method: called, payload: given, afterMs: clock.now().getTime() - start });
        return Promise.resolve({ ok: true, result: true as never });
      },
      method,
      { text: 'أهلًا', action: 'typing', ...payload },
    );
  return { call, calls, clock, lines };
}

describe('an answer to a person', () => {
  it('goes at once, and holds its chat for a second', async () => {
    await database.db
      .insertInto('recipient')
      .values({ kind: 'subscriber', chatId: 77, createdAt: new Date() })
      .execute();
    const { call, calls, clock } = answers();
    const asked = clock.now().getTime();
    await call('sendMessage', { chat_id: 77 });
    expect(calls).toEqual([{ method: 'sendMessage', payload: expect.objectContaining({ chat_id: 77 }), afterMs: 0 }]);
    const { nextSendAt } = await database.db
      .selectFrom('recipient')
      .select('nextSendAt')
      .where('chatId', '=', 77)
      .executeTakeFirstOrThrow();
    expect((nextSendAt?.getTime() ?? 0) - asked).toBe(1_100);
  });

  it('waits for the slot after those that deliveries have taken', async () => {
    await takeSlots(database.db, { count: 3, pace: { perSecond: 0.1 }, canBePaid: false, now: new Date() });
    const { call, calls } = answers();
    await call('sendMessage', { chat_id: 78 });
    expect(calls).toHaveLength(1);
    // One slot of ten seconds is taken; a slow machine may have spent most of it.
    expect(calls[0]?.afterMs).toBeGreaterThan(100);
  });

  it.each(['editMessageText', 'sendChatAction'] as const)(
    'takes no slot where it makes no message: %s',
    async (method) => {
      await sql`update pace set next_at = clock_timestamp() + interval '1 minute'`.execute(database.db);
      const { call, calls } = answers();
      await call(method, { chat_id: 79 });
      expect(calls[0]?.afterMs).toBe(0);
    },
  );

  it('goes over the paid lane while that fills the free second', async () => {
    const settings = { perSecond: 30, paid: { perSecond: 1000, starsPerDay: 5 } };
    await takeSlots(database.db, { count: 40, pace: settings, canBePaid: true, now: createTestClock().now() });
    const { call, calls } = answers({ settings });
    await call('sendMessage', { chat_id: 80 });
    expect(calls[0]).toMatchObject({ afterMs: 0, payload: { chat_id: 80, allow_paid_broadcast: true } });
  });

  it('that Telegram finds too fast has everybody rest, so that it arrives when it is tried again', async () => {
    const clock = createTestClock();
    const transform = answerPace({ db: database.db, clock, log: silentLog, pace });
    const refusal = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 3 },
    } as const;
    await transform(() => Promise.resolve(refusal), 'sendMessage', { chat_id: 82, text: 'أهلًا' });
    const { pausedMs, factor } = await paceState(database.db);
    expect(pausedMs).toBeGreaterThan(2_000);
    expect(factor).toBeLessThan(1);
  });

  it('goes at once where the database is away', async () => {
    const away = openDatabase({ connectionString: 'postgres://nobody@127.0.0.1:1/nothing', log: silentLog });
    const { call, calls, lines } = answers({ db: away });
    await call('sendMessage', { chat_id: 81 });
    expect(calls[0]?.afterMs).toBe(0);
    expect(lines.some((line) => line.includes('an answer took no slot'))).toBe(true);
    await away.destroy();
  });
});
