// Broadcasts in Postgres: an editor's message, its audience written down at once, and how far it is.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { type Audience, inAudience } from '../recipients/recipient-store.ts';
import { priorities } from './delivery.ts';
import type { BroadcastCounts } from './sender.ts';

export type Broadcast = Selectable<Database['broadcast']>;

type NewBroadcast = Pick<Broadcast, 'editorId' | 'fromChatId' | 'messageIds' | 'progressMessageId'> & Audience;

/** The broadcast and a delivery for each of its audience, in one transaction; undefined when it was made before. */
export async function insertBroadcast(
  db: Db,
  { now, ...broadcast }: NewBroadcast & { now: Date },
): Promise<{ broadcastId: number; size: number } | undefined> {
  return db.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto('broadcast')
      .values({ ...broadcast, createdAt: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('broadcastId')
      .executeTakeFirst();
    if (!inserted) return undefined;
    const { broadcastId } = inserted;
    const planned = await trx
      .insertInto('delivery')
      .columns(['recipientId', 'broadcastId', 'priority', 'dueAt', 'plannedAt'])
      .expression((from) =>
        from
          .selectFrom('recipient')
          .where(inAudience(broadcast))
          .select([
            'recipient.recipientId',
            sql<number>`${broadcastId}::bigint`.as('broadcastId'),
            sql<number>`${priorities.broadcast}::smallint`.as('priority'),
            sql<Date>`${now}::timestamptz`.as('dueAt'),
            sql<Date>`${now}::timestamptz`.as('plannedAt'),
          ]),
      )
      .executeTakeFirst();
    return { broadcastId, size: Number(planned.numInsertedOrUpdatedRows ?? 0) };
  });
}

export function getBroadcast(db: Db, broadcastId: number): Promise<Broadcast> {
  return db.selectFrom('broadcast').selectAll().where('broadcastId', '=', broadcastId).executeTakeFirstOrThrow();
}

export function listRunningBroadcasts(db: Db): Promise<Broadcast[]> {
  return db.selectFrom('broadcast').selectAll().where('state', '=', 'running').execute();
}

export async function countBroadcast(db: Db, broadcastId: number): Promise<BroadcastCounts> {
  const counts = await db
    .selectFrom('delivery')
    .where('broadcastId', '=', broadcastId)
    .select(({ fn }) => [
      fn.countAll<number>().as('total'),
      fn.countAll<number>().filterWhere('closedAt', 'is', null).as('open'),
      fn.countAll<number>().filterWhere('state', '=', 'sent').as('sent'),
      fn.countAll<number>().filterWhere('outcome', 'in', ['dead-reader', 'dead-chat']).as('blocked'),
      fn
        .countAll<number>()
        .filterWhere('state', 'in', ['failed', 'canceled'])
        .filterWhere('outcome', 'not in', ['dead-reader', 'dead-chat'])
        .as('failed'),
      fn.countAll<number>().filterWhere('state', '=', 'unknown').filterWhere('closedAt', 'is not', null).as('unknown'),
    ])
    .executeTakeFirstOrThrow();
  return counts;
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
