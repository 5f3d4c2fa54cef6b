// What is owed to many, in Postgres: a story, a digest, a broadcast, or the correction of a story's copies.
import type { Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { wakeSenders } from './chunk-store.ts';

export type Subject = Selectable<Database['subject']>;

/** What a subject is of. */
export type SubjectOf =
  { subjectId: number } | { storyId: number } | { broadcastId: number } | { correctionId: number };

export function findSubject(db: Db, of: SubjectOf): Promise<Subject | undefined> {
  return db
    .selectFrom('subject')
    .selectAll()
    .where((where) => where.and(of))
    .executeTakeFirst();
}

export function getSubject(db: Db, subjectId: number): Promise<Subject> {
  return db.selectFrom('subject').selectAll().where('subjectId', '=', subjectId).executeTakeFirstOrThrow();
}

type NewSubject = Pick<Subject, 'kind' | 'lane'> &
  Partial<Pick<Subject, 'storyId' | 'broadcastId' | 'correctionId' | 'atMostOnce' | 'topicIds' | 'keywords'>> & {
    /** It waits to be gathered into a digest. */
    isHeld?: boolean;
    now: Date;
  };

/** `isNew`: nothing was ever planned of it. */
type EnsuredSubject = Pick<Subject, 'subjectId' | 'topicIds' | 'keywords'> & { isNew: boolean };

/** The subject of a story, broadcast or correction, which has one at most; a digest's is always new. */
export async function ensureSubject(db: Db, { isHeld = false, now, ...values }: NewSubject): Promise<EnsuredSubject> {
  const inserted = await db
    .insertInto('subject')
    .values({ ...values, plannedAt: now, heldSince: isHeld ? now : null })
    .onConflict((conflict) => conflict.doNothing())
    .returning(['subjectId', 'topicIds', 'keywords'])
    .executeTakeFirst();
  if (inserted) return { ...inserted, isNew: true };
  const { subjectId, heldSince, ...known } = (await findSubject(db, ofOf(values))) as Subject;
  // A story that got further topics is planned again: what it was found by grows with it.
  const { topicIds = known.topicIds, keywords = known.keywords } = values;
  await db
    .updateTable('subject')
    .set({ topicIds, keywords, ...(isHeld ? { heldSince: heldSince ?? now } : {}) })
    .where('subjectId', '=', subjectId)
    .execute();
  return { subjectId, topicIds, keywords, isNew: false };
}

function ofOf({ storyId, broadcastId, correctionId }: Omit<NewSubject, 'now'>): SubjectOf {
  if (storyId) return { storyId };
  if (broadcastId) return { broadcastId };
  return { correctionId: correctionId ?? 0 };
}

/**
 * What is left of the subject is not owed any more: its rows are closed, with this reason, when their turn comes: now.
 * False when it was stopped before.
 */
export async function stopSubject(
  db: Db,
  of: SubjectOf,
  { outcome, reason, now }: { outcome: 'withdrawn' | 'superseded' | 'stale' | 'content'; reason: string; now: Date },
): Promise<boolean> {
  const stopped = await db
    .updateTable('subject')
    .set({ stoppedAt: now, stoppedOutcome: outcome, stoppedBecause: reason, heldSince: null })
    .where((where) => where.and(of))
    .where('stoppedAt', 'is', null)
    .returning('subjectId')
    .execute();
  for (const { subjectId } of stopped) {
    await db
      .updateTable('chunk')
      .set({ dueAt: now })
      .where('subjectId', '=', subjectId)
      .where('closedAt', 'is', null)
      .where((where) => where.or([where('dueAt', 'is', null), where('dueAt', '>', now)]))
      .execute();
  }
  if (stopped.length > 0) await wakeSenders(db);
  return stopped.length > 0;
}
