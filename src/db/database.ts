// Opens Postgres through Kysely: one driver, one dialect, whichever server answers.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Log } from '../lib/log.ts';
import type { Database } from './schema.ts';

/** The database, or a transaction on it: stores take either as their first argument. */
export type Db = Kysely<Database>;

const int8 = 20;
const int8Array = 1016;

type ParserFor = typeof types.getTypeParser;

// Ids and chat ids fit in a double (Telegram's have at most 52 significant bits), so bigint arrives as number. Asked of
// our own connections only: pg-boss opens others in this process and expects pg's defaults.
const parserFor: ParserFor = (type, format) => {
  const id: number = type;
  if (id === int8) return Number;
  const parse = types.getTypeParser(type, format) as (text: string) => unknown;
  if (id !== int8Array) return parse;
  return (text: string) => (parse(text) as (string | null)[]).map((item) => (item === null ? null : Number(item)));
};

interface OpenOptions {
  /** postgres://…; a Unix socket is `postgres://user@/database?host=/directory`. */
  connectionString: string;
  log: Log;
  maxConnections?: number;
}

/** A database handle; `await db.destroy()` closes its connections. */
export function openDatabase({ connectionString, log, maxConnections = 10 }: OpenOptions): Db {
  const pool = new Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: 15_000,
    application_name: 'nashra',
    keepAlive: true,
    types: { getTypeParser: parserFor },
  });
  // An idle connection that breaks (Postgres restarted) is replaced by the pool; unheard, the event ends the process.
  pool.on('error', (error) => log.warn('database connection lost', { reason: error.message }));

  // The same while a transaction holds the connection; its next query fails and says so.
  pool.on('connect', (client) => client.on('error', () => {}));

  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/** Whether a query failed because Postgres was away (stopped, restarted, cut off), and may be asked again. */
export function isDisconnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    // Class 08 is the connection; 57P01 to 57P05 are a server that shuts down, crashed or starts.
    /^(08...|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT)$/.test(code) ||
    /connection (terminated|ended|timeout|closed)|timeout exceeded when trying to connect|not queryable/i.test(
      error.message,
    )
  );
}
