// The second stage: gives each new article its text and picture, from the feed or else from its page.
import { isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { runWorkers } from '../lib/concurrency.ts';
import type { Log } from '../lib/log.ts';
import type { Article } from './article-store.ts';
import { claimArticles, markArticleRead, markArticlesRead, postponeArticle, releaseArticle } from './waiting-store.ts';
import { isArticlesPage, needsPage, readTogether } from './article-words.ts';
import { goneAgainMs, withdrawWhenGone } from './gone.ts';
import { createLine, type Line, type Turn } from './in-order.ts';
import { openPage, type OpenedPage, type PageDeps } from './open-page.ts';
import { nextRecheckAt } from './recheck-time.ts';

const articlesAtOnce = 4;
/** Most need no page, and are read in no time. */
const articlesPerClaim = 16;
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
  const queue = createQueue(deps, createLine(patienceMs), signal);
  const worker = async () => {
    for (let portion = await queue.next(); portion; portion = await queue.next()) {
      try {
        // Counted after the wait: several are read at a time.
        const count = await readPortion(deps, portion, signal);
        read += count;
      } finally {
        portion.turn.end();
        queue.lookAgain();
      }
      await onRead?.();
    }
  };
  await runWorkers(articlesAtOnce, worker);
  return read;
}

/** What is read at one go, in its turn: an article that needs its page, or some in a row that need none. */
interface Portion {
  articles: Article[];
  turn: Turn;
}

/** Gives out what waits, one portion after the other, so that the oldest article has the first turn. */
function createQueue({ db, clock }: ReadDeps, line: Line, signal: AbortSignal | undefined) {
  const portions: Portion[] = [];
  let isEmpty = false;
  let before: Promise<Portion | undefined> = Promise.resolve(undefined);
  const take = async (): Promise<Portion | undefined> => {
    if (signal?.aborted) {
      for (const { articles, turn } of portions.splice(0)) {
        turn.end();
        for (const article of articles) await releaseArticle(db, article);
      }
    } else if (portions.length === 0 && !isEmpty) {
      const claimed = await claimArticles(db, 'new', { now: clock.now(), claimMs, limit: articlesPerClaim });
      portions.push(...portionsOf(claimed, line));
      isEmpty = claimed.length === 0;
    }
    return portions.shift();
  };
  return {
    next: () => (before = before.then(take, take)),
    /** What was being read may wait again: it was corrected meanwhile. */
    lookAgain: () => void (isEmpty = false),
  };
}

function portionsOf(articles: readonly Article[], line: Line): Portion[] {
  const portions: (Portion & { isAlone: boolean })[] = [];
  for (const article of articles) {
    const isAlone = needsPage(article) || article.readFailures > 0;
    const last = portions.at(-1);
    if (last && !last.isAlone && !isAlone) last.articles.push(article);
    else portions.push({ articles: [article], turn: line.begin(), isAlone });
  }
  return portions;
}

/** One article's trouble is nobody else's: where several cannot be written down together, each is by itself. */
async function readPortion(deps: ReadDeps, { articles, turn }: Portion, signal?: AbortSignal): Promise<number> {
  const [article, ...others] = articles as [Article, ...Article[]];
  try {
    const finish = others.length > 0 ? readFromFeeds(deps, articles) : await readOne(deps, article, signal);
    await turn.wait(signal);
    return await finish();
  } catch (error) {
    if (isDisconnected(error)) throw error;
    if (others.length === 0) {
      await noteFailure(deps, article, error);
      return 0;
    }
    let read = 0;
    for (const each of articles) read += await readPortion(deps, { articles: [each], turn }, signal);
    return read;
  }
}

async function noteFailure({ db, clock, log }: ReadDeps, article: Article, error: unknown): Promise<void> {
  const { articleId, readFailures } = article;
  log.error('could not read an article', { articleId, error });
  const until = new Date(clock.now().getTime() + retryMs);
  await postponeArticle(db, article, until, { readFailures: readFailures + 1 });
}

/** Reads articles that need no page; gives back what writes that down, as readOne. */
function readFromFeeds({ db, clock }: ReadDeps, articles: readonly Article[]): () => Promise<number> {
  const now = clock.now();
  const read = articles.map((claimed) => ({ claimed, values: wordsWithoutPage(claimed, now) }));
  return () => markArticlesRead(db, read);
}

function wordsWithoutPage(article: Article, now: Date) {
  const read = readTogether(article, undefined, now);
  return { ...read, recheckAt: article.url === null ? null : nextRecheckAt(read.publishedAt, now) };
}

/** Reads one article, and gives back what writes that down, to be called in its turn: how many were read. */
async function readOne(deps: ReadDeps, article: Article, signal?: AbortSignal): Promise<() => Promise<number>> {
  const { db, clock } = deps;
  if (article.readFailures >= maxReadFailures) {
    return () => markArticleRead(db, article, { pageOutcome: 'failed: reading the article broke' }).then(Number);
  }
  const page = needsPage(article) ? await openPage(deps, article, signal) : undefined;
  if (signal?.aborted || page?.kind === 'aborted') {
    return async () => {
      await releaseArticle(db, article);
      return 0;
    };
  }
  if (page?.kind === 'gone') return () => readWithoutPage(deps, article).then(Number);
  const now = clock.now();
  if (!page) return () => markArticleRead(db, article, wordsWithoutPage(article, now)).then(Number);
  const read = readTogether(article, pageOf(article, page), now);
  const recheckAt = article.url === null ? null : nextRecheckAt(read.publishedAt, now);
  return () => markArticleRead(db, article, { ...read, recheckAt, goneAt: null }).then(Number);
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
