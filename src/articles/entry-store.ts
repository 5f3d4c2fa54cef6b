// The entries of feeds in Postgres: which article each one is, and the mark of what the feed last said of it.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';

export interface KnownEntry {
  guid: string;
  articleId: number;
  /** The mark of what this feed last said of it; null where another source's words are the article's. */
  entryHash: string | null;
  /** Whether a source, this or another, has given the article its words. */
  hasWords: boolean;
}

interface EntryName {
  feedId: number;
  guid: string;
}

/** By feed and guid. */
export interface KnownEntries {
  of(feedId: number, guid: string): KnownEntry | undefined;
}

/** Those of these entries that their feeds have given before. */
export async function listKnownEntries(db: Db, names: readonly EntryName[]): Promise<KnownEntries> {
  const known = new Map<number, Map<string, KnownEntry>>();
  if (names.length > 0) {
    const { rows } = await sql<KnownEntry & EntryName>`
      select own.feed_id, own.guid, own.article_id, own.entry_hash,
        own.entry_hash is not null or exists (
          select from article_source other where other.article_id = own.article_id and other.entry_hash is not null
        ) as has_words
      from unnest(${names.map(({ feedId }) => feedId)}::bigint[], ${names.map(({ guid }) => guid)}::text[])
        as asked (feed_id, guid)
      join article_source own on own.feed_id = asked.feed_id and own.guid = asked.guid`.execute(db);
    for (const { feedId, ...entry } of rows) {
      const ofFeed = known.get(feedId) ?? new Map<string, KnownEntry>();
      known.set(feedId, ofFeed.set(entry.guid, entry));
    }
  }
  return { of: (feedId, guid) => known.get(feedId)?.get(guid) };
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
