// What the ledger and the newsroom know of a recipient and a story, gathered for whoever asks why it was (not) sent.
import { sql } from 'kysely';
import { findArticleByUrl } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';
import { findStoryArticle, listStoryTopics } from '../stories/story-store.ts';
import type { ArticleFacts, ChatFacts, Facts, OwedFacts, Place, StoryFacts, TopicLabel } from './explain-facts.ts';
import { currentFactor } from './pace-row-store.ts';
import { findSubject, getSubject, type Subject } from './subject-store.ts';

export interface AskedChat extends ChatFacts {
  chatId: number | null;
  username: string | null;
  title: string | null;
}

/** By its number or its @name; undefined for a chat that nothing was ever owed to. */
export async function findAskedChat(db: Db, chat: number | string): Promise<AskedChat | undefined> {
  return db
    .selectFrom('recipient')
    .select(['recipientId', 'kind', 'chatId', 'username', 'title', 'language', 'state', 'stateReason'])
    .select(['leftAt', 'nextSendAt', 'createdAt'])
    .where((where) =>
      typeof chat === 'number'
        ? where('chatId', '=', chat)
        : where('username', '=', chat.replace(/^@/, '').toLowerCase()),
    )
    .orderBy((order) => order('state', '=', 'active'), 'desc')
    .orderBy('recipientId', 'desc')
    .executeTakeFirst();
}

/** A story, and the article that it was asked for by. */
export interface AskedStory {
  storyId: number | null;
  articleId: number | null;
  headline: string;
}

/** By the story's number, or by the address of one of its articles. */
export async function findAskedStory(db: Db, story: number | string): Promise<AskedStory | undefined> {
  if (typeof story === 'number') {
    const row = await db
      .selectFrom('story')
      .select(['storyId', 'headline'])
      .where('storyId', '=', story)
      .executeTakeFirst();
    return row && { ...row, articleId: null };
  }
  const article = await findArticleByUrl(db, story);
  if (!article) return undefined;
  const { articleId, headline } = article;
  return { articleId, headline, storyId: (await findStoryArticle(db, articleId))?.storyId ?? null };
}

export async function gatherFacts(db: Db, chat: ChatFacts, asked: AskedStory, now: Date): Promise<Facts> {
  const { recipientId } = chat;
  const { storyId, articleId } = asked;
  const subject = storyId === null ? undefined : await findSubject(db, { storyId });
  return {
    chat,
    article: articleId === null ? null : await getArticle(db, articleId, storyId),
    story: storyId === null ? null : await getStoryFacts(db, storyId, subject, now),
    owed: subject ? await findOwed(db, subject, { recipientId, now }) : null,
    correction: storyId === null ? null : await findCorrection(db, storyId, { recipientId, now }),
    follows: await listFollowed(db, recipientId),
  };
}

async function getArticle(db: Db, articleId: number, storyId: number | null): Promise<ArticleFacts> {
  const article = await db
    .selectFrom('article')
    .select(['state', 'createdAt', 'withdrawnAt', 'withdrawnBecause'])
    .where('articleId', '=', articleId)
    .executeTakeFirstOrThrow();
  const joined = await db
    .selectFrom('storyArticle')
    .innerJoin('story', 'story.storyId', 'storyArticle.storyId')
    .select(['story.storyId', 'story.headline'])
    .where('storyArticle.articleId', '=', articleId)
    .where('storyArticle.storyId', '=', storyId ?? 0)
    .where('storyArticle.relation', 'in', ['copy', 'same'])
    .executeTakeFirst();
  return { ...article, joined: joined ?? null };
}

async function getStoryFacts(db: Db, storyId: number, subject: Subject | undefined, now: Date): Promise<StoryFacts> {
  const { modelState, modelUntil, ...story } = await db
    .selectFrom('story')
    .select(['storyId', 'language', 'withdrawnAt', 'plannedAt', 'modelState', 'modelUntil'])
    .where('storyId', '=', storyId)
    .executeTakeFirstOrThrow();
  const topics = await listStoryTopics(db, storyId);
  const isWaiting = modelState !== null && modelUntil !== null && modelUntil > now;
  return { ...story, modelUntil: isWaiting ? modelUntil : null, topics, keywords: subject?.keywords ?? [] };
}

async function listFollowed(db: Db, recipientId: number): Promise<Facts['follows']> {
  const topics = await db
    .selectFrom('subscription')
    .innerJoin('topic', 'topic.topicId', 'subscription.topicId')
    .select(['topic.topicId', 'topic.slug', 'topic.name', 'subscription.createdAt as since'])
    .where('subscription.recipientId', '=', recipientId)
    .orderBy('topic.position')
    .orderBy('topic.slug')
    .execute();
  const keywords = await db
    .selectFrom('keywordSubscription')
    .select(['keyword', 'createdAt as since'])
    .where('recipientId', '=', recipientId)
    .orderBy('createdAt')
    .orderBy('keyword')
    .execute();
  return { topics, keywords };
}

/** The newest correction of the story that is owed to the recipient. */
async function findCorrection(db: Db, storyId: number, to: Addressee): Promise<Facts['correction']> {
  const corrections = await db
    .selectFrom('correction')
    .innerJoin('subject', 'subject.correctionId', 'correction.correctionId')
    .selectAll('subject')
    .select('correction.kind as change')
    .where('correction.storyId', '=', storyId)
    .orderBy('correction.storyRevision', 'desc')
    .execute();
  for (const { change, ...subject } of corrections) {
    const owed = await findOwed(db, { ...subject, kind: 'correction' }, to);
    if (owed && owed.state !== 'canceled') return { kind: change, owed };
  }
  return null;
}

