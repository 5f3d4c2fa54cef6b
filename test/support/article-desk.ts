// The stages that make articles, on a real database and the real web, without stories and Telegram.
import { afterAll } from 'vitest';
import type { Article } from '../../src/articles/article-store.ts';
import { collect, type CollectResult } from '../../src/articles/collect.ts';
import { createPageReader } from '../../src/articles/page-reader.ts';
import { type ReadDeps, readArticles } from '../../src/articles/read.ts';
import { recheckArticles, type RecheckResult } from '../../src/articles/recheck.ts';
import type { Db } from '../../src/db/database.ts';
import { createFetch, createHostLimiter } from '../../src/lib/http.ts';
import { createLog } from '../../src/lib/log.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { useDatabase } from './database.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export interface ArticleDesk {
  readonly db: Db;
  readonly clock: TestClock;
  /** Lines that tell of trouble. */
  readonly log: readonly string[];
  collect(): Promise<CollectResult>;
  read(options?: Parameters<typeof readArticles>[1]): Promise<number>;
  /** What was read is told and has arrived, as far as articles are concerned. */
  tellAll(): Promise<void>;
  recheck(options?: Parameters<typeof recheckArticles>[1]): Promise<RecheckResult>;
  readonly deps: ReadDeps;
  /** By id, oldest first. */
  articles(): Promise<Article[]>;
}

/** Called at the top of a test file. */
export function useArticleDesk(): ArticleDesk {
  const database = useDatabase();
  const clock = createTestClock();
  const log: string[] = [];
  const pages = createPageReader();
  const deps = {
    get db() {
      return database.db;
    },
    clock,
    pages,
    fetch: createFetch({ allowPrivateNetwork: true, userAgent: 'Nashra test' }),
    hosts: createHostLimiter({ clock, perHost: 4 }),
    random: systemRandom,
    log: createLog({ level: 'warn', now: () => clock.now(), write: (line) => void log.push(line) }),
    feedIntervalSeconds: 300,
    defaultLanguage: 'ar',
    timeZone: 'Asia/Damascus',
  };
  afterAll(() => pages.close());

  return {
    get db() {
      return database.db;
    },
    clock,
    log,
    collect: () => collect(deps, { all: true }),
    read: (options) => readArticles(deps, options),
    async tellAll() {
      const read = await database.db.selectFrom('article').selectAll().where('state', '=', 'read').execute();
      for (const article of read) await tell(database.db, article);
    },
    deps,
    recheck: (options) => recheckArticles(deps, options),
    articles: () => database.db.selectFrom('article').selectAll().orderBy('articleId').execute(),
  };
}

async function tell(db: Db, { articleId, headline, language, publishedAt, createdAt }: Article): Promise<void> {
  await db.updateTable('article').set({ state: 'grouped' }).where('articleId', '=', articleId).execute();
  const known = await db.selectFrom('storyArticle').select('storyId').where('articleId', '=', articleId).execute();
  if (known.length > 0) return;
  const { storyId } = await db
    .insertInto('story')
    .values({ headline, summary: '', language, publishedAt, createdAt })
    .returning('storyId')
    .executeTakeFirstOrThrow();
  await db.insertInto('storyArticle').values({ articleId, storyId, addedAt: createdAt }).execute();
  const { recipientId } = await db
    .insertInto('recipient')
    .values({ kind: 'subscriber', chatId: 1, createdAt })
    .onConflict((conflict) => conflict.column('chatId').doUpdateSet({ chatId: 1 }))
    .returning('recipientId')
    .executeTakeFirstOrThrow();
  const { subjectId } = await db
    .insertInto('subject')
    .values({ kind: 'story', storyId, lane: 3, plannedAt: createdAt })
    .returning('subjectId')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('chunk')
    .values({ subjectId, lane: 3, recipientIds: [], size: 1, sent: 1, isListed: true, closedAt: createdAt })
    .execute();
  await db
    .insertInto('delivery')
    .values({ subjectId, recipientId, state: 'sent', messageId: articleId, closedAt: createdAt })
    .execute();
}
