// Articles in Postgres: an identity kept for good, and what is waiting to be read.
import type { Insertable, Selectable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';

export type Article = Selectable<Database['article']>;

/** Those of `guids` that the feed has given before. */
export async function listKnownGuids(db: Db, feedId: number, guids: readonly string[]): Promise<Set<string>> {
  if (guids.length === 0) return new Set();
  const rows = await db
    .selectFrom('articleSource')
    .select('guid')
    .where('feedId', '=', feedId)
    .where('guid', 'in', guids)
    .execute();
  return new Set(rows.map((row) => row.guid));
}

interface NewArticle {
  article: Insertable<Database['article']>;
  source: { feedId: number; guid: string; categories: string[] };
  /** Whether the feed's topics are to reach an article that others have brought already. */
  regroups: boolean;
}

/**
 * Stores an entry as an article, once: where its canonical URL is known, this feed is added to the article's sources,
 * and an article that was grouped already is grouped again, so that the feed's topics reach it.
 */
export async function insertArticle(
  db: Db,
  { article, source, regroups }: NewArticle,
): Promise<'inserted' | 'regroup' | 'known'> {
  const inserted = await db
    .insertInto('article')
    .values(article)
    .onConflict((conflict) => conflict.column('canonicalUrl').doNothing())
    .returning('articleId')
    .executeTakeFirst();
  const { articleId } =
    inserted ??
    (await db
      .selectFrom('article')
      .select('articleId')
      .where('canonicalUrl', '=', article.canonicalUrl as string)
      .executeTakeFirstOrThrow());

  const added = await db
    .insertInto('articleSource')
    .values({ ...source, articleId })
    .onConflict((conflict) => conflict.columns(['feedId', 'guid']).doNothing())
    .returning('articleId')
    .executeTakeFirst();
  if (inserted) return 'inserted';
  if (!added || !regroups) return 'known';
  const regrouped = await db
    .updateTable('article')
    .set({ state: 'read' })
    .where('articleId', '=', articleId)
    .where('state', '=', 'grouped')
    .returning('articleId')
    .executeTakeFirst();
  return regrouped ? 'regroup' : 'known';
}

/** Takes the oldest article that waits to be read; others leave it alone for `claimMs`. */
export function claimNewArticle(db: Db, now: Date, claimMs: number): Promise<Article | undefined> {
  return db
    .with('waiting', (waiting) =>
      waiting
        .selectFrom('article')
        .select('articleId')
        .where('state', '=', 'new')
        .where((where) => where.or([where('claimedUntil', 'is', null), where('claimedUntil', '<', now)]))
        .orderBy('publishedAt')
        .orderBy('articleId')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('article')
    .from('waiting')
    .whereRef('article.articleId', '=', 'waiting.articleId')
    .set({ claimedUntil: new Date(now.getTime() + claimMs) })
    .returningAll('article')
    .executeTakeFirst();
}

type ReadArticle = Pick<Article, 'headline' | 'kicker' | 'body' | 'language' | 'imageUrl' | 'pageOutcome'>;

export async function markArticleRead(db: Db, articleId: number, article: ReadArticle): Promise<void> {
  await db
    .updateTable('article')
    .set({ ...article, state: 'read', claimedUntil: null })
    .where('articleId', '=', articleId)
    .where('state', '=', 'new')
    .execute();
}

/** Lets go of every claim: for the one process that knows itself to be the only one, at its start. */
export async function expireArticleClaims(db: Db): Promise<void> {
  await db.updateTable('article').set({ claimedUntil: null }).where('state', '=', 'new').execute();
}

/** Gives an unfinished claim back. */
export async function releaseArticle(db: Db, articleId: number): Promise<void> {
  await db.updateTable('article').set({ claimedUntil: null }).where('articleId', '=', articleId).execute();
}

/** The oldest article that waits for a story, locked for this transaction; others skip it. */
export function lockReadArticle(trx: Db): Promise<Article | undefined> {
  return trx
    .selectFrom('article')
    .selectAll()
    .where('state', '=', 'read')
    .orderBy('publishedAt')
    .orderBy('articleId')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

export async function markArticleGrouped(db: Db, articleId: number): Promise<void> {
  await db.updateTable('article').set({ state: 'grouped' }).where('articleId', '=', articleId).execute();
}

interface ArticleSource {
  feedId: number;
  feedTitle: string | null;
  feedUrl: string;
  categories: string[];
}

/** The feeds that gave an article, in the order in which the feeds were added. */
export function listArticleSources(db: Db, articleId: number): Promise<ArticleSource[]> {
  return db
    .selectFrom('articleSource')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select(['feed.feedId', 'feed.title as feedTitle', 'feed.url as feedUrl', 'articleSource.categories'])
    .where('articleSource.articleId', '=', articleId)
    .orderBy('feed.feedId')
    .execute();
}
