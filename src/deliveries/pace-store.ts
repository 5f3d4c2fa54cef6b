// The bot's one pace, shared by every process: a row that hands out send slots on Postgres' clock.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** Slots are handed out at most this far ahead, so that urgent work and a pause take effect soon. */
const aheadMs = 150;

export type Slots =
  /** `count` slots, the first after `inMs`, the others `everyMs` apart. */
  | { kind: 'slots'; count: number; inMs: number; everyMs: number }
  /** None yet: ask again after `forMs`. */
  | { kind: 'wait'; forMs: number };

/** Takes `count` slots at `perSecond` in all processes together (GCRA). The only rule that uses SQL's clock. */
export async function takeSlots(db: Db, { count, perSecond }: { count: number; perSecond: number }): Promise<Slots> {
  const everyMs = 1000 / perSecond;
  const taken = await sql<{ inMs: number }>`
    update pace set next_at = greatest(next_at, clock_timestamp()) + ${count * everyMs} * interval '1 millisecond'
    where next_at < clock_timestamp() + ${aheadMs} * interval '1 millisecond'
      and (paused_until is null or paused_until <= clock_timestamp())
    returning (extract(epoch from next_at - clock_timestamp()) * 1000 - ${count * everyMs}::float8)::float8 as in_ms
  `.execute(db);
  const slots = taken.rows[0];
  if (slots) return { kind: 'slots', count, inMs: Math.max(0, slots.inMs), everyMs };

  const waiting = await sql<{ forMs: number }>`
    select (extract(epoch from greatest(next_at - ${aheadMs} * interval '1 millisecond', paused_until)
      - clock_timestamp()) * 1000)::float8 as for_ms from pace
  `.execute(db);
  return { kind: 'wait', forMs: Math.max(1, waiting.rows[0]?.forMs ?? 1) };
}

/** Counts a message that did not wait for a slot, an answer to a person: those who wait for one wait for it too. */
export async function countAnswer(db: Db, { perSecond }: { perSecond: number }): Promise<void> {
  await sql`
    update pace set next_at = greatest(next_at, clock_timestamp()) + ${1000 / perSecond} * interval '1 millisecond'
  `.execute(db);
}

/** Nobody is written to for `ms`: Telegram's retry_after, for the whole bot. Never shortens a longer pause. */
export async function pauseSending(db: Db, ms: number): Promise<void> {
  await sql`
    update pace set paused_until = greatest(paused_until, clock_timestamp() + ${ms} * interval '1 millisecond')
  `.execute(db);
}

/** Milliseconds for which sending is still paused; 0 when it is not. */
export async function pausedForMs(db: Db): Promise<number> {
  const { rows } = await sql<{ ms: number | null }>`
    select (extract(epoch from paused_until - clock_timestamp()) * 1000)::float8 as ms from pace
  `.execute(db);
  return Math.max(0, rows[0]?.ms ?? 0);
}
