// What the model's summaries cost and gave each day, and the ceiling that all processes keep together.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/**
 * Takes `tokens` from the day's ceiling before the model is asked; false when they would go over it. Several processes
 * take from one row, so a call that dies leaves its tokens taken.
 */
export async function reserveTokens(
  db: Db,
  { day, tokens, dailyTokens }: { day: string; tokens: number; dailyTokens: number },
): Promise<boolean> {
  if (tokens > dailyTokens) return false;
  const taken = await db
    .insertInto('summaryUsage')
    .values({ day, tokens })
    .onConflict((conflict) =>
      conflict
        .column('day')
        .doUpdateSet((eb) => ({ tokens: eb('summaryUsage.tokens', '+', tokens) }))
        .where('summaryUsage.tokens', '<=', dailyTokens - tokens),
    )
    .returning('day')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Replaces what was reserved by what was used, and counts how the answer ended. */
export async function settleTokens(
  db: Db,
  { day, reserved, used, end }: { day: string; reserved: number; used: number; end: 'accepted' | 'refused' | 'failed' },
): Promise<void> {
  await db
    .updateTable('summaryUsage')
    .set((eb) => ({ tokens: eb('tokens', '+', used - reserved), [end]: eb(end, '+', 1) }))
    .where('day', '=', sql<Date>`${day}::date`)
    .execute();
}
