// A newsroom with many recipients, written straight into the tables, and news for them that is not planned yet.
import { sql } from 'kysely';
import type { Db } from '../../src/db/database.ts';

interface CrowdOptions {
  /** Their ids in Telegram, in a row. */
  readers?: { firstId: number; count: number };
  channels?: readonly number[];
  groups?: readonly number[];
}

/** All of them follow one new topic; returns its id. */
export async function gatherCrowd(
  db: Db,
  slug: string,
  { readers = { firstId: 0, count: 0 }, channels = [], groups = [] }: CrowdOptions,
): Promise<number> {
  const { topicId } = await db
    .insertInto('topic')
    .values({ slug, name: JSON.stringify({ ar: 'محليات', en: 'Local' }), keywords: '{}', position: 1 })
    .returning('topicId')
    .executeTakeFirstOrThrow();
  await sql`
    insert into recipient (kind, chat_id, title, language, created_at)
    select 'subscriber', id, 'قارئ', 'ar', now()
    from generate_series(${readers.firstId}::bigint, ${readers.firstId + readers.count - 1}::bigint) id
    union all select 'channel', id, 'قناة', 'ar', now() from unnest(${channels}::bigint[]) id
    union all select 'group', id, 'مجموعة', 'ar', now() from unnest(${groups}::bigint[]) id
    on conflict do nothing
  `.execute(db);
  await sql`
    insert into subscription (recipient_id, topic_id, created_at)
    select recipient_id, ${topicId}::bigint, now() from recipient
    where chat_id between ${readers.firstId} and ${readers.firstId + readers.count - 1}
      or chat_id = any(${[...channels, ...groups]}::bigint[])
  `.execute(db);
  return topicId;
}

/** A story of the topic, due to be planned; `marker` is its headline. Returns its id. */
export async function writeStory(
  db: Db,
  { topicId, marker, breaking = false }: { topicId: number; marker: string; breaking?: boolean },
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const now = new Date();
    const { storyId } = await trx
      .insertInto('story')
      .values({ headline: marker, summary: 'نص.', language: 'ar', publishedAt: now, createdAt: now, breaking })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    await trx.insertInto('storyTopic').values({ storyId, topicId, why: 'feed' }).execute();
    return storyId;
  });
}

/** An editor's message to all readers, due to be planned; returns the broadcast's id. */
export async function writeBroadcast(
  db: Db,
  { editorId, messageId, atMostOnce }: { editorId: number; messageId: number; atMostOnce: boolean },
): Promise<number> {
  const { broadcastId } = await db
    .insertInto('broadcast')
    .values({
      editorId,
      fromChatId: editorId,
      messageIds: [messageId],
      audience: 'readers',
      topicId: null,
      stateReason: null,
      progressMessageId: null,
      atMostOnce,
      createdAt: new Date(),
      plannedAt: null,
      closedAt: null,
    })
    .returning('broadcastId')
    .executeTakeFirstOrThrow();
  return broadcastId;
}

/**
 * Makes the tables as they will be in a while. `waiting`: what nobody works at is due. `all`: also, what somebody has
 * claimed is free; only when all who had claims were killed, for those of the living run out as well.
 */
export async function letTimePass(db: Db, ms: number, { of = 'all' }: { of?: 'all' | 'waiting' } = {}): Promise<void> {
  const later = sql`${ms} * interval '1 millisecond'`;
  // Past whoever is at work: to wait for each other in another order than theirs would be a deadlock.
  await sql`
    update chunk set claimed_until = claimed_until - ${later}, due_at = due_at - ${later}
    where chunk_id in (
      select chunk_id from chunk
      where closed_at is null and (claimed_until is null or claimed_until < clock_timestamp() or ${of === 'all'}::boolean)
      for update skip locked
    )
  `.execute(db);
  await sql`
    update recipient set next_send_at = next_send_at - ${later}
    where recipient_id in (select recipient_id from recipient where next_send_at is not null for update skip locked)
  `.execute(db);
  await sql`update subject set held_since = held_since - ${later} where held_since is not null`.execute(db);
  await sql`update pace set paused_until = paused_until - ${later}`.execute(db);
  await sql`select pg_notify('nashra_chunks', '')`.execute(db);
}
