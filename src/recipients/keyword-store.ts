// Readers' own keywords in Postgres, and which of them a story may be found by.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { searchKeys } from '../lib/keywords.ts';
import { isSameKeyword, maxKeywords } from './keyword.ts';

/** The oldest first; those that were added in one message, by the alphabet. */
export async function listKeywords(db: Db, recipientId: number): Promise<string[]> {
  const rows = await db
    .selectFrom('keywordSubscription')
    .select('keyword')
    .where('recipientId', '=', recipientId)
    .orderBy('createdAt')
    .orderBy('keyword')
    .execute();
  return rows.map(({ keyword }) => keyword);
}

/** Adds a checked keyword, once; `full` when the reader has as many as may be. */
export async function insertKeyword(
  db: Db,
  { recipientId, keyword, now }: { recipientId: number; keyword: string; now: Date },
): Promise<'added' | 'known' | 'full'> {
  return db.transaction().execute(async (trx) => {
    // Two additions at once must not come to one too many.
    await trx
      .selectFrom('recipient')
      .select('recipientId')
      .where('recipientId', '=', recipientId)
      .forUpdate()
      .execute();
    const keywords = await listKeywords(trx, recipientId);
    if (keywords.some((known) => isSameKeyword(known, keyword))) return 'known';
    if (keywords.length >= maxKeywords) return 'full';
    await trx
      .insertInto('keywordSubscription')
      .values({ recipientId, keyword, terms: termsOf(keyword), createdAt: now })
      .execute();
    return 'added';
  });
}

/**
 * A text that has the keyword has one of these terms. They are those of its last word: the first word of a phrase may be
 * understood by its neighbours only (عيد in بعيد الأضحى), and then its term is not among the text's.
 */
export function termsOf(keyword: string): string[] {
  return searchKeys(keyword).at(-1) ?? [];
}

export async function deleteKeyword(db: Db, recipientId: number, keyword: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('keywordSubscription')
    .where('recipientId', '=', recipientId)
    .where('keyword', '=', keyword)
    .returning('keyword')
    .executeTakeFirst();
  return deleted !== undefined;
}

/** Every keyword that may be found in a text with these terms, once each; whether it is, the keyword matcher says. */
export async function listKeywordsAmong(db: Db, terms: readonly string[]): Promise<string[]> {
  // Looked up term by term: with `terms && …`, Postgres may compare all terms with those of every keyword there is.
  const { rows } = await sql<{ keyword: string }>`
    select distinct subscription.keyword
    from unnest(${terms}::text[]) as term
    join keyword_subscription subscription on subscription.terms @> array[term]
  `.execute(db);
  return rows.map(({ keyword }) => keyword);
}
