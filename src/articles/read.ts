// The second stage: gives each new article its text and picture, from the feed or else from its page.
import { isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { runWorkers } from '../lib/concurrency.ts';
import type { Log } from '../lib/log.ts';
import { type Article, claimArticle, markArticleRead, postponeArticle, releaseArticle } from './article-store.ts';
import { isArticlesPage, needsPage, readTogether } from './article-words.ts';
import { goneAgainMs, withdrawWhenGone } from './gone.ts';
import { createLine } from './in-order.ts';
import { openPage, type OpenedPage, type PageDeps } from './open-page.ts';
import { nextRecheckAt } from './recheck-time.ts';

const articlesAtOnce = 4;
/** Longer than a page may take, with its wait for a slow host's turn. */
const claimMs = 5 * 60_000;
/** Readers get articles in the order of the newsroom; a slow page holds those after it back no longer than this. */
const orderPatienceMs = 2_000;

/** An article that cannot be read is told as its feed gave it. */
export const maxReadFailures = 3;
const retryMs = 60_000;

export interface ReadDeps extends PageDeps {
  clock: Clock;
  log: Log;
}

interface ReadOptions {
  signal?: AbortSignal;
  /** Called after each article, while others are still being read. */
  onRead?: () => Promise<void>;
  patienceMs?: number;
}

/** Reads the articles that wait; a page that cannot be had never holds an article back. Returns how many were read. */
export async function readArticles(
  deps: ReadDeps,
  { signal, onRead, patienceMs = orderPatienceMs }: ReadOptions = {},
): Promise<number> {
  let read = 0;
  const line = createLine(patienceMs);
  let claiming: Promise<unknown> = Promise.resolve();
  /** One after the other, so that the oldest article has the first turn. */
  const claim = async () => {
    const before = claiming;
    const { promise, resolve } = Promise.withResolvers<void>();
    claiming = promise;
    await before;
    try {
      const article = await claimArticle(deps.db, 'new', deps.clock.now(), claimMs);
      return article && { article, turn: line.begin() };
    } finally {
      resolve();
    }
  };
  const worker = async () => {
    while (!signal?.aborted) {
      const claimed = await claim();
      if (!claimed) break;
      const { article, turn } = claimed;
      try {
        const finish = await readOne(deps, article, signal);
        await turn.wait(signal);
        if (await finish()) read += 1;
      } catch (error) {
        if (isDisconnected(error)) throw error;
        await noteFailure(deps, article, error);
      } finally {
        turn.end();
      }
      await onRead?.();
    }
  };
  await runWorkers(articlesAtOnce, worker);
  return read;
}

/** One article's trouble is nobody else's. */
async function noteFailure({ db, clock, log }: ReadDeps, article: Article, error: unknown): Promise<void> {
  const { articleId, readFailures } = article;
  log.error('could not read an article', { articleId, error });
  const until = new Date(clock.now().getTime() + retryMs);
  await postponeArticle(db, article, until, { readFailures: readFailures + 1 });
}

/** Reads one article, and gives back what writes that down, to be called in its turn: whether it was read. */
async function readOne(deps: ReadDeps, article: Article, signal?: AbortSignal): Promise<() => Promise<boolean>> {
  const { db, clock } = deps;
  if (article.readFailures >= maxReadFailures) {
    return () => markArticleRead(db, article, { pageOutcome: 'failed: reading the article broke' });
  }
  const page = needsPage(article) ? await openPage(deps, article, signal) : undefined;
  if (signal?.aborted || page?.kind === 'aborted') {
    return async () => {
      await releaseArticle(db, article);
      return false;
    };
  }
  if (page?.kind === 'gone') return () => readWithoutPage(deps, article);
  const now = clock.now();
  const read = readTogether(article, page && pageOf(article, page), now);
  const recheckAt = article.url === null ? null : nextRecheckAt(read.publishedAt, now);
  return () => markArticleRead(db, article, { ...read, recheckAt, ...(page ? { goneAt: null } : {}) });
}

function pageOf(article: Article, page: Extract<OpenedPage, { kind: 'read' | 'unreadable' }>) {
  if (page.kind === 'unreadable') return { reason: page.reason };
  return isArticlesPage(article, page.text) ? { text: page.text } : { reason: 'the page tells something else' };
}

/** The page is gone: a feed's text is told and its page looked at again soon; without one, that is done first. */
async function readWithoutPage(deps: ReadDeps, article: Article): Promise<boolean> {
  const { db, clock } = deps;
  const now = clock.now();
  let recheckAt: Date | null = new Date(now.getTime() + goneAgainMs);
  if (article.body === '') {
    const outcome = await withdrawWhenGone(deps, article, now, new Set());
    if (outcome.kind === 'withdrawn') return true;
    if (outcome.kind === 'noted') {
      await postponeArticle(db, article, outcome.again, { goneAt: outcome.goneAt });
      return false;
    }
    recheckAt = nextRecheckAt(article.publishedAt, now);
  }
  const read = readTogether(article, { reason: 'gone: the page says that it is gone for good (status 410)' }, now);
  return markArticleRead(db, article, { ...read, recheckAt, goneAt: article.goneAt ?? now });
}
