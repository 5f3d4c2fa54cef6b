// The entries of feeds in Postgres: which article each one is, and the mark of what the feed last said of it.
import type { Db } from '../db/database.ts';

export interface KnownEntry {
  guid: string;
  articleId: number;
  /** The mark of what this feed last said of it; null where another source's words are the article's. */
  entryHash: string | null;
  /** Whether a source, this or another, has given the article its words. */
  hasWords: boolean;
}

/** Those of `guids` that the feed has given before. */
export async function listKnownEntries(
  db: Db,
  feedId: number,
  guids: readonly string[],
): Promise<Map<string, KnownEntry>> {
  if (guids.length === 0) return new Map();
  const rows = await db
    .selectFrom('articleSource as own')
    .select((own) => [
      'own.guid',
      'own.articleId',
      'own.entryHash',
      own
        .exists(
          own
            .selectFrom('articleSource as any')
            .select('any.articleId')
            .whereRef('any.articleId', '=', 'own.articleId')
            .where('any.entryHash', 'is not', null),
        )
        .$castTo<boolean>()
        .as('hasWords'),
    ])
    .where('own.feedId', '=', feedId)
    .where('own.guid', 'in', guids)
    .execute();
  return new Map(rows.map((row) => [row.guid, row]));
}

export async function setEntryHash(
  db: Db,
  { feedId, guid, entryHash }: { feedId: number; guid: string; entryHash: string },
): Promise<void> {
  await db
    .updateTable('articleSource')
    .set({ entryHash })
    .where('feedId', '=', feedId)
    .where('guid', '=', guid)
    .execute();
}

export interface EarlierEntry {
  guid: string;
  articleId: number;
  entryHash: string;
  /** Of the article. */
  headline: string;
}

/** The entry by which this feed has given the article at `canonicalUrl` its words; undefined where another feed has. */
export async function findEarlierEntry(
  db: Db,
  feedId: number,
  canonicalUrl: string,
): Promise<EarlierEntry | undefined> {
  const row = await db
    .selectFrom('article')
    .innerJoin('articleSource', 'articleSource.articleId', 'article.articleId')
    .select(['articleSource.guid', 'article.articleId', 'articleSource.entryHash', 'article.headline'])
    .where('article.canonicalUrl', '=', canonicalUrl)
    .where('articleSource.feedId', '=', feedId)
    .where('articleSource.entryHash', 'is not', null)
    .executeTakeFirst();
  return row && { ...row, entryHash: row.entryHash as string };
}

/** The feed calls an article by another guid now: its words count from there on. */
export async function moveEntry(
  trx: Db,
  earlier: EarlierEntry,
  next: { feedId: number; guid: string; categories: string[]; entryHash: string },
): Promise<void> {
  await trx
    .updateTable('articleSource')
    .set({ entryHash: null })
    .where('feedId', '=', next.feedId)
    .where('guid', '=', earlier.guid)
    .execute();
  await trx
    .insertInto('articleSource')
    .values({ ...next, articleId: earlier.articleId })
    .execute();
}
