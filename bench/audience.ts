// Readers, stories and broadcasts for a bench, written straight into the database.
import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';

/** The first reader's chat; the others follow. */
export const firstChatId = 10_000_001;

/** The topic that everybody follows. */
const topicOfAll = 1;
const topicCount = 8;

const headlines = [
  'البرلمان يقرّ الموازنة العامة بعد جلسة استمرت حتى الفجر',
  'إعادة فتح الجسر القديم أمام حركة السير بعد أعمال الترميم',
  'افتتاح معرض الكتاب بمشاركة مئتي دار نشر من عشرين بلداً',
];
const summary =
  'صوّت النواب مساء اليوم على الموازنة العامة بعد نقاش دام ثلاثة أيام. وقالت رئيسة اللجنة المالية إن الإنفاق على التعليم ' +
  'والصحة يرتفع بنسبة خمسة في المئة، فيما اعترضت كتلتان على زيادة رسوم الميناء. ويُعرض القانون على الرئاسة خلال أسبوع.';

/** The headline of a story; its number is what the arrivals are told apart by. */
function headlineOf(number: number): string {
  return `№${number} ${headlines[number % headlines.length]}`;
}

/** A message like the one that Nashra makes of the story: what others send. */
export function textOf(number: number): string {
  const url = `https://news.example/${number}`;
  return `<b>${headlineOf(number)}</b>\n\n${summary}\n\n<a href="${url}">وكالة الميناء</a>\n\n#محليات`;
}

/** Everyone active, all with the one topic. */
export function fillReaders(count: number) {
  return async (db: Db): Promise<void> => {
    await insertTopics(db);
    await sql`
      insert into recipient (kind, chat_id, language, state, last_active_at, created_at)
      select 'subscriber', ${firstChatId}::bigint + n, 'ar', 'active', now() - n * interval '1 second', now() - interval '90 days'
      from generate_series(0, ${count}::integer - 1) n
    `.execute(db);
    await sql`
      insert into subscription (recipient_id, topic_id, created_at)
      select recipient_id, ${topicOfAll}, created_at from recipient
    `.execute(db);
  };
}

/**
 * A large newsroom's readers: two languages, most active, some stopped or gone, three topics each on average of eight,
 * seen last at any time of the past year or never.
 */
export function fillCrowd(count: number) {
  return async (db: Db): Promise<void> => {
    await insertTopics(db);
    await sql`
      insert into recipient (kind, chat_id, language, state, state_reason, last_active_at, created_at, left_at)
      select 'subscriber', ${firstChatId}::bigint + n,
        case when n % 5 = 0 then 'en' else 'ar' end,
        case when n % 20 = 7 then 'stopped' when n % 25 = 9 then 'blocked' else 'active' end,
        case when n % 25 = 9 then 'Forbidden: bot was blocked by the user' end,
        case when n % 10 < 8 then now() - (hashint8(n)::bigint & 31535999) * interval '1 second' end,
        now() - interval '400 days',
        case when n % 20 = 7 or n % 25 = 9 then now() - interval '3 days' end
      from generate_series(0, ${count}::integer - 1) n
    `.execute(db);
    // Everybody follows the first topic; of the others each reader has a quarter.
    await sql`
      insert into subscription (recipient_id, topic_id, created_at)
      select recipient_id, t, created_at from recipient, generate_series(1, ${topicCount}::integer) t
      where t = ${topicOfAll} or (recipient_id * 7 + t * 13) % 4 = 0
    `.execute(db);
  };
}

async function insertTopics(db: Db): Promise<void> {
  await sql`
    insert into topic (topic_id, slug, name, keywords, position)
    overriding system value
    select n, 'topic-' || n, jsonb_build_object('ar', 'موضوع ' || n, 'en', 'Topic ' || n), '{}', n
    from generate_series(1, ${topicCount}::integer) n
  `.execute(db);
}

interface NewStories {
  first: number;
  count: number;
  breaking: boolean;
  topicId: number;
}

/** New stories, numbered from `first`, of the topic that everybody follows or of another. */
export async function insertStories(
  db: Db,
  { first = 1, count = 1, breaking = false, topicId = topicOfAll }: Partial<NewStories> = {},
): Promise<void> {
  const now = new Date();
  await db.transaction().execute(async (trx) => {
    for (let number = first; number < first + count; number += 1) {
      const { storyId } = await trx
        .insertInto('story')
        .values({
          headline: headlineOf(number),
          summary,
          language: 'ar',
          url: `https://news.example/${number}`,
          sourceName: 'وكالة الميناء',
          breaking,
          publishedAt: now,
          createdAt: now,
        })
        .returning('storyId')
        .executeTakeFirstOrThrow();
      await trx.insertInto('storyTopic').values({ storyId, topicId, why: 'feed' }).execute();
    }
  });
}

/** `count` of the readers, anywhere among them, follow this topic as well. */
export async function follow(db: Db, { topicId, count }: { topicId: number; count: number }): Promise<void> {
  await sql`
    insert into subscription (recipient_id, topic_id, created_at)
    select recipient_id, ${topicId}, created_at from recipient order by hashint8(recipient_id) limit ${count}
  `.execute(db);
}

/** An editor's message, owed to everyone once it is planned. */
export async function insertBroadcast(db: Db, message: { fromChatId: number; messageId: number }): Promise<void> {
  await db
    .insertInto('broadcast')
    .values({
      editorId: message.fromChatId,
      fromChatId: message.fromChatId,
      messageIds: [message.messageId],
      audience: 'everyone',
      createdAt: new Date(),
    })
    .execute();
}
