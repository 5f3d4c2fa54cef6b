// Reads pages and the HTML of feeds in threads of their own, each within a time, so that none delays anything else.
import { Piscina } from 'piscina';
import { deadline } from '../lib/clock.ts';
import type { ArticleText } from './article.ts';
import type { FeedHtmlTask, PageTask } from './page-worker.ts';

/** One: it reads tens of pages a second, and small servers have one or two cores. */
const defaultThreads = 1;
/** A hundred times what a page takes, for a busy machine; then its thread is ended, and the next page gets a new one. */
export const pageTimeLimitMs = 5_000;
/** A page of the largest size that is read takes about a third. */
const maxThreadHeapMb = 256;
/** What lives for a moment only; left to itself V8 takes a hundred for it. */
const youngThreadHeapMb = 16;
/** Loading the thread's program takes a fraction of a second. */
const startLimitMs = 30_000;
/** Nothing to read for so long, and the threads give their memory back. */
const idleThreadMs = 60_000;

export type ReadOutcome<T> =
  | { kind: 'read'; text: T }
  /** There is no article on the page. */
  | { kind: 'nothing-found' }
  | { kind: 'too-slow' }
  /** The thread broke: for want of memory, as a rule. */
  | { kind: 'failed'; reason: string }
  | { kind: 'aborted' };

/** The text of an entry's HTML, cleaned and without a teaser's cut end, and its first picture. */
export interface FeedText {
  body: string;
  imageUrl: string | null;
}

export interface PageReader {
  /** `url` is where the page was found. Never throws. */
  readPage(page: PageTask, signal?: AbortSignal): Promise<ReadOutcome<ArticleText>>;
  /** In one thread and one time limit. */
  readFeedHtml(pieces: readonly FeedHtmlTask[], signal?: AbortSignal): Promise<ReadOutcome<FeedText[]>>;
  /** Ends the threads; what is being read then fails. */
  close(): Promise<void>;
}

interface PageReaderOptions {
  threads?: number;
  /** Called when a page's reading begins: neither the wait for a thread nor its start count. */
  timeLimit?: () => AbortSignal;
  maxHeapMb?: number;
}

/** Threads start with the first page; while none is read they keep no process alive. */
export function createPageReader({
  threads = defaultThreads,
  timeLimit = () => deadline(pageTimeLimitMs),
  maxHeapMb = maxThreadHeapMb,
}: PageReaderOptions = {}): PageReader {
  const pool = new Piscina({
    filename: new URL('./page-worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: idleThreadMs,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: youngThreadHeapMb },
    // Whoever takes over a thread through a page finds no token there.
    env: {},
    recordTiming: false,
  });
  const starting = new Set<AbortController>();
  // Threads that break while they read nothing: whoever waits for their start gives up, and the next page gets another.
  pool.on('error', (error) => {
    for (const start of starting) start.abort(error);
  });
  const places = createPlaces(threads);

  const loaded = new WeakSet<object>();

  async function start(signal: AbortSignal | undefined): Promise<void> {
    if (pool.threads.length === threads && pool.threads.every((thread) => loaded.has(thread))) return;
    const broken = new AbortController();
    starting.add(broken);
    const signals = [broken.signal, ...(signal ? [signal] : [])];
    try {
      await pool.run(undefined, { name: 'ready', signal: deadline(startLimitMs, AbortSignal.any(signals)) });
      // Of several it may have been any.
      if (threads === 1) for (const thread of pool.threads) loaded.add(thread);
    } catch (error) {
      throw broken.signal.aborted ? broken.signal.reason : error;
    } finally {
      starting.delete(broken);
    }
  }

  async function read<T>(
    name: string,
    task: PageTask | readonly FeedHtmlTask[],
    signal?: AbortSignal,
  ): Promise<ReadOutcome<T>> {
    await places.enter();
    let limit: AbortSignal | undefined;
    try {
      if (signal?.aborted) return { kind: 'aborted' };
      await start(signal);
      limit = timeLimit();
      const either = AbortSignal.any([limit, ...(signal ? [signal] : [])]);
      const text = (await pool.run(task, { name, signal: either })) as T | undefined;
      return text === undefined ? { kind: 'nothing-found' } : { kind: 'read', text };
    } catch (error) {
      if (signal?.aborted) return { kind: 'aborted' };
      if (limit?.aborted) return { kind: 'too-slow' };
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      places.leave();
    }
  }

  return {
    readPage: (page, signal) => read('page', page, signal),
    readFeedHtml: (pieces, signal) => read('feedHtml', pieces, signal),
    close: () => pool.destroy(),
  };
}

/** Who comes first goes first. The pool's own queue would let the time limit run while a page waits in it. */
function createPlaces(count: number) {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async enter(): Promise<void> {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => void waiting.push(resolve));
    },
    leave(): void {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}
