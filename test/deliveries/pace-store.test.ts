import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { creditSize, floodSlowing, recovered } from '../../src/deliveries/pace.ts';
import {
  noteFlood,
  type PaceSettings,
  paceState,
  pausedForMs,
  pauseSending,
  type Slots,
  takeAnswerSlot,
  takeSlots,
} from '../../src/deliveries/pace-store.ts';
import { paidMessages } from '../../src/deliveries/paid-store.ts';
import { silentLog } from '../../src/lib/log.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T12:00:00Z');
const timeZone = 'Asia/Damascus';
const free: PaceSettings = { perSecond: 30 };
const paid = (starsPerDay: number): PaceSettings => ({
  perSecond: 30,
  paid: { perSecond: 1000, starsPerDay },
  timeZone,
});

beforeEach(async () => {
  await setPace(sql`next_at = clock_timestamp() - interval '1 hour', paid_next_at = clock_timestamp() - interval '1 hour',
    paused_until = null, factor = 1, factor_at = null, flood_at = null`);
  await sql`delete from paid_usage`.execute(database.db);
});

async function setPace(values: ReturnType<typeof sql>): Promise<void> {
  await sql`update pace set ${values}`.execute(database.db);
}

const take = (pace: PaceSettings, { count = 500, canBePaid = true, at = now, db = database.db } = {}) =>
  takeSlots(db, { count, pace, canBePaid, now: at });

async function taken(pace: PaceSettings, options = {}): Promise<Extract<Slots, { kind: 'slots' }>> {
  const slots = await take(pace, options);
  if (slots.kind !== 'slots') throw new Error(`no slots for ${slots.forMs} ms`);
  return slots;
}

describe('the pace of the bot', () => {
  it('hands a slot out once, however many ask at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => take({ perSecond: 0.01 }, { count: 3 })));
    const given = answers.filter((slots) => slots.kind === 'slots');
    expect(given).toEqual([
      {
        kind: 'slots',
        count: 1,
        inMs: 0,
        everyMs: expect.closeTo(100_806, 0),
        isPaid: false,
        atMs: expect.any(Number),
      },
    ]);
    // A slot of a hundred seconds is gone; a minute and a half is left for a very slow machine.
    const waits = answers.map((slots) => (slots.kind === 'wait' ? slots.forMs : Number.POSITIVE_INFINITY));
    expect(Math.min(...waits)).toBeGreaterThan(10_000);
  });

  it('begins after a rest with few slots, one after the other', async () => {
    expect(await taken(free)).toEqual({
      kind: 'slots',
      count: 3,
      inMs: 0,
      everyMs: expect.closeTo(33.6, 1),
      atMs: expect.any(Number),
      isPaid: false,
    });
    const next = await take(free);
    if (next.kind === 'slots') expect(next.inMs).toBeGreaterThan(0);
  });

  it('hands out what it was asked for where that is less', async () => {
    expect(await taken({ perSecond: 1_000_000 }, { count: 7 })).toMatchObject({ count: 7 });
  });

  it.each([
    ['back', '1 hour'],
    ['forward', '-1 hour'],
  ])('goes on where the clock of Postgres was set %s', async (_name, jump) => {
    await setPace(
      sql`next_at = clock_timestamp() + ${jump}::interval, paid_next_at = clock_timestamp() + ${jump}::interval`,
    );
    expect(await taken(free)).toMatchObject({ count: 3 });
    await setPace(
      sql`next_at = clock_timestamp() + ${jump}::interval, paid_next_at = clock_timestamp() + ${jump}::interval`,
    );
    expect(await taken(paid(50))).toMatchObject({ isPaid: true });
    await setPace(sql`next_at = clock_timestamp() + ${jump}::interval`);
    expect((await takeAnswerSlot(database.db, { pace: free, canBePaid: true, now })).waitMs).toBeLessThan(1_000);
  });

  it('stops everybody for as long as Telegram asks, and never shortens a longer pause', async () => {
    await pauseSending(database.db, 3_600_000);
    await pauseSending(database.db, 1_000);
    expect(await pausedForMs(database.db)).toBeGreaterThan(3_500_000);
    for (const pace of [{ perSecond: 1000 }, paid(1)]) {
      const slots = await take(pace);
      expect(slots.kind === 'wait' && slots.forMs > 3_500_000).toBe(true);
    }
  });
});

