// Recipients and their subscriptions in Postgres. Of a reader nothing is kept but chat id, language, topics and keywords.
import { type ExpressionBuilder, type ExpressionWrapper, sql, type SqlBool } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import type { Recipient, RecipientState } from './recipient.ts';

const columns = ['recipientId', 'kind', 'chatId', 'username', 'title', 'language', 'state', 'stateReason'] as const;

export function findRecipientByChat(db: Db, chatId: number): Promise<Recipient | undefined> {
  return db.selectFrom('recipient').select(columns).where('chatId', '=', chatId).executeTakeFirst();
}

/** A channel as it is known by its number or, from the newsroom file, by its @name. */
export function findChannel(
  db: Db,
  { chatId, username }: { chatId: number; username: string | null },
): Promise<Recipient | undefined> {
  return db
    .selectFrom('recipient')
    .select(columns)
    .where((where) =>
      where.or([
        where('chatId', '=', chatId),
        // A name counts only while it is all that we know: names change hands, numbers do not.
        ...(username === null
          ? []
          : [where.and([where('username', '=', username.toLowerCase()), where('chatId', 'is', null)])]),
      ]),
    )
    .where('kind', '=', 'channel')
    .orderBy('chatId')
    .executeTakeFirst();
}

export function findRecipient(db: Db, recipientId: number): Promise<Recipient | undefined> {
  return db.selectFrom('recipient').select(columns).where('recipientId', '=', recipientId).executeTakeFirst();
}

/**
 * The subscriber of a private chat, active from now on; `before` is the state until now, undefined for a new one.
 * The language given counts for a new subscriber only: a reader's choice is never overwritten.
 */
export async function activateSubscriber(
  db: Db,
  { chatId, language, now }: { chatId: number; language: string; now: Date },
): Promise<{ subscriber: Recipient; before: RecipientState | undefined }> {
  const before = await findRecipientByChat(db, chatId);
  const subscriber = await db
    .insertInto('recipient')
    .values({ kind: 'subscriber', chatId, language, lastActiveAt: now, createdAt: now })
    .onConflict((conflict) => conflict.column('chatId').doUpdateSet({ state: 'active', stateReason: null }))
    .returning(columns)
    .executeTakeFirstOrThrow();
  return { subscriber, before: before?.state };
}

/** The subscriber of a private chat as it is: a new one is active, one that has stopped stays stopped. */
export async function ensureSubscriber(
  db: Db,
  { chatId, language, now }: { chatId: number; language: string; now: Date },
): Promise<Recipient> {
  return (
    (await findRecipientByChat(db, chatId)) ?? (await activateSubscriber(db, { chatId, language, now })).subscriber
  );
}

interface StateChange {
  state: RecipientState;
  reason?: string | null;
  only?: readonly RecipientState[];
  now: Date;
}

/**
 * Changes the state; `only` limits it to recipients that are in one of these states. Returns whether it changed. Whoever
 * ceases to be active is owed nothing that was planned before: the sender closes it when its turn comes.
 */
export async function setRecipientState(
  db: Db,
  recipientId: number,
  { state, reason = null, only, now }: StateChange,
): Promise<boolean> {
  const changed = await db
    .updateTable('recipient')
    .set({
      state,
      stateReason: reason,
      ...(state === 'active'
        ? {}
        : { leftAt: sql<Date | null>`case when state = 'active' then ${now}::timestamptz else left_at end` }),
    })
    .where('recipientId', '=', recipientId)
    .where('state', '!=', state)
    .$if(only !== undefined, (query) => query.where('state', 'in', only as readonly RecipientState[]))
    .returning('recipientId')
    .executeTakeFirst();
  return changed !== undefined;
}

export async function setRecipientLanguage(db: Db, recipientId: number, language: string): Promise<void> {
  await db.updateTable('recipient').set({ language }).where('recipientId', '=', recipientId).execute();
}

/** A reader must have been silent for so long before another sign of life is written down. */
const activityEveryMs = 60 * 60 * 1000;

/** The reader wrote or pressed something: the most recently active are served first. */
export async function markActive(db: Db, { chatId, now }: { chatId: number; now: Date }): Promise<void> {
  await db
    .updateTable('recipient')
    .set({ lastActiveAt: now })
    .where('chatId', '=', chatId)
    .where('kind', '=', 'subscriber')
    .where((where) =>
      where.or([
        where('lastActiveAt', 'is', null),
        where('lastActiveAt', '<=', new Date(now.getTime() - activityEveryMs)),
      ]),
    )
    .execute();
}

