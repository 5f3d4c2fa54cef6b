// Articles that wait, in Postgres: taken to be read or told, and what came of reading them.
import { sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import { jsonRows } from '../db/json-rows.ts';
import type { Database } from '../db/schema.ts';
import { storable } from './article-limits.ts';
import type { Article } from './article-store.ts';

const longestWaitMs = 20 * 60_000;

interface ClaimOptions {
  now: Date;
  /** Others leave them alone for so long. */
  claimMs: number;
  limit: number;
}

/** Takes the oldest articles that wait: `new`, to be read; `read`, for a story. Oldest first. */
export async function claimArticles(
  db: Db,
  state: 'new' | 'read',
  { now, claimMs, limit }: ClaimOptions,
): Promise<Article[]> {
  const claimed = await db
    .with('waiting', (waiting) =>
      waiting
        .selectFrom('article')
        .select('articleId')
        .where('state', '=', state)
        .where((where) =>
          where.or([
            where('claimedUntil', 'is', null),
            where('claimedUntil', '<', now),
            // Nothing waits for so long: it was put off before the clock was set back.
            where('claimedUntil', '>', new Date(now.getTime() + longestWaitMs)),
          ]),
        )
        .orderBy('publishedAt')
        .orderBy('articleId')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('article')
    .from('waiting')
    .whereRef('article.articleId', '=', 'waiting.articleId')
    .set({ claimedUntil: new Date(now.getTime() + claimMs) })
    .returningAll('article')
    .execute();
  return claimed.sort((a, b) => a.publishedAt.getTime() - b.publishedAt.getTime() || a.articleId - b.articleId);
}

type ClaimedArticle = Pick<Article, 'articleId' | 'claimedUntil' | 'headline' | 'body'>;

/**
 * What was read of several articles that were claimed together; how many were marked. As markArticleRead: who was
 * corrected and claimed again within the same millisecond is known by its words.
 */
export async function markArticlesRead(
  db: Db,
  read: readonly { claimed: ClaimedArticle; values: Updateable<Database['article']> }[],
): Promise<number> {
  if (read.length === 0) return 0;
  const rows = read.map(({ claimed, values }) => ({ ...storable(values), articleId: claimed.articleId }));
  const columns = Object.keys(rows[0] as object).filter((name) => name !== 'articleId');
  const marked = await sql`
    update article set
      ${sql.join(columns.map((name) => sql`${sql.ref(name)} = ${sql.ref(`read.${name}`)}`))},
      state = 'read', claimed_until = null, read_failures = 0
    from json_populate_recordset(null::article, ${jsonRows(rows)}) as read
    join json_populate_recordset(null::article, ${jsonRows(read.map(({ claimed }) => wordsOf(claimed)))}) as claimed
      on claimed.article_id = read.article_id
    where article.article_id = read.article_id and article.state = 'new'
      and article.claimed_until = claimed.claimed_until
      and article.headline = claimed.headline and article.body = claimed.body`.execute(db);
  return Number(marked.numAffectedRows);
}

function wordsOf({ articleId, claimedUntil, headline, body }: ClaimedArticle): ClaimedArticle {
  return { articleId, claimedUntil, headline, body };
}

/** What was read, unless the article was corrected or withdrawn since `claimed` was taken. */
export async function markArticleRead(
  db: Db,
  claimed: ClaimedArticle,
  read: Updateable<Database['article']>,
): Promise<boolean> {
  const marked = await db
    .updateTable('article')
    .set({ ...storable(read), state: 'read', claimedUntil: null, readFailures: 0 })
    .where('articleId', '=', claimed.articleId)
    .where('state', '=', 'new')
    .where('claimedUntil', '=', claimed.claimedUntil)
    // Who was corrected and claimed again within the same millisecond is known by its words.
    .where('headline', '=', claimed.headline)
    .where('body', '=', claimed.body)
    .returning('articleId')
    .executeTakeFirst();
  return marked !== undefined;
}

/** Lets go of every claim: for the one process that knows itself to be the only one, at its start. */
export async function expireArticleClaims(db: Db): Promise<void> {
  await db
    .updateTable('article')
    .set({ claimedUntil: null })
    .where('claimedUntil', 'is not', null)
    // No other is claimed; said here, so that the index of those that wait serves.
    .where('state', 'in', ['new', 'read'])
    .execute();
}

/** The article is read again from `until` on: its page was gone, or reading it broke. */
export async function postponeArticle(
  db: Db,
  { articleId, claimedUntil }: Pick<Article, 'articleId' | 'claimedUntil'>,
  until: Date,
  noted: Pick<Updateable<Database['article']>, 'goneAt' | 'readFailures'>,
): Promise<void> {
  await db
    .updateTable('article')
    .set({ ...noted, claimedUntil: until })
    .where('articleId', '=', articleId)
    .where('state', '=', 'new')
    .where('claimedUntil', '=', claimedUntil)
    .execute();
}

/** Gives an unfinished claim back. */
export async function releaseArticle(
  db: Db,
  { articleId, claimedUntil }: Pick<Article, 'articleId' | 'claimedUntil'>,
): Promise<void> {
  await db
    .updateTable('article')
    .set({ claimedUntil: null })
    .where('articleId', '=', articleId)
    .where('claimedUntil', '=', claimedUntil)
    .execute();
}
