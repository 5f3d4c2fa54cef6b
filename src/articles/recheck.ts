// Looks again at the pages of what was told: a correction there is told too, and what the publisher withdrew is struck.
import { isDisconnected } from '../db/database.ts';
import { runWorkers } from '../lib/concurrency.ts';
import type { Article } from './article-store.ts';
import { rechecked } from './article-words.ts';
import { withdrawWhenGone } from './gone.ts';
import { openPage } from './open-page.ts';
import type { ReadDeps } from './read.ts';
import { claimRecheck, markRechecked, postponeUnreceived } from './recheck-store.ts';
import { nextRecheckAt, recheckAfterMs } from './recheck-time.ts';

const pagesAtOnce = 4;
/** Longer than a page may take, with its wait for a slow host's turn; after a kill another process looks at it then. */
const claimMs = 5 * 60_000;
/** New articles come first: more wait for the next round. */
const maxRechecksPerRound = 200;

interface RecheckOptions {
  signal?: AbortSignal;
  /** No page is begun after so long; what is due then waits for the next round. */
  budgetMs?: number;
  /** Called as soon as an article was corrected or withdrawn, while others are still being looked at. */
  onChange?: () => Promise<void>;
}

export interface RecheckResult {
  rechecked: number;
  corrected: number;
  withdrawn: number;
}

/**
 * Looks at the pages that are due of what somebody has received. Only "gone" (410), twice, withdraws an article, and
 * only a page that says that it was modified since is read again; whatever else a page answers changes nothing.
 */
export async function recheckArticles(
  deps: ReadDeps,
  { signal, budgetMs = Number.POSITIVE_INFINITY, onChange }: RecheckOptions = {},
): Promise<RecheckResult> {
  const { db, clock } = deps;
  const result: RecheckResult = { rechecked: 0, corrected: 0, withdrawn: 0 };
  const warned = new Set<string>();
  const begunAt = clock.now();
  let left = maxRechecksPerRound;
  await postponeUnreceived(db, begunAt, recheckAfterMs);
  const worker = async () => {
    while (!signal?.aborted && left > 0 && clock.now().getTime() - begunAt.getTime() < budgetMs) {
      left -= 1;
      const article = await claimRecheck(db, clock.now(), claimMs);
      if (!article) break;
      const outcome = await recheckPatiently(deps, article, { signal, warned });
      if (outcome === 'aborted') break;
      result.rechecked += 1;
      if (outcome === 'unchanged') continue;
      result[outcome] += 1;
      await onChange?.();
    }
  };
  await runWorkers(pagesAtOnce, worker);
  return result;
}

type RecheckOutcome = 'unchanged' | 'corrected' | 'withdrawn' | 'aborted';

interface RecheckRound {
  signal: AbortSignal | undefined;
  warned: Set<string>;
}

/** One article's trouble is nobody else's. */
async function recheckPatiently(deps: ReadDeps, article: Article, round: RecheckRound): Promise<RecheckOutcome> {
  try {
    return await recheck(deps, article, round);
  } catch (error) {
    if (isDisconnected(error)) throw error;
    deps.log.error('could not look at an article again', { articleId: article.articleId, error });
    const recheckAt = nextRecheckAt(article.publishedAt, deps.clock.now());
    await markRechecked(deps.db, article, { recheckAt, words: {}, isChanged: false });
    return 'unchanged';
  }
}

async function recheck(deps: ReadDeps, article: Article, { signal, warned }: RecheckRound): Promise<RecheckOutcome> {
  const { db, clock } = deps;
  const page = await openPage(deps, article, signal);
  const now = clock.now();
  if (page.kind === 'aborted') return 'aborted';
  const next = nextRecheckAt(article.publishedAt, now);
  if (page.kind === 'gone') {
    const outcome = await withdrawWhenGone(deps, article, now, warned);
    if (outcome.kind === 'withdrawn') return 'withdrawn';
    const [recheckAt, words] = outcome.kind === 'noted' ? [outcome.again, { goneAt: outcome.goneAt }] : [next, {}];
    await markRechecked(db, article, { recheckAt, words, isChanged: false });
    return 'unchanged';
  }
  const learnt = page.kind === 'read' ? rechecked(article, page.text, now) : undefined;
  const isMarked = await markRechecked(db, article, {
    recheckAt: next,
    words: { ...learnt?.words, goneAt: null },
    isChanged: learnt?.isChanged ?? false,
  });
  return isMarked && learnt?.isChanged ? 'corrected' : 'unchanged';
}
