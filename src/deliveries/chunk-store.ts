// Chunks in Postgres: recipients of one subject who are sent to together, the unit in which work is handed out and counted.
import { type RawBuilder, type Selectable, sql } from 'kysely';
import { lightly } from '../db/commit.ts';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { lanes } from './delivery.ts';

export type Chunk = Selectable<Database['chunk']>;

/** Recipients in a chunk at most: half a second's work at the fastest pace. */
export const chunkSize = 500;

/** Processes that send listen to this. */
export const chunksChannel = 'nashra_chunks';

/** Tells every process that sends, once the transaction has ended, that something is due. */
export async function wakeSenders(db: Db): Promise<void> {
  await sql`select pg_notify(${chunksChannel}, '')`.execute(db);
}

const dayMs = 24 * 60 * 60 * 1000;

/** Nothing is put off for longer than this: what seems to be, was put off before the clock was set back. */
const longestWaitMs = 20 * 60_000;

const isDue = (now: Date, chunk: string) => sql<boolean>`(
  ${sql.ref(`${chunk}.dueAt`)} <= ${now} or ${sql.ref(`${chunk}.dueAt`)} > ${new Date(now.getTime() + longestWaitMs)}
)`;

/** The tier of a chunk by the most recent activity in it: channels and today's readers, the week's, the month's, the others. */
const tier = (isChat: RawBuilder<unknown>, activeAt: RawBuilder<unknown>, now: Date) => sql`case
  when ${isChat} or ${activeAt} > ${new Date(now.getTime() - dayMs)} then 0
  when ${activeAt} > ${new Date(now.getTime() - 7 * dayMs)} then 1
  when ${activeAt} > ${new Date(now.getTime() - 30 * dayMs)} then 2
  else 3
end`;

export interface NewChunks {
  subjectId: number;
  lane: number;
  /** Null: held. */
  dueAt: Date | null;
  now: Date;
}

/** How many recipients were cut into which chunks. */
export interface NewlyCut {
  size: number;
  chunkIds: number[];
}

const noneCut: NewlyCut = { size: 0, chunkIds: [] };

/**
 * Cuts `recipients` (a select of recipient_id, kind, last_active_at and precedence, the lowest first) into chunks,
 * channels first and then the most recently active readers. One statement, however many. Whoever calls wakes the senders.
 */
export async function insertChunks(db: Db, chunks: NewChunks, recipients: RawBuilder<unknown>): Promise<NewlyCut> {
  const { subjectId } = chunks;
  const ofSubject = sql`select ${subjectId}::bigint as subject_id, one.* from (${recipients}) one`;
  const [cut] = await insertChunksOfSeveral(db, [chunks], ofSubject);
  return cut ?? noneCut;
}

/**
 * The same for several subjects, which `recipients` has as subject_id: the first one's chunks come first. Returned in
 * their order.
 */
export async function insertChunksOfSeveral(
  db: Db,
  subjects: readonly NewChunks[],
  recipients: RawBuilder<unknown>,
): Promise<NewlyCut[]> {
  const [first] = subjects;
  if (!first) return [];
  const { rows } = await sql<NewlyCut & { subjectId: number }>`
    with ranked as (
      select subject_id, recipient_id, kind <> 'subscriber' as is_chat, last_active_at,
        row_number() over (
          partition by subject_id
          order by precedence, kind <> 'subscriber' desc, last_active_at desc nulls last, recipient_id
        ) - 1 as place
      from (${recipients}) member
    ), part as (
      select subject_id, place / ${sql.lit(chunkSize)} as number, array_agg(recipient_id order by place) as recipient_ids,
        count(*) as size, ${tier(sql`bool_or(is_chat)`, sql`max(last_active_at)`, first.now)} as tier
      from ranked group by subject_id, number
    ), added as (
      insert into chunk (subject_id, lane, tier, recipient_ids, size, due_at)
      select subject_id, lane, tier, recipient_ids, size, due_at
      from part join unnest(
        ${subjects.map(({ subjectId }) => subjectId)}::bigint[], ${subjects.map(({ lane }) => lane)}::smallint[],
        ${subjects.map(({ dueAt }) => dueAt)}::timestamptz[]
      ) with ordinality as subject (subject_id, lane, due_at, turn) using (subject_id)
      order by turn, number
      returning subject_id, chunk_id, size
    )
    select subject_id, sum(size)::bigint as size, array_agg(chunk_id) as chunk_ids from added group by subject_id
  `.execute(db);
  const cut = new Map(rows.map(({ subjectId, ...one }) => [subjectId, one]));
  return subjects.map(({ subjectId }) => cut.get(subjectId) ?? noneCut);
}

