// Delivered copies in Postgres: which message shows which state of a story to whom, and which of them are to be corrected.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { RecipientState } from '../recipients/recipient.ts';
import { setRecipientChat } from '../recipients/recipient-store.ts';
import type { Correction } from '../stories/correction-store.ts';
import { insertChunk, insertChunks, wakeSenders } from './chunk-store.ts';
import { lanes } from './delivery.ts';
import { ensureSubject, findSubject, stopSubject } from './subject-store.ts';

/** A story's message as it stands in a recipient's chat. */
export interface DeliveredCopy {
  messageId: number;
  /** Text where that was not noted: Telegram says so where it is wrong. */
  format: 'text' | 'photo';
  /** The story's revision that it shows; where that was not noted, its first: nothing was ever corrected before it was. */
  revision: number;
  sentAt: Date;
}

/** The copies of a story that can be named and are still there, by recipient. */
export async function listDeliveredCopies(
  db: Db,
  { storyId, recipientIds }: { storyId: number; recipientIds: readonly number[] },
): Promise<Map<number, DeliveredCopy>> {
  const { rows } = await sql<DeliveredCopy & { recipientId: number }>`
    select d.recipient_id, d.message_id, coalesce(d.message_format, 'text') as format,
      coalesce(d.story_revision, 1) as revision, d.closed_at as sent_at
    from subject s join delivery d using (subject_id)
    where s.story_id = ${storyId} and d.recipient_id = any(${recipientIds}::bigint[])
      and d.state = 'sent' and d.message_id > 0
  `.execute(db);
  return new Map(rows.map(({ recipientId, ...copy }) => [recipientId, copy]));
}

/**
 * The messages that a follow-up answers, by recipient: the thread's first story as they have it, else its newest that
 * they have.
 */
export async function listThreadMessages(
  db: Db,
  { followsStoryId, recipientIds }: { followsStoryId: number; recipientIds: readonly number[] },
): Promise<Map<number, number>> {
  const { rows } = await sql<{ recipientId: number; messageId: number }>`
    with thread as (
      select subject_id, story_id from subject join story using (story_id)
      where (story_id = ${followsStoryId} or follows_story_id = ${followsStoryId}) and withdrawn_at is null
    )
    select distinct on (d.recipient_id) d.recipient_id, d.message_id
    from thread join delivery d using (subject_id)
    where d.recipient_id = any(${recipientIds}::bigint[]) and d.state = 'sent' and d.message_id > 0
    order by d.recipient_id, thread.story_id = ${followsStoryId} desc, d.subject_id desc
  `.execute(db);
  return new Map(rows.map(({ recipientId, messageId }) => [recipientId, messageId]));
}

/** What a copy shows from now on; a `messageId` of null says that it is not there any more. */
export type ShownCopy = { recipientId: number } & (
  { storyRevision: number; messageFormat: 'text' | 'photo' | null } | { messageId: null }
);

export async function markDeliveredCopies(trx: Db, storyId: number, shown: readonly ShownCopy[]): Promise<void> {
  if (shown.length === 0) return;
  const list = <T>(of: (copy: ShownCopy) => T) => shown.map(of);
  await sql`
    with shown as (
      select * from unnest(
        ${list(({ recipientId }) => recipientId)}::bigint[],
        ${list((copy) => 'messageId' in copy)}::boolean[],
        ${list((copy) => ('storyRevision' in copy ? copy.storyRevision : null))}::integer[],
        ${list((copy) => ('storyRevision' in copy ? copy.messageFormat : null))}::text[]
      ) as shown (recipient_id, is_gone, story_revision, message_format)
    )
    update delivery d set
      message_id = case when shown.is_gone then null else d.message_id end,
      story_revision = coalesce(shown.story_revision, d.story_revision),
      message_format = coalesce(shown.message_format, d.message_format)
    from shown, subject s
    where s.story_id = ${storyId} and d.subject_id = s.subject_id and d.recipient_id = shown.recipient_id
  `.execute(trx);
}

/** The chat of a recipient has another number now: those of its messages counted in the old one, and name others in it. */
export async function moveRecipient(trx: Db, recipientId: number, chatId: number, now: Date): Promise<void> {
  if (!(await setRecipientChat(trx, recipientId, chatId, now))) return;
  await sql`
    update delivery d set message_id = null
    from subject s
    where d.subject_id = s.subject_id and d.recipient_id = ${recipientId} and d.message_id is not null
  `.execute(trx);
}

/**
 * Held by whoever plans a story's correction alone, and by those who write down that stories were sent together: a copy
 * is either seen by the planning, or its recording sees the correction. To be taken before any row is locked.
 */
export async function lockCopies(trx: Db, storyIds: readonly number[], mode: 'planning' | 'recording'): Promise<void> {
  if (storyIds.length === 0) return;
  const lock = mode === 'planning' ? sql.ref('pg_advisory_xact_lock') : sql.ref('pg_advisory_xact_lock_shared');
  // In one order for all who lock several.
  const ids = [...new Set(storyIds)].toSorted((x, y) => x - y);
  await sql`
    select ${lock}(hashtextextended('nashra copies', story_id)) from unnest(${ids}::bigint[]) as story_id
  `.execute(trx);
}

