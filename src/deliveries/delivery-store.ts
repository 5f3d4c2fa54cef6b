// The ledger: what is owed to whom, in which state, and which of it may be sent now.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import type { Recipient } from '../recipients/recipient.ts';
import type { Decision } from './delivery.ts';
import { nextSendAt, rememberedSendings } from './pace.ts';

export type Delivery = Selectable<Database['delivery']>;
export type ClaimedDelivery = Delivery & { recipient: Recipient & { recentSentAt: Date[] } };

/**
 * Plans a story for every active recipient that follows one of its topics, and every active reader that follows one of
 * the keywords it has; once each. Returns how many are new.
 */
export async function planStory(
  db: Db,
  {
    storyId,
    keywords = [],
    priority,
    now,
  }: { storyId: number; keywords?: readonly string[]; priority: number; now: Date },
): Promise<number> {
  const result = await db
    .insertInto('delivery')
    .columns(['recipientId', 'storyId', 'priority', 'dueAt', 'plannedAt', 'topicIds', 'keywords'])
    .expression((from) =>
      from
        .selectFrom(
          from
            .selectFrom('storyTopic')
            .innerJoin('subscription', 'subscription.topicId', 'storyTopic.topicId')
            .where('storyTopic.storyId', '=', storyId)
            .select([
              'subscription.recipientId',
              sql<number | null>`subscription.topic_id`.as('topicId'),
              sql<string | null>`null`.as('keyword'),
            ])
            .unionAll(
              from
                .selectFrom('keywordSubscription')
                .where('keyword', '=', sql<string>`any(${keywords}::text[])`)
                .select(['recipientId', sql<number | null>`null`.as('topicId'), 'keyword']),
            )
            .as('reason'),
        )
        .innerJoin('recipient', 'recipient.recipientId', 'reason.recipientId')
        .innerJoin('story', (join) => join.on('story.storyId', '=', storyId))
        .where('recipient.state', '=', 'active')
        .where((where) =>
          where.or([
            where('recipient.kind', '=', 'subscriber'),
            where.and([
              where('reason.keyword', 'is', null),
              // A channel speaks one language; a reader follows topics, whatever their language.
              where.or([
                where('recipient.language', 'is', null),
                // As in ar-SY, which is Arabic too.
                sql<boolean>`split_part(lower(recipient.language), '-', 1) = split_part(lower(story.language), '-', 1)`,
              ]),
            ]),
          ]),
        )
        .groupBy('recipient.recipientId')
        .select([
          'recipient.recipientId',
          sql<number>`${storyId}::bigint`.as('storyId'),
          sql<number>`${priority}::smallint`.as('priority'),
          sql<Date>`${now}::timestamptz`.as('dueAt'),
          sql<Date>`${now}::timestamptz`.as('plannedAt'),
          sql<number[]>`array_remove(array_agg(reason.topic_id order by reason.topic_id), null)`.as('topicIds'),
          sql<string[]>`array_remove(array_agg(reason.keyword order by reason.keyword), null)`.as('keywords'),
        ]),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0);
}

interface ClaimOptions {
  now: Date;
  limit: number;
  claimedUntil: Date;
}

/**
 * Not a correction whose recipient is being written to: two edits of one message under way could arrive in any order.
 * (Those that wait for their call are superseded by a newer one.)
 */
const inTurn = (delivery: string) => sql<boolean>`(
  ${sql.ref(`${delivery}.correctionId`)} is null or not exists (
    select from delivery busy
    where busy.recipient_id = ${sql.ref(`${delivery}.recipientId`)} and busy.closed_at is null and busy.state = 'sending'
      and busy.delivery_id <> ${sql.ref(`${delivery}.deliveryId`)}
  )
)`;

/** The rows of a delivery and its recipient, by their names in the statement. */
type Pair = [delivery: string, recipient: string];

/** Whoever has stopped gets nothing more, but what is withdrawn is taken back from them too: that makes no sound. */
const isTakenBack = ([delivery, recipient]: Pair) => sql<boolean>`(
  ${sql.ref(`${recipient}.state`)} = 'stopped' and exists (
    select from correction c where c.correction_id = ${sql.ref(`${delivery}.correctionId`)} and c.kind = 'withdrawal'
  )
)`;

const isOwed = (pair: Pair) => sql<boolean>`(${sql.ref(`${pair[1]}.state`)} = 'active' or ${isTakenBack(pair)})`;

/** How many due deliveries a claim looks at to find one a recipient. */
const claimWindow = 200;

