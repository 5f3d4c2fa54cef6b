// What is known of an article and its story: authors, zone and credits; sources, follow-ups, corrections, suggestions.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table feed
    add column time_zone text,
    add column keep_selectors text[] not null default '{}',
    add column drop_selectors text[] not null default '{}'`,

  `alter table article
    add column authors text[] not null default '{}',
    add column section text,
    add column tags text[] not null default '{}',
    add column image_caption text,
    add column image_credit text,
    add column published_offset_minutes smallint,
    add column modified_at timestamptz,
    add column recheck_at timestamptz,
    add column recheck_count smallint not null default 0,
    add column gone_at timestamptz,
    add column read_failures smallint not null default 0,
    add column completed boolean not null default false,
    add column withdrawn_at timestamptz,
    add column withdrawn_because text`,
  `create index article_recheck on article (recheck_at) where recheck_at is not null`,
  `create index article_gone on article (gone_at) where gone_at is not null`,

  `alter table article_source add column entry_hash text`,

  `alter table story
    add column follows_story_id bigint references story on delete set null,
    add column revision integer not null default 1,
    add column image_revision integer not null default 1,
    add column corrected_at timestamptz,
    add column withdrawn_at timestamptz,
    add column told_hash text,
    add column search_terms text[] not null default '{}',
    add column extract text not null default '',
    add column summarized_by text not null default 'extract' check (summarized_by in ('extract', 'model')),
    add column model_state text check (model_state in ('waiting', 'asking')),
    add column model_until timestamptz`,
  `create index story_follows on story (follows_story_id) where follows_story_id is not null`,

  `create index story_model on story (story_id) where model_state is not null`,
  `create index story_search on story using gin (search_terms)`,

  // The sequence grows in the order of the commits: articles are grouped one at a time, under a lock.
  `alter table story_article
    add column relation text not null default 'new' check (relation in ('new', 'copy', 'same', 'follow-up')),
    add column similarity real not null default 0,
    add column fingerprint jsonb,
    add column sequence bigint generated always as identity unique,
    add column added_at timestamptz not null default now()`,
  `alter table story_article alter column added_at drop default`,
  `create index story_article_added on story_article (added_at)`,

  `alter table story_topic
    add column why text not null default 'feed' check (why in ('feed', 'category', 'keyword', 'model', 'editor'))`,
  `alter table story_topic alter column why drop default`,

  `create table topic_model (
    topic_model_id smallint primary key check (topic_model_id = 1),
    model jsonb not null,
    trained_at timestamptz not null
  )`,
  `create table topic_suggestion (
    story_id bigint not null references story on delete cascade,
    topic_id bigint not null references topic on delete cascade,
    confidence real not null,
    state text not null default 'open' check (state in ('open', 'accepted', 'dismissed')),
    created_at timestamptz not null,
    decided_at timestamptz,
    decided_by bigint,
    primary key (story_id, topic_id)
  )`,
  `create index topic_suggestion_open on topic_suggestion (created_at) where state = 'open'`,

  `create table summary_usage (
    day date primary key,
    tokens bigint not null default 0,
    accepted integer not null default 0,
    refused integer not null default 0,
    failed integer not null default 0
  )`,

  `create table keyword_subscription (
    recipient_id bigint not null references recipient on delete cascade,
    keyword text not null,
    terms text[] not null,
    created_at timestamptz not null,
    primary key (recipient_id, keyword)
  )`,
  `create index keyword_subscription_keyword on keyword_subscription (keyword)`,
  `create index keyword_subscription_terms on keyword_subscription using gin (terms)`,

  `create table correction (
    correction_id bigint generated always as identity primary key,
    story_id bigint not null references story on delete cascade,
    kind text not null check (kind in ('update', 'withdrawal')),
    story_revision integer not null,
    due_at timestamptz not null,
    created_at timestamptz not null,
    planned_at timestamptz,
    unique (story_id, story_revision)
  )`,
  `create index correction_unplanned on correction (due_at) where planned_at is null`,

  `alter table delivery
    add column correction_id bigint references correction on delete cascade,
    add column story_revision integer,
    add column keywords text[] not null default '{}',
    add column message_format text check (message_format in ('text', 'photo')),
    add constraint delivery_correction_recipient unique (correction_id, recipient_id),
    drop constraint delivery_check,
    add constraint delivery_subject check (num_nonnulls(story_id, broadcast_id, correction_id) = 1),
    drop constraint delivery_priority_check,
    add constraint delivery_priority_check check (priority between 0 and 3)`,
];
