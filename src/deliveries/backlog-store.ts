// The backlog in Postgres: which stories wait, and how their rows become those of one digest for each recipient.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Waiting } from './backlog.ts';
import { insertChunks } from './chunk-store.ts';
import { lanes } from './delivery.ts';

/** Until the transaction ends, no other process gathers a backlog; false when one does. */
export async function tryLockBacklog(trx: Db): Promise<boolean> {
  const { rows } = await sql<{ isLocked: boolean }>`
    select pg_try_advisory_xact_lock(hashtext('nashra backlog')) as is_locked
  `.execute(trx);
  return rows[0]?.isLocked ?? false;
}

interface Since {
  /** What was planned before is late. */
  lateBefore: Date;
  /** What was published before is not fresh. */
  freshSince: Date;
}

/** Stories and digests with chunks that nobody has: held ones, late ones, and those that a backlog became. */
export async function listWaiting(db: Db, { lateBefore }: Pick<Since, 'lateBefore'>): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select s.subject_id, s.planned_at, t.published_at,
      case when bool_or(c.due_at is null) then coalesce(s.held_since, s.planned_at) end as held_since,
      bool_and(c.lane = ${lanes.digest}) as is_released
    from chunk c join subject s using (subject_id) left join story t using (story_id)
    where c.closed_at is null and c.lane <= ${lanes.digest} and s.kind in ('story', 'digest')
      and (c.claimed_until is null or c.claimed_until <= clock_timestamp())
      and (c.due_at is null or c.lane = ${lanes.digest} or s.planned_at < ${lateBefore})
    group by s.subject_id, t.story_id
  `.execute(db);
  return rows;
}

export interface BacklogChunk {
  chunkId: number;
  subjectId: number;
  kind: 'story' | 'digest';
  isListed: boolean;
}

/**
 * Locks the open chunks of these stories, of those that were released from earlier backlogs, and of digests that nobody
 * has begun to send; what a live process has claimed is left to it.
 */
export async function lockBacklogChunks(trx: Db, subjectIds: readonly number[]): Promise<BacklogChunk[]> {
  const { rows } = await sql<BacklogChunk>`
    select c.chunk_id, c.subject_id, s.kind, c.is_listed
    from chunk c join subject s using (subject_id)
    where c.closed_at is null and s.kind in ('story', 'digest') and c.lane <= ${lanes.digest}
      and (c.claimed_until is null or c.claimed_until <= clock_timestamp())
      and (s.subject_id = any(${subjectIds}::bigint[]) or (c.lane = ${lanes.digest} and c.due_at is not null))
    order by c.chunk_id
    for update of c skip locked
  `.execute(trx);
  return rows;
}

/**
 * Whoever has several open rows in these chunks, or one of a story that is not fresh any more, gets a digest instead:
 * the rows are closed and name it. A digest that waits already becomes part of the new one. Rows that may have been
 * sent are left alone, and those that are not owed any more: their turn closes them with their own reason. Returns how
 * many recipients the digest has.
 */
export async function gatherIntoDigest(
  trx: Db,
  chunkIds: readonly number[],
  { freshSince, now }: Pick<Since, 'freshSince'> & { now: Date },
): Promise<number> {
  const { rows } = await sql<{ digestId: number }>`
    with waiting as materialized (
      select c.chunk_id, d.subject_id, d.recipient_id, s.kind = 'digest' as is_digest, t.published_at < ${freshSince} as is_old
      from chunk c
        cross join lateral unnest(c.recipient_ids) as member (recipient_id)
        join delivery d on d.subject_id = c.subject_id and d.recipient_id = member.recipient_id
        join subject s on s.subject_id = c.subject_id
        left join story t on t.story_id = s.story_id
        join recipient r on r.recipient_id = member.recipient_id
      where c.chunk_id = any(${chunkIds}::bigint[]) and d.state = 'planned' and d.doubts = 0
        and s.stopped_at is null and t.withdrawn_at is null
        and r.state = 'active' and (r.left_at is null or r.left_at <= s.planned_at)
    ), gathered as materialized (
      select recipient_id from waiting group by recipient_id
      having bool_or(not is_digest) and (count(distinct subject_id) > 1 or bool_or(is_old))
    ), digest as (
      insert into subject (kind, lane, planned_at)
      select 'digest', ${lanes.digest}, ${now}::timestamptz where exists (select from gathered)
      returning subject_id as digest_id
    ), closed as (
      update delivery d
      set state = 'canceled', outcome = 'collapsed', outcome_reason = 'told in a digest of several that came late',
        digest_id = digest.digest_id, closed_at = ${now}
      from waiting join gathered using (recipient_id) cross join digest
      where d.subject_id = waiting.subject_id and d.recipient_id = waiting.recipient_id and d.state = 'planned'
      returning waiting.chunk_id, d.subject_id, d.recipient_id, waiting.is_digest
    ), moved as (
      update delivery d set digest_id = digest.digest_id
      from closed cross join digest
        -- \`offset 0\`: asked for each by itself, for Postgres would rather read the whole digest.
        cross join lateral (
          select subject_id, recipient_id from delivery
          where digest_id = closed.subject_id and recipient_id = closed.recipient_id offset 0
        ) earlier
      where closed.is_digest and d.subject_id = earlier.subject_id and d.recipient_id = earlier.recipient_id
    ), counted as (
      update chunk c set
        canceled = c.canceled + part.size,
        closed_at = case when part.size = open_of_chunk.size then ${now}::timestamptz end,
        recipient_ids = case when part.size = open_of_chunk.size then '{}' else c.recipient_ids end
      from (select chunk_id, count(*) as size from closed group by chunk_id) part
        join lateral (
          select size - sent - blocked - failed - canceled - unknown as size from chunk where chunk_id = part.chunk_id
        ) open_of_chunk on true
      where c.chunk_id = part.chunk_id
    )
    select digest_id from digest
  `.execute(trx);
  const [digest] = rows;
  if (!digest) return 0;
  const { size } = await insertChunks(
    trx,
    { subjectId: digest.digestId, lane: lanes.digest, dueAt: now, now },
    sql`
      select recipient_id, kind, last_active_at, 0 as precedence from recipient
      where recipient_id in (select recipient_id from delivery where digest_id = ${digest.digestId})
    `,
  );
  return size;
}

/** What is left of these chunks is sent as it is, among the digests: due now, where it was held. */
export async function releaseChunks(trx: Db, chunks: readonly BacklogChunk[], now: Date): Promise<void> {
  const stories = chunks.filter(({ kind }) => kind === 'story');
  await sql`
    update chunk set lane = ${lanes.digest}, due_at = coalesce(due_at, ${now}::timestamptz)
    where chunk_id = any(${stories.map(({ chunkId }) => chunkId)}::bigint[]) and closed_at is null
      and (lane <> ${lanes.digest} or due_at is null)
  `.execute(trx);
  await sql`
    update subject set held_since = null
    where subject_id = any(${stories.map(({ subjectId }) => subjectId)}::bigint[]) and held_since is not null
  `.execute(trx);
}
