// Delivered copies as they are looked for: which story a message of ours tells, and how many have received a story.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { findRecipientByChat } from '../recipients/recipient-store.ts';
import { countSubject } from './chunk-store.ts';
import { findSubject } from './subject-store.ts';

/** Stories that are looked through, the newest first: weeks of them, and still a fraction of a second. */
const searchedStories = 20_000;

/**
 * The story that a message of ours in a chat tells. The ledger has no index by message, which every row would pay for:
 * the chat's row of each story is asked for by its key, from the newest story on.
 */
export async function findStoryOfMessage(
  db: Db,
  { chatId, messageId }: { chatId: number; messageId: number },
): Promise<number | undefined> {
  const recipient = await findRecipientByChat(db, chatId);
  if (!recipient) return undefined;
  // `offset 0` keeps Postgres from joining the whole ledger instead.
  const { rows } = await sql<{ storyId: number }>`
    select told.story_id
    from (
      select subject_id, story_id from subject where kind = 'story' order by subject_id desc limit ${searchedStories}
    ) told
    cross join lateral (
      select message_id from delivery
      where delivery.subject_id = told.subject_id and delivery.recipient_id = ${recipient.recipientId}
      offset 0
    ) copy
    where copy.message_id = ${messageId}
    order by told.subject_id desc
    limit 1
  `.execute(db);
  return rows[0]?.storyId;
}

/** How many have received a story. */
export async function countDeliveredCopies(db: Db, storyId: number): Promise<number> {
  const subject = await findSubject(db, { storyId });
  return subject ? (await countSubject(db, subject.subjectId)).sent : 0;
}
