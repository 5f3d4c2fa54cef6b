// Bench `fanout`: one story to a million subscribers: how soon the first has it, how fast it is written down for the others.
import { fillCrowd, firstChatId, insertStories } from './audience.ts';
import { type Bench, type BenchOptions, type Measurement, measurement } from './bench.ts';
import { startNashra } from './nashra.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { realistic, startTelegram } from './telegram.ts';

const name = 'fanout';

interface Run {
  firstMs: number;
  rowsPerSecond: number;
  memoryMb: number;
  cpuMs: number;
}

export const fanoutBench: Bench = {
  name,
  async run(options) {
    if (!options.wants('nashra')) return [];
    await using postgres = await startPostgres();
    const count = options.quick ? 20_000 : 1_000_000;
    options.log(`makes ${count} subscribers`);
    const runs: Run[] = [];
    for (let run = 0; run < options.runs; run += 1) runs.push(await fanOut(postgres, count, options));
    return figures(count, runs);
  },
};

async function fanOut(postgres: BenchPostgres, count: number, { log }: BenchOptions): Promise<Run> {
  const database = await postgres.database({ name: 'crowd', fill: fillCrowd(count) });
  try {
    await using telegram = await startTelegram({ ...realistic, readers: { from: firstChatId, count } });
    const { connectionString } = database;
    // Whoever plans also sends, as in a process that does everything.
    await using nashra = await startNashra({ connectionString, telegram, pace: { perSecond: 30 }, roles: 'deliver' });
    await nashra.run();
    await insertStories(database.db);
    const { size, beganAt, tookMs } = await nashra.plan();
    await telegram.ask('arrived', { count: 1 });
    const { arrivals } = await telegram.ask('seen');
    const [usage] = await nashra.usage();
    const run: Run = {
      firstMs: (arrivals.at[0] ?? Number.NaN) - beganAt,
      rowsPerSecond: (await rowsInLedger(database.db)) / (tookMs / 1000),
      memoryMb: usage?.peakMemoryMb ?? Number.NaN,
      cpuMs: usage?.cpuMs ?? Number.NaN,
    };
    log(
      `${size} of ${count} planned in ${tookMs} ms, ${Math.round(run.rowsPerSecond)} rows/s, first message after ` +
        `${run.firstMs} ms, ${Math.round(run.memoryMb)} MB`,
    );
    return run;
  } finally {
    await database.drop();
  }
}

async function rowsInLedger(db: Parameters<typeof insertStories>[0]): Promise<number> {
  const { rows } = await db
    .selectFrom('delivery')
    .select(({ fn }) => fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow();
  return rows;
}

function figures(count: number, runs: readonly Run[]): Measurement[] {
  const of = { bench: name, case: `one story, ${count} subscribers`, system: 'nashra' };
  const list = (pick: (run: Run) => number) => runs.map(pick);
  const lower = { ...of, better: 'lower' } as const;
  return [
    measurement(
      { ...lower, measure: 'first message out', unit: 's', bar: 1 },
      list((run) => run.firstMs / 1000),
    ),
    measurement(
      { ...of, measure: 'ledger rows a second', unit: '/s', better: 'higher', bar: 50_000 },
      list((run) => run.rowsPerSecond),
    ),
    measurement(
      { ...lower, measure: 'memory', unit: 'MB', bar: 300 },
      list((run) => run.memoryMb),
    ),
    measurement(
      { ...lower, measure: 'CPU, without Postgres', unit: 's' },
      list((run) => run.cpuMs / 1000),
    ),
  ];
}
