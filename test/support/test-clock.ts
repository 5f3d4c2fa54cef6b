// A clock that a test moves: sleeping takes no time, it moves the clock.
import type { Clock } from '../../src/lib/clock.ts';

export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(start = new Date('2026-11-22T09:00:00Z')): TestClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
    async sleep(ms, signal) {
      // Other work that is ready goes first, as it would while somebody really sleeps.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      if (!signal?.aborted) now += ms;
    },
    every: () => ({ stop() {} }),
  };
}
