// Bench `deliver`: the allowance used to the last message, without a flood answer, beside what others make of it.
import { setTimeout as sleep } from 'node:timers/promises';
import { lastedMs, missingAndTwice, type Owed, perSecond, worstSecond } from './arrivals.ts';
import { fillReaders, firstChatId, insertStories, textOf } from './audience.ts';
import { type Bench, type BenchOptions, type Measurement, measurement } from './bench.ts';
import { startChild, type Usage } from './child.ts';
import { startNashra } from './nashra.ts';
import type { PeerHandlers } from './peer-process.ts';
import type { Peer } from './peers.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { realistic, startTelegram, type Telegram } from './telegram.ts';
import type { TelegramOptions } from './telegram-process.ts';

const name = 'deliver';
/** How often peers are driven through a case: they are slow, and what they earn does not change. */
const peerRuns = 1;
/** What has not arrived by then counts as missing. */
const patienceMs = 240_000;

interface Case {
  name: string;
  chats: number;
  /** Messages to each. */
  each: number;
  telegram: Pick<TelegramOptions, 'latencyMs' | 'limits'>;
  /** Messages a second that may be used. */
  allowance: number;
  isPaid?: boolean;
  /** Of Nashra. */
  processes?: number;
  peers: readonly Peer[];
  /** Percent of the allowance. */
  bar?: number;
}

/** One run of one system. */
interface Run {
  seconds: number;
  perSecond: number;
  floods: number;
  missing: number;
  twice: number;
  worstSecond: number;
  /** Of the sending processes, without Postgres. */
  cpuMs: number;
}

const allPeers = [
  'grammY loop',
  'grammY, 30 at a time, auto-retry',
  'grammY, transformer-throttler, auto-retry',
  'pg-boss, a job per message',
] as const;

function limitedCases(quick: boolean): Case[] {
  const free = { telegram: realistic, allowance: 30, peers: allPeers };
  const some = quick ? 150 : 1500;
  const paid = { telegram: realistic, allowance: 1000, isPaid: true, peers: [], each: 1, bar: 95 };
  const many = quick ? 3000 : 30_000;
  return [
    { ...free, name: `${some} messages to ${some} chats`, chats: some, each: 1, bar: 99 },
    { ...free, name: `${some / 5} chats × 5 in a row`, chats: some / 5, each: 5, bar: 98 },
    { ...paid, name: `paid lane, ${many} messages, one process`, chats: many, processes: 1 },
    { ...paid, name: `paid lane, ${many} messages, four processes`, chats: many, processes: 4 },
  ];
}

export const deliverBench: Bench = {
  name,
  async run(options) {
    await using postgres = await startPostgres();
    const results: Measurement[] = [];
    const limited = limitedCases(options.quick).filter((each) => options.wantsCase(each.name));
    for (const each of limited) results.push(...(await measureLimited(postgres, each, options)));
    const unlimited = unlimitedCase(options.quick);
    if (options.wantsCase(unlimited.name)) results.push(...(await measureUnlimited(postgres, unlimited, options)));
    return results;
  },
};

/** One after the other: where several share two cores, all of them are late, and lateness is what is measured. */
async function measureLimited(postgres: BenchPostgres, one: Case, options: BenchOptions): Promise<Measurement[]> {
  const results: Measurement[] = [];
  if (options.wants('nashra')) {
    const runs: Run[] = [];
    for (let run = 0; run < options.runs; run += 1) runs.push(await driveNashra(postgres, one, options));
    results.push(...limitedFigures(one, 'nashra', runs));
  }
  for (const peer of one.peers.filter(options.wants)) {
    const runs: Run[] = [];
    for (let run = 0; run < Math.min(options.runs, peerRuns); run += 1) {
      runs.push(await drivePeer(postgres, one, peer, options));
    }
    results.push(...limitedFigures(one, peer, runs));
  }
  return results;
}

function limitedFigures(one: Case, system: string, runs: readonly Run[]): Measurement[] {
  const of = { bench: name, case: one.name, system };
  // Peers are measured; held to the bars is Nashra.
  const bar = (value: number | undefined) => (system === 'nashra' ? (value ?? null) : null);
  const list = (pick: (run: Run) => number) => runs.map(pick);
  const lower = { ...of, unit: '', better: 'lower' } as const;
  return [
    measurement(
      { ...of, measure: 'of the allowance', unit: '%', better: 'higher', bar: bar(one.bar) },
      list((run) => (run.perSecond / one.allowance) * 100),
    ),
    measurement(
      { ...lower, measure: 'flood answers', bar: bar(0) },
      list((run) => run.floods),
    ),
    measurement(
      { ...lower, measure: 'missing', bar: bar(0) },
      list((run) => run.missing),
    ),
    measurement(
      { ...lower, measure: 'twice', bar: bar(0) },
      list((run) => run.twice),
    ),
    measurement(
      { ...lower, measure: 'worst sliding second', bar: one.isPaid ? bar(one.allowance) : null },
      list((run) => run.worstSecond),
    ),
    measurement(
      { ...lower, measure: 'until the last', unit: 's' },
      list((run) => run.seconds),
    ),
    measurement(
      { ...lower, measure: 'CPU', unit: 's' },
      list((run) => run.cpuMs / 1000),
    ),
  ];
}

/** No latency and no limits: what the machinery itself costs, beside a client with nothing behind it. */
function unlimitedCase(quick: boolean): Case {
  const count = quick ? 1000 : 10_000;
  return {
    name: `no limits, 0 ms, ${count} messages`,
    telegram: { latencyMs: 0, limits: false },
    allowance: 1_000_000,
    chats: count,
    each: 1,
    peers: [],
  };
}

