// The ledger: what is owed to whom, in which state, and what became of it. Written in bulk, a slice or a chunk at a time.
import { type Selectable, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';
import type { Chunk } from './chunk-store.ts';
import { type DeliveryEvent, type DeliveryState, isClosed, states, statesBefore, transitions } from './delivery.ts';
import { longestBusyMs, minuteGapMs, rememberedSendings } from './pace.ts';

export type Delivery = Selectable<Database['delivery']>;

/** Writes the rows of chunks; what stands in the ledger already stays as it is. Returns how many are new. */
export async function listRows(trx: Db, chunkIds: readonly number[]): Promise<number> {
  const { rows } = await sql<{ size: number }>`
    with listed as (
      update chunk set is_listed = true where chunk_id = any(${chunkIds}::bigint[]) returning subject_id, recipient_ids
    ), added as (
      insert into delivery (subject_id, recipient_id, topic_ids, keywords)
      select subject_id, member.recipient_id,
        -- The story's only topic, where nothing else can have brought it to them.
        case when topic_ids = '{}' then null when cardinality(topic_ids) = 1 and keywords = '{}' then topic_ids else ${followed} end,
        case when keywords <> '{}' then ${found} end
      from listed join subject using (subject_id), unnest(listed.recipient_ids) as member (recipient_id)
      order by subject_id, member.recipient_id
      on conflict do nothing
      returning 1
    )
    select count(*) as size from added
  `.execute(trx);
  return rows[0]?.size ?? 0;
}

/** Which of the story's topics the member follows. */
const followed = sql`(
  select array_agg(topic_id order by topic_id) from subscription s
  where s.recipient_id = member.recipient_id and s.topic_id = any(subject.topic_ids)
)`;

const found = sql`(
  select array_agg(keyword order by keyword) from keyword_subscription k
  where k.recipient_id = member.recipient_id and k.keyword = any(subject.keywords)
)`;

export async function hasRows(db: Db, subjectId: number): Promise<boolean> {
  const row = await db
    .selectFrom('delivery')
    .select('recipientId')
    .where('subjectId', '=', subjectId)
    .limit(1)
    .execute();
  return row.length > 0;
}

/** An open delivery and its recipient; the recipient is null when it was deleted. */
export interface OpenDelivery {
  recipientId: number;
  state: DeliveryState;
  attempts: number;
  doubts: number;
  recipient: {
    recipientId: number;
    chatId: number | null;
    username: string | null;
    kind: RecipientKind;
    title: string | null;
    language: string | null;
    state: RecipientState;
    leftAt: Date | null;
    nextSendAt: Date | null;
  } | null;
}

type OpenRow = Pick<OpenDelivery, 'recipientId' | 'state' | 'attempts' | 'doubts'> & { chunkId: number } & Omit<
    NonNullable<OpenDelivery['recipient']>,
    'recipientId' | 'state' | 'kind'
  > & {
    kind: RecipientKind | null;
    recipientState: RecipientState;
  };

/**
 * Said beside the join that says it already: of a subject that is being written down Postgres has no statistics, takes it
 * for small, and would read all of its rows to find a few.
 */
const isAmong = (subjectIds: Iterable<number>, recipientIds: readonly number[]) => sql`
  d.subject_id = any(${[...new Set(subjectIds)]}::bigint[]) and d.recipient_id = any(${recipientIds}::bigint[])`;

/** What is still open of chunks, in their order, by chunk. */
export async function listOpenDeliveries(
  db: Db,
  chunks: readonly Pick<Chunk, 'chunkId' | 'subjectId' | 'recipientIds'>[],
): Promise<Map<number, OpenDelivery[]>> {
  const members = chunks.flatMap(({ chunkId, subjectId, recipientIds }) =>
    recipientIds.map((recipientId) => ({ chunkId, subjectId, recipientId })),
  );
  const list = (of: (member: (typeof members)[number]) => number) => members.map(of);
  const recipientIds = list((member) => member.recipientId);
  const { rows } = await sql<OpenRow>`
    select member.chunk_id, d.recipient_id, d.state, d.attempts, d.doubts, r.chat_id, r.username, r.kind, r.title,
      r.language, r.state as recipient_state, r.left_at, r.next_send_at
    from unnest(
        ${list(({ chunkId }) => chunkId)}::bigint[], ${list(({ subjectId }) => subjectId)}::bigint[],
        ${recipientIds}::bigint[]
      ) with ordinality as member (chunk_id, subject_id, recipient_id, place)
      join delivery d on d.subject_id = member.subject_id and d.recipient_id = member.recipient_id
      left join recipient r on r.recipient_id = member.recipient_id
    where d.state in ('planned', 'sending', 'doubtful')
      and ${isAmong(
        chunks.map(({ subjectId }) => subjectId),
        recipientIds,
      )}
    order by member.place
  `.execute(db);
  const open = new Map(chunks.map(({ chunkId }): [number, OpenDelivery[]] => [chunkId, []]));
  for (const { chunkId, recipientId, state, attempts, doubts, kind, recipientState, ...recipient } of rows) {
    open.get(chunkId)?.push({
      recipientId,
      state,
      attempts,
      doubts,
      recipient: kind === null ? null : { recipientId, kind, state: recipientState, ...recipient },
    });
  }
  return open;
}

/** A delivery that is about to be called for. */
export interface Starting {
  recipientId: number;
  /** When its call is to be made, and when its chat may be written to again after that. */
  at: Date;
  nextSendAt: Date;
}

/** Deliveries of one chunk that are to begin together. */
export interface StartingSlice {
  chunk: Pick<Chunk, 'chunkId' | 'subjectId'>;
  claim: string;
  starting: readonly Starting[];
}

export interface StartOptions {
  /** Whom they may go to. */
  reaches: readonly RecipientState[];
  /** Subjects of the same messages: while one of them is being sent to a recipient, these wait. */
  rivals: readonly number[];
}

/** What a slice finds when it begins. */
export interface Started {
  /** The attempts of those that begin, this one included, by recipient; the others' chats are busy, or gone. */
  attempts: Map<number, number>;
  /** When the busy ones are free, as far as is known; in the past where somebody is just writing to them. */
  freeAt: Map<number, Date>;
  /** The chunk is ours, and the subject is owed. */
  isOurs: boolean;
  isStopped: boolean;
  /** The story as it is now; null where there is none. */
  storyRevision: number | null;
  /** The newest correction of any story. */
  newestCorrectionId: number;
}

/**
 * Written immediately before calls: what a crash leaves in this state has an unknown outcome. Each chat is reserved for
 * its call, so that all processes together keep one chat's pace. The slices are of different chunks; of several for one
 * recipient only the first begins. Returns what each finds, in their order.
 */
export async function startDeliveries(
  db: Db,
  slices: readonly StartingSlice[],
  { reaches, rivals }: StartOptions,
): Promise<Started[]> {
  const slots = slices.flatMap(({ chunk: { chunkId, subjectId }, starting }) =>
    starting.map((slot) => ({ chunkId, subjectId, ...slot })),
  );
  const first = new Map(slots.toReversed().map((slot) => [slot.recipientId, slot]));
  const beginning = [...first.values()];
  const { rows } = await sql<{
    chunkId: number;
    isOurs: boolean;
    isStopped: boolean;
    storyRevision: number | null;
    newestCorrectionId: number;
    started: { id: number; n: number }[] | null;
    busy: { id: number; at: string }[] | null;
  }>`
    with slot as (
      select * from unnest(
        ${beginning.map(({ chunkId }) => chunkId)}::bigint[],
        ${beginning.map(({ recipientId }) => recipientId)}::bigint[],
        ${beginning.map(({ at }) => at)}::timestamptz[],
        ${beginning.map(({ nextSendAt }) => nextSendAt)}::timestamptz[]
      ) as slot (chunk_id, recipient_id, at, next_send_at)
    ), chunk_now as materialized (
      select c.chunk_id, c.subject_id, c.claim = ours.claim and c.closed_at is null as is_ours,
        s.stopped_at is not null or (s.kind = 'story' and t.withdrawn_at is not null) as is_stopped,
        t.revision as story_revision
      from unnest(
          ${slices.map(({ chunk: { chunkId } }) => chunkId)}::bigint[], ${slices.map(({ claim }) => claim)}::text[]
        ) as ours (chunk_id, claim)
        join chunk c using (chunk_id) join subject s using (subject_id)
        left join correction k on k.correction_id = s.correction_id
        left join story t on t.story_id = coalesce(s.story_id, k.story_id)
      where c.chunk_id = any(${slices.map(({ chunk: { chunkId } }) => chunkId)}::bigint[])
    ), free as materialized (
      select chunk_id, subject_id, r.recipient_id
      from recipient r join slot using (recipient_id) join chunk_now using (chunk_id)
      where is_ours and not is_stopped and r.state = any(${reaches}::text[])
        and r.recipient_id = any(${beginning.map(({ recipientId }) => recipientId)}::bigint[])
        and (r.next_send_at is null or r.next_send_at <= slot.at or r.next_send_at > slot.at + ${longestBusyMs} * interval '1 millisecond')
        ${
          rivals.length === 0
            ? sql``
            : sql`and not exists (
                select from delivery busy
                where busy.subject_id = any(${rivals}::bigint[]) and busy.recipient_id = r.recipient_id and busy.state = 'sending'
              )`
        }
      for no key update of r skip locked
    ), started as (
      update delivery d set state = 'sending', attempts = least(d.attempts + 1, 32767)
      from free
      where d.subject_id = free.subject_id and d.recipient_id = free.recipient_id
        and d.state = any(${statesBefore('start')}::text[])
        and ${isAmong(
          slices.map(({ chunk: { subjectId } }) => subjectId),
          beginning.map(({ recipientId }) => recipientId),
        )}
      returning free.chunk_id, d.recipient_id, d.attempts
    ), reserved as (
      update recipient r set
        recent_sent_at = case when r.kind = 'subscriber' then r.recent_sent_at else ${recentSent} end,
        next_send_at = case
          when r.kind = 'subscriber' then slot.next_send_at
          -- Null before the twentieth: greatest() does not mind.
          else greatest(slot.next_send_at, (${recentSent})[${rememberedSendings}] + ${minuteGapMs} * interval '1 millisecond')
        end
      from started join slot using (recipient_id)
      where r.recipient_id = started.recipient_id
    )
    select chunk_id, is_ours, is_stopped, story_revision,
      (select coalesce(max(correction_id), 0) from correction) as newest_correction_id,
      (
        select json_agg(json_build_object('id', recipient_id, 'n', attempts)) from started
        where started.chunk_id = chunk_now.chunk_id
      ) as started,
      (
        select json_agg(json_build_object('id', r.recipient_id, 'at', r.next_send_at))
        from slot join recipient r using (recipient_id)
        where slot.chunk_id = chunk_now.chunk_id and r.next_send_at is not null
          and recipient_id not in (select recipient_id from started)
      ) as busy
    from chunk_now
  `.execute(db);
  const found = new Map(rows.map((row) => [row.chunkId, row]));
  return slices.map(({ chunk: { chunkId }, starting }) => {
    const row = found.get(chunkId);
    const busy = (row?.busy ?? []).map(({ id, at }): [number, Date] => [id, new Date(at)]);
    const behind = starting.flatMap(({ recipientId }): [number, Date][] => {
      const before = first.get(recipientId);
      return before && before.chunkId !== chunkId ? [[recipientId, before.nextSendAt]] : [];
    });
    return {
      attempts: new Map((row?.started ?? []).map(({ id, n }) => [id, n])),
      freeAt: new Map([...busy, ...behind]),
      isOurs: row?.isOurs ?? false,
      isStopped: row?.isStopped ?? false,
      storyRevision: row?.storyRevision ?? null,
      newestCorrectionId: row?.newestCorrectionId ?? 0,
    };
  });
}

/** When a channel or group was written to last, this call included: by all processes, so it is for Postgres to say. */
const recentSent = sql`(array_prepend(slot.at, r.recent_sent_at))[1:${sql.lit(rememberedSendings)}]`;

const closedStates = states.filter(isClosed);

/** The table of states, as rows. */
const steps = sql.join(
  states.flatMap((before) =>
    Object.entries(transitions[before]).map(([event, after]) => sql`(${before}::text, ${event}::text, ${after}::text)`),
  ),
);

/** What became of a delivery that was called for, or of one that is not owed any more. */
export interface Answered {
  subjectId: number;
  recipientId: number;
  /** Of the call; null for what was not called for. */
  attempts: number | null;
  event: Exclude<DeliveryEvent, 'start'>;
  /** Telegram was not asked, or only told us to wait: it counts as no attempt. */
  isUncounted?: boolean;
  outcome: string;
  reason: string | null;
  messageId?: number | null;
  messageFormat?: 'text' | 'photo' | null;
  storyRevision?: number | null;
}

/**
 * Writes down what became of deliveries, each as the table of states allows; a row that was called for again since, or is
 * closed, stays as it is. None may be named twice. Returns the rows that changed.
 */
export async function markDeliveries(
  trx: Db,
  answered: readonly Answered[],
  { now }: { now: Date },
): Promise<Pick<Delivery, 'subjectId' | 'recipientId' | 'state' | 'outcome'>[]> {
  if (answered.length === 0) return [];
  const list = <T>(of: (one: Answered) => T) => answered.map(of);
  const { rows } = await sql<Pick<Delivery, 'subjectId' | 'recipientId' | 'state' | 'outcome'>>`
    with answer as (
      select * from unnest(
        ${list(({ subjectId }) => subjectId)}::bigint[],
        ${list(({ recipientId }) => recipientId)}::bigint[],
        ${list(({ attempts }) => attempts)}::smallint[],
        ${list(({ event }) => event)}::text[],
        ${list(({ isUncounted = false }) => isUncounted)}::boolean[],
        ${list(({ outcome }) => outcome)}::text[],
        ${list(({ reason }) => reason)}::text[],
        ${list(({ messageId }) => messageId ?? null)}::bigint[],
        ${list(({ messageFormat }) => messageFormat ?? null)}::text[],
        ${list(({ storyRevision }) => storyRevision ?? null)}::integer[]
      ) as answer (
        subject_id, recipient_id, attempts, event, is_uncounted, outcome, reason, message_id, message_format, story_revision
      )
    )
    update delivery d set
      state = step.after,
      attempts = d.attempts - case when answer.is_uncounted and d.state = 'sending' then 1 else 0 end,
      doubts = d.doubts + case when answer.outcome = 'unknown' and d.state = 'sending' then 1 else 0 end,
      outcome = answer.outcome,
      outcome_reason = answer.reason,
      message_id = answer.message_id,
      message_format = answer.message_format,
      story_revision = answer.story_revision,
      closed_at = case when step.after = any(${closedStates}::text[]) then ${now}::timestamptz end
    from answer join (values ${steps}) as step (before, event, after) on step.event = answer.event
    where d.subject_id = answer.subject_id and d.recipient_id = answer.recipient_id and d.state = step.before
      and (answer.attempts is null or d.attempts = answer.attempts)
      and ${isAmong(
        list(({ subjectId }) => subjectId),
        list(({ recipientId }) => recipientId),
      )}
    returning d.subject_id, d.recipient_id, d.state, d.outcome
  `.execute(trx);
  return rows;
}
