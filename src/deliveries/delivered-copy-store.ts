// Delivered copies in Postgres: which message shows which state of a story to whom, and which of them are to be corrected.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { RecipientState } from '../recipients/recipient.ts';
import { setRecipientChat } from '../recipients/recipient-store.ts';
import type { Correction } from '../stories/correction-store.ts';
import { priorities } from './delivery.ts';
import type { Delivery } from './delivery-store.ts';

/** A story's message as it stands in a recipient's chat. */
export interface DeliveredCopy {
  deliveryId: number;
  messageId: number;
  /** Text where that was not noted: Telegram says so where it is wrong. */
  format: 'text' | 'photo';
  /** The story's revision that it shows; where that was not noted, its first: nothing was ever corrected before it was. */
  revision: number;
  sentAt: Date;
}

/** Undefined when the story was never sent to the recipient, or its message cannot be named or is not there any more. */
export async function findDeliveredCopy(
  db: Db,
  { recipientId, storyId }: { recipientId: number; storyId: number },
): Promise<DeliveredCopy | undefined> {
  const copy = await db
    .selectFrom('delivery')
    .select(['deliveryId', 'messageId', 'messageFormat', 'storyRevision', 'closedAt'])
    .where('recipientId', '=', recipientId)
    .where('storyId', '=', storyId)
    .where('state', '=', 'sent')
    .where('messageId', '>', 0)
    .executeTakeFirst();
  if (!copy) return undefined;
  return {
    deliveryId: copy.deliveryId,
    messageId: copy.messageId as number,
    format: copy.messageFormat ?? 'text',
    revision: copy.storyRevision ?? 1,
    sentAt: copy.closedAt as Date,
  };
}

/** The message that a follow-up answers: the thread's first story as the recipient has it, else its newest that they have. */
export async function findThreadMessage(
  db: Db,
  { recipientId, followsStoryId }: { recipientId: number; followsStoryId: number },
): Promise<number | undefined> {
  const copy = await db
    .selectFrom('delivery')
    .innerJoin('story', 'story.storyId', 'delivery.storyId')
    .select('delivery.messageId')
    .where('delivery.recipientId', '=', recipientId)
    .where((where) =>
      where.or([where('story.storyId', '=', followsStoryId), where('story.followsStoryId', '=', followsStoryId)]),
    )
    .where('story.withdrawnAt', 'is', null)
    .where('delivery.state', '=', 'sent')
    .where('delivery.messageId', '>', 0)
    .orderBy((order) => order('story.storyId', '=', followsStoryId), 'desc')
    .orderBy('delivery.deliveryId', 'desc')
    .limit(1)
    .executeTakeFirst();
  return copy?.messageId ?? undefined;
}

/** The story that a message of ours in a chat tells. */
export async function findStoryOfMessage(
  db: Db,
  { chatId, messageId }: { chatId: number; messageId: number },
): Promise<number | undefined> {
  const copy = await db
    .selectFrom('delivery')
    .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
    .select('delivery.storyId')
    .where('recipient.chatId', '=', chatId)
    .where('delivery.messageId', '=', messageId)
    .where('delivery.storyId', 'is not', null)
    .executeTakeFirst();
  return copy?.storyId ?? undefined;
}

/** How many have received a story. */
export async function countDeliveredCopies(db: Db, storyId: number): Promise<number> {
  const { size } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll<number>().as('size'))
    .where('storyId', '=', storyId)
    .where('state', '=', 'sent')
    .executeTakeFirstOrThrow();
  return size;
}

/** Notes what a copy shows from now on; a `messageId` of null says that it is not there any more. */
export async function markDeliveredCopy(
  db: Db,
  deliveryId: number,
  shown: { storyRevision: number; messageFormat?: 'text' | 'photo' } | { messageId: null },
): Promise<void> {
  await db.updateTable('delivery').set(shown).where('deliveryId', '=', deliveryId).execute();
}

/** The chat of a recipient has another number now: those of its messages counted in the old one, and name others in it. */
export async function moveRecipient(trx: Db, recipientId: number, chatId: number): Promise<void> {
  if (!(await setRecipientChat(trx, recipientId, chatId))) return;
  await trx
    .updateTable('delivery')
    .set({ messageId: null })
    .where('recipientId', '=', recipientId)
    .where('closedAt', 'is not', null)
    .where('messageId', 'is not', null)
    .execute();
}

