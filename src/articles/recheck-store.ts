// Rechecks in Postgres: which told articles' pages are due to be looked at again, and what came of it.
import { sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import type { Article } from './article-store.ts';

/** Takes the told article whose page has been due longest; others leave it alone for `claimMs`. */
export function claimRecheck(db: Db, now: Date, claimMs: number): Promise<Article | undefined> {
  return db
    .with('due', (due) =>
      due
        .selectFrom('article')
        .select('articleId')
        .where('recheckAt', '<=', now)
        .where('state', '=', 'grouped')
        .where('withdrawnAt', 'is', null)
        .where('url', 'is not', null)
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
      ...words,
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