/** The chat was just written to, outside the ledger: it is not to be written to again before `nextSendAt`. */
export async function holdChat(db: Db, chatId: number, nextSendAt: Date): Promise<void> {
  await db
    .updateTable('recipient')
    .set({ nextSendAt })
    .where('chatId', '=', chatId)
    .where((where) => where.or([where('nextSendAt', 'is', null), where('nextSendAt', '<', nextSendAt)]))
    .execute();
}

/**
 * A group became a supergroup, or a channel's @name was resolved: the same recipient under its number. Where that
 * number is another recipient's already, this one is disabled and the other carries on. Returns whether it changed.
 */
export async function setRecipientChat(db: Db, recipientId: number, chatId: number, now: Date): Promise<boolean> {
  const other = await findRecipientByChat(db, chatId);
  if (other?.recipientId === recipientId) return false;
  if (other) {
    await setRecipientState(db, recipientId, { state: 'disabled', reason: 'the same chat is listed twice', now });
    return false;
  }
  await db.updateTable('recipient').set({ chatId }).where('recipientId', '=', recipientId).execute();
  return true;
}

interface ChannelChat {
  chatId: number;
  username: string | null;
  title: string | null;
  language: string | null;
  now: Date;
}

/** A channel the bot may post to: a new one, or the one known by this number or @name, active again. */
export async function activateChannel(db: Db, channel: ChannelChat): Promise<Recipient> {
  const { chatId, title, language, now } = channel;
  const username = channel.username?.toLowerCase() ?? null;
  return db.transaction().execute(async (trx) => {
    const known = await findChannel(trx, channel);
    if (!known) {
      return trx
        .insertInto('recipient')
        .values({ kind: 'channel', chatId, username, title, language, createdAt: now })
        .returning(columns)
        .executeTakeFirstOrThrow();
    }
    return trx
      .updateTable('recipient')
      .set({ chatId, title, state: 'active', stateReason: null })
      .where('recipientId', '=', known.recipientId)
      .returning(columns)
      .executeTakeFirstOrThrow();
  });
}

export async function setSubscription(
  db: Db,
  { recipientId, topicId, on, now }: { recipientId: number; topicId: number; on: boolean; now: Date },
): Promise<void> {
  if (on) {
    await db
      .insertInto('subscription')
      .values({ recipientId, topicId, createdAt: now })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  } else {
    await db.deleteFrom('subscription').where('recipientId', '=', recipientId).where('topicId', '=', topicId).execute();
  }
}

export async function listSubscribedTopics(db: Db, recipientId: number): Promise<Set<number>> {
  const rows = await db.selectFrom('subscription').select('topicId').where('recipientId', '=', recipientId).execute();
  return new Set(rows.map((row) => row.topicId));
}

/** Whom a broadcast reaches: readers and channels, readers only, or the readers who follow a topic. */
export type Audience = { audience: 'everyone' | 'readers'; topicId: null } | { audience: 'topic'; topicId: number };

/** The condition on `recipient` that an audience stands for; only active recipients are in any audience. */
function inAudience({ audience, topicId }: Audience) {
  return (where: ExpressionBuilder<Database, 'recipient'>): ExpressionWrapper<Database, 'recipient', SqlBool> => {
    const conditions = [where('recipient.state', '=', 'active')];
    if (audience !== 'everyone') conditions.push(where('recipient.kind', '=', 'subscriber'));
    if (audience === 'topic') {
      conditions.push(
        where.exists(
          where
            .selectFrom('subscription')
            .select(sql`1`.as('one'))
            .whereRef('subscription.recipientId', '=', 'recipient.recipientId')
            .where('subscription.topicId', '=', topicId),
        ),
      );
    }
    return where.and(conditions);
  };
}

export interface AudienceSize {
  readers: number;
  channels: number;
}

export async function countAudience(db: Db, audience: Audience): Promise<AudienceSize> {
  const rows = await db
    .selectFrom('recipient')
    .select(['kind', (count) => count.fn.countAll<number>().as('size')])
    .where(inAudience(audience))
    .groupBy('kind')
    .execute();
  const readers = rows.find((row) => row.kind === 'subscriber')?.size ?? 0;
  return { readers, channels: rows.reduce((sum, row) => sum + row.size, 0) - readers };
}