describe('slots taken over several connections', () => {
  const connections: Db[] = [];
  beforeAll(() => {
    const { connectionString } = database;
    connections.push(
      ...Array.from({ length: 6 }, () => openDatabase({ connectionString, log: silentLog, maxConnections: 1 })),
    );
  });
  afterAll(() => Promise.all(connections.map((db) => db.destroy())));

  /** Postgres' times of the slots that all of them took: in milliseconds, in order. */
  async function slotTimes(pace: PaceSettings, rounds: number): Promise<number[]> {
    const column = pace.paid ? sql`paid_next_at` : sql`next_at`;
    const times: number[] = [];
    const takeOne = (db: Db) =>
      db.transaction().execute(async (trx) => {
        const slots = await take(pace, { db: trx });
        if (slots.kind === 'wait') return;
        const { rows } = await sql<{ endMs: number }>`
          select (extract(epoch from ${column}) * 1000)::float8 as end_ms from pace
        `.execute(trx);
        const endMs = rows[0]?.endMs ?? Number.NaN;
        for (let left = slots.count; left > 0; left -= 1) times.push(endMs - left * slots.everyMs);
      });
    await Promise.all(
      connections.map(async (db) => {
        for (let round = 0; round < rounds; round += 1) await takeOne(db);
      }),
    );
    return times.toSorted((a, b) => a - b);
  }

  it.each([
    ['free', { perSecond: 30 }, 1000 / (30 * 0.992), 3],
    ['free and fast', { perSecond: 2_000 }, 1000 / (2_000 * 0.992), 300],
    ['paid', paid(1_000_000), 1000 / 960, 100],
  ] as const)('are never closer than the allowance: %s', async (_name, pace, everyMs, least) => {
    const times = await slotTimes(pace, 40);
    expect(times.length).toBeGreaterThanOrEqual(least);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Postgres counts in microseconds.
    expect(Math.min(...gaps)).toBeGreaterThan(everyMs - 0.01);
  });

  it('never cost more Stars than the day has', async () => {
    await slotTimes(paid(10), 40);
    const used = await paidMessages(database.db, { now, timeZone });
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThanOrEqual(100);
  });
});

describe('after a flood answer', () => {
  it('everybody is slower, and the ten answers of one flood count once', async () => {
    for (let answer = 0; answer < 10; answer += 1) {
      await noteFlood(database.db);
      await pauseSending(database.db, 5_000);
    }
    expect((await paceState(database.db)).factor).toBeCloseTo(floodSlowing, 3);
  });

  it('whether the pause is noted before it or after', async () => {
    for (let flood = 1; flood <= 3; flood += 1) {
      for (let answer = 0; answer < 5; answer += 1) {
        await pauseSending(database.db, 5_000);
        await noteFlood(database.db);
      }
      expect((await paceState(database.db)).factor).toBeCloseTo(floodSlowing ** flood, 3);
      await setPace(sql`paused_until = clock_timestamp(), flood_at = flood_at - interval '5 seconds'`);
    }
  });

  it('however many come, a tenth of the pace is left', async () => {
    for (let flood = 0; flood < 40; flood += 1) {
      await noteFlood(database.db);
      await setPace(sql`flood_at = clock_timestamp() - interval '1 minute', factor_at = clock_timestamp()`);
    }
    expect((await paceState(database.db)).factor).toBeCloseTo(0.1, 3);
    expect((await taken(free)).everyMs).toBeCloseTo(1000 / (30 * 0.992 * 0.1), 0);
  });

  it.each([0, 30, 120, 100_000])('the pace recovers: after %s seconds', async (seconds) => {
    await setPace(sql`factor = 0.5, factor_at = clock_timestamp() - ${seconds} * interval '1 second'`);
    const expected = recovered(0.5, seconds * 1000);
    expect((await paceState(database.db)).factor).toBeCloseTo(expected, 2);
    expect((await taken(free)).everyMs / (1000 / (30 * 0.992 * expected))).toBeCloseTo(1, 2);
    await setPace(sql`paid_next_at = clock_timestamp() - interval '1 hour'`);
    // After a rest: three quarters of 960.
    expect((await taken(paid(1))).everyMs / (1000 / (720 * expected))).toBeCloseTo(1, 2);
  });

  it('a pause is no time to recover in', async () => {
    await setPace(
      sql`factor = 0.5, factor_at = clock_timestamp() - interval '1 hour', paused_until = clock_timestamp()`,
    );
    expect((await paceState(database.db)).factor).toBeCloseTo(0.5, 2);
  });
});

