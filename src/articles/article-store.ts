// Articles in Postgres: an identity kept for good, and what is waiting to be read.
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import type { Database } from '../db/schema.ts';
import { storable } from './article-limits.ts';
import { canonicalUrl } from './canonical-url.ts';

export type Article = Selectable<Database['article']>;

interface NewArticle {
  article: Insertable<Database['article']>;
  /** `entryHash` is kept where the article gets its words from this source: where it is new. */
  source: { feedId: number; guid: string; categories: string[]; entryHash: string };
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
    .values(storable(article))
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
    .values({ ...source, entryHash: inserted ? source.entryHash : null, articleId })
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
    .where('withdrawnAt', 'is', null)
    .returning('articleId')
    .executeTakeFirst();
  return regrouped ? 'regroup' : 'known';
}

/** Takes the oldest article that waits: `new`, to be read; `read`, for a story. Others leave it alone for `claimMs`. */
export function claimArticle(db: Db, state: 'new' | 'read', now: Date, claimMs: number): Promise<Article | undefined> {
  return db
    .with('waiting', (waiting) =>
      waiting
        .selectFrom('article')
        .select('articleId')
        .where('state', '=', state)
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

/** What was read, unless the article was corrected or withdrawn since `claimed` was taken. */
export async function markArticleRead(
  db: Db,
  claimed: Pick<Article, 'articleId' | 'claimedUntil' | 'headline' | 'body'>,
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

/** The article, locked for this transaction. */
export function lockArticle(trx: Db, articleId: number): Promise<Article | undefined> {
  return trx.selectFrom('article').selectAll().where('articleId', '=', articleId).forUpdate().executeTakeFirst();
}

/** Gives a locked article what its feed says now; it is read and told again, unless it is old. */
export async function correctArticle(
  trx: Db,
  { articleId, state }: Pick<Article, 'articleId' | 'state'>,
  words: Updateable<Database['article']>,
): Promise<void> {
  await trx
    .updateTable('article')
    .set({ ...storable(words), readFailures: 0, ...(state === 'old' ? {} : { state: 'new', claimedUntil: null }) })
    .where('articleId', '=', articleId)
    .execute();
}

/** The article at a page's address, however it is written; undefined for an address that is none. */
export async function findArticleByUrl(db: Db, url: string): Promise<Article | undefined> {
  const canonical = canonicalUrl(url);
  if (canonical === null) return undefined;
  return db.selectFrom('article').selectAll().where('canonicalUrl', '=', canonical).executeTakeFirst();
}

/** As `withdrawnBecause`; whatever else stands there is an editor's act. */
export const withdrawnByPublisher = 'the publisher withdrew it (410)';

/**
 * The article is not to be told, or not any more: what told it is struck when it is grouped again. For good, whatever
 * its feed says later. False when it was withdrawn already, or there is none.
 */
export async function withdrawArticle(
  db: Db,
  articleId: number,
  { because, now }: { because: string; now: Date },
): Promise<boolean> {
  const withdrawn = await db
    .updateTable('article')
    .set({
      withdrawnAt: now,
      withdrawnBecause: because,
      recheckAt: null,
      claimedUntil: null,
      state: sql`case state when 'old' then 'old' else 'read' end`,
    })
    .where('articleId', '=', articleId)
    .where('withdrawnAt', 'is', null)
    .returning('articleId')
    .executeTakeFirst();
  return withdrawn !== undefined;
}

export interface ArticleSource {
  feedId: number;
  feedTitle: string | null;
  feedUrl: string;
  categories: string[];
}

/** The feeds that gave an article: first the one that gave it its words, then in the order in which the feeds were added. */
export function listArticleSources(db: Db, articleId: number): Promise<ArticleSource[]> {
  return db
    .selectFrom('articleSource')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select(['feed.feedId', 'feed.title as feedTitle', 'feed.url as feedUrl', 'articleSource.categories'])
    .where('articleSource.articleId', '=', articleId)
    .orderBy((order) => order('articleSource.entryHash', 'is', null))
    .orderBy('feed.feedId')
    .execute();
}

export type PageSettings = Pick<Selectable<Database['feed']>, 'timeZone' | 'keepSelectors' | 'dropSelectors'>;

/** What the newsroom says of the pages of the feed that gave an article its words; undefined when the feed is gone. */
export function findPageSettings(db: Db, articleId: number): Promise<PageSettings | undefined> {
  return db
    .selectFrom('articleSource')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select(['feed.timeZone', 'feed.keepSelectors', 'feed.dropSelectors'])
    .where('articleSource.articleId', '=', articleId)
    .orderBy((order) => order('articleSource.entryHash', 'is', null))
    .orderBy('feed.feedId')
    .limit(1)
    .executeTakeFirst();
}
