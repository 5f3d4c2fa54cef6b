// The outside world as the program meets it: database, web, clock, randomness, log. Opened once, by whoever runs.
import packageJson from '../package.json' with { type: 'json' };
import { createPageReader, type PageReader } from './articles/page-reader.ts';
import type { Config } from './config.ts';
import { type Db, openDatabase } from './db/database.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './db/embedded-postgres.ts';
import { migrate } from './db/migrate.ts';
import { type Clock, systemClock } from './lib/clock.ts';
import { endInTime } from './lib/end-in-time.ts';
import { createFetch, createHostLimiter, type Fetch, honestUserAgent, type HostLimiter } from './lib/http.ts';
import { createLog, type Log, type LogLevel } from './lib/log.ts';
import { type Random, systemRandom } from './lib/random.ts';
import type { ModelSummarizer } from './stories/summary-model.ts';
import { loadLocales, type Locales } from './telegram/i18n.ts';

/** The languages that the locales cover; configuration is checked against it before anything is opened. */
export const languages = ['ar', 'en'] as const;

const closeWithinMs = 1_000;

export interface World {
  db: Db;
  connectionString: string;
  /** Undefined with a DATABASE_URL. */
  embedded: EmbeddedPostgres | undefined;
  /** The migrations that were missing until now. */
  migrated: string[];
  fetch: Fetch;
  hosts: HostLimiter;
  pages: PageReader;
  /** For summaries; undefined where none is configured. */
  model: ModelSummarizer | undefined;
  clock: Clock;
  random: Random;
  log: Log;
  locales: Locales;
  /** Ends the threads, closes the connections and, as the last one, the embedded Postgres. */
  close(): Promise<void>;
}

interface WorldOptions {
  write: (line: string) => void;
  logLevel?: LogLevel;
  signal?: AbortSignal;
}

/** Opens the database (embedded where none is named), brings it to the newest schema, and makes the rest. */
export async function openWorld(config: Config, { write, logLevel, signal }: WorldOptions): Promise<World> {
  const clock = systemClock;
  const log = createLog({
    level: logLevel ?? config.logLevel,
    now: () => clock.now(),
    write,
    secrets: [config.botToken, config.databaseUrl, config.summaryApiKey, config.webhookSecret].filter(
      (secret) => secret !== undefined,
    ),
  });
  const locales = await loadLocales(new URL('../locales/', import.meta.url), config.defaultLanguage);
  const embedded =
    config.databaseUrl === undefined
      ? await startEmbeddedPostgres({
          dataDir: config.dataDir,
          binDir: config.postgresBinDir,
          log,
          clock,
          ...(signal ? { signal } : {}),
        })
      : undefined;
  const connectionString = config.databaseUrl ?? embedded?.connectionString ?? '';
  const db = openDatabase({ connectionString, log });
  const pages = createPageReader();
  const close = async () => {
    const ends = [
      ['pages', () => pages.close()],
      ['database', () => db.destroy()],
    ] as const;
    // Whatever was abandoned may hold a thread or a connection; the embedded database is left in order all the same.
    await endInTime(ends, { clock, log, withinMs: closeWithinMs });
    await embedded?.release();
  };
  try {
    const model = await openModel(config, clock);
    return {
      db,
      connectionString,
      embedded,
      migrated: await migrate(db),
      fetch: createFetch({
        allowPrivateNetwork: config.allowPrivateNetwork,
        userAgent: honestUserAgent(packageJson.version),
      }),
      hosts: createHostLimiter({ perHost: 2, clock }),
      pages,
      model,
      clock,
      random: systemRandom,
      log,
      locales,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openModel(config: Config, clock: Clock): Promise<ModelSummarizer | undefined> {
  const {
    summaryBaseUrl: baseUrl,
    summaryModel: model,
    summaryApiKey: apiKey,
    summaryDailyTokens: dailyTokens,
  } = config;
  if (baseUrl === undefined || model === undefined) return undefined;
  // The client is large, and most newsrooms have no model.
  const { createModelSummarizer } = await import('./stories/summary-model.ts');
  // The operator's own address, which may well be private: not the guarded fetch for addresses from strangers.
  return createModelSummarizer({ baseUrl, model, apiKey, dailyTokens, fetch: globalThis.fetch, clock });
}