/**
 * Takes due deliveries, at most one a recipient, the most urgent first. Until `claimedUntil` nobody else takes them,
 * and their recipients are taken by nobody for a second, so that two processes keep one chat's pace.
 */
export async function claimDeliveries(db: Db, { now, limit, claimedUntil }: ClaimOptions): Promise<ClaimedDelivery[]> {
  const { rows } = await sql<Delivery & { recipient: unknown }>`
    with due as materialized (
      select d.delivery_id, d.recipient_id, d.priority, d.due_at
      from delivery d join recipient r on r.recipient_id = d.recipient_id
      where d.closed_at is null and d.state <> 'sending' and d.due_at <= ${now} and (d.claimed_until is null or d.claimed_until <= ${now})
        and ${isOwed(['d', 'r'])} and (r.next_send_at is null or r.next_send_at <= ${now}) and ${inTurn('d')}
      order by d.priority desc, d.due_at, d.delivery_id
      limit ${claimWindow}
    ), first as (
      select distinct on (recipient_id) delivery_id from due order by recipient_id, priority desc, due_at, delivery_id
    ), picked as materialized (
      select d.delivery_id, d.recipient_id
      from delivery d join first using (delivery_id) join recipient r on r.recipient_id = d.recipient_id
      where d.closed_at is null and d.state <> 'sending' and (d.claimed_until is null or d.claimed_until <= ${now})
        and ${isOwed(['d', 'r'])} and (r.next_send_at is null or r.next_send_at <= ${now}) and ${inTurn('d')}
      order by d.priority desc, d.due_at, d.delivery_id
      limit ${limit}
      for no key update of d, r skip locked
    ), held as (
      update recipient r set next_send_at = ${now}::timestamptz + interval '1 second'
      from picked where r.recipient_id = picked.recipient_id
      returning r.*
    )
    update delivery d set claimed_until = ${claimedUntil}
    from picked, held
    where d.delivery_id = picked.delivery_id and held.recipient_id = picked.recipient_id
    returning d.*, held.chat_id, held.username, held.kind, held.title, held.language, held.recent_sent_at,
      held.state as recipient_state, held.state_reason
  `.execute(db);
  return (rows as unknown as ClaimedRow[]).map(claimed).toSorted(mostUrgentFirst);
}

type ClaimedRow = Delivery &
  Pick<Recipient, 'chatId' | 'username' | 'kind' | 'title' | 'language' | 'stateReason'> & {
    recentSentAt: Date[];
    recipientState: Recipient['state'];
  };

function claimed(row: ClaimedRow): ClaimedDelivery {
  const { chatId, username, kind, title, language, recentSentAt, recipientState, stateReason, ...delivery } = row;
  const { recipientId } = delivery;
  const recipient = { recipientId, chatId, username, kind, title, language, state: recipientState, stateReason };
  return { ...delivery, recipient: { ...recipient, recentSentAt } };
}

function mostUrgentFirst(a: Delivery, b: Delivery): number {
  return b.priority - a.priority || a.dueAt.getTime() - b.dueAt.getTime() || a.deliveryId - b.deliveryId;
}

/** When the next open delivery can be taken; undefined when none is open for a recipient who is to have it. */
export async function nextDeliveryAt(db: Db): Promise<Date | undefined> {
  const next = await db
    .selectFrom('delivery')
    .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
    .where('delivery.closedAt', 'is', null)
    .where(isOwed(['delivery', 'recipient']))
    .where(inTurn('delivery'))
    .select(sql<Date | null>`min(greatest(delivery.due_at, recipient.next_send_at, delivery.claimed_until))`.as('at'))
    .executeTakeFirst();
  return next?.at ?? undefined;
}

/**
 * Written immediately before the call to Telegram: what a crash leaves in this state has an unknown outcome. False when
 * the delivery is not ours any more: it was withdrawn, or the claim ran out and somebody else has it.
 */
export async function markSending(
  db: Db,
  { deliveryId, claimedUntil }: Pick<Delivery, 'deliveryId' | 'claimedUntil'>,
  callUntil: Date,
): Promise<boolean> {
  const marked = await db
    .updateTable('delivery')
    .set({ state: 'sending', claimedUntil: callUntil })
    .where('deliveryId', '=', deliveryId)
    .where('claimedUntil', '=', claimedUntil)
    .where('state', '!=', 'sending')
    .where('closedAt', 'is', null)
    .returning('deliveryId')
    .executeTakeFirst();
  return marked !== undefined;
}

