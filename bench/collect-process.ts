// What is measured: collects, reads, groups and plans as the program does, round by round, beside the program that sends.
import { createApp, type App } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { keepHeapSmall } from '../src/lib/small-heap.ts';
import { createWorker, type Worker } from '../src/lib/worker.ts';
import { collectRound, publishRound } from '../src/pipeline.ts';
import { languages, openWorld, type World } from '../src/world.ts';
import { answer } from './child.ts';

interface CollectOptions {
  connectionString: string;
  apiRoot: string;
  token: string;
}

interface Desk {
  app: App;
  world: World;
  publishing: Worker;
}

let desk: Desk | undefined;
const stopping = new AbortController();
let running: Promise<void> | undefined;

const handlers = {
  async open({ connectionString, apiRoot, token }: CollectOptions): Promise<void> {
    keepHeapSmall();
    const environment = {
      BOT_TOKEN: token,
      DATABASE_URL: connectionString,
      TELEGRAM_API_ROOT: apiRoot,
      ALLOW_PRIVATE_NETWORK: 'true',
      ROLES: 'deliver',
      LOG_LEVEL: 'warn',
    };
    const config = parseConfig(environment, { languages, isCron: () => true });
    const write = (line: string) => void process.stderr.write(`${line}\n`);
    const world = await openWorld(config, { write });
    // Telegram's allowance is the bench `deliver`'s: here nothing is to wait for it.
    const app = createApp({ ...config, botToken: token }, world, { pace: { perSecond: 10_000 } });
    const { clock, log } = world;
    const publishing = createWorker({
      name: 'publish',
      clock,
      log,
      everyMs: 60_000,
      run: async (signal) => void (await publishRound(app.pipeline, { signal })),
    });
    desk = { app, world, publishing };
    running = app.run(stopping.signal);
  },

  /** Asks all feeds; resolves when what was new is written down for its readers. */
  async round() {
    if (!desk) throw new Error('it was not opened');
    const { app, publishing } = desk;
    const onNew = () => publishing.ran();
    const round = await collectRound(app.pipeline, { all: true, onNew });
    if (round.articles > 0) await publishing.ran();
    return round;
  },
};

export type CollectHandlers = typeof handlers;

answer(handlers, async () => {
  stopping.abort();
  await desk?.publishing.stop();
  await running;
  await desk?.world.close();
});
