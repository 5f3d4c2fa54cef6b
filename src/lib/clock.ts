// The only place that reads the time and starts timers; everything else is handed a Clock.
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Waits `ms` milliseconds; resolves early, without throwing, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `work` every `ms` milliseconds of real time until `stop()`; for upkeep that no result depends on. */
  every(ms: number, work: () => void): { stop(): void };
}

export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal ? { signal } : {});
    } catch (error) {
      // An aborted wait is an answer, not a failure: whoever waits looks at the signal next.
      if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    }
  },
  every(ms, work) {
    const timer = setInterval(work, ms);
    return { stop: () => clearInterval(timer) };
  },
};

/** Resolves when everything else that is ready now has had its turn. */
export async function otherTurns(): Promise<void> {
  await turn();
}

/** A signal that aborts after `ms` milliseconds, or as soon as `signal` does. */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Calls `ring` after `ms` milliseconds, unless the function that it returns is called first. */
export function alarm(ms: number, ring: () => void): () => void {
  const timer = setTimeout(ring, ms);
  return () => clearTimeout(timer);
}

/** Calls `act` if the process still runs after `ms` milliseconds; it is not kept running for that. */
export function unlessEnded(ms: number, act: () => void): void {
  setTimeout(act, ms).unref();
}
