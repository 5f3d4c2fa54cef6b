// Which stage is asked for when; cron only rings, the tables know what is due.
import { schedule, validate } from 'node-cron';
import type { Jobs } from './jobs.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';

interface ScheduleOptions {
  jobs: Pick<Jobs, 'enqueue'>;
  /** At each tick as well, so that nothing left over by a crash waits for news. */
  onTick: () => void;
  collectCron: string;
  timeZone: string;
  clock: Clock;
  log: Log;
}

/**
 * How often it is seen whether the clock was set (and set right again a moment later), and by how much it may differ from
 * the time that has passed.
 */
const watchEveryMs = 100;
const clockSetMs = 5_000;

export const isCron: (expression: string) => boolean = validate;

/** Rings at once, and until `stop()`. */
export function startSchedule({ jobs, onTick, collectCron, timeZone, clock, log }: ScheduleOptions): { stop(): void } {
  const ring = async () => {
    onTick();
    try {
      await jobs.enqueue('collect');
      await jobs.enqueue('recheck');
    } catch (error) {
      // The database is away; the next tick asks again.
      log.warn('could not ask for a round', { error });
    }
  };
  // A tick that was missed is not worth a word: the next one finds what is due.
  const start = () => schedule(collectCron, ring, { timezone: timeZone, noOverlap: true, suppressMissedWarning: true });
  let task = start();
  void ring();

  let seenMs = clock.now().getTime();
  const watch = clock.every(watchEveryMs, () => {
    const passedMs = clock.now().getTime() - seenMs;
    seenMs += passedMs;
    if (Math.abs(passedMs - watchEveryMs) < clockSetMs) return;
    // node-cron waits for the time that it has worked out, however far away that is on the clock as it is now.
    void task.stop();
    task = start();
    void ring();
  });
  return {
    stop() {
      watch.stop();
      void task.stop();
    },
  };
}
