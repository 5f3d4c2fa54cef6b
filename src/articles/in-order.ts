// Lets work that was begun in an order end in that order, unless what went before takes too long.
import { deadline } from '../lib/clock.ts';

export interface Turn {
  /** Resolves when all that was begun before has ended, or after the line's patience. */
  wait(signal?: AbortSignal): Promise<void>;
  end(): void;
}

export interface Line {
  /** Takes the next turn; whoever takes one must end it. */
  begin(): Turn;
}

export function createLine(patienceMs: number): Line {
  let last: Promise<void> = Promise.resolve();
  return {
    begin() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      return {
        wait: (signal) => Promise.race([before, over(deadline(patienceMs, signal))]),
        end: resolve,
      };
    },
  };
}

function over(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