interface Lease {
  /** Of one taking: who takes a chunk again has another. */
  claim: string;
  leaseMs: number;
}

/** A claim says whose it is, and which of its takings. */
export function claimOf(sender: string, taking: number): string {
  return `${sender}.${taking}`;
}

const isOthers = (claim: string, sender: string) => sql<boolean>`split_part(${sql.ref(claim)}, '.', 1) <> ${sender}`;

/** Small chunks are taken, handed out and written down together, up to so many. */
export const chunksAtOnce = 16;
const lastLane = Math.max(...Object.values(lanes));

/** A chunk in our hands; `isAbandoned`: whoever had it before did not end with it. */
export type ClaimedChunk = Chunk & { isAbandoned: boolean };

interface Taking extends Lease {
  sender: string;
  now: Date;
  /** What this process has in hand still. */
  held?: readonly number[];
  /** Recipients in all, where several chunks are taken. */
  recipientsAtOnce: number;
  atMost?: number;
}

/**
 * Takes the most urgent due chunk (by lane, then the most active readers, then the oldest), and with it, where they are
 * small, those of the same lane that come next. None while something more urgent is being handed out elsewhere.
 */
export async function claimChunks(
  db: Db,
  { sender, claim, leaseMs, now, held = [], recipientsAtOnce, atMost = chunksAtOnce }: Taking,
): Promise<ClaimedChunk[]> {
  const { rows } = await sql<ClaimedChunk>`
    with urgent as materialized (
      select min(lane) as lane from chunk
      where closed_at is null and ${isDue(now, 'chunk')} and not is_handed_out
        and claimed_until > clock_timestamp() and ${isOthers('claim', sender)}
    ), next as (
      select chunk_id, lane, tier, due_at, size, claim is not null as is_abandoned
      from chunk c
      where closed_at is null and ${isDue(now, 'c')} and chunk_id <> all(${held}::bigint[])
        and (claimed_until is null or claimed_until <= clock_timestamp())
        and lane <= coalesce((select lane from urgent), ${lastLane})
      order by lane, tier, due_at, chunk_id
      limit ${atMost}
      for update of c skip locked
    ), picked as (
      select *, sum(size) over in_order as reached, first_value(lane) over in_order as first_lane
      from next window in_order as (order by lane, tier, due_at, chunk_id)
    )
    update chunk c set claim = ${claim}, claimed_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond',
      is_handed_out = false
    from picked
    where c.chunk_id = picked.chunk_id and picked.lane = first_lane
      and (reached <= ${recipientsAtOnce} or reached = picked.size)
    returning c.*, picked.is_abandoned, ${lightly}
  `.execute(db);
  return rows.toSorted((a, b) => a.tier - b.tier || Number(a.dueAt) - Number(b.dueAt) || a.chunkId - b.chunkId);
}

/** A chunk in our hands, and by which taking. */
export interface HeldChunk extends Pick<Chunk, 'chunkId'> {
  claim: string;
}

const heldIds = (held: readonly HeldChunk[]) => sql`${held.map(({ chunkId }) => chunkId)}::bigint[]`;
const heldClaims = (held: readonly HeldChunk[]) => sql`${held.map(({ claim }) => claim)}::text[]`;

