// The bot's one pace, shared by every process: a row that hands out send slots on Postgres' clock.
import { type RawBuilder, sql } from 'kysely';
import { lightly } from '../db/commit.ts';
import type { Db } from '../db/database.ts';
import { floodSlowing, freeRate, freeReach, leastFactor, type PaceSettings, recovered } from './pace.ts';
import { currentFactor, epochMs, ms, msBetween, paidSilenceMs, quietMs, sound } from './pace-row-store.ts';
import { takePaidAnswer, takePaidSlots } from './paid-store.ts';

export type { PaceSettings } from './pace.ts';

export type Slots =
  /**
   * `count` slots (perhaps fewer than asked for), the first `inMs` after `atMs` of Postgres' clock (slot-clock.ts), the
   * others `everyMs` apart.
   */
  | { kind: 'slots'; count: number; atMs: number; inMs: number; everyMs: number; isPaid: boolean }
  /** None yet: ask again after `forMs`. */
  | { kind: 'wait'; forMs: number };

interface SlotsWanted {
  count: number;
  pace: PaceSettings;
  /** Whether these messages may go over the paid lane: edits and albums may not. */
  canBePaid: boolean;
  /** For the day of the Stars. */
  now: Date;
}

/** Takes up to `count` slots of the one pace of all processes (GCRA). The only rule that uses SQL's clock. */
export async function takeSlots(db: Db, { count, pace, canBePaid, now }: SlotsWanted): Promise<Slots> {
  const paid = canBePaid ? await takePaidSlots(db, { count, pace, now }) : undefined;
  return paid ?? takeFreeSlots(db, { count, pace });
}

async function takeFreeSlots(db: Db, { count, pace }: Pick<SlotsWanted, 'count' | 'pace'>): Promise<Slots> {
  const { rows } = await sql<{ count: number | null; everyMs: number; atMs: number; inMs: number; forMs: number }>`
    with pace_row as materialized (
      select *, greatest(next_at - ${ms(freeReach.aheadMs)}, paused_until, paid_next_at + ${ms(paidSilenceMs)}) as open_at
      from (
        select pace_id, ${sound('next_at')} as next_at, ${sound('paid_next_at')} as paid_next_at, paused_until,
          clock_timestamp() as at, ${everyMs(pace)} as every_ms
        from pace for update
      ) locked
    ), slice as (
      select pace_id, greatest(next_at, at) as first_at, every_ms,
        least(${count}::int, floor(${freeReach.sliceMs}::float8 / every_ms)::int + 1) as size
      from pace_row where open_at <= at
    ), moved as (
      update pace set next_at = first_at + ${ms(sql`size * every_ms`)} from slice where slice.pace_id = pace.pace_id
    )
    select ${lightly} as set_config, size as count, pace_row.every_ms, ${epochMs(sql`at`)} as at_ms, ${msBetween(sql`at`, sql`first_at`)} as in_ms,
      ${msBetween(sql`at`, sql`open_at`)} as for_ms
    from pace_row left join slice using (pace_id)
  `.execute(db);
  const taken = rows[0];
  if (!taken) throw new Error('The pace row is missing.');
  const { count: size, forMs, everyMs: every, atMs, inMs } = taken;
  return size === null
    ? { kind: 'wait', forMs: Math.max(1, forMs) }
    : { kind: 'slots', count: size, everyMs: every, atMs, inMs, isPaid: false };
}

function everyMs(pace: Pick<PaceSettings, 'perSecond'>): RawBuilder<unknown> {
  return sql`(1000 / (${freeRate(pace)}::float8 * ${currentFactor}))::float8`;
}

/** An answer waits for the end of a pause that is as short as this; a longer one does not keep it from trying. */
const answerPauseMs = 1_000;

/** When an answer to a person may go: after `waitMs`. */
export interface AnswerSlot {
  waitMs: number;
  isPaid: boolean;
}

/** Takes the very next slot for an answer to a person, however many are taken: it is never refused. */
export async function takeAnswerSlot(
  db: Db,
  { pace, canBePaid, now }: Omit<SlotsWanted, 'count'>,
): Promise<AnswerSlot> {
  const isPaid = canBePaid && (await takePaidAnswer(db, { pace, now }));
  const { rows } = await sql<{ waitMs: number; pausedMs: number | null }>`
    with pace_row as materialized (
      select pace_id, greatest(${sound('next_at')}, clock_timestamp()) as first_at, clock_timestamp() as at, paused_until,
        ${everyMs(pace)} as every_ms
      from pace for update
    ), moved as (
      update pace set next_at = first_at + ${ms(sql`every_ms`)} from pace_row where pace_row.pace_id = pace.pace_id
    )
    select ${msBetween(sql`at`, sql`first_at`)} as wait_ms, ${msBetween(sql`at`, sql`paused_until`)} as paused_ms
    from pace_row
  `.execute(db);
  const { waitMs = 0, pausedMs = 0 } = rows[0] ?? {};
  const pauseMs = Math.max(0, pausedMs ?? 0);
  return {
    waitMs: Math.max(isPaid ? 0 : waitMs, pauseMs <= answerPauseMs ? pauseMs : 0),
    isPaid,
  };
}

/** What was counted of an earlier pause's flood counts no more, unless it is of this moment. */
const floodMs = 1_000;

/** Nobody is written to for `ms`: Telegram's retry_after, for the whole bot. Never shortens a longer pause. */
export async function pauseSending(db: Db, pauseMs: number): Promise<void> {
  await sql`
    update pace set paused_until = greatest(paused_until, clock_timestamp() + ${ms(pauseMs)}),
      flood_at = case
        when coalesce(paused_until, '-infinity') <= clock_timestamp() and flood_at < clock_timestamp() - ${ms(floodMs)}
        then null else flood_at
      end
  `.execute(db);
}

/**
 * Telegram found us too fast though the pace was kept: from now on it is slower, and recovers with time (pace.ts). All
 * answers of one flood, until its pause is over, count once, whether the pause is noted before or after.
 */
export async function noteFlood(db: Db): Promise<void> {
  await sql`
    update pace set factor = greatest(${leastFactor}::float8, ${currentFactor} * ${floodSlowing}::float8),
      factor_at = clock_timestamp(), flood_at = clock_timestamp()
    where flood_at is null
      or (flood_at < clock_timestamp() - ${ms(floodMs)} and coalesce(paused_until, '-infinity') <= clock_timestamp())
  `.execute(db);
}

export interface PaceState {
  /** Sending rests for so long because Telegram asked for it; 0 when it does not. */
  pausedMs: number;
  /** The part of the allowance that is used, learnt from flood answers: 1 is all of it. */
  factor: number;
}

export async function paceState(db: Db): Promise<PaceState> {
  const { rows } = await sql<{ pausedMs: number | null; factor: number; quietMs: number | null }>`
    select ${msBetween(sql`clock_timestamp()`, sql`paused_until`)} as paused_ms, factor::float8, ${quietMs} as quiet_ms
    from pace
  `.execute(db);
  const { pausedMs = 0, factor = 1, quietMs: quiet = 0 } = rows[0] ?? {};
  return { pausedMs: Math.max(0, pausedMs ?? 0), factor: recovered(factor, quiet ?? 0) };
}

/** Milliseconds for which sending is still paused; 0 when it is not. */
export async function pausedForMs(db: Db): Promise<number> {
  const { pausedMs } = await paceState(db);
  return pausedMs;
}
