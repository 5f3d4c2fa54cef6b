// Looks again at the pages of what was told: a correction there is told too, and what the publisher withdrew is struck.
import { forEachConcurrently } from '../lib/concurrency.ts';
import { type Article, withdrawArticle } from './article-store.ts';
import { rechecked } from './article-words.ts';
import { openPage } from './open-page.ts';
import { type ReadDeps, withdrawnByPublisher } from './read.ts';
import { claimRecheck, markRechecked } from './recheck-store.ts';
import { nextRecheckAt } from './recheck-time.ts';

const pagesAtOnce = 4;
/** Longer than a page may take, with its wait for a slow host's turn; after a kill another process looks at it then. */
const claimMs = 5 * 60_000;
/** New articles come first: more wait for the next round. */
const maxRechecksPerRound = 200;

export interface RecheckResult {
  rechecked: number;
  corrected: number;
  withdrawn: number;
}

/**
 * Looks at the pages that are due. Only "gone" (410) withdraws an article, and only a page that says that it was
 * modified since is read again; whatever else a page answers changes nothing.
 */
export async function recheckArticles(
  deps: ReadDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<RecheckResult> {
  const result: RecheckResult = { rechecked: 0, corrected: 0, withdrawn: 0 };
  let left = maxRechecksPerRound;
  const worker = async () => {
    while (!signal?.aborted && left > 0) {
      left -= 1;
      const article = await claimRecheck(deps.db, deps.clock.now(), claimMs);
      if (!article) break;
      const outcome = await recheck(deps, article, signal);
      if (outcome === 'aborted') break;
      result.rechecked += 1;
      if (outcome !== 'unchanged') result[outcome] += 1;
    }
  };
  await forEachConcurrently(
    Array.from({ length: pagesAtOnce }, () => worker),
    pagesAtOnce,
    (work) => work(),
  );
  return result;
}

async function recheck(
  deps: ReadDeps,
  article: Article,
  signal?: AbortSignal,
): Promise<'unchanged' | 'corrected' | 'withdrawn' | 'aborted'> {
  const { db, clock } = deps;
  const page = await openPage(deps, article, signal);
  const now = clock.now();
  if (page.kind === 'aborted') return 'aborted';
  if (page.kind === 'gone') {
    const isNew = await withdrawArticle(db, article.articleId, { because: withdrawnByPublisher, now });
    return isNew ? 'withdrawn' : 'unchanged';
  }
  const learnt = page.kind === 'read' ? rechecked(article, page.text, now) : undefined;
  const isMarked = await markRechecked(db, article, {
    recheckAt: nextRecheckAt(article.publishedAt, now),
    words: learnt?.words ?? {},
    isChanged: learnt?.isChanged ?? false,
  });
  return isMarked && learnt?.isChanged ? 'corrected' : 'unchanged';
}
