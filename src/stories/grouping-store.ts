// What grouping needs of Postgres: the articles that wait for a story, one grouping at a time, and what was grouped.
import { sql } from 'kysely';
import { type Article, withdrawnByPublisher } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';

/** Until the transaction ends, no other process groups: each sees what all others have grouped. */
export async function lockGrouping(trx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('nashra grouping'))`.execute(trx);
}

/** Those of the articles that wait for a story still, as they stand, locked; the oldest first. */
export function lockWaitingArticles(trx: Db, articleIds: readonly number[]): Promise<Article[]> {
  return trx
    .selectFrom('article')
    .selectAll()
    .where('articleId', '=', anyOf(articleIds))
    .where('state', '=', 'read')
    .orderBy('publishedAt')
    .orderBy('articleId')
    .forUpdate()
    .execute();
}

export async function markArticlesGrouped(db: Db, articleIds: readonly number[]): Promise<void> {
  await db
    .updateTable('article')
    .set({ state: 'grouped', claimedUntil: null })
    .where('articleId', '=', anyOf(articleIds))
    .execute();
}

function anyOf(ids: readonly number[]) {
  return sql<number>`any(${ids}::bigint[])`;
}

export interface GroupedArticle {
  sequence: number;
  articleId: number;
  /** The first story of its thread. */
  threadId: number;
  fingerprint: object;
  publishedAt: Date;
  url: string | null;
  /** The feed that gave it first. */
  feedId: number | null;
}

/**
 * What its publisher took back is left out: others may tell it anew. What an editor took back is in, so that copies of
 * it are recognised (group.ts).
 *
 * What was grouped after `sequence` and is not older than `since`, in the order in which it was grouped.
 */
export async function listGroupedSince(
  db: Db,
  { sequence, since }: { sequence: number; since: Date },
): Promise<GroupedArticle[]> {
  const rows = await db
    .selectFrom('storyArticle')
    .innerJoin('article', 'article.articleId', 'storyArticle.articleId')
    .innerJoin('story', 'story.storyId', 'storyArticle.storyId')
    .select((select) => [
      'storyArticle.sequence',
      'storyArticle.articleId',
      'storyArticle.fingerprint',
      'article.publishedAt',
      'article.url',
      select.fn.coalesce('story.followsStoryId', 'story.storyId').as('threadId'),
      // The source whose words count (articles/store-entries.ts) is the one with a mark.
      select
        .selectFrom('articleSource')
        .whereRef('articleSource.articleId', '=', 'storyArticle.articleId')
        .select('feedId')
        .orderBy(sql`entry_hash is null`)
        .orderBy('feedId')
        .limit(1)
        .as('feedId'),
    ])
    .where('storyArticle.sequence', '>', sequence)
    .where('storyArticle.addedAt', '>', since)
    .where('storyArticle.fingerprint', 'is not', null)
    .where((where) =>
      where.or([
        where('article.withdrawnAt', 'is', null),
        where('article.withdrawnBecause', '!=', withdrawnByPublisher),
      ]),
    )
    .orderBy('storyArticle.sequence')
    .execute();
  return rows.flatMap(({ fingerprint, ...row }) => (fingerprint === null ? [] : [{ ...row, fingerprint }]));
}

/** The articles of a story that are not withdrawn, the one that it was told from first. */
export function listStoryArticles(db: Db, storyId: number): Promise<Article[]> {
  return db
    .selectFrom('storyArticle')
    .innerJoin('article', 'article.articleId', 'storyArticle.articleId')
    .selectAll('article')
    .where('storyArticle.storyId', '=', storyId)
    .where('article.withdrawnAt', 'is', null)
    .orderBy('storyArticle.sequence')
    .execute();
}

/** What a text that changed is compared by from now on. */
export async function markFingerprint(db: Db, articleId: number, fingerprint: object): Promise<void> {
  await db
    .updateTable('storyArticle')
    .set({ fingerprint: JSON.stringify(fingerprint) })
    .where('articleId', '=', articleId)
    .execute();
}

export async function isWithdrawnByEditor(db: Db, articleId: number): Promise<boolean> {
  const article = await db
    .selectFrom('article')
    .select('articleId')
    .where('articleId', '=', articleId)
    .where('withdrawnAt', 'is not', null)
    .where('withdrawnBecause', '!=', withdrawnByPublisher)
    .executeTakeFirst();
  return article !== undefined;
}
