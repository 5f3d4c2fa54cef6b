// `npm start`: environment → configuration → app → until a signal.
import { existsSync } from 'node:fs';
import process from 'node:process';
import { createApp } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { databaseProblem } from './db/database.ts';
import { EmbeddedPostgresError } from './db/embedded-postgres.ts';
import { HealthError } from './health.ts';
import { systemClock, unlessEnded } from './lib/clock.ts';
import { launcherGone } from './lib/launcher.ts';
import { nodeVersionProblem } from './lib/node-version.ts';
import { keepHeapSmall } from './lib/small-heap.ts';
import { isCron } from './schedule.ts';
import { WrongTokenError } from './telegram/incoming.ts';
import { languages, openWorld } from './world.ts';

/** What a person can mend is said in a sentence; everything else is a bug and shows itself. */
function expected(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const known = [ConfigError, EmbeddedPostgresError, HealthError, WrongTokenError];
  return known.some((kind) => error instanceof kind) ? error.message : databaseProblem(error);
}

/** .env in the working directory, where there is one; what the environment says already counts more. */
function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

function hasToken(config: Config): config is Config & { botToken: string } {
  return config.botToken !== undefined;
}

async function main(signal: AbortSignal): Promise<string | undefined> {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) return problem;
  keepHeapSmall();
  loadEnvFile();
  const config = parseConfig(process.env, { languages, isCron });
  if (!hasToken(config)) {
    return (
      'BOT_TOKEN is missing: talk to @BotFather in Telegram, send /newbot, and put the token it gives you into .env ' +
      'as BOT_TOKEN=…; to see Nashra at work without Telegram, run `npm run demo`.'
    );
  }
  const world = await openWorld(config, { write: (line) => process.stdout.write(`${line}\n`), signal });
  try {
    if (world.embedded && !(await world.embedded.claimExclusive('nashra'))) {
      return `Nashra is already running on the data directory ${config.dataDir}; stop it first, or set another DATA_DIR.`;
    }
    await createApp(config, world).run(world.embedded ? AbortSignal.any([signal, world.embedded.claimLost]) : signal);
    return undefined;
  } finally {
    await world.close();
  }
}

/** Systems that stop a service kill it after ten seconds (containers) or more. */
const endWithinMs = 9_500;
/** What still keeps the program alive after its end was given up, and hangs: a call, a page, a connection. */
const lingerMs = 300;

/** Everything that matters was ended in order, or is as safe as after a kill; nothing that hangs is waited for. */
const exitWithin = (ms: number) => unlessEnded(ms, () => process.exit());

const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort());
stopping.signal.addEventListener('abort', () => exitWithin(endWithinMs));
void launcherGone(process, { clock: systemClock, signal: stopping.signal }).then(() => stopping.abort());

try {
  const problem = await main(stopping.signal);
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 1;
  }
} catch (error) {
  const message = expected(error);
  if (message === undefined) throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
} finally {
  stopping.abort();
  exitWithin(lingerMs);
}
