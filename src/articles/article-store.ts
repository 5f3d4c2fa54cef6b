// Articles in Postgres: an identity kept for good, and what is waiting to be read.
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Db } from '../db/database.ts';
import { columnsOf, jsonRows } from '../db/json-rows.ts';
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

/**
 * The same for many at once, of which no two have one canonical URL, and none none. What others have brought already is
 * left out: gives those that were inserted, by their canonical URL.
 */
export async function insertArticles(db: Db, articles: readonly Omit<NewArticle, 'regroups'>[]): Promise<Set<string>> {
  if (articles.length === 0) return new Set();
  const rows = articles.map(({ article }) => storable(article));
  const columns = columnsOf(rows);
  const inserted = await sql<{ articleId: number; canonicalUrl: string }>`
    insert into article (${columns})
    select ${columns} from json_populate_recordset(null::article, ${jsonRows(rows)})
    on conflict (canonical_url) do nothing
    returning article_id, canonical_url`.execute(db);
  const ids = new Map(inserted.rows.map(({ articleId, canonicalUrl: url }) => [url, articleId]));
  const sources = articles.flatMap(({ article, source }) => {
    const articleId = ids.get(article.canonicalUrl as string);
    return articleId === undefined ? [] : [{ ...source, articleId }];
  });
  if (sources.length > 0) {
    const sourceColumns = columnsOf(sources);
    await sql`
      insert into article_source (${sourceColumns})
      select ${sourceColumns} from json_populate_recordset(null::article_source, ${jsonRows(sources)})
      on conflict (feed_id, guid) do nothing`.execute(db);
  }
  return new Set(ids.keys());
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
export async function listArticleSources(db: Db, articleId: number): Promise<ArticleSource[]> {
  return (await listSourcesOfArticles(db, [articleId])).get(articleId) ?? [];
}

/** The same for several articles. */
export async function listSourcesOfArticles(
  db: Db,
  articleIds: readonly number[],
): Promise<Map<number, ArticleSource[]>> {
  const rows = await db
    .selectFrom('articleSource')
    .innerJoin('feed', 'feed.feedId', 'articleSource.feedId')
    .select([
      'articleSource.articleId',
      'feed.feedId',
      'feed.title as feedTitle',
      'feed.url as feedUrl',
      'articleSource.categories',
    ])
    .where('articleSource.articleId', '=', sql<number>`any(${articleIds}::bigint[])`)
    .orderBy((order) => order('articleSource.entryHash', 'is', null))
    .orderBy('feed.feedId')
    .execute();
  const sources = new Map<number, ArticleSource[]>();
  for (const { articleId, ...source } of rows) {
    const ofArticle = sources.get(articleId);
    if (ofArticle) ofArticle.push(source);
    else sources.set(articleId, [source]);
  }
  return sources;
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
