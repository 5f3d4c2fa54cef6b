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

  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
