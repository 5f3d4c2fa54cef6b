// Collecting and rechecking as pg-boss jobs: whichever process is free takes them, and a crashed run is taken up again.
import { PgBoss } from 'pg-boss';
import type { Log } from './lib/log.ts';
import type { Stage } from './status/status-store.ts';

/** The stages that a bell asks for; the others are woken by what there is to do (app.ts). */
type RungStage = Extract<Stage, 'collect' | 'recheck'>;

type StageRun = (signal: AbortSignal) => Promise<void>;

interface JobsOptions {
  connectionString: string;
  stages: Record<RungStage, StageRun>;
  log: Log;
}

export interface Jobs {
  /** Asks for a run of the stage; asking again before it has begun changes nothing. */
  enqueue(stage: RungStage): Promise<void>;
  /** Ends the stages' runs and waits for them. */
  stop(): Promise<void>;
}

/**
 * Runs of one stage that may overlap in one process: a slow feed must not keep the others waiting. The stages' own
 * claims keep overlapping runs apart.
 */
const overlapping: Record<RungStage, number> = { collect: 3, recheck: 1 };

const longestRunSeconds = 23 * 60 * 60;
/** A run that does not end by then is given back, and taken up by the next one who asks. */
const stopWithinMs = 4_000;

export async function startJobs({ connectionString, stages, log }: JobsOptions): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString,
    application_name: 'nashra jobs',
    max: 4,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    useListenNotify: true,
  });
  boss.on('error', (error) => log.warn('job queue', { reason: error.message }));
  await boss.start();

  const stopping = new AbortController();
  for (const [stage, run] of Object.entries(stages) as [RungStage, StageRun][]) {
    await boss.createQueue(stage, {
      // At most one waiting run of a stage: it will find everything that is due.
      policy: 'short',
      notify: true,
      heartbeatSeconds: 10,
      expireInSeconds: longestRunSeconds,
      retryLimit: 3,
      retryDelay: 1,
      deleteAfterSeconds: 3600,
    });
    await boss.work(stage, { localConcurrency: overlapping[stage], pollingIntervalSeconds: 1 }, async () => {
      try {
        await run(stopping.signal);
      } catch (error) {
        log.error('stage failed', { stage, error });
        throw error;
      }
    });
  }

  return {
    async enqueue(stage) {
      await boss.send(stage);
    },
    async stop() {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: stopWithinMs });
    },
  };
}