/** Which of the chunks are still ours, held for this transaction: nobody takes them meanwhile. */
export async function lockClaims(trx: Db, held: readonly HeldChunk[]): Promise<Set<number>> {
  const { rows } = await sql<{ chunkId: number }>`
    select chunk_id from chunk
      join unnest(${heldIds(held)}, ${heldClaims(held)}) as ours (chunk_id, claim) using (chunk_id, claim)
    where chunk_id = any(${heldIds(held)}) and closed_at is null
    order by chunk_id for update of chunk
  `.execute(trx);
  return new Set(rows.map(({ chunkId }) => chunkId));
}

/** Gives a chunk back that could not be sent at all, for later. */
export async function deferChunk(
  db: Db,
  { chunkId }: Pick<Chunk, 'chunkId'>,
  { claim, dueAt }: Pick<Lease, 'claim'> & { dueAt: Date },
): Promise<void> {
  await db
    .updateTable('chunk')
    .set({ claim: null, claimedUntil: null, dueAt })
    .where('chunkId', '=', chunkId)
    .where('claim', '=', claim)
    .where('closedAt', 'is', null)
    .execute();
}

/** Whether something more urgent than `lane` waits, or is being handed out elsewhere. */
export async function isUrgentDue(
  db: Db,
  { lane, sender, now }: { lane: number; sender: string; now: Date },
): Promise<boolean> {
  const { rows } = await sql<{ isDue: boolean }>`
    select exists (
      select from chunk
      where closed_at is null and lane < ${lane} and ${isDue(now, 'chunk')} and not is_handed_out
        and (claim is null or ${isOthers('claim', sender)})
    ) as is_due
  `.execute(db);
  return rows[0]?.isDue ?? false;
}

/** Keeps what is ours; returns which of it still is. */
export async function renewClaims(
  db: Db,
  chunks: readonly Pick<Chunk, 'chunkId' | 'claim'>[],
  { leaseMs }: Pick<Lease, 'leaseMs'>,
): Promise<number[]> {
  const { rows } = await sql<{ chunkId: number }>`
    update chunk set claimed_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    from unnest(
      ${chunks.map(({ chunkId }) => chunkId)}::bigint[], ${chunks.map(({ claim }) => claim)}::text[]
    ) as ours (chunk_id, claim)
    where chunk.chunk_id = ours.chunk_id and chunk.claim = ours.claim and closed_at is null
    returning chunk.chunk_id, ${lightly}
  `.execute(db);
  return rows.map(({ chunkId }) => chunkId);
}

/** Each of their messages has been called for, or waits for its own time: they hold back nothing any more. */
export async function markHandedOut(db: Db, held: readonly HeldChunk[]): Promise<void> {
  await sql`
    update chunk set is_handed_out = true
    from unnest(${heldIds(held)}, ${heldClaims(held)}) as ours (chunk_id, claim)
    where chunk.chunk_id = ours.chunk_id and chunk.claim = ours.claim and closed_at is null
  `.execute(db);
}

/** Recipients whose turn comes again. */
export interface Remainder {
  recipientIds: readonly number[];
  dueAt: Date;
}

/** A chunk that is to end, and what is left of it. */
interface Ending extends HeldChunk, Pick<Chunk, 'subjectId' | 'lane' | 'tier'> {
  remainders: readonly Remainder[];
}

