// To whom a story or a broadcast is owed: written down as chunks, those who have been about lately at once.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { jsonRows } from '../db/json-rows.ts';
import { type Audience } from '../recipients/recipient-store.ts';
import { insertChunks, insertChunksOfSeveral, type NewChunks, type NewlyCut } from './chunk-store.ts';

/** Recipients who are written down before all others are looked for, so that sending begins at once. */
export const headSize = 2_000;

/** What brings a story to a recipient. */
export interface Found {
  topicIds: readonly number[];
  keywords: readonly string[];
  /** Of the story: a channel may speak only one. */
  language: string;
}

/** Conditions on recipient r. */
type Condition = RawBuilder<unknown>;

const follows = (topicIds: readonly number[]) => sql`exists (
  select from subscription s where s.recipient_id = r.recipient_id and s.topic_id = any(${topicIds}::bigint[])
)`;

/** Every reader who follows one of the topics or keywords, and every channel of one of the topics and the language. */
function isFound({ topicIds, keywords, language }: Found): { readers: Condition; chats: Condition } {
  const readers =
    keywords.length === 0
      ? follows(topicIds)
      : sql`(${follows(topicIds)} or exists (
          select from keyword_subscription k where k.recipient_id = r.recipient_id and k.keyword = any(${keywords}::text[])
        ))`;
  return { readers, chats: sql`${follows(topicIds)} and ${speaks(sql`${language}`)}` };
}

/** A channel speaks one language (ar-SY is Arabic too); a reader follows topics, whatever their language. */
const speaks = (language: RawBuilder<unknown>): Condition => sql`(
  r.language is null or split_part(lower(r.language), '-', 1) = split_part(lower(${language}), '-', 1)
)`;

function isInAudience({ audience, topicId }: Audience): { readers: Condition; chats: Condition } {
  return {
    // Nobody follows a topic that is gone.
    readers: audience === 'topic' ? follows(topicId === null ? [] : [topicId]) : sql`true`,
    chats: audience === 'everyone' ? sql`true` : sql`false`,
  };
}

export interface PlanAudience extends NewChunks {
  of: Found | Audience;
}

/** The channels, and the readers who were active last, whom the ledger does not have yet. */
export function planHead(db: Db, { of, ...chunks }: PlanAudience): Promise<NewlyCut> {
  const { readers, chats } = conditions(of);
  const isNew = notListed(sql`${chunks.subjectId}`);
  return insertChunks(
    db,
    chunks,
    sql`
      select recipient_id, kind, last_active_at, 0 as precedence from recipient r
      where r.kind <> 'subscriber' and r.state = 'active' and ${chats} and ${isNew}
      union all
      (
        select recipient_id, kind, last_active_at, 0 from recipient r
        where r.kind = 'subscriber' and r.state = 'active' and ${readers} and ${isNew}
        order by last_active_at desc nulls last, recipient_id limit ${headSize}
      )
    `,
  );
}

/**
 * The same for several stories in one statement, returned in their order. It begins at those who follow, not at those who
 * were active last: for topics and keywords that are not crowded.
 */
export async function planHeads(db: Db, stories: readonly (PlanAudience & { of: Found })[]): Promise<NewlyCut[]> {
  // Postgres knows only how many follow a topic on average, and would read through everybody to find the few.
  await sql`
    select set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
      set_config('enable_mergejoin', 'off', true)
  `.execute(db);
  const found = stories.map(({ subjectId, of }) => ({ subjectId, ...of }));
  return insertChunksOfSeveral(
    db,
    stories,
    sql`
      with story as materialized (
        select * from json_to_recordset(${jsonRows(found)})
          as story (subject_id bigint, topic_ids bigint[], keywords text[], language text)
      ), follower as (
        select subject_id, language, s.recipient_id, true as is_by_topic
        from story, unnest(topic_ids) as topic (topic_id) join subscription s using (topic_id)
        union all
        select subject_id, language, k.recipient_id, false
        from story, unnest(keywords) as followed (keyword) join keyword_subscription k using (keyword)
      ), found as (
        select subject_id, language, recipient_id, bool_or(is_by_topic) as is_by_topic
        from follower group by subject_id, language, recipient_id
      )
      select subject_id, recipient_id, kind, last_active_at, 0 as precedence
      from (
        select subject_id, recipient_id, kind, last_active_at,
          row_number() over (
            partition by subject_id, kind <> 'subscriber' order by last_active_at desc nulls last, recipient_id
          ) as place
        from found join recipient r using (recipient_id)
        where r.state = 'active' and ${notListed(sql.ref('found.subjectId'))}
          and (r.kind = 'subscriber' or (is_by_topic and ${speaks(sql.ref('found.language'))}))
      ) ranked
      where kind <> 'subscriber' or place <= ${headSize}
    `,
  );
}

/**
 * Topics that as many follow as are written down before all others, at least: whose followers are better looked for among
 * those who were active last than the other way round.
 */
export function listCrowdedTopics(db: Db, topicIds: Iterable<number>): Promise<Set<number>> {
  return listCrowded(db, sql`${[...topicIds]}::bigint[]`, { table: 'subscription', column: 'topicId' });
}

/** The same of keywords. */
export function listCrowdedKeywords(db: Db, keywords: Iterable<string>): Promise<Set<string>> {
  return listCrowded(db, sql`${[...keywords]}::text[]`, { table: 'keywordSubscription', column: 'keyword' });
}

async function listCrowded<T>(
  db: Db,
  followed: RawBuilder<unknown>,
  { table, column }: { table: string; column: string },
): Promise<Set<T>> {
  // Read along the index, from the one on: counted, what few follow would cost as much as what a million do.
  const of = sql.ref(`s.${column}`);
  const { rows } = await sql<{ followed: T }>`
    select followed from unnest(${followed}) as followed
    where followed = (
      select ${of} from ${sql.table(table)} s where ${of} >= followed order by ${of} offset ${headSize - 1} limit 1
    )
  `.execute(db);
  return new Set(rows.map((row) => row.followed));
}

/** Everyone whom the ledger does not have yet. */
export async function planRest(db: Db, { of, ...chunks }: PlanAudience): Promise<NewlyCut> {
  const { readers, chats } = conditions(of);
  // Of a subject that was begun a moment ago Postgres has no statistics, and would look for each of a million readers
  // among those who are listed, one by one. Hashed, both they and who follows the topics are looked up at once.
  await sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', '64MB', true)`.execute(db);
  return insertChunks(
    db,
    chunks,
    sql`
      select recipient_id, kind, last_active_at, 0 as precedence from recipient r
      where r.state = 'active' and ${notListed(sql`${chunks.subjectId}`)}
        and ((r.kind = 'subscriber' and ${readers}) or (r.kind <> 'subscriber' and ${chats}))
    `,
  );
}

function conditions(of: Found | Audience) {
  return 'audience' in of ? isInAudience(of) : isFound(of);
}

const notListed = (subjectId: RawBuilder<unknown>): Condition => sql`not exists (
  select from delivery d where d.subject_id = ${subjectId} and d.recipient_id = r.recipient_id
)`;
