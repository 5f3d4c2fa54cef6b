// The paid lane: slots above the free allowance, each for a tenth of a Star, and what a day has used of the ceiling.
import { sql } from 'kysely';
import { lightly } from '../db/commit.ts';
import type { Db } from '../db/database.ts';
import { dayOf } from '../lib/time-zone.ts';
import { creditMs, creditSize, messagesPerStar, type PaceSettings, paidRate, paidReach } from './pace.ts';
import { currentFactor, epochMs, ms, msBetween, paidSilenceMs, sound } from './pace-row-store.ts';

/** After a rest of so long, slots are so much further apart for so long. */
const restMs = 5_000;
const warmingMs = 1_000;
const warmingShare = 4 / 3;

interface PaidWanted {
  pace: PaceSettings;
  now: Date;
}

type PaidSlots =
  | { kind: 'slots'; count: number; atMs: number; inMs: number; everyMs: number; isPaid: boolean }
  | { kind: 'wait'; forMs: number };

/**
 * Takes up to `count` slots of the paid lane; undefined where there is none, or the day's Stars are spent. What Telegram
 * counts as free is credited first, the others are counted against the ceiling before they are sent: in the same
 * statement, so that no two processes spend the same Star.
 */
export async function takePaidSlots(
  db: Db,
  { count, pace, now }: PaidWanted & { count: number },
): Promise<PaidSlots | undefined> {
  const { paid } = pace;
  if (!paid || paid.perSecond <= pace.perSecond) return undefined;
  const day = dayOf(now, pace.timeZone ?? 'UTC');
  const ceiling = paid.starsPerDay * messagesPerStar;
  const { rows } = await sql<{
    count: number | null;
    everyMs: number;
    atMs: number;
    inMs: number;
    forMs: number;
    isSpent: boolean;
  }>`
    with pace_row as materialized (
      select *, greatest(paid_next_at - ${ms(paidReach.aheadMs)}, paused_until) as open_at
      from (
        select pace_id, next_at, paid_next_at, paused_until, at, warm_until, left_over,
          -- After a rest all processes begin at once, and all of them late.
          (case when at < warm_until then ${warmingShare}::float8 else 1 end)::float8 * every_ms as every_ms
        from (
        select pace_id, ${sound('next_at')} as next_at, ${sound('paid_next_at')} as paid_next_at, paused_until,
          clock_timestamp() as at, (1000 / (${paidRate(paid)}::float8 * ${currentFactor}))::float8 as every_ms,
          case when ${sound('paid_next_at')} < clock_timestamp() - ${ms(restMs)} then clock_timestamp() + ${ms(warmingMs)}
            else paid_warm_until end as warm_until,
          ${ceiling}::bigint - coalesce((select messages from paid_usage where day = ${day}::date), 0) as left_over
        from pace for update
        ) rested
      ) locked
    ), open_row as (
      select *, greatest(paid_next_at, at) as first_at, greatest(next_at, at - ${ms(creditSize * creditMs)}) as free_at
      from pace_row where open_at <= at and left_over > 0
    ), credited as (
      select *, greatest(0, floor(${msBetween(sql`free_at`, sql`at`)} / ${creditMs}::float8))::int as credit
      from open_row
    ), slice as (
      select *, least(size, credit) as for_nothing from (
        select *, least(${count}::int, floor(${paidReach.sliceMs}::float8 / every_ms)::int + 1, credit + left_over)::int as size
        from credited
      ) sized
    ), charged as (
      insert into paid_usage (day, messages) select ${day}::date, size - for_nothing from slice where size > for_nothing
      on conflict (day) do update set messages = paid_usage.messages + excluded.messages
        where paid_usage.messages + excluded.messages <= ${ceiling}::bigint
      returning day
    ), taken as (
      select * from slice where size = for_nothing or exists (select from charged)
    ), moved as (
      update pace set paid_next_at = first_at + ${ms(sql`size * every_ms`)}, paid_warm_until = warm_until,
        next_at = free_at + ${ms(sql`for_nothing * ${creditMs}::float8`)}
      from taken where taken.pace_id = pace.pace_id
    )
    select ${lightly} as set_config, size as count, pace_row.every_ms, ${epochMs(sql`pace_row.at`)} as at_ms, ${msBetween(sql`pace_row.at`, sql`first_at`)} as in_ms,
      ${msBetween(sql`pace_row.at`, sql`pace_row.open_at`)} as for_ms,
      taken.size is null and pace_row.open_at <= pace_row.at as is_spent
    from pace_row left join taken using (pace_id)
  `.execute(db);
  const taken = rows[0];
  if (!taken || taken.isSpent) return undefined;
  const { count: size, forMs, everyMs, atMs, inMs } = taken;
  return size === null
    ? { kind: 'wait', forMs: Math.max(1, forMs) }
    : { kind: 'slots', count: size, everyMs, atMs, inMs, isPaid: true };
}

/**
 * Whether an answer goes over the paid lane too, counted against the ceiling: while paid messages are on their way,
 * they fill the free second.
 */
export async function takePaidAnswer(db: Db, { pace, now }: PaidWanted): Promise<boolean> {
  const { paid } = pace;
  if (!paid || paid.perSecond <= pace.perSecond) return false;
  const day = dayOf(now, pace.timeZone ?? 'UTC');
  const { rows } = await sql`
    insert into paid_usage (day, messages)
    select ${day}::date, 1 from pace where ${sound('paid_next_at')} > clock_timestamp() - ${ms(paidSilenceMs)}
    on conflict (day) do update set messages = paid_usage.messages + 1
      where paid_usage.messages < ${paid.starsPerDay * messagesPerStar}::bigint
    returning day
  `.execute(db);
  return rows.length > 0;
}

/** Messages of the newsroom's day that were counted against the ceiling. */
export async function paidMessages(db: Db, { now, timeZone }: { now: Date; timeZone: string }): Promise<number> {
  const { rows } = await sql<{ messages: number }>`
    select messages from paid_usage where day = ${dayOf(now, timeZone)}::date
  `.execute(db);
  return rows[0]?.messages ?? 0;
}
