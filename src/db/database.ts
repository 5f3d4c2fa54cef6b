// Opens Postgres through Kysely: one driver, one dialect, whichever server answers.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Log } from '../lib/log.ts';
import type { Database } from './schema.ts';

/** The database, or a transaction on it: stores take either as their first argument. */
export type Db = Kysely<Database>;

const int8 = 20;
const int8Array = 1016;
const textArray = 1009;

// Ids and chat ids fit in a double (Telegram's have at most 52 significant bits), so bigint arrives as number.
const parseTextArray = pg.types.getTypeParser(textArray as pg.types.builtins) as (text: string) => string[];
pg.types.setTypeParser(int8, Number);
pg.types.setTypeParser(int8Array as pg.types.builtins, (text) => parseTextArray(text).map(Number));

interface OpenOptions {
  /** postgres://…; a Unix socket is `postgres://user@/database?host=/directory`. */
  connectionString: string;
  log: Log;
  maxConnections?: number;
}

/** A database handle; `await db.destroy()` closes its connections. */
export function openDatabase({ connectionString, log, maxConnections = 10 }: OpenOptions): Db {
  const pool = new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 15_000,
    application_name: 'nashra',
    keepAlive: true,
  });
  // An idle connection that breaks (Postgres restarted) is replaced by the pool; unheard, the event ends the process.
  pool.on('error', (error) => log.warn('database connection lost', { reason: error.message }));

  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
