// Corrections in Postgres: changes of a story that its delivered copies should show, gathered until they are due.
import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';

export type Correction = Selectable<Database['correction']>;

type NewCorrection = Pick<Correction, 'storyId' | 'kind' | 'storyRevision' | 'dueAt'> & { now: Date };

/** One for each revision of a story; a second call for the same revision changes nothing. */
export async function insertCorrection(db: Db, { now, ...correction }: NewCorrection): Promise<void> {
  await db
    .insertInto('correction')
    .values({ ...correction, createdAt: now })
    .onConflict((conflict) => conflict.columns(['storyId', 'storyRevision']).doNothing())
    .execute();
}

/** A due correction whose deliveries are to be planned: withdrawals first, and a story's newest before its others. */
export function findDueCorrection(db: Db, now: Date): Promise<Correction | undefined> {
  return db
    .selectFrom('correction')
    .selectAll()
    .where('plannedAt', 'is', null)
    .where('dueAt', '<=', now)
    .orderBy((order) => order('kind', '=', 'withdrawal'), 'desc')
    .orderBy('storyRevision', 'desc')
    .orderBy('correctionId')
    .limit(1)
    .executeTakeFirst();
}

/** The correction and the story's earlier ones, which it includes; false when that was done before. */
export async function markCorrectionPlanned(
  db: Db,
  { storyId, storyRevision }: Pick<Correction, 'storyId' | 'storyRevision'>,
  now: Date,
): Promise<boolean> {
  const planned = await db
    .updateTable('correction')
    .set({ plannedAt: now })
    .where('storyId', '=', storyId)
    .where('storyRevision', '<=', storyRevision)
    .where('plannedAt', 'is', null)
    .returning('storyRevision')
    .execute();
  return planned.some((correction) => correction.storyRevision === storyRevision);
}

/** The story's newest correction: when it is or was due, and whether its deliveries are planned. */
export async function lastCorrection(db: Db, storyId: number): Promise<{ dueAt: Date; planned: boolean } | undefined> {
  const last = await db
    .selectFrom('correction')
    .select(['dueAt', 'plannedAt'])
    .where('storyId', '=', storyId)
    .orderBy('storyRevision', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last && { dueAt: last.dueAt, planned: last.plannedAt !== null };
}

/** Of any story; 0 when nothing was ever corrected. */
export async function getNewestCorrectionId(db: Db): Promise<number> {
  const newest = await db
    .selectFrom('correction')
    .select(({ fn }) => fn.max('correctionId').as('correctionId'))
    .executeTakeFirst();
  return newest?.correctionId ?? 0;
}