type PlannedCorrection = Pick<Correction, 'correctionId' | 'storyId' | 'kind' | 'storyRevision'>;

/** What is still owed of the story's earlier corrections is superseded by this one. */
export async function stopEarlierCorrections(
  trx: Db,
  { correctionId, storyId, now }: Pick<PlannedCorrection, 'correctionId' | 'storyId'> & { now: Date },
): Promise<void> {
  const earlier = await trx
    .selectFrom('subject')
    .innerJoin('correction', 'correction.correctionId', 'subject.correctionId')
    .select('subject.subjectId')
    .where('correction.storyId', '=', storyId)
    .where('correction.correctionId', '!=', correctionId)
    .where('subject.stoppedAt', 'is', null)
    .execute();
  for (const { subjectId } of earlier) {
    await stopSubject(trx, { subjectId }, { outcome: 'superseded', reason: 'a newer correction shows more', now });
  }
}

/**
 * Owes the correction to everyone whose copy is older than it, once each; a withdrawal also to who has stopped. Returns
 * how many there are. Whoever has waited longest comes first: a story that changes often would never reach the last.
 */
export async function planCorrection(
  trx: Db,
  { correctionId, storyId, kind, storyRevision, now }: PlannedCorrection & { now: Date },
): Promise<number> {
  const lane = lanes.correction;
  const { subjectId } = await ensureSubject(trx, { kind: 'correction', correctionId, lane, now });
  const story = await findSubject(trx, { storyId });
  if (!story) return 0;
  const { size } = await insertChunks(
    trx,
    { subjectId, lane, dueAt: now, now },
    sql`
      select r.recipient_id, r.kind, r.last_active_at, coalesce(d.story_revision, 0) as precedence
      from delivery d join recipient r using (recipient_id)
      where d.subject_id = ${story.subjectId} and (
          (d.state = 'sent' and d.message_id > 0)
          or (d.digest_id is not null and exists (
            select from delivery digest
            where digest.subject_id = d.digest_id and digest.recipient_id = d.recipient_id and digest.message_id > 0
          ))
        )
        and coalesce(d.story_revision, 0) < ${storyRevision} and r.state = any(${reachedBy(kind)}::text[])
    `,
  );
  if (size > 0) await wakeSenders(trx);
  return size;
}

/** Who stopped gets nothing more; that a message of theirs is taken back makes no sound. */
export function reachedBy(kind: Correction['kind']): RecipientState[] {
  return kind === 'withdrawal' ? ['active', 'stopped'] : ['active'];
}

/** A copy that was just sent, as of a revision of its story. */
export interface SentCopy {
  storyId: number;
  recipientId: number;
  revision: number;
}

/** Owes each story's newest planned correction to those whose copy, just sent, shows an older revision. */
export async function planMissedCorrections(trx: Db, copies: readonly SentCopy[], now: Date): Promise<void> {
  if (copies.length === 0) return;
  const storyIds = [...new Set(copies.map(({ storyId }) => storyId))];
  const { rows } = await sql<{ storyId: number; correctionId: number; storyRevision: number }>`
    select distinct on (story_id) story_id, correction_id, story_revision from correction
    where story_id = any(${storyIds}::bigint[]) and planned_at is not null
    order by story_id, story_revision desc
  `.execute(trx);
  for (const { storyId, correctionId, storyRevision } of rows) {
    const late = copies.filter((copy) => copy.storyId === storyId && copy.revision < storyRevision);
    if (late.length === 0) continue;
    const lane = lanes.correction;
    const { subjectId } = await ensureSubject(trx, { kind: 'correction', correctionId, lane, now });
    const recipientIds = late.map(({ recipientId }) => recipientId);
    await insertChunk(trx, { subjectId, lane, tier: 0, recipientIds, dueAt: now, isListed: false });
    await wakeSenders(trx);
  }
}

/** The story whose copies a correction's delivery is about. */
export function getCorrection(db: Db, correctionId: number): Promise<Pick<Correction, 'storyId' | 'kind'>> {
  return db
    .selectFrom('correction')
    .select(['storyId', 'kind'])
    .where('correctionId', '=', correctionId)
    .executeTakeFirstOrThrow();
}

/** The subjects that are sent into the same messages as a story's correction: the story and its other corrections. */
export async function listRivals(
  db: Db,
  { storyId, subjectId }: { storyId: number; subjectId: number },
): Promise<number[]> {
  const { rows } = await sql<{ subjectId: number }>`
    select subject_id from subject left join correction using (correction_id)
    where coalesce(subject.story_id, correction.story_id) = ${storyId} and subject_id <> ${subjectId}
  `.execute(db);
  return rows.map((row) => row.subjectId);
}
