// Broadcasts in Postgres: an editor's message, its audience, and how far it is.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { type Audience, countAudience } from '../recipients/recipient-store.ts';
import { countSubject } from './chunk-store.ts';
import type { BroadcastCounts } from './sender.ts';
import { findSubject } from './subject-store.ts';

export type Broadcast = Selectable<Database['broadcast']>;

type NewBroadcast = Pick<Broadcast, 'editorId' | 'fromChatId' | 'messageIds' | 'progressMessageId'> &
  Partial<Pick<Broadcast, 'atMostOnce'>> &
  Audience;

/** The broadcast alone: to whom it is owed is written down by planning. Undefined when it was made before. */
export async function insertBroadcast(
  db: Db,
  { now, ...broadcast }: NewBroadcast & { now: Date },
): Promise<number | undefined> {
  const inserted = await db
    .insertInto('broadcast')
    .values({ ...broadcast, createdAt: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('broadcastId')
    .executeTakeFirst();
  return inserted?.broadcastId;
}

export function getBroadcast(db: Db, broadcastId: number): Promise<Broadcast> {
  return db.selectFrom('broadcast').selectAll().where('broadcastId', '=', broadcastId).executeTakeFirstOrThrow();
}

/** A broadcast whose deliveries are to be planned, locked for this transaction; others skip it. */
export function lockUnplannedBroadcast(trx: Db): Promise<Broadcast | undefined> {
  return trx
    .selectFrom('broadcast')
    .selectAll()
    .where('plannedAt', 'is', null)
    .orderBy('broadcastId')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function markBroadcastPlanned(db: Db, broadcastId: number, plannedAt: Date): Promise<void> {
  await db.updateTable('broadcast').set({ plannedAt }).where('broadcastId', '=', broadcastId).execute();
}

export function listRunningBroadcasts(db: Db): Promise<Broadcast[]> {
  return db.selectFrom('broadcast').selectAll().where('state', '=', 'running').execute();
}

/** How far it is; whoever of its audience is not written down yet is still to be written to. */
export async function countBroadcast(db: Db, broadcastId: number): Promise<BroadcastCounts> {
  const { audience, topicId, plannedAt } = await getBroadcast(db, broadcastId);
  const subject = await findSubject(db, { broadcastId });
  const { failed, canceled, ...counts } = subject ? await countSubject(db, subject.subjectId) : nothing;
  const listed = { ...counts, failed: failed + canceled };
  if (plannedAt !== null) return listed;
  const { readers, channels } = await countAudience(db, { audience, topicId } as Audience);
  const missing = Math.max(0, readers + channels - listed.total);
  return { ...listed, total: listed.total + missing, open: listed.open + missing };
}

const nothing = { total: 0, open: 0, sent: 0, blocked: 0, failed: 0, canceled: 0, unknown: 0 };

/**
 * Held by whoever shows a broadcast's progress, so that nobody else replaces it by what was so earlier. False when
 * somebody has it.
 */
export async function tryLockProgress(trx: Db, broadcastId: number): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('nashra progress', ${broadcastId})) as is_ours
  `.execute(trx);
  return rows[0]?.isOurs ?? false;
}

/** The same, after whoever has it. */
export async function lockProgress(trx: Db, broadcastId: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('nashra progress', ${broadcastId}))`.execute(trx);
}

/** Ends a running broadcast, once: true for the one caller that ended it. */
export async function closeBroadcast(
  db: Db,
  broadcastId: number,
  { state, reason, now }: { state: 'done' | 'stopped'; reason: string | null; now: Date },
): Promise<boolean> {
  const closed = await db
    .updateTable('broadcast')
    .set({ state, stateReason: reason, closedAt: now })
    .where('broadcastId', '=', broadcastId)
    .where('state', '=', 'running')
    .returning('broadcastId')
    .executeTakeFirst();
  return closed !== undefined;
}
