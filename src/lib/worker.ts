// A resident worker: runs when it is woken and at least every so often, and outlives the failures of its runs.
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** After a failed run: doubled each time up to the longest, and back to the first by a run that succeeds. */
const firstFailureWaitMs = 500;
const longestFailureWaitMs = 5_000;

/** A run that takes longer has met something slow; where runs may overlap, what was asked meanwhile waits no longer. */
const overlapAfterMs = 200;

export interface Worker {
  /** Asks for a run that begins after this moment; asking again before it has begun changes nothing. */
  wake(): void;
  /** The same; resolves when that run has ended, or the worker has stopped. */
  ran(): Promise<void>;
  /** No run begins any more; the signal of those that are under way aborts. Resolves when they have ended. */
  stop(): Promise<void>;
}

interface WorkerOptions {
  /** For the log. */
  name: string;
  run: (signal: AbortSignal) => Promise<void>;
  clock: Clock;
  log: Log;
  /** It also runs by itself after so long. */
  everyMs: number;
  /** Runs that may overlap, so that a slow one holds nothing up. */
  atOnce?: number;
}

/** Begins with a run at once. */
export function createWorker({ name, run, clock, log, everyMs, atOnce = 1 }: WorkerOptions): Worker {
  const stopping = new AbortController();
  const { signal } = stopping;
  const underWay = new Set<Promise<void>>();
  let isAsked = false;
  let failures = 0;
  /** Who waits for the end of the next run to begin. */
  let waiting: (() => void)[] = [];

  function begin(): void {
    isAsked = false;
    const waitedFor = waiting;
    waiting = [];
    const running = once().finally(() => {
      for (const go of waitedFor) go();
      underWay.delete(running);
      if (isAsked && !signal.aborted && underWay.size < atOnce) begin();
    });
    underWay.add(running);
  }

  async function once(): Promise<void> {
    try {
      await run(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) {
        log.debug('worker stopped in the middle', { worker: name, error });
        return;
      }
      log.error('worker failed', { worker: name, error });
      failures += 1;
      // What is asked for meanwhile is kept until after the wait.
      await clock.sleep(Math.min(firstFailureWaitMs * 2 ** (failures - 1), longestFailureWaitMs), signal);
    }
  }

  async function overlap(): Promise<void> {
    await clock.sleep(overlapAfterMs, signal);
    if (isAsked && !signal.aborted && underWay.size < atOnce) begin();
  }

  function wake(): void {
    if (signal.aborted) return;
    if (underWay.size === 0) begin();
    else if (!isAsked) {
      isAsked = true;
      if (atOnce > 1) void overlap();
    }
  }

  function ran(): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.push(resolve);
      wake();
    });
  }

  async function tick(): Promise<void> {
    while (!signal.aborted) {
      wake();
      await clock.sleep(everyMs, signal);
    }
  }
  const ticking = tick();

  return {
    wake,
    ran,
    async stop() {
      stopping.abort();
      await Promise.all([ticking, ...underWay]);
      for (const go of waiting) go();
    },
  };
}
