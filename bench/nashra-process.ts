// Nashra in a process of its own: the real planning, sending and sender, on a real database, told when to begin.
import { createApp, type App } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { countChunks } from '../src/deliveries/chunk-store.ts';
import type { PaceSettings } from '../src/deliveries/pace-store.ts';
import { planDeliveries } from '../src/deliveries/plan.ts';
import { sendDeliveries } from '../src/deliveries/send.ts';
import { languages, openWorld, type World } from '../src/world.ts';
import { answer } from './child.ts';

export interface NashraOptions {
  connectionString: string;
  apiRoot: string;
  token: string;
  pace: PaceSettings;
  /** What `run` runs, as in ROLES; everything if not given. */
  roles?: string;
}

/** How many deliveries were planned, and when: in milliseconds since the Unix epoch. */
export interface Planned {
  size: number;
  beganAt: number;
  tookMs: number;
}

interface Nashra {
  app: App;
  world: World;
}

let nashra: Nashra | undefined;
const stopping = new AbortController();
let running: Promise<void> | undefined;

function opened(): Nashra {
  if (!nashra) throw new Error('it was not opened');
  return nashra;
}

const handlers = {
  async open({ connectionString, apiRoot, token, pace, roles = '' }: NashraOptions): Promise<void> {
    const environment = {
      BOT_TOKEN: token,
      DATABASE_URL: connectionString,
      TELEGRAM_API_ROOT: apiRoot,
      ROLES: roles,
      LOG_LEVEL: 'error',
    };
    const config = parseConfig(environment, { languages, isCron: () => true });
    const write = (line: string) => void process.stderr.write(`${line}\n`);
    const world = await openWorld(config, { write });
    nashra = { app: createApp({ ...config, botToken: token }, world, { pace }), world };
  },

  async plan(): Promise<Planned> {
    const { app } = opened();
    const beganAt = Date.now();
    const size = await planDeliveries(app.pipeline);
    return { size, beganAt, tookMs: Date.now() - beganAt };
  },

  /** Sends until nothing is open any more. */
  async send(): Promise<void> {
    const { app, world } = opened();
    while (!stopping.signal.aborted) {
      await sendDeliveries(app.pipeline, { signal: stopping.signal });
      if ((await countChunks(world.db)).open === 0) return;
      // What is left is in another process' hands, or due later.
      await world.clock.sleep(20, stopping.signal);
    }
  },

  /** What `npm start` runs, until it is stopped. */
  run(): void {
    running = opened().app.run(stopping.signal);
  },
};

export type NashraHandlers = typeof handlers;

answer(handlers, async () => {
  stopping.abort();
  await running;
  await nashra?.world.close();
});
