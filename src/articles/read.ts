// The second stage: gives each new article its text and picture, from the feed or else from its page.
import type { Clock } from '../lib/clock.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import { type Article, claimNewArticle, markArticleRead, releaseArticle, withdrawArticle } from './article-store.ts';
import { needsPage, readTogether } from './article-words.ts';
import { createLine } from './in-order.ts';
import { openPage, type PageDeps } from './open-page.ts';
import { nextRecheckAt } from './recheck-time.ts';

const articlesAtOnce = 4;
/** Longer than a page may take, with its wait for a slow host's turn. */
const claimMs = 5 * 60_000;
/** Readers get articles in the order of the newsroom; a slow page holds those after it back no longer than this. */
const orderPatienceMs = 2_000;

export const withdrawnByPublisher = 'the publisher withdrew it (410)';

export interface ReadDeps extends PageDeps {
  clock: Clock;
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
      const article = await claimNewArticle(deps.db, deps.clock.now(), claimMs);
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
      } finally {
        turn.end();
      }
      await onRead?.();
    }
  };
  await forEachConcurrently(
    Array.from({ length: articlesAtOnce }, () => worker),
    articlesAtOnce,
    (work) => work(),
  );
  return read;
}

/** Reads one article, and gives back what writes that down, to be called in its turn: whether it was read. */
async function readOne(deps: ReadDeps, article: Article, signal?: AbortSignal): Promise<() => Promise<boolean>> {
  const { db, clock } = deps;
  const page = needsPage(article) ? await openPage(deps, article, signal) : undefined;
  if (signal?.aborted || page?.kind === 'aborted') {
    return async () => {
      await releaseArticle(db, article);
      return false;
    };
  }
  const now = clock.now();
  if (page?.kind === 'gone') {
    return () => withdrawArticle(db, article.articleId, { because: withdrawnByPublisher, now });
  }
  const read = readTogether(article, page, now);
  const recheckAt = article.url === null ? null : nextRecheckAt(read.publishedAt, now);
  return () => markArticleRead(db, article, { ...read, recheckAt });
}