/** Ends chunks: what is left of them becomes chunks of their own. Those that are not ours any more are left alone; returns the others. */
export async function closeChunks(trx: Db, endings: readonly Ending[], now: Date): Promise<Set<number>> {
  if (endings.length === 0) return new Set();
  const known = endings.flatMap(({ subjectId, remainders }) =>
    remainders.flatMap(({ recipientIds }) => recipientIds.map((recipientId) => ({ subjectId, recipientId }))),
  );
  const { rows } = await sql<{ chunkId: number; forgotten: number[] }>`
    with ours as materialized (
      select chunk_id, subject_id, recipient_ids from chunk
        join unnest(${heldIds(endings)}, ${heldClaims(endings)}) as held (chunk_id, claim) using (chunk_id, claim)
      where chunk_id = any(${heldIds(endings)}) and closed_at is null order by chunk_id for update of chunk
    ), closed as (
      update chunk set closed_at = ${now}, claim = null, claimed_until = null, recipient_ids = '{}',
        size = sent + blocked + failed + canceled + unknown
      from ours where chunk.chunk_id = ours.chunk_id and chunk.chunk_id = any(${heldIds(endings)})
    )
    select chunk_id, array(
      select member.recipient_id from unnest(recipient_ids) with ordinality as member (recipient_id, place)
        join delivery d on d.subject_id = ours.subject_id and d.recipient_id = member.recipient_id
      where d.state in ('planned', 'sending', 'doubtful')
        and (ours.subject_id, member.recipient_id) not in (
          select * from unnest(
            ${known.map(({ subjectId }) => subjectId)}::bigint[], ${known.map(({ recipientId }) => recipientId)}::bigint[]
          )
        )
      order by place
    ) as forgotten
    from ours
  `.execute(trx);
  const forgotten = new Map(rows.map((row) => [row.chunkId, row.forgotten]));
  for (const { chunkId, subjectId, lane, tier: chunkTier, remainders } of endings) {
    const left = forgotten.get(chunkId);
    if (!left) continue;
    // Whatever went wrong on the way: who is in the chunk and has got nothing is not lost with it.
    for (const { recipientIds, dueAt } of [...remainders, { recipientIds: left, dueAt: now }]) {
      if (recipientIds.length === 0) continue;
      await insertChunk(trx, { subjectId, lane, tier: chunkTier, recipientIds, dueAt, isListed: true });
    }
  }
  return new Set(forgotten.keys());
}

/**
 * Takes recipients out of a chunk who were not begun: they become chunks of their own, for whoever is free. False when
 * the chunk is not ours any more.
 */
export async function splitChunk(
  trx: Db,
  { chunkId, subjectId, lane, tier: chunkTier }: Pick<Chunk, 'chunkId' | 'subjectId' | 'lane' | 'tier'>,
  { claim, parts }: { claim: string; parts: readonly Remainder[] },
): Promise<boolean> {
  const { rows } = await sql<{ recipientIds: number[] }>`
    select recipient_ids from chunk where chunk_id = ${chunkId} and claim = ${claim} and closed_at is null for update
  `.execute(trx);
  const [ours] = rows;
  if (!ours) return false;
  // Whether an earlier try of the same was written down, nobody knew: who is out already stays out once.
  const left = new Set(ours.recipientIds);
  const gone = new Set<number>();
  for (const { recipientIds, dueAt } of parts) {
    const part = recipientIds.filter((recipientId) => left.has(recipientId));
    if (part.length === 0) continue;
    for (const recipientId of part) gone.add(recipientId);
    await insertChunk(trx, { subjectId, lane, tier: chunkTier, recipientIds: part, dueAt, isListed: true });
  }
  if (gone.size === 0) return true;
  const kept = ours.recipientIds.filter((recipientId) => !gone.has(recipientId));
  await sql`
    update chunk set size = size - ${gone.size}::integer, recipient_ids = ${kept}::bigint[] where chunk_id = ${chunkId}
  `.execute(trx);
  await wakeSenders(trx);
  return true;
}

/** One chunk of these recipients, in this order. */
export async function insertChunk(
  db: Db,
  chunk: Pick<Chunk, 'subjectId' | 'lane' | 'tier' | 'dueAt' | 'isListed'> & { recipientIds: readonly number[] },
): Promise<void> {
  const { recipientIds } = chunk;
  await db
    .insertInto('chunk')
    .values({ ...chunk, recipientIds: [...recipientIds], size: recipientIds.length })
    .execute();
}

/** How many rows of a chunk were closed, and how. */
export interface Closed {
  sent: number;
  blocked: number;
  failed: number;
  canceled: number;
  unknown: number;
}

