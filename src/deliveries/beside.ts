// What editors are told while deliveries are sent: at its own time, and whoever waits for news does not wait for it.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { createProgress } from './progress.ts';
import type { Desk } from './sender.ts';

/** A run that ends waits so long for what editors are told. */
const besideMs = 2_000;

export interface Beside {
  /** How far broadcasts are; `now`: though that was shown a moment ago. */
  showProgress(options?: { now?: boolean }): void;
  do(work: Promise<unknown>): void;
  /** Waits for all of it, but not for long. */
  end(): Promise<void>;
}

export function createBeside(deps: { db: Db; desk: Desk; clock: Clock; log: Log }): Beside {
  const { clock, log } = deps;
  const progress = createProgress(deps);
  const underWay = new Set<Promise<unknown>>();
  let isShowing = false;

  function doBeside(work: Promise<unknown>): void {
    const done = work
      .catch((error: unknown) => log.warn('could not tell the editors', { error }))
      .finally(() => underWay.delete(done));
    underWay.add(done);
  }

  return {
    do: doBeside,
    showProgress(options = {}) {
      if (isShowing && !options.now) return;
      isShowing = true;
      const shown = progress.show(options).finally(() => {
        isShowing = false;
      });
      doBeside(shown);
    },
    async end() {
      const late = Promise.withResolvers<void>();
      const timer = clock.every(besideMs, () => late.resolve());
      await Promise.race([Promise.all(underWay), late.promise]);
      timer.stop();
    },
  };
}
