// Bench `collect`: what rounds over hundreds and thousands of feeds cost, with Postgres, and how soon news is sent.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Db } from '../src/db/database.ts';
import { firstChatId } from './audience.ts';
import { type Bench, type BenchOptions, type Measurement, measurement, quantile } from './bench.ts';
import { type Child, programFlags, startChild } from './child.ts';
import type { CollectHandlers } from './collect-process.ts';
import type { FeedReport, FeedServerHandlers, FeedServerOptions } from './feed-server.ts';
import { type BenchPostgres, startPostgres } from './postgres.ts';
import { startTelegram, type Telegram } from './telegram.ts';

const name = 'collect';
const entriesEach = 30;
/** Of thousands of feeds fewer, for the first round is not what is measured. */
const entriesOfThousands = 10;
/** As often as feeds are asked when nothing else is said. */
const intervalSeconds = 300;
/** Of thousands of feeds, so many have something new in one round. */
const shareWithNews = 0.02;

interface Round {
  /** Of the process and of Postgres. */
  cpuSeconds: number;
  postgresCpuSeconds: number;
  tookMs: number;
  report: FeedReport;
  articles: number;
}

/** A newsroom with its feeds, each of which has a topic and one reader of its own. */
interface Newsroom {
  /** Publishes one entry in each of these feeds, and measures the next round until all of it was sent. */
  round(withNews: readonly number[]): Promise<Round>;
  /** From its being served until it was sent, of each entry since the last time. */
  delaysMs(rounds: readonly Round[]): Promise<number[]>;
  peakMemoryMb(): Promise<number>;
  /** Starts the program anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const collectBench: Bench = {
  name,
  async run(options) {
    if (!options.wants('nashra')) return [];
    await using postgres = await startPostgres();
    const results: Measurement[] = [];
    for (const textIn of ['feed', 'page'] as const) {
      if (options.wantsCase(newsCase(hundredsOf(options), textIn)))
        results.push(...(await hundreds(postgres, options, textIn)));
    }
    if (options.wantsCase(thousandsCase(thousandsOf(options)))) results.push(...(await thousands(postgres, options)));
    return results;
  },
};

const hundredsOf = ({ quick }: BenchOptions) => (quick ? 20 : 500);
const thousandsOf = ({ quick }: BenchOptions) => (quick ? 100 : 10_000);
const hundredsCase = (feeds: number) => `${feeds} feeds × ${entriesEach} entries`;
const newsCase = (feeds: number, textIn: 'feed' | 'page') =>
  `${hundredsCase(feeds)}, one new in each${textIn === 'page' ? ', its text on its page' : ''}`;
const thousandsCase = (feeds: number) =>
  `${feeds} feeds × ${entriesOfThousands} entries every ${intervalSeconds / 60} minutes, ${shareWithNews * 100} % with news`;

async function hundreds(
  postgres: BenchPostgres,
  options: BenchOptions,
  textIn: 'feed' | 'page',
): Promise<Measurement[]> {
  const { runs, log } = options;
  const feeds = hundredsOf(options);
  const newsroom = await openNewsroom(postgres, { feeds, entriesEach, textIn });
  try {
    const all = Array.from({ length: feeds }, (_, index) => index);
    // The first finds everything, the second and third warm up.
    for (const withNews of [[], [], all]) await newsroom.round(withNews);
    await newsroom.delaysMs([]);
    const unchanged: Round[] = [];
    const changed: Round[] = [];
    const delays: number[][] = [];
    for (let run = 0; run < runs; run += 1) {
      unchanged.push(await newsroom.round([]));
      const round = await newsroom.round(all);
      changed.push(round);
      delays.push(await newsroom.delaysMs([round]));
      log(
        `${feeds} feeds: ${unchanged[run]?.cpuSeconds.toFixed(2)} s unchanged; with news, ` +
          `${textIn === 'feed' ? 'whole texts' : 'pages'}: ${round.cpuSeconds.toFixed(2)} s (${round.postgresCpuSeconds.toFixed(2)} of it Postgres) in ` +
          `${(round.tookMs / 1000).toFixed(1)} s, p50 ${quantile(delays[run] ?? [], 0.5).toFixed()} ms`,
      );
    }
    const ofChanged = { bench: name, case: newsCase(feeds, textIn), system: 'nashra', better: 'lower' } as const;
    const isFeed = textIn === 'feed';
    return [
      ...(isFeed ? unchangedFigures(hundredsCase(feeds), feeds, unchanged) : []),
      measurement({ ...ofChanged, measure: 'CPU with Postgres', unit: 's', bar: isFeed ? 3 : null }, cpuOf(changed)),
      ...[0.5, 0.95].map((share) =>
        measurement(
          {
            ...ofChanged,
            measure: `served → sent, p${share * 100}`,
            unit: 'ms',
            bar: isFeed && share === 0.5 ? 100 : null,
          },
          delays.map((each) => quantile(each, share)),
        ),
      ),
      measurement(
        { ...ofChanged, measure: 'messages sent', unit: '', better: 'higher', bar: feeds },
        delays.map((each) => each.length),
      ),
    ];
  } finally {
    await newsroom.close();
  }
}

function unchangedFigures(caseName: string, feeds: number, rounds: readonly Round[]): Measurement[] {
  const of = { bench: name, case: `${caseName}, unchanged`, system: 'nashra' } as const;
  return [
    measurement({ ...of, measure: 'CPU with Postgres', unit: 's', bar: 0.4, better: 'lower' }, cpuOf(rounds)),
    measurement(
      { ...of, measure: 'conditional requests, all 304', unit: '', bar: feeds, better: 'higher' },
      rounds.map(({ report }) => (report.whole + report.unconditional === 0 ? report.unchanged : 0)),
    ),
  ];
}

async function thousands(postgres: BenchPostgres, options: BenchOptions): Promise<Measurement[]> {
  const { runs, log } = options;
  const feeds = thousandsOf(options);
  const newsroom = await openNewsroom(postgres, { feeds, entriesEach: entriesOfThousands, textIn: 'feed' });
  try {
    await newsroom.round([]);
    await newsroom.restart();
    const rounds: Round[] = [];
    for (let run = 0; run < runs; run += 1) {
      const withNews = Array.from(
        { length: feeds * shareWithNews },
        (_, index) => (index / shareWithNews + run) % feeds,
      );
      const round = await newsroom.round(withNews);
      rounds.push(round);
      log(`${feeds} feeds: ${round.cpuSeconds.toFixed(2)} s, peak ${(await newsroom.peakMemoryMb()).toFixed()} MB`);
    }
    const of = {
      bench: name,
      case: thousandsCase(feeds),
      system: 'nashra',
      better: 'lower',
    } as const;
    return [
      measurement(
        { ...of, measure: 'of one core, with Postgres', unit: '%', bar: 30 },
        cpuOf(rounds).map((seconds) => (seconds / intervalSeconds) * 100),
      ),
      measurement({ ...of, measure: 'CPU of a round', unit: 's' }, cpuOf(rounds)),
      measurement(
        { ...of, measure: 'a round', unit: 's' },
        rounds.map(({ tookMs }) => tookMs / 1000),
      ),
      measurement({ ...of, measure: 'peak memory', unit: 'MB', bar: 400 }, [await newsroom.peakMemoryMb()]),
    ];
  } finally {
    await newsroom.close();
  }
}

function cpuOf(rounds: readonly Round[]): number[] {
  return rounds.map(({ cpuSeconds }) => cpuSeconds);
}

async function openNewsroom(postgres: BenchPostgres, options: FeedServerOptions): Promise<Newsroom> {
  const server = await startChild<FeedServerHandlers>('feed-server.ts');
  const { port } = await server.ask('start', options);
  const { feeds } = options;
  const telegram = await startTelegram({ latencyMs: 0, limits: false, readers: { from: firstChatId, count: feeds } });
  const database = await postgres.database();
  await fill(database.db, feeds, port);
  let desk = await startDesk(database.connectionString, telegram);
  let sent = 0;

  async function cpu(): Promise<{ own: number; ofPostgres: number }> {
    return { own: (await desk.usage()).cpuMs / 1000, ofPostgres: await postgresCpuSeconds(postgres.directory) };
  }

  return {
    async round(withNews) {
      await server.ask('publish', withNews);
      await server.ask('report');
      const before = await cpu();
      const beganAt = performance.now();
      const { articles } = await desk.ask('round');
      sent += articles;
      await telegram.ask('arrived', { count: sent });
      const tookMs = performance.now() - beganAt;
      const after = await cpu();
      const ofPostgres = after.ofPostgres - before.ofPostgres;
      return {
        cpuSeconds: after.own - before.own + ofPostgres,
        postgresCpuSeconds: ofPostgres,
        tookMs,
        report: await server.ask('report'),
        articles,
      };
    },
    async delaysMs(rounds) {
      const { arrivals } = await telegram.ask('seen');
      const sentAt = new Map(Array.from(arrivals.subjects, (number, index) => [number, arrivals.at[index] as number]));
      return rounds.flatMap(({ report }) =>
        report.served.flatMap(([number, at]) => (sentAt.has(number) ? [(sentAt.get(number) as number) - at] : [])),
      );
    },
    peakMemoryMb: async () => (await desk.usage()).peakMemoryMb,
    async restart() {
      await desk.stop();
      desk = await startDesk(database.connectionString, telegram);
    },
    async close() {
      await desk.stop();
      await telegram.stop();
      await server.stop();
      await database.drop();
    },
  };
}

async function startDesk(connectionString: string, telegram: Telegram): Promise<Child<CollectHandlers>> {
  const desk = await startChild<CollectHandlers>('collect-process.ts', programFlags);
  await desk.ask('open', { connectionString, apiRoot: telegram.apiRoot, token: telegram.token });
  return desk;
}

/** One chat may be written to once a second: so that none waits, each feed has a reader of its own. */
async function fill(db: Db, feeds: number, port: number): Promise<void> {
  // All of 127.0.0.0/8 is this machine, so that each feed has a host of its own.
  await sql`
    insert into feed (url, next_check_at)
    select format('http://127.%s.%s.%s:%s/feed.xml', 1 + (n >> 16), (n >> 8) & 255, n & 255, ${port}::integer), now()
    from generate_series(0, ${feeds}::integer - 1) n order by n`.execute(db);
  await sql`
    insert into topic (slug, name, keywords, position)
    select 'topic-' || feed_id, jsonb_build_object('ar', 'موضوع ' || feed_id), '{}', feed_id from feed order by feed_id
  `.execute(db);
  await sql`insert into feed_topic (feed_id, topic_id) select feed_id, topic_id from feed
    join topic on slug = 'topic-' || feed_id`.execute(db);
  await sql`
    insert into recipient (kind, chat_id, language, created_at, last_active_at)
    select 'subscriber', ${firstChatId}::bigint + feed_id - 1, 'ar', now(), now() from feed order by feed_id`.execute(
    db,
  );
  await sql`
    insert into subscription (recipient_id, topic_id, created_at)
    select recipient_id, topic_id, now() from recipient
    join topic on slug = 'topic-' || (chat_id - ${firstChatId}::bigint + 1)`.execute(db);
}

/** What the server in this data directory and all of its processes have used, those that ended among them. */
async function postgresCpuSeconds(directory: string): Promise<number> {
  const main = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n')[0] ?? '';
  let seconds = 0;
  for (const id of await readdir('/proc')) {
    const stat = /^\d+$/.test(id) ? await readFile(`/proc/${id}/stat`, 'utf8').catch(() => undefined) : undefined;
    // Behind the program's name in brackets: its state, its parent, and 14 fields later the ticks it has used.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (id !== main && fields[1] !== main) continue;
    const ended = id === main ? Number(fields[13]) + Number(fields[14]) : 0;
    seconds += (Number(fields[11]) + Number(fields[12]) + ended) / ticksPerSecond;
  }
  return seconds;
}

/** USER_HZ, of every Linux. */
const ticksPerSecond = 100;