async function measureUnlimited(postgres: BenchPostgres, one: Case, options: BenchOptions): Promise<Measurement[]> {
  const ours: Run[] = [];
  const bare: Run[] = [];
  const pool: Run[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    if (options.wants('bare undici')) bare.push(await drivePeer(postgres, one, 'bare undici', options));
    if (options.wants('nashra')) ours.push(await driveNashra(postgres, one, options));
    if (options.wants('grammY, 30 at a time'))
      pool.push(await drivePeer(postgres, one, 'grammY, 30 at a time', options));
  }
  const of = { bench: name, case: one.name, better: 'higher' } as const;
  const share = (runs: readonly Run[], others: readonly Run[]) =>
    runs.map((run, index) => (run.perSecond / (others[index]?.perSecond ?? Number.NaN)) * 100);
  const systems = { nashra: ours, 'bare undici': bare, 'grammY, 30 at a time': pool };
  const beside = (unit: string, bar: number) => ({ ...of, system: 'nashra', unit, bar });
  return [
    ...(ours.length > 0 && bare.length > 0
      ? [measurement({ ...beside('%', 60), measure: 'of bare undici' }, share(ours, bare))]
      : []),
    ...(ours.length > 0 && pool.length > 0
      ? [measurement({ ...beside('%', 100), measure: 'of grammY, 30 at a time' }, share(ours, pool))]
      : []),
    ...Object.entries(systems)
      .filter(([, runs]) => runs.length > 0)
      .flatMap(([system, runs]) => [
        measurement(
          { ...of, system, measure: 'messages a second', unit: '/s' },
          runs.map((run) => run.perSecond),
        ),
        measurement(
          {
            ...of,
            system,
            measure: 'missing and twice',
            unit: '',
            better: 'lower',
            bar: system === 'nashra' ? 0 : null,
          },
          runs.map((run) => run.missing + run.twice),
        ),
        measurement(
          { ...of, system, measure: 'CPU', unit: 's', better: 'lower' },
          runs.map((run) => run.cpuMs / 1000),
        ),
      ]),
  ];
}

async function driveNashra(postgres: BenchPostgres, one: Case, options: BenchOptions): Promise<Run> {
  await using telegram = await startTelegram({ ...one.telegram, readers: { from: firstChatId, count: one.chats } });
  const database = await postgres.database({ name: `readers_${one.chats}`, fill: fillReaders(one.chats) });
  try {
    await using nashra = await startNashra({
      processes: one.processes ?? 1,
      connectionString: database.connectionString,
      telegram,
      pace: one.isPaid
        ? { perSecond: 30, paid: { perSecond: one.allowance, starsPerDay: 1_000_000 } }
        : { perSecond: one.allowance },
    });
    await insertStories(database.db, { count: one.each });
    await nashra.plan();
    const cpuMs = await cpuOf(nashra.usage, () => orGone(nashra.send()));
    return await runOf(one, telegram, 'nashra', cpuMs, options);
  } finally {
    await database.drop();
  }
}

async function drivePeer(postgres: BenchPostgres, one: Case, peer: Peer, options: BenchOptions): Promise<Run> {
  await using telegram = await startTelegram({ ...one.telegram, readers: { from: firstChatId, count: one.chats } });
  const database = peer.startsWith('pg-boss') ? await postgres.database() : undefined;
  try {
    await using child = await startChild<PeerHandlers>('peer-process.ts');
    const { apiRoot, token } = telegram;
    const messages = owedOf(one).map(({ chatId, subject }) => ({ chatId, text: textOf(subject) }));
    const task = { apiRoot, token, connectionString: database?.connectionString ?? '', messages };
    let isDone = false;
    const cpuMs = await cpuOf(
      async () => [await child.usage()],
      async () => (isDone = await orGone(child.ask('run', { peer, task }))),
    );
    if (!isDone) await child.kill();
    return await runOf(one, telegram, peer, cpuMs, options);
  } finally {
    await database?.drop();
  }
}

/** Chat after chat, as a digest's messages go. */
function owedOf({ chats, each }: Case): Owed[] {
  return Array.from({ length: chats * each }, (_, index) => ({
    chatId: firstChatId + Math.floor(index / each),
    subject: (index % each) + 1,
  }));
}

/** Milliseconds of CPU that the sending takes, without the start of its processes. */
async function cpuOf(usage: () => Promise<Usage[]>, work: () => Promise<unknown>): Promise<number> {
  const total = async () => (await usage()).reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  const before = await total();
  await work();
  return (await total()) - before;
}

/** False when it takes longer than anybody would wait. */
async function orGone(work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const gone = sleep(patienceMs, false, { signal: late.signal }).catch(() => false);
  const done = await Promise.race([work.then(() => true), gone]);
  late.abort();
  work.catch(() => {});
  return done;
}

async function runOf(
  one: Case,
  telegram: Telegram,
  system: string,
  cpuMs: number,
  { log }: BenchOptions,
): Promise<Run> {
  const { arrivals, floodsAt, refusals } = await telegram.ask('seen');
  const run: Run = {
    seconds: lastedMs(arrivals) / 1000,
    perSecond: perSecond(arrivals),
    floods: floodsAt.length,
    ...missingAndTwice(owedOf(one), arrivals),
    worstSecond: worstSecond(arrivals.at),
    cpuMs,
  };
  const others = Object.entries(refusals).map(([description, count]) => `, ${count} × ${description}`);
  log(
    `${one.name}: ${system}: ${run.perSecond.toFixed(2)}/s, ${run.floods} flood answers, ${run.missing} missing, ` +
      `${run.twice} twice, worst second ${run.worstSecond}, CPU ${(cpuMs / 1000).toFixed(2)} s${others.join('')}`,
  );
  return run;
}
