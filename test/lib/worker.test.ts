import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/lib/log.ts';
import { createWorker } from '../../src/lib/worker.ts';
import { handClock } from '../sandbox/telegram/support.ts';

/** A worker whose runs begin and end when the test says so. */
function workerOf({ atOnce = 1 }: { atOnce?: number } = {}) {
  const clock = handClock();
  const lines: string[] = [];
  const runs: { end: () => void; fail: (error: Error) => void; signal: AbortSignal }[] = [];
  const worker = createWorker({
    name: 'test',
    clock,
    log: createLog({ level: 'warn', now: () => clock.now(), write: (line) => void lines.push(line) }),
    everyMs: 1_000,
    atOnce,
    run(signal) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      runs.push({ end: resolve, fail: reject, signal });
      return promise;
    },
  });
  return { clock, lines, runs, worker };
}

/** Everything that is ready has gone on. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

describe('a worker', () => {
  it('runs at once, and again after its time', async () => {
    const { clock, runs, worker } = workerOf();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await settle();
    expect(runs).toHaveLength(1);
    clock.advance(1_000);
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await worker.stop();
  });

  it('tells when a run has ended that began after it was asked for', async () => {
    const { runs, worker } = workerOf();
    const told: string[] = [];
    void worker.ran().then(() => told.push('ran'));
    runs[0]?.end();
    await settle();
    expect(told).toEqual([]);
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await settle();
    expect(told).toEqual(['ran']);
    const never = worker.ran();
    runs[2]?.end();
    await worker.stop();
    await never;
    await worker.ran();
  });

  it('runs when it is woken, once for everything that was asked during a run', async () => {
    const { runs, worker } = workerOf();
    worker.wake();
    worker.wake();
    worker.wake();
    expect(runs).toHaveLength(1);
    runs[0]?.end();
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await settle();
    expect(runs).toHaveLength(2);
    worker.wake();
    expect(runs).toHaveLength(3);
    runs[2]?.end();
    await worker.stop();
  });

  it('lets a slow run hold nothing up where runs may overlap', async () => {
    const { clock, runs, worker } = workerOf({ atOnce: 2 });
    worker.wake();
    await settle();
    expect(runs).toHaveLength(1);
    clock.advance(200);
    await settle();
    expect(runs).toHaveLength(2);
    worker.wake();
    clock.advance(200);
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await settle();
    expect(runs).toHaveLength(3);
    for (const run of runs) run.end();
    await worker.stop();
  });

  it('goes on after a failure, a little later, and says so', async () => {
    const { clock, runs, lines, worker } = workerOf();
    runs[0]?.fail(new Error('the database is away'));
    worker.wake();
    await settle();
    expect(runs).toHaveLength(1);
    expect(lines.join()).toContain('the database is away');
    clock.advance(500);
    await settle();
    expect(runs).toHaveLength(2);
    runs[1]?.end();
    await worker.stop();
  });

  it('tells a run under way that it is to stop, waits for it, and begins none any more', async () => {
    const { runs, worker } = workerOf();
    let stopped = false;
    const stopping = worker.stop().then(() => (stopped = true));
    await settle();
    expect(runs[0]?.signal.aborted).toBe(true);
    expect(stopped).toBe(false);
    worker.wake();
    runs[0]?.fail(new Error('cut short'));
    await stopping;
    expect(runs).toHaveLength(1);
  });
});