/** By chunk. An answer that came after the chunk had been taken from us is still counted, once. */
export async function countClosed(trx: Db, closed: ReadonlyMap<number, Closed>): Promise<void> {
  if (closed.size === 0) return;
  const list = (of: (counts: Closed) => number) => sql`${[...closed.values()].map(of)}::integer[]`;
  await sql`
    update chunk set sent = chunk.sent + more.sent, blocked = chunk.blocked + more.blocked,
      failed = chunk.failed + more.failed, canceled = chunk.canceled + more.canceled, unknown = chunk.unknown + more.unknown,
      size = size + case when closed_at is null then 0
        else more.sent + more.blocked + more.failed + more.canceled + more.unknown end
    from unnest(
      ${[...closed.keys()]}::bigint[], ${list(({ sent }) => sent)}, ${list(({ blocked }) => blocked)},
      ${list(({ failed }) => failed)}, ${list(({ canceled }) => canceled)}, ${list(({ unknown }) => unknown)}
    ) as more (chunk_id, sent, blocked, failed, canceled, unknown)
    where chunk.chunk_id = more.chunk_id and chunk.chunk_id = any(${[...closed.keys()]}::bigint[])
  `.execute(trx);
}

/** When the next chunk is due, that nobody has; undefined when none waits. */
export async function nextChunkAt(db: Db): Promise<Date | undefined> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(greatest(due_at, claimed_until)) as at from chunk where closed_at is null and due_at is not null
  `.execute(db);
  return rows[0]?.at ?? undefined;
}

/** Chunks that still have no rows in the ledger, the most urgent first. */
export async function lockUnlistedChunks(trx: Db, limit: number): Promise<Pick<Chunk, 'chunkId' | 'subjectId'>[]> {
  const { rows } = await sql<Pick<Chunk, 'chunkId' | 'subjectId'>>`
    select chunk_id, subject_id from chunk where not is_listed
    order by lane, tier, chunk_id limit ${limit} for update skip locked
  `.execute(trx);
  return rows;
}

/** Those of one subject. */
export async function listUnlistedOf(db: Db, subjectId: number): Promise<number[]> {
  const chunks = await db
    .selectFrom('chunk')
    .select('chunkId')
    .where('subjectId', '=', subjectId)
    .where('isListed', '=', false)
    .execute();
  return chunks.map(({ chunkId }) => chunkId);
}

/** Deliveries by what became of them; `open` are still to be sent. */
export interface ChunkCounts extends Closed {
  total: number;
  open: number;
}

/** Of one subject. */
export function countSubject(db: Db, subjectId: number): Promise<ChunkCounts> {
  return sumChunks(db, sql`where subject_id = ${subjectId}`);
}

/** Of everything that was ever owed. */
export function countChunks(db: Db): Promise<ChunkCounts> {
  return sumChunks(db, sql``);
}

/** Deliveries that are still to be sent. */
export async function countBacklog(db: Db): Promise<number> {
  return (await sumChunks(db, sql`where closed_at is null`)).open;
}

async function sumChunks(db: Db, condition: RawBuilder<unknown>): Promise<ChunkCounts> {
  const { rows } = await sql<ChunkCounts>`
    select coalesce(sum(size), 0)::bigint as total,
      coalesce(sum(size - sent - blocked - failed - canceled - unknown) filter (where closed_at is null), 0)::bigint as open,
      coalesce(sum(sent), 0)::bigint as sent, coalesce(sum(blocked), 0)::bigint as blocked,
      coalesce(sum(failed), 0)::bigint as failed, coalesce(sum(canceled), 0)::bigint as canceled,
      coalesce(sum(unknown), 0)::bigint as unknown
    from chunk ${condition}
  `.execute(db);
  return rows[0] as ChunkCounts;
}

/** Lets go of every claim: for the one process that knows itself to be the only one, at its start. */
export async function expireClaims(db: Db): Promise<void> {
  await sql`
    update chunk set claimed_until = clock_timestamp() where closed_at is null and claimed_until > clock_timestamp()
  `.execute(db);
}
