// The only place that reads the time and starts timers; everything else is handed a Clock.
import { setTimeout as delay } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  /** Waits `ms` milliseconds; resolves early, without throwing, when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
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
};

/** A signal that aborts after `ms` milliseconds, or as soon as `signal` does. */
export function deadline(ms: number, signal?: AbortSignal): AbortSignal {
  const timeout = AbortSignal.timeout(ms);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}
