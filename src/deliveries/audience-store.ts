// To whom a story or a broadcast is owed: written down as chunks, those who have been about lately at once.
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { type Audience } from '../recipients/recipient-store.ts';
import { insertChunks, type NewChunks, type NewlyCut } from './chunk-store.ts';

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
  // A channel speaks one language (ar-SY is Arabic too); a reader follows topics, whatever their language.
  const chats = sql`${follows(topicIds)} and (
    r.language is null or split_part(lower(r.language), '-', 1) = split_part(lower(${language}), '-', 1)
  )`;
  return { readers, chats };
}

function isInAudience({ audience, topicId }: Audience): { readers: Condition; chats: Condition } {
  return {
    // Nobody follows a topic that is gone.
    readers: audience === 'topic' ? follows(topicId === null ? [] : [topicId]) : sql`true`,
    chats: audience === 'everyone' ? sql`true` : sql`false`,
  };
}

interface PlanAudience extends NewChunks {
  of: Found | Audience;
}

/** The channels, and the readers who were active last, whom the ledger does not have yet. */
export function planHead(db: Db, { of, ...chunks }: PlanAudience): Promise<NewlyCut> {
  const { readers, chats } = conditions(of);
  const isNew = notListed(chunks);
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
      where r.state = 'active' and ${notListed(chunks)}
        and ((r.kind = 'subscriber' and ${readers}) or (r.kind <> 'subscriber' and ${chats}))
    `,
  );
}

function conditions(of: Found | Audience) {
  return 'audience' in of ? isInAudience(of) : isFound(of);
}

const notListed = ({ subjectId }: Pick<NewChunks, 'subjectId'>): Condition => sql`not exists (
  select from delivery d where d.subject_id = ${subjectId} and d.recipient_id = r.recipient_id
)`;