/** Gives claims back that were not used. */
export async function releaseDeliveries(db: Db, deliveryIds: readonly number[]): Promise<void> {
  if (deliveryIds.length === 0) return;
  await db
    .updateTable('delivery')
    .set({ claimedUntil: null })
    .where('deliveryId', 'in', deliveryIds)
    .where('state', '!=', 'sending')
    .execute();
}

interface Outcome {
  kind: string;
  reason: string | null;
  messageId: number | null;
  /** Of a story's message. */
  storyRevision?: number;
  messageFormat?: 'text' | 'photo';
}

/** Writes down what became of a delivery. A closed delivery is never opened again. */
export async function markDelivery(
  db: Db,
  delivery: Pick<Delivery, 'deliveryId'>,
  { decision, outcome, now }: { decision: Decision['delivery']; outcome: Outcome; now: Date },
): Promise<void> {
  const attempt = decision.closed || decision.countsAsAttempt ? 1 : 0;
  await db
    .updateTable('delivery')
    .set((set) => ({
      state: decision.state,
      outcome: outcome.kind,
      outcomeReason: outcome.reason,
      messageId: outcome.messageId,
      storyRevision: outcome.storyRevision ?? null,
      messageFormat: outcome.messageFormat ?? null,
      claimedUntil: null,
      attempts: set('attempts', '+', attempt),
      unknownCount: set('unknownCount', '+', decision.state === 'unknown' ? 1 : 0),
      ...(decision.closed ? { closedAt: now } : { dueAt: new Date(now.getTime() + decision.dueInMs) }),
    }))
    .where('deliveryId', '=', delivery.deliveryId)
    .where('closedAt', 'is', null)
    .execute();
}

/** A chat was written to: it may be again as soon as its pace allows. */
export async function markChatWritten(db: Db, recipient: ClaimedDelivery['recipient'], now: Date): Promise<void> {
  const recentSentAt = [now, ...recipient.recentSentAt].slice(0, rememberedSendings);
  await db
    .updateTable('recipient')
    .set({ recentSentAt, nextSendAt: nextSendAt(recipient.kind, recentSentAt) })
    .where('recipientId', '=', recipient.recipientId)
    .execute();
}

/**
 * What is owed to a recipient who left, or of a subject that is refused or withdrawn, is closed with the reason. What is
 * taken back from who stopped stays open.
 */
export async function closeDeliveries(
  db: Db,
  of:
    | { deliveryId: number }
    | { recipientId: number }
    | { storyId: number }
    | { broadcastId: number }
    | { correctionId: number },
  { state, outcome, reason, now }: { state: 'failed' | 'canceled'; outcome: string; reason: string; now: Date },
): Promise<number> {
  const result = await db
    .updateTable('delivery')
    .set({ state, outcome, outcomeReason: reason, closedAt: now, claimedUntil: null })
    .where('closedAt', 'is', null)
    .where('state', '!=', 'sending')
    .where((where) => where.and(of))
    .$if('recipientId' in of, (query) =>
      query.where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('recipient')
              .select('recipientId')
              .whereRef('recipient.recipientId', '=', 'delivery.recipientId')
              .where(isTakenBack(['delivery', 'recipient'])),
          ),
        ),
      ),
    )
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

/** Lets go of every claim: for the one process that knows itself to be the only one, at its start. */
export async function expireDeliveryClaims(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('delivery')
    .set({ claimedUntil: now })
    .where('closedAt', 'is', null)
    .where('claimedUntil', '>', now)
    .execute();
}

/** What is owed to recipients who are not to be written to any more is withdrawn, whichever way they left. */
export async function closeUnwanted(db: Db, now: Date): Promise<void> {
  await db
    .updateTable('delivery')
    .from('recipient')
    .whereRef('recipient.recipientId', '=', 'delivery.recipientId')
    .where((where) => where.not(isOwed(['delivery', 'recipient'])))
    .where('delivery.closedAt', 'is', null)
    .where('delivery.state', '!=', 'sending')
    .set({ state: 'canceled', outcome: 'withdrawn', outcomeReason: 'the recipient is not active', closedAt: now })
    .execute();
}

/** Deliveries that a killed process left in the middle of a call. */
export function listAbandoned(db: Db, now: Date): Promise<Delivery[]> {
  return db
    .selectFrom('delivery')
    .selectAll()
    .where('state', '=', 'sending')
    .where('closedAt', 'is', null)
    .where((where) => where.or([where('claimedUntil', 'is', null), where('claimedUntil', '<=', now)]))
    .execute();
}

/** Open and closed deliveries by state. */
export async function countDeliveries(db: Db): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('delivery')
    .select(['state', (count) => count.fn.countAll<number>().as('size')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.state, row.size]));
}
