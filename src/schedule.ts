// Which stage is asked for when; cron only rings, the tables know what is due.
import { schedule, validate } from 'node-cron';
import type { Jobs } from './jobs.ts';
import type { Log } from './lib/log.ts';

interface ScheduleOptions {
  jobs: Pick<Jobs, 'enqueue'>;
  collectCron: string;
  timeZone: string;
  log: Log;
}

export const isCron: (expression: string) => boolean = validate;

/** Rings until `stop()`; each tick asks for every stage, so that nothing left over by a crash waits for news. */
export function startSchedule({ jobs, collectCron, timeZone, log }: ScheduleOptions): { stop(): void } {
  const ring = async () => {
    try {
      await jobs.enqueue('collect');
      await jobs.enqueue('publish');
      await jobs.enqueue('send');
      await jobs.enqueue('recheck');
    } catch (error) {
      // The database is away; the next tick asks again.
      log.warn('could not ask for a round', { error });
    }
  };
  const task = schedule(collectCron, ring, { timezone: timeZone, noOverlap: true });
  void ring();
  return { stop: () => void task.stop() };
}
