// Whether anything waits to be planned, asked in one question: nearly always, most of it does not.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** What may wait; whoever looks closer may find it gone, or in another's hands. */
export interface Due {
  corrections: boolean;
  stories: boolean;
  broadcasts: boolean;
  /** Chunks that have no rows in the ledger. */
  chunks: boolean;
}

export async function whatIsDue(db: Db, now: Date): Promise<Due> {
  const { rows } = await sql<Due>`
    select exists (select from correction where planned_at is null and due_at <= ${now}) as corrections,
      exists (
        select from story
        where planned_at is null and withdrawn_at is null and (model_state is null or model_until <= ${now})
      ) as stories,
      exists (select from broadcast where planned_at is null) as broadcasts,
      exists (select from chunk where not is_listed) as chunks
  `.execute(db);
  return rows[0] as Due;
}
