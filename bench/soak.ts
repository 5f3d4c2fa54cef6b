// The soak: a whole newsroom at work while everything fails at random, for as long as wanted, and then held to its ledger.
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { checkLedger, type LedgerCheck } from '../test/support/ledger.ts';
import { seededRandom } from '../test/support/seeded-random.ts';
import { type Bench, type BenchOptions, type Measurement, measurement } from './bench.ts';
import { SoakNewsroom } from './soak-newsroom.ts';
import { createTroubles, type Trouble } from './soak-troubles.ts';

/** How long the newsroom may take, once all is well again, to have told everything. */
const drainMs = 4 * 60_000;
/** From one trouble to the next. */
const longestPeaceMs = 3_000;
/** From one thing that is told to the next: a channel takes twenty messages a minute. */
const storyEveryMs = 5_000;
const broadcastEveryMs = 30_000;
const correctionEveryMs = 12_000;
const questionEveryMs = 2_000;

export const soakBench: Bench = {
  name: 'soak',
  async run({ minutes, seed = Math.floor(Date.now() % 1_000_000), quick, log }) {
    return soak({ minutes: quick ? 0.5 : minutes, seed, log });
  },
};

interface SoakOptions extends Pick<BenchOptions, 'minutes' | 'log'> {
  seed: number;
}

async function soak({ minutes, seed, log }: SoakOptions): Promise<Measurement[]> {
  log(`seed ${seed}, ${minutes} minutes`);
  const random = seededRandom(seed);
  await using newsroom = await SoakNewsroom.open();
  const troubles = createTroubles(newsroom, random);
  const counts = new Map<string, number>();
  const until = Date.now() + minutes * 60_000;

  const working = [
    every(storyEveryMs, until, () => newsroom.publish()),
    every(broadcastEveryMs, until, () => newsroom.broadcast({ atMostOnce: random.chance(0.5) })),
    every(correctionEveryMs, until, () => newsroom.correct(random)),
    every(questionEveryMs, until, () => newsroom.ask(random)),
  ];
  const said = every(60_000, until, async () => {
    const { calls } = await newsroom.telegram.order('report');
    log(`${calls} calls so far; ${[...counts].map(([name, count]) => `${count} × ${name}`).join(', ')}`);
  });
  const underWay = new Set<Promise<void>>();
  while (Date.now() < until) {
    await delay(random.below(longestPeaceMs));
    const trouble = weighed(troubles, random.number());
    counts.set(trouble.name, (counts.get(trouble.name) ?? 0) + 1);
    const over = trouble.strike().finally(() => underWay.delete(over));
    underWay.add(over);
    // Not one after the other: they happen at the same time, too.
    if (underWay.size >= 3) await Promise.race(underWay);
  }
  await Promise.all([...underWay, ...working, said]);

  log('all is well again; waiting until everything is told');
  await newsroom.heal();
  const isDrained = await newsroom.drain(drainMs);
  const { calls, told, refused, floods, pendingUpdates } = await newsroom.telegram.order('report');
  const unclean = await newsroom.stop();
  const check = await checkLedger(newsroom.db, told, await newsroom.known());
  const problems = [
    ...check.problems,
    ...unclean,
    ...(isDrained ? [] : [`not everything was told ${drainMs / 1000} s after all was well`]),
    ...(pendingUpdates === 0 ? [] : [`${pendingUpdates} updates were never read`]),
    ...(await newsroom.missingStories()),
    ...overLimit('failed (rejected)', check.states['failed (rejected)'] ?? 0, newsroom.mayFail),
  ];
  report({ check, calls, refused, counts, newsroom, log });
  if (problems.length > 0) {
    process.exitCode = 1;
    const folder = join(tmpdir(), `nashra-soak-${seed}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'floods.log'), floods.join('\n'));
    for (const [name, output] of newsroom.outputs) await writeFile(join(folder, `${name}.log`), output);
    log(`VIOLATED, with seed ${seed}; what the processes said is in ${folder}:`);
    for (const problem of problems) log(`  ${problem}`);
  }
  return measurements({ minutes, calls, check, counts, problems });
}

/** Until then, and never twice at the same time; what fails because something is away is left out. */
async function every(ms: number, until: number, work: () => Promise<void>): Promise<void> {
  while (Date.now() + ms < until) {
    await delay(ms);
    await work();
  }
}

function weighed(troubles: readonly Trouble[], number: number): Trouble {
  let left = number * troubles.reduce((sum, { weight }) => sum + weight, 0);
  return troubles.find(({ weight }) => (left -= weight) < 0) ?? (troubles[0] as Trouble);
}

function overLimit(what: string, count: number, most: number): string[] {
  return count > most ? [`${count} deliveries are ${what}, and only ${most} may be`] : [];
}

interface Reported {
  check: LedgerCheck;
  calls: number;
  refused: Record<string, number>;
  counts: ReadonlyMap<string, number>;
  newsroom: SoakNewsroom;
  log: (line: string) => void;
}

function report({ check, calls, refused, counts, newsroom, log }: Reported): void {
  const list = (record: Record<string, number>) =>
    Object.entries(record)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  log(
    `told: ${newsroom.publishedCount} stories and ${newsroom.broadcastCount} broadcasts to ${newsroom.recipientCount} recipients`,
  );
  log(
    `ledger: ${check.rows} rows: ${list(check.states)}; ${check.lost} lost; ${check.twice} messages came twice, each in doubt`,
  );
  log(`Telegram: ${calls} calls, of them refused or cut: ${list(refused)}`);
  log(`troubles: ${list(Object.fromEntries(counts))}`);
}

interface Measured {
  minutes: number;
  calls: number;
  check: LedgerCheck;
  counts: ReadonlyMap<string, number>;
  problems: readonly string[];
}

function measurements({ minutes, calls, check, counts, problems }: Measured): Measurement[] {
  const of = (
    measure: string,
    value: number,
    { bar = null, better = 'lower' as const }: { bar?: number | null; better?: 'higher' | 'lower' } = {},
  ) =>
    measurement(
      { bench: 'soak', case: `${minutes} minutes of everything`, system: 'nashra', measure, unit: '', better, bar },
      [value],
    );
  const troubles = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return [
    of('deliveries', check.rows, { better: 'higher' }),
    of('calls to Telegram', calls, { better: 'higher' }),
    of('troubles', troubles, { better: 'higher' }),
    of('processes killed', counts.get('a process is killed') ?? 0, { better: 'higher' }),
    of('lost', check.lost, { bar: 0 }),
    of('came twice, in doubt', check.twice),
    of('unknown', check.states['unknown'] ?? 0),
    of('violations', problems.length, { bar: 0 }),
  ];
}