interface Addressee {
  recipientId: number;
  now: Date;
}

/** The recipient's row of a subject, also where it is planned and not yet written down; null where nothing is owed. */
async function findOwed(db: Db, subject: Subject, { recipientId, now }: Addressee): Promise<OwedFacts | null> {
  const { subjectId, kind, lane, plannedAt, atMostOnce, stoppedAt, stoppedBecause } = subject;
  const row =
    (await db
      .selectFrom('delivery')
      .selectAll()
      .where('subjectId', '=', subjectId)
      .where('recipientId', '=', recipientId)
      .executeTakeFirst()) ?? (await findUnlisted(db, subjectId, recipientId));
  if (!row) return null;
  const isOpen = row.closedAt === null && row.state !== 'sending';
  return {
    ...row,
    kind,
    lane,
    plannedAt,
    atMostOnce,
    stoppedAt,
    stoppedBecause,
    topics: await listLabels(db, row.topicIds ?? []),
    keywords: row.keywords ?? [],
    place: isOpen ? await findPlace(db, subjectId, { recipientId, now }) : null,
    digest: row.digestId === null ? null : await findOwed(db, await getSubject(db, row.digestId), { recipientId, now }),
  };
}

const unlisted = {
  state: 'planned',
  attempts: 0,
  doubts: 0,
  outcome: null,
  outcomeReason: null,
  messageId: null,
  closedAt: null,
  topicIds: null,
  keywords: null,
  digestId: null,
} as const;

/** Whom a chunk names is owed it already, before the ledger has the row. */
async function findUnlisted(db: Db, subjectId: number, recipientId: number): Promise<typeof unlisted | undefined> {
  const chunk = await db
    .selectFrom('chunk')
    .select('chunkId')
    .where('subjectId', '=', subjectId)
    .where('isListed', '=', false)
    .where(sql<boolean>`recipient_ids @> array[${recipientId}]::bigint[]`)
    .executeTakeFirst();
  return chunk && unlisted;
}

async function listLabels(db: Db, topicIds: readonly number[]): Promise<TopicLabel[]> {
  if (topicIds.length === 0) return [];
  return db
    .selectFrom('topic')
    .select(['topicId', 'slug', 'name'])
    .where('topicId', 'in', topicIds)
    .orderBy('position')
    .orderBy('slug')
    .execute();
}

/** How far it is until an open row's turn, in the order in which chunks are taken (chunk-store.ts). */
async function findPlace(db: Db, subjectId: number, { recipientId, now }: Addressee): Promise<Place | null> {
  const { rows } = await sql<Place>`
    with own as (
      select lane, tier, due_at, chunk_id, claim is not null and claimed_until > clock_timestamp() as is_claimed
      from chunk
      where subject_id = ${subjectId} and closed_at is null and recipient_ids @> array[${recipientId}]::bigint[]
      order by chunk_id desc limit 1
    ), earlier as (
      select c.size - c.sent - c.blocked - c.failed - c.canceled - c.unknown as open
      from chunk c, own
      where c.closed_at is null and c.due_at <= ${now}
        and (c.lane, c.tier, c.due_at, c.chunk_id) < (own.lane, own.tier, own.due_at, own.chunk_id)
    )
    select own.due_at, own.is_claimed,
      (select count(*) from earlier) as chunks_before,
      (select coalesce(sum(open), 0)::bigint from earlier) as messages_before,
      coalesce((select greatest(0, extract(epoch from paused_until - clock_timestamp()) * 1000)::bigint from pace), 0)
        as paused_ms,
      coalesce((select ${currentFactor} from pace), 1) as factor
    from own
  `.execute(db);
  return rows[0] ?? null;
}

/** One thing that is or was owed to a recipient, and what it tells. */
export interface OwedThing {
  subject: Subject;
  storyId: number | null;
  headline: string | null;
  /** Of a correction. */
  change: 'update' | 'withdrawal' | null;
  owed: OwedFacts;
}

/** Subjects that are looked through for what was owed to one recipient. */
const searchedSubjects = 20_000;

/** The newest first. The ledger is asked by its key, subject by subject: it has no index by recipient. */
export async function listOwed(db: Db, { recipientId, now }: Addressee, limit: number): Promise<OwedThing[]> {
  // `offset 0` keeps Postgres from joining the whole ledger instead.
  const { rows } = await sql<{ subjectId: number }>`
    select s.subject_id
    from (select subject_id from subject order by subject_id desc limit ${searchedSubjects}) s
    where exists (
      select from delivery d where d.subject_id = s.subject_id and d.recipient_id = ${recipientId} offset 0
    ) or s.subject_id in (
      select subject_id from chunk where not is_listed and recipient_ids @> array[${recipientId}]::bigint[]
    )
    order by s.subject_id desc
    limit ${limit}
  `.execute(db);
  const things: OwedThing[] = [];
  for (const { subjectId } of rows) {
    const subject = await getSubject(db, subjectId);
    const owed = await findOwed(db, subject, { recipientId, now });
    if (owed) things.push({ subject, owed, ...(await findTold(db, subject)) });
  }
  return things;
}

async function findTold(db: Db, { storyId, correctionId }: Subject) {
  const correction =
    correctionId === null
      ? undefined
      : await db
          .selectFrom('correction')
          .select(['storyId', 'kind'])
          .where('correctionId', '=', correctionId)
          .executeTakeFirst();
  const told = storyId ?? correction?.storyId;
  const story =
    told === undefined
      ? undefined
      : await db.selectFrom('story').select('headline').where('storyId', '=', told).executeTakeFirst();
  return { storyId: told ?? null, headline: story?.headline ?? null, change: correction?.kind ?? null };
}
