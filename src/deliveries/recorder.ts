// When answers are written down: soon, many at a time, those of small chunks together, and each chunk's trouble by itself.
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Wake } from '../lib/wake.ts';
import type { ChunkRun } from './chunk-run.ts';
import { chunksAtOnce } from './chunk-store.ts';
import { type RecordDeps, recordAnswers } from './record-answers.ts';

/** Answers are gathered for so long before they are written down together. */
const flushEveryMs = 50;
/** So many transactions, each with the answers of several chunks, are made at the same time. */
const bundlesAtATime = 4;
/** What has more answers than this is written down by itself. */
const fewAnswers = 20;

export interface Recorder {
  /** There is something to write down. */
  soon(): void;
  /** Resolves when all that there is was written down. */
  end(): Promise<void>;
}

interface RecorderOptions {
  /** What may have something to write down. */
  open: ReadonlySet<ChunkRun>;
  /** Poked whenever something was written down. */
  wake: Wake;
  /** Asks again while Postgres is away. */
  patiently: <T>(work: () => Promise<T>) => Promise<T>;
  onClosed: (run: ChunkRun) => void;
  onFailure: (error: unknown) => void;
  /** Editors are told, when there is time for it. */
  onNews: (telling: Promise<void>) => void;
}

export function createRecorder(
  deps: RecordDeps,
  { open, wake, patiently, onClosed, onFailure, onNews }: RecorderOptions,
): Recorder {
  const { clock } = deps;
  let flushing: Promise<void> | undefined;
  let flushedAt = 0;

  function soon(): void {
    flushing ??= flush()
      .catch(onFailure)
      .finally(() => {
        flushing = undefined;
        wake.poke();
      });
  }

  async function flush(): Promise<void> {
    for (;;) {
      const due = [...open].filter((run) => run.isDue);
      if (due.length === 0) return;
      const waitMs = flushedAt + flushEveryMs - clock.now().getTime();
      if (waitMs > 0 && waitMs <= flushEveryMs) await clock.sleep(waitMs);
      await forEachConcurrently(bundled(due), bundlesAtATime, record);
      flushedAt = clock.now().getTime();
      wake.poke();
    }
  }

  async function record(runs: readonly ChunkRun[]): Promise<void> {
    try {
      const tell = await patiently(() => recordAnswers(deps, runs));
      onNews(tell());
    } catch (error) {
      if (runs.length === 1) throw error;
      for (const run of runs) await record([run]);
    }
    for (const run of runs) if (run.isClosed) onClosed(run);
  }

  return {
    soon,
    async end() {
      soon();
      await flushing;
    },
  };
}

/** Chunks with few answers together, no two of one subject; the others each by itself. */
function bundled(due: readonly ChunkRun[]): ChunkRun[][] {
  const bundles: ChunkRun[][] = [];
  const isFew = (run: ChunkRun) => run.dueAnswers <= fewAnswers;
  for (const run of due) {
    const fitting = bundles.find(
      (bundle) =>
        bundle.length < chunksAtOnce &&
        [run, ...bundle].every(isFew) &&
        bundle.every(({ subject }) => subject.subjectId !== run.subject.subjectId),
    );
    if (fitting) fitting.push(run);
    else bundles.push([run]);
  }
  return bundles;
}
