// Digests in Postgres: which stories a recipient's digest tells, by the rows that it took the place of.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

/** The stories of each recipient's digest that still stand, the newest first; without recipients who have none left. */
export async function listDigestStories(
  db: Db,
  { digestId, recipientIds }: { digestId: number; recipientIds: readonly number[] },
): Promise<Map<number, number[]>> {
  const { rows } = await sql<{ recipientId: number; storyIds: number[] }>`
    select member.recipient_id, array_agg(t.story_id order by t.published_at desc, t.story_id desc) as story_ids
    from unnest(${recipientIds}::bigint[]) as member (recipient_id)
      -- \`offset 0\`: asked for each by itself, for Postgres would rather read the whole digest.
      cross join lateral (
        select subject_id from delivery d
        where d.digest_id = ${digestId} and d.recipient_id = member.recipient_id offset 0
      ) told
      join subject s on s.subject_id = told.subject_id
      join story t on t.story_id = s.story_id
    where s.stopped_at is null and t.withdrawn_at is null
    group by member.recipient_id
  `.execute(db);
  return new Map(rows.map(({ recipientId, storyIds }) => [recipientId, storyIds]));
}

/** The digests that told recipients the story, as they stand in their chats. */
export async function listDigestCopies(
  db: Db,
  { recipientIds, storyId }: { recipientIds: readonly number[]; storyId: number },
): Promise<{ recipientId: number; digestId: number; messageId: number; sentAt: Date }[]> {
  const { rows } = await sql<{ recipientId: number; digestId: number; messageId: number; sentAt: Date }>`
    select told.recipient_id, told.digest_id, digest.message_id, digest.closed_at as sent_at
    from subject s
      join delivery told on told.subject_id = s.subject_id and told.recipient_id = any(${recipientIds}::bigint[])
      join delivery digest on digest.subject_id = told.digest_id and digest.recipient_id = told.recipient_id
    where s.story_id = ${storyId} and digest.state = 'sent' and digest.message_id > 0
  `.execute(db);
  return rows;
}