describe('the paid lane', () => {
  it('is taken at once, and what Telegram does not charge is not counted', async () => {
    const slots = await taken(paid(100));
    expect(slots).toMatchObject({ count: 109, isPaid: true, inMs: 0 });
    expect(slots.everyMs).toBeCloseTo(1000 / 720, 3);
    expect(await paidMessages(database.db, { now, timeZone })).toBe(109 - creditSize);
  });

  it('costs nothing for a story that few readers follow', async () => {
    expect(await taken(paid(1), { count: 15 })).toMatchObject({ count: 15, isPaid: true });
    expect(await paidMessages(database.db, { now, timeZone })).toBe(0);
  });

  it('ends with the Stars of the day, and begins again the next', async () => {
    expect(await taken(paid(1))).toMatchObject({ count: creditSize + 10, isPaid: true });
    expect(await paidMessages(database.db, { now, timeZone })).toBe(10);
    expect((await take(paid(1))).kind).toBe('wait');
    await setPace(sql`paid_next_at = clock_timestamp() - interval '2 seconds', next_at = clock_timestamp()`);
    expect(await taken(paid(1))).toMatchObject({ isPaid: false, count: 3 });
    await setPace(sql`next_at = clock_timestamp()`);
    // 21:30 in London is half past midnight in Damascus.
    const tomorrow = new Date('2026-11-22T21:30:00Z');
    expect(await taken(paid(1), { at: tomorrow })).toMatchObject({ isPaid: true, count: 10 });
    expect(await paidMessages(database.db, { now: tomorrow, timeZone })).toBe(10);
  });

  it('fills the free second too: what cannot be paid waits until it is silent', async () => {
    await taken(paid(100));
    const slots = await take(paid(100), { canBePaid: false });
    expect(slots.kind).toBe('wait');
    await setPace(sql`paid_next_at = clock_timestamp() - interval '2 seconds', next_at = clock_timestamp()`);
    expect(await taken(paid(100), { canBePaid: false })).toMatchObject({ isPaid: false });
  });

  it('is no lane where it is not faster', async () => {
    expect(await taken({ perSecond: 30, paid: { perSecond: 30, starsPerDay: 5 } })).toMatchObject({ isPaid: false });
  });
});

describe('an answer to a person', () => {
  const answer = (pace: PaceSettings) => takeAnswerSlot(database.db, { pace, canBePaid: true, now });

  it('goes at once where nothing else does', async () => {
    expect(await answer(free)).toEqual({ waitMs: 0, isPaid: false });
  });

  it('takes the slot after those that are taken, and is part of the pace', async () => {
    await setPace(sql`next_at = clock_timestamp() + interval '1 minute'`);
    const first = await answer(free);
    const second = await answer(free);
    expect(first.waitMs).toBeGreaterThan(30_000);
    const { rows } = await sql<{ ahead: boolean }>`
      select next_at > clock_timestamp() + interval '30 seconds' as ahead from pace
    `.execute(database.db);
    expect(rows).toEqual([{ ahead: true }]);
    expect(second.waitMs).toBeGreaterThan(30_000);
  });

  it('waits for two tenths of a second of deliveries at most', async () => {
    // Whatever deliveries take, they take ahead no further than this.
    for (let slices = 0; slices < 20; slices += 1) await take(free);
    expect((await answer(free)).waitMs).toBeLessThan(210);
  });

  it('waits for the end of a short pause, and not for that of a long one', async () => {
    await pauseSending(database.db, 900);
    const { waitMs } = await answer(free);
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(900);
    await pauseSending(database.db, 3_600_000);
    expect((await answer(free)).waitMs).toBeLessThan(1_000);
  });

  it('goes over the paid lane while that is in use, and counts', async () => {
    await taken(paid(100));
    const used = await paidMessages(database.db, { now, timeZone });
    expect(await answer(paid(100))).toEqual({ waitMs: 0, isPaid: true });
    expect(await paidMessages(database.db, { now, timeZone })).toBe(used + 1);
    await setPace(sql`paid_next_at = clock_timestamp() - interval '2 seconds'`);
    expect(await answer(paid(100))).toMatchObject({ isPaid: false });
  });
});
