// The ledger anew: a narrow row for each subject and recipient, and chunks of recipients that are sent together.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // What is owed to many: a story, a digest, a broadcast, or the correction of a story's copies.
  `create table subject (
    subject_id bigint generated always as identity primary key,
    kind text not null check (kind in ('story', 'digest', 'broadcast', 'correction')),
    story_id bigint unique references story on delete cascade,
    broadcast_id bigint unique references broadcast on delete cascade,
    correction_id bigint unique references correction on delete cascade,
    lane smallint not null check (lane between 1 and 6),
    at_most_once boolean not null default false,
    topic_ids bigint[] not null default '{}',
    keywords text[] not null default '{}',
    planned_at timestamptz not null,
    held_since timestamptz,
    stopped_at timestamptz,
    stopped_outcome text,
    stopped_because text,
    constraint subject_of check (
      num_nonnulls(story_id, broadcast_id, correction_id) = case kind when 'digest' then 0 else 1 end
    )
  )`,
  `create index subject_held on subject (held_since) where held_since is not null`,

  // Recipients of one subject who are sent to together, the most recently active first.
  `create table chunk (
    chunk_id bigint generated always as identity primary key,
    subject_id bigint not null references subject on delete cascade,
    lane smallint not null check (lane between 1 and 6),
    tier smallint not null default 0,
    recipient_ids bigint[] not null,
    size integer not null,
    sent integer not null default 0,
    blocked integer not null default 0,
    failed integer not null default 0,
    canceled integer not null default 0,
    unknown integer not null default 0,
    due_at timestamptz,
    is_listed boolean not null default false,
    is_handed_out boolean not null default false,
    claim text,
    claimed_until timestamptz,
    closed_at timestamptz
  )`,
  `create index chunk_open on chunk (lane, tier, due_at, chunk_id) where closed_at is null`,
  `create index chunk_subject on chunk (subject_id)`,
  `create index chunk_unlisted on chunk (lane, tier, chunk_id) where not is_listed`,

  `alter table delivery rename to delivery_before`,
  // No foreign keys: they would cost more than the rows. Nothing that a row names is ever deleted but channels.
  `create table delivery (
    subject_id bigint not null,
    recipient_id bigint not null,
    state text not null default 'planned'
      check (state in ('planned', 'sending', 'doubtful', 'sent', 'failed', 'canceled', 'unknown')),
    attempts smallint not null default 0,
    doubts smallint not null default 0,
    outcome text,
    outcome_reason text,
    message_id bigint,
    message_format text check (message_format in ('text', 'photo')),
    story_revision integer,
    topic_ids bigint[],
    keywords text[],
    digest_id bigint,
    closed_at timestamptz,
    constraint delivery_once primary key (subject_id, recipient_id)
  ) with (fillfactor = 50)`,
  `create index delivery_digest on delivery (digest_id, recipient_id) where digest_id is not null`,

  `insert into subject (kind, story_id, lane, planned_at)
    select 'story', story_id, case max(priority) when 3 then 1 else 3 end, min(planned_at)
    from delivery_before where story_id is not null group by story_id`,
  `insert into subject (kind, broadcast_id, lane, planned_at)
    select 'broadcast', broadcast_id, 5, min(planned_at)
    from delivery_before where broadcast_id is not null group by broadcast_id`,
  `insert into subject (kind, correction_id, lane, planned_at)
    select 'correction', correction_id, 6, min(planned_at)
    from delivery_before where correction_id is not null group by correction_id`,
  `insert into delivery (subject_id, recipient_id, state, attempts, doubts, outcome, outcome_reason, message_id,
      message_format, story_revision, topic_ids, keywords, closed_at)
    select subject_id, recipient_id,
      case
        when closed_at is not null then state
        when state in ('sending', 'unknown') and b.correction_id is null then 'doubtful'
        else 'planned'
      end,
      least(attempts, 32767), least(greatest(unknown_count, case when closed_at is null and state = 'sending' then 1 else 0 end), 32767),
      case when outcome = 'stopped' or outcome_reason = 'the recipient is not active' then 'left' else outcome end,
      outcome_reason, message_id, message_format,
      story_revision, nullif(b.topic_ids, '{}'), nullif(b.keywords, '{}'), closed_at
    from delivery_before b join subject s
      on s.story_id = b.story_id or s.broadcast_id = b.broadcast_id or s.correction_id = b.correction_id`,
  `insert into chunk (subject_id, lane, recipient_ids, size, sent, blocked, failed, canceled, unknown, due_at, is_listed, closed_at)
    select s.subject_id, lane, '{}', count(*),
      count(*) filter (where state = 'sent'),
      count(*) filter (where state = 'failed' and outcome in ('dead-reader', 'dead-chat')),
      count(*) filter (where state = 'failed' and coalesce(outcome, '') not in ('dead-reader', 'dead-chat')),
      count(*) filter (where state = 'canceled'),
      count(*) filter (where state = 'unknown'),
      max(closed_at), true, max(closed_at)
    from delivery d join subject s using (subject_id) where closed_at is not null group by s.subject_id, lane`,
  `insert into chunk (subject_id, lane, recipient_ids, size, due_at, is_listed)
    select s.subject_id, lane, array_agg(recipient_id order by recipient_id), count(*), now(), true
    from delivery d join subject s using (subject_id) where closed_at is null group by s.subject_id, lane, recipient_id / 500`,
  `drop table delivery_before`,

  `alter table recipient
    add column last_active_at timestamptz,
    add column left_at timestamptz`,
  `alter table recipient set (fillfactor = 70)`,
  `create index recipient_activity on recipient (last_active_at desc nulls last, recipient_id) where state = 'active'`,
  `create index recipient_chats on recipient (recipient_id) where kind <> 'subscriber'`,

  `alter table broadcast
    add column at_most_once boolean not null default false,
    add column planned_at timestamptz`,
  `update broadcast set planned_at = created_at`,
  `create index broadcast_unplanned on broadcast (broadcast_id) where planned_at is null`,

  // Telegram's own name for a picture that it has: by URL once, by this for everyone after.
  `alter table story
    add column image_file_id text,
    add column image_until timestamptz,
    drop constraint story_image_state_check,
    add constraint story_image_state_check check (image_state in ('untried', 'trying', 'usable', 'refused')),
    add column is_late boolean not null default false`,

  // Its feed had not been read for so long before it came that it belongs to a backlog.
  `alter table article add column is_late boolean not null default false`,

  `alter table pace
    add column factor real not null default 1 check (factor > 0 and factor <= 1),
    add column factor_at timestamptz,
    add column flood_at timestamptz,
    add column paid_next_at timestamptz not null default now(),
    add column paid_warm_until timestamptz`,
  `create table paid_usage (
    day date primary key,
    messages bigint not null default 0
  )`,
];