/**
 * Held by whoever plans a story's correction alone, and by those who write down that the story was sent together: a copy
 * is either seen by the planning, or its recording sees the correction. To be taken before any row is locked.
 */
export async function lockCopies(trx: Db, storyId: number, mode: 'planning' | 'recording'): Promise<void> {
  const key = sql`hashtextextended('nashra copies', ${storyId})`;
  await (
    mode === 'planning' ? sql`select pg_advisory_xact_lock(${key})` : sql`select pg_advisory_xact_lock_shared(${key})`
  ).execute(trx);
}

type PlannedCorrection = Pick<Correction, 'correctionId' | 'storyId' | 'kind' | 'storyRevision'>;

/** What is still owed of the story's earlier corrections is superseded by this one. */
export async function closeEarlierCorrections(
  trx: Db,
  { correctionId, storyId, now }: Pick<PlannedCorrection, 'correctionId' | 'storyId'> & { now: Date },
): Promise<void> {
  await trx
    .updateTable('delivery')
    .from('correction')
    .whereRef('correction.correctionId', '=', 'delivery.correctionId')
    .where('correction.storyId', '=', storyId)
    .where('correction.correctionId', '!=', correctionId)
    .where('delivery.closedAt', 'is', null)
    .where('delivery.state', '!=', 'sending')
    .set({
      state: 'canceled',
      outcome: 'superseded',
      outcomeReason: 'a newer correction shows more',
      closedAt: now,
      claimedUntil: null,
    })
    .execute();
}

/**
 * Owes the correction to everyone whose copy is older than it, once each; a withdrawal also to who has stopped. Returns
 * how many are new. Whoever has waited longest comes first: a story that changes often would never reach the last.
 */
export async function planCorrection(
  trx: Db,
  { correctionId, storyId, kind, storyRevision, now }: PlannedCorrection & { now: Date },
): Promise<number> {
  const result = await trx
    .insertInto('delivery')
    .columns(['recipientId', 'correctionId', 'priority', 'dueAt', 'plannedAt'])
    .expression((from) =>
      from
        .selectFrom('delivery as copy')
        .innerJoin('recipient', 'recipient.recipientId', 'copy.recipientId')
        .where('copy.storyId', '=', storyId)
        .where('copy.state', '=', 'sent')
        .where('copy.messageId', '>', 0)
        .where(sql<boolean>`coalesce(copy.story_revision, 0) < ${storyRevision}`)
        .where('recipient.state', 'in', reachedBy(kind))
        .orderBy(sql`coalesce(copy.story_revision, 0)`)
        .orderBy('copy.deliveryId')
        .select([
          'copy.recipientId',
          sql<number>`${correctionId}::bigint`.as('correctionId'),
          sql<number>`${priorities.correction}::smallint`.as('priority'),
          sql<Date>`${now}::timestamptz`.as('dueAt'),
          sql<Date>`${now}::timestamptz`.as('plannedAt'),
        ]),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

/** Who stopped gets nothing more; that a message of theirs is taken back makes no sound. */
function reachedBy(kind: Correction['kind']): RecipientState[] {
  return kind === 'withdrawal' ? ['active', 'stopped'] : ['active'];
}

interface MissingCopy {
  recipientId: number;
  recipientState: RecipientState | undefined;
  storyId: number;
  /** What the copy shows. */
  revision: number;
  now: Date;
}

/** Owes one recipient the story's newest planned correction, if their copy is older than it. */
export async function planMissedCorrection(
  trx: Db,
  { recipientId, recipientState, storyId, revision, now }: MissingCopy,
): Promise<void> {
  const newest = await trx
    .selectFrom('correction')
    .select(['correctionId', 'kind'])
    .where('storyId', '=', storyId)
    .where('plannedAt', 'is not', null)
    .where('storyRevision', '>', revision)
    .orderBy('storyRevision', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!newest || recipientState === undefined || !reachedBy(newest.kind).includes(recipientState)) return;
  await trx
    .insertInto('delivery')
    .values({
      recipientId,
      correctionId: newest.correctionId,
      priority: priorities.correction,
      dueAt: now,
      plannedAt: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The story whose copies a correction's delivery is about. */
export async function getCorrectedStoryId(db: Db, { correctionId }: Pick<Delivery, 'correctionId'>): Promise<number> {
  const { storyId } = await db
    .selectFrom('correction')
    .select('storyId')
    .where('correctionId', '=', correctionId)
    .executeTakeFirstOrThrow();
  return storyId;
}
