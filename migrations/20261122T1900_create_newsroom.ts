// The newsroom's tables: feeds and articles, topics and stories, recipients and what is owed to them.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table topic (
    topic_id bigint generated always as identity primary key,
    slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
    name jsonb not null,
    keywords jsonb not null default '{}',
    position integer not null default 0
  )`,

  `create table feed (
    feed_id bigint generated always as identity primary key,
    url text not null unique,
    former_urls text[] not null default '{}',
    title text,
    language text,
    state text not null default 'active' check (state in ('active', 'paused')),
    etag text,
    last_modified text,
    next_check_at timestamptz not null,
    checked_at timestamptz,
    succeeded_at timestamptz,
    first_round_at timestamptz,
    failure_count integer not null default 0,
    outcome text,
    outcome_reason text
  )`,
  `create index feed_due on feed (next_check_at) where state = 'active'`,

  `create table feed_topic (
    feed_id bigint not null references feed on delete cascade,
    topic_id bigint not null references topic on delete cascade,
    primary key (feed_id, topic_id)
  )`,
  `create table feed_category (
    feed_id bigint not null references feed on delete cascade,
    category text not null,
    topic_id bigint not null references topic on delete cascade,
    primary key (feed_id, category)
  )`,

  `create table article (
    article_id bigint generated always as identity primary key,
    url text,
    canonical_url text unique,
    state text not null default 'new' check (state in ('new', 'read', 'grouped', 'old')),
    headline text not null,
    kicker text,
    body text not null,
    language text not null,
    image_url text,
    published_at timestamptz not null,
    page_outcome text,
    claimed_until timestamptz,
    created_at timestamptz not null
  )`,
  `create index article_waiting on article (article_id) where state in ('new', 'read')`,

  `create table article_source (
    feed_id bigint not null references feed on delete cascade,
    guid text not null,
    article_id bigint not null references article on delete cascade,
    categories text[] not null default '{}',
    primary key (feed_id, guid)
  )`,
  `create index article_source_article on article_source (article_id)`,

  `create table story (
    story_id bigint generated always as identity primary key,
    headline text not null,
    kicker text,
    summary text not null,
    language text not null,
    url text,
    source_name text,
    image_url text,
    image_state text not null default 'untried' check (image_state in ('untried', 'usable', 'refused')),
    published_at timestamptz not null,
    breaking boolean not null default false,
    created_at timestamptz not null,
    planned_at timestamptz
  )`,
  `create index story_unplanned on story (story_id) where planned_at is null`,

  `create table story_article (
    article_id bigint primary key references article on delete cascade,
    story_id bigint not null references story on delete cascade
  )`,
  `create index story_article_story on story_article (story_id)`,

  `create table story_topic (
    story_id bigint not null references story on delete cascade,
    topic_id bigint not null references topic on delete cascade,
    primary key (story_id, topic_id)
  )`,

  `create table recipient (
    recipient_id bigint generated always as identity primary key,
    kind text not null check (kind in ('subscriber', 'channel', 'group')),
    chat_id bigint unique,
    username text unique,
    title text,
    language text,
    state text not null default 'active' check (state in ('active', 'stopped', 'blocked', 'disabled')),
    state_reason text,
    next_send_at timestamptz,
    recent_sent_at timestamptz[] not null default '{}',
    created_at timestamptz not null,
    check (chat_id is not null or username is not null)
  )`,

  `create table subscription (
    recipient_id bigint not null references recipient on delete cascade,
    topic_id bigint not null references topic on delete cascade,
    created_at timestamptz not null,
    primary key (recipient_id, topic_id)
  )`,
  `create index subscription_topic on subscription (topic_id)`,

  `create table broadcast (
    broadcast_id bigint generated always as identity primary key,
    editor_id bigint not null,
    from_chat_id bigint not null,
    message_ids bigint[] not null,
    audience text not null check (audience in ('everyone', 'readers', 'topic')),
    topic_id bigint references topic on delete set null,
    state text not null default 'running' check (state in ('running', 'done', 'stopped')),
    state_reason text,
    progress_message_id bigint,
    created_at timestamptz not null,
    closed_at timestamptz
  )`,

  // A message is broadcast once, however often its confirmation arrives.
  `create unique index broadcast_message on broadcast (from_chat_id, (message_ids[1]))`,

  `create table delivery (
    delivery_id bigint generated always as identity primary key,
    recipient_id bigint not null references recipient on delete cascade,
    story_id bigint references story on delete cascade,
    broadcast_id bigint references broadcast on delete cascade,
    state text not null default 'planned'
      check (state in ('planned', 'sending', 'unknown', 'sent', 'failed', 'canceled')),
    priority smallint not null check (priority between 1 and 3),
    due_at timestamptz not null,
    claimed_until timestamptz,
    attempts integer not null default 0,
    unknown_count integer not null default 0,
    outcome text,
    outcome_reason text,
    message_id bigint,
    topic_ids bigint[] not null default '{}',
    planned_at timestamptz not null,
    closed_at timestamptz,
    unique (story_id, recipient_id),
    unique (broadcast_id, recipient_id),
    check (num_nonnulls(story_id, broadcast_id) = 1)
  )`,
  `create index delivery_open on delivery (priority desc, due_at, delivery_id) where closed_at is null`,
  `create index delivery_recipient on delivery (recipient_id) where closed_at is null`,

  `create table pace (
    pace_id smallint primary key check (pace_id = 1),
    next_at timestamptz not null,
    paused_until timestamptz
  )`,
  `insert into pace (pace_id, next_at) values (1, now())`,

  `create table conversation (
    key text primary key,
    state jsonb not null,
    updated_at timestamptz not null
  )`,

  `create table stage_run (
    stage text primary key,
    started_at timestamptz not null,
    finished_at timestamptz,
    result jsonb
  )`,
];
