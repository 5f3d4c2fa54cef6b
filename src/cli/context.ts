// What every command works with: the outside world as main.ts hands it in, and the newsroom's database.
import packageJson from '../../package.json' with { type: 'json' };
import { type Config, parseConfig } from '../config.ts';
import { openDatabase, type Db } from '../db/database.ts';
import { startEmbeddedPostgres } from '../db/embedded-postgres.ts';
import { migrate } from '../db/migrate.ts';
import type { Clock } from '../lib/clock.ts';
import { createFetch, type Fetch, honestUserAgent } from '../lib/http.ts';
import { createLog, type Log } from '../lib/log.ts';

export interface CliWorld {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Aborts when the person, or the system, wants the command to end. */
  signal: AbortSignal;
  /** Standard output, for what was asked for. */
  print: (text: string) => void;
  /** Standard error, for everything else. */
  printError: (text: string) => void;
}

export interface Newsdesk {
  config: Config;
  db: Db;
  log: Log;
  /** The migrations that were missing until now. */
  migrated: string[];
}

/** A mistake of the person at the keyboard, said in a sentence; the command ends with exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}

export function readConfig(env: CliWorld['env']): Config {
  return parseConfig(env, { languages: ['ar', 'en'], isCron: () => true });
}

/** The web as the running program sees it too. */
export function openFetch({ allowPrivateNetwork }: Config): Fetch {
  return createFetch({ allowPrivateNetwork, userAgent: honestUserAgent(packageJson.version) });
}

/** Opens the newsroom's database, brings it to the newest schema, and lets go of it when `run` has ended. */
export async function withDatabase<T>(world: CliWorld, run: (newsdesk: Newsdesk) => Promise<T>): Promise<T> {
  const config = readConfig(world.env);
  const log = createLog({
    // A person reads the command's own words; the log of what happens below them is for those who ask for it.
    level: world.env['LOG_LEVEL'] ? config.logLevel : 'error',
    now: () => world.clock.now(),
    write: (line) => world.printError(`${line}\n`),
    secrets: [config.botToken, config.databaseUrl].filter((secret) => secret !== undefined),
  });
  const { clock, signal } = world;
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({
          dataDir: config.dataDir,
          binDir: world.env['POSTGRES_BIN_DIR'],
          log,
          clock,
          signal,
        })
      : undefined;
  try {
    const db = openDatabase({ connectionString: config.databaseUrl ?? embedded?.connectionString ?? '', log });
    try {
      return await run({ config, db, log, migrated: await migrate(db) });
    } finally {
      await db.destroy();
    }
  } finally {
    await embedded?.release();
  }
}
