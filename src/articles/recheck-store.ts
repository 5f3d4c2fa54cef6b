// Rechecks in Postgres: which told articles' pages are due to be looked at again, and what came of it.
import { type ExpressionBuilder, sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { storable } from './article-limits.ts';
import type { Article } from './article-store.ts';

/** Whether a message that tells the article's story has arrived anywhere. */
function isReceived(where: ExpressionBuilder<Database, 'article'>) {
  return where.exists(
    where
      .selectFrom('storyArticle')
      .innerJoin('subject', 'subject.storyId', 'storyArticle.storyId')
      .innerJoin('chunk', 'chunk.subjectId', 'subject.subjectId')
      .select('chunk.chunkId')
      .whereRef('storyArticle.articleId', '=', 'article.articleId')
      .where('chunk.sent', '>', 0),
  );
}

/** Told articles whose time to be looked at has come. */
function dueArticles(db: Pick<Db, 'selectFrom'>, now: Date) {
  return db.selectFrom('article').select('articleId').where('recheckAt', '<=', now).where('state', '=', 'grouped');
}

/** What is due and was received by nobody waits for its next time: it would stand before what was, at every claim. */
export async function postponeUnreceived(db: Db, now: Date, recheckAfterMs: readonly number[]): Promise<void> {
  await db
    .with('due', (due) =>
      dueArticles(due, now)
        .where((where) => where.not(isReceived(where)))
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('article')
    .from('due')
    .whereRef('article.articleId', '=', 'due.articleId')
    .set({
      recheckAt: sql<Date | null>`(
        select min(published_at + after * interval '1 millisecond')
        from unnest(${[...recheckAfterMs]}::bigint[]) as after
        where published_at + after * interval '1 millisecond' > ${now}
      )`,
    })
    .execute();
}

/** Takes the received article whose page has been due longest; others leave it alone for `claimMs`. */
export function claimRecheck(db: Db, now: Date, claimMs: number): Promise<Article | undefined> {
  return db
    .with('due', (due) =>
      dueArticles(due, now)
        .where('withdrawnAt', 'is', null)
        .where('url', 'is not', null)
        .where(isReceived)
        .orderBy('recheckAt')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('article')
    .from('due')
    .whereRef('article.articleId', '=', 'due.articleId')
    .set({ recheckAt: new Date(now.getTime() + claimMs) })
    .returningAll('article')
    .executeTakeFirst();
}

interface Rechecked {
  recheckAt: Date | null;
  /** What the article says now; it is told again when `isChanged`. */
  words: Updateable<Database['article']>;
  isChanged: boolean;
}

/** Notes a recheck; what its feed has changed meanwhile, or who has withdrawn it, counts more. Returns whether it was. */
export async function markRechecked(
  db: Db,
  claimed: Pick<Article, 'articleId' | 'recheckAt'>,
  { recheckAt, words, isChanged }: Rechecked,
): Promise<boolean> {
  const marked = await db
    .updateTable('article')
    .set({
      ...storable(words),
      recheckAt,
      recheckCount: sql`recheck_count + 1`,
      ...(isChanged ? { state: 'read', claimedUntil: null } : {}),
    })
    .where('articleId', '=', claimed.articleId)
    .where('recheckAt', '=', claimed.recheckAt)
    .where('state', '=', 'grouped')
    .where('withdrawnAt', 'is', null)
    .returning('articleId')
    .executeTakeFirst();
  return marked !== undefined;
}

/** The addresses of the articles whose pages have been gone since `since`, or later. */
export async function listGoneUrls(db: Db, since: Date): Promise<string[]> {
  const rows = await db.selectFrom('article').select('url').where('goneAt', '>=', since).execute();
  return rows.flatMap(({ url }) => (url === null ? [] : [url]));
}
