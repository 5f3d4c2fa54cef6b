// Bench `answers`: what a broadcast to a hundred thousand does to breaking news and to people who ask the bot something.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PaceSettings } from '../src/deliveries/pace-store.ts';
import { fillReaders, firstChatId, follow, insertBroadcast, insertStories } from './audience.ts';
import { type Bench, type BenchOptions, type Measurement, measurement, quantile } from './bench.ts';
import { startNashra } from './nashra.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { realistic, startTelegram, type Telegram } from './telegram.ts';

const name = 'answers';
const readersOfBreaking = 300;
const topicOfBreaking = 2;
const breakingNumber = 911;
const editorId = firstChatId - 1;
/** They are no readers of the broadcast's: whoever asks something is written to for that alone. */
const firstAskerId = firstChatId - 1000;

interface Lane {
  name: string;
  pace: PaceSettings;
  perSecond: number;
}

const lanes: readonly Lane[] = [
  {
    name: '1000/s',
    pace: { perSecond: 30, paid: { perSecond: 1000, starsPerDay: 1_000_000 } },
    perSecond: 1000,
  },
  { name: '30/s', pace: { perSecond: 30 }, perSecond: 30 },
];

interface Run {
  /** Milliseconds until each answer, without anything else going on and during the broadcast. */
  idleMs: number[];
  busyMs: number[];
  /** From the begin of its planning until the last of its readers has the breaking story. */
  lastMs: number;
  /** Of the broadcast, between the first second of that time and its end. */
  othersBefore: number;
  floods: number;
}

export const answersBench: Bench = {
  name,
  async run(options) {
    if (!options.wants('nashra')) return [];
    await using postgres = await startPostgres();
    const count = options.quick ? 10_000 : 100_000;
    const results: Measurement[] = [];
    for (const lane of lanes) {
      const caseName = `broadcast to ${count} at ${lane.name}`;
      if (!options.wantsCase(caseName)) continue;
      const runs: Run[] = [];
      for (let run = 0; run < options.runs; run += 1) runs.push(await broadcast(postgres, lane, { ...options, count }));
      results.push(...figures(caseName, lane, runs));
    }
    return results;
  },
};

async function broadcast(
  postgres: BenchPostgres,
  { name: laneName, pace, perSecond }: Lane,
  { count, quick, log }: BenchOptions & { count: number },
): Promise<Run> {
  const database = await postgres.database({ name: `readers_${count}`, fill: fillReaders(count) });
  try {
    await using telegram = await startTelegram({ ...realistic, readers: { from: firstChatId, count } });
    const { connectionString, db } = database;
    await using nashra = await startNashra({ connectionString, telegram, pace, roles: 'bot,deliver' });
    await follow(db, { topicId: topicOfBreaking, count: readersOfBreaking });
    const messageId = await telegram.ask('write', {
      userId: editorId,
      text: 'إلى الجميع: يتوقف الموقع الليلة للصيانة.',
    });
    await nashra.run();
    const people = quick ? 5 : 20;
    for (let person = 0; person < people; person += 1) {
      await telegram.ask('ask', { userId: firstAskerId + person, text: '/start' });
    }
    // Each chat may be written to once in a second.
    await sleep(1500);
    const idleMs = await answers(telegram, people);

    await insertBroadcast(db, { fromChatId: editorId, messageId });
    await nashra.plan();
    await telegram.ask('arrived', { subject: -messageId, count: perSecond * 2 });
    const busyMs = await answers(telegram, people);

    await insertStories(db, { first: breakingNumber, breaking: true, topicId: topicOfBreaking });
    const { beganAt } = await nashra.plan();
    await telegram.ask('arrived', { subject: breakingNumber, count: readersOfBreaking });
    const run = { idleMs, busyMs, ...(await breakingSeen(telegram, { beganAt, messageId })) };
    log(
      `${laneName}: /help ${quantile(idleMs, 0.5).toFixed()} ms, during the broadcast ` +
        `${quantile(busyMs, 0.5).toFixed()} ms (p95 ${quantile(busyMs, 0.95).toFixed()}); the last of ` +
        `${readersOfBreaking} after ${run.lastMs} ms, ${run.othersBefore} others before, ${run.floods} flood answers`,
    );
    return run;
  } finally {
    await database.drop();
  }
}

async function answers(telegram: Telegram, people: number): Promise<number[]> {
  const took: number[] = [];
  for (let person = 0; person < people; person += 1) {
    took.push(await telegram.ask('ask', { userId: firstAskerId + person, text: '/help' }));
  }
  await sleep(1500);
  return took;
}

async function breakingSeen(
  telegram: Telegram,
  { beganAt, messageId }: { beganAt: number; messageId: number },
): Promise<Pick<Run, 'lastMs' | 'othersBefore' | 'floods'>> {
  const { arrivals, floodsAt } = await telegram.ask('seen');
  const { at, subjects } = arrivals;
  const lastAt = at[subjects.lastIndexOf(breakingNumber)] ?? Number.NaN;
  const isBefore = (time: number) => time > beganAt + 1000 && time < lastAt;
  return {
    lastMs: lastAt - beganAt,
    othersBefore: at.filter((time, index) => subjects[index] === -messageId && isBefore(time)).length,
    floods: floodsAt.length,
  };
}

function figures(caseName: string, { perSecond }: Lane, runs: readonly Run[]): Measurement[] {
  const of = { bench: name, case: caseName, system: 'nashra', better: 'lower' } as const;
  const list = (pick: (run: Run) => number) => runs.map(pick);
  const isFast = perSecond >= 1000;
  return [
    measurement(
      { ...of, measure: `breaking story, last of ${readersOfBreaking}`, unit: 's', bar: isFast ? 2 : null },
      list((run) => run.lastMs / 1000),
    ),
    measurement(
      { ...of, measure: 'others before them after the first second', unit: '', bar: isFast ? null : 0 },
      list((run) => run.othersBefore),
    ),
    measurement(
      { ...of, measure: 'flood answers', unit: '', bar: 0 },
      list((run) => run.floods),
    ),
    measurement(
      { ...of, measure: '/help, p50, idle', unit: 'ms' },
      list((run) => quantile(run.idleMs, 0.5)),
    ),
    measurement(
      { ...of, measure: '/help, p50, during it', unit: 'ms' },
      list((run) => quantile(run.busyMs, 0.5)),
    ),
    measurement(
      { ...of, measure: '/help, p95, during it', unit: 'ms' },
      list((run) => quantile(run.busyMs, 0.95)),
    ),
  ];
}
