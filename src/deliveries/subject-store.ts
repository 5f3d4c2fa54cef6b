// What is owed to many, in Postgres: a story, a digest, a broadcast, or the correction of a story's copies.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { columnsOf, jsonRows } from '../db/json-rows.ts';
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

/** By id. */
export async function getSubjects(db: Db, subjectIds: readonly number[]): Promise<Map<number, Subject>> {
  const subjects = await db
    .selectFrom('subject')
    .selectAll()
    .where('subjectId', '=', sql<number>`any(${subjectIds}::bigint[])`)
    .execute();
  return new Map(subjects.map((subject) => [subject.subjectId, subject]));
}

type NewSubject = Pick<Subject, 'kind' | 'lane'> &
  Partial<Pick<Subject, 'storyId' | 'broadcastId' | 'correctionId' | 'atMostOnce' | 'topicIds' | 'keywords'>> & {
    /** It waits to be gathered into a digest. */
    isHeld?: boolean;
    now: Date;
  };

/** `isNew`: nothing was ever planned of it. */
export type EnsuredSubject = Pick<Subject, 'subjectId' | 'topicIds' | 'keywords'> & { isNew: boolean };

/** The subject of a story, broadcast or correction, which has one at most; a digest's is always new. */
export async function ensureSubject(db: Db, subject: NewSubject): Promise<EnsuredSubject> {
  const [ensured] = await ensureSubjects(db, [subject]);
  return ensured as EnsuredSubject;
}

/** Several of one kind, with the same values; returned in their order. */
export async function ensureSubjects(db: Db, subjects: readonly NewSubject[]): Promise<EnsuredSubject[]> {
  const values = subjects.map(({ isHeld = false, now, ...rest }) => ({
    ...rest,
    plannedAt: now,
    heldSince: isHeld ? now : null,
  }));
  const columns = columnsOf(values);
  const { rows } = await sql<Subject>`
    insert into subject (${columns})
    select ${columns} from json_populate_recordset(null::subject, ${jsonRows(values)})
    on conflict do nothing
    returning *`.execute(db);
  const inserted = new Map(rows.map((row) => [keyOf(row), row]));
  const ensured: EnsuredSubject[] = [];
  for (const subject of subjects) {
    const row = inserted.get(keyOf(subject));
    ensured.push(row ? { ...row, isNew: true } : await planAgain(db, subject));
  }
  return ensured;
}

const keyOf = ({ storyId, broadcastId, correctionId }: Omit<NewSubject, 'now'>) =>
  [storyId, broadcastId, correctionId].join();

async function planAgain(db: Db, { isHeld = false, now, ...values }: NewSubject): Promise<EnsuredSubject> {
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
