// What the statements on the pace row have in common; all of them go by Postgres' clock.
import { type RawBuilder, sql } from 'kysely';
import { recoveryPerMinute } from './pace.ts';

/** An interval of `value` milliseconds. */
export function ms(value: number | RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${value}::float8 * interval '1 millisecond')`;
}

/** Milliseconds from one instant to another. */
export function msBetween(from: RawBuilder<unknown>, to: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(extract(epoch from ${to} - ${from}) * 1000)::float8`;
}

/** Milliseconds since the Unix epoch. */
export function epochMs(instant: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`;
}

/** What stands further ahead than this was written before Postgres' clock was set back. */
const soundMs = 120_000;

/** When the lane's next slot is; long ago where the row cannot be right. */
export function sound(column: 'next_at' | 'paid_next_at'): RawBuilder<unknown> {
  return sql`(case
    when ${sql.ref(column)} < clock_timestamp() + ${ms(soundMs)} then ${sql.ref(column)} else to_timestamp(0)
  end)`;
}

/** How long nobody has had to wait for a flood. */
export const quietMs = msBetween(sql`greatest(factor_at, paused_until)`, sql`clock_timestamp()`);

/** The part of the allowance that is used by now (pace.ts, `recovered`). */
export const currentFactor = sql`
  least(1, factor + ${recoveryPerMinute / 60_000}::float8 * greatest(0, coalesce(${quietMs}, 0)))
`;

/**
 * Telegram counts paid messages among the free ones as long as there is room: what goes unpaid waits until no paid one
 * has gone for so long.
 */
export const paidSilenceMs = 1_100;
