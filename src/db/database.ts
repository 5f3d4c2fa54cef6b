// Opens Postgres through Kysely: one driver, one dialect, whichever server answers.
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Log } from '../lib/log.ts';
import { isOutdated, PreparedClient } from './prepared-client.ts';
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
    Client: PreparedClient,
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
    isOutdated(error) ||
    // Class 08 is the connection; 57P01 to 57P05 are a server that shuts down, crashed or starts.
    /^(08...|57P0[1-5]|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT)$/.test(code) ||
    /connection (terminated|ended|timeout|closed)|timeout exceeded when trying to connect|not queryable/i.test(
      error.message,
    )
  );
}

/** Whether a transaction was ended because it and another waited for each other, and may be tried again. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '40P01';
}

/** Whether Postgres had no room left, on its disk, in its memory or for one more connection: somebody may make some. */
export function isExhausted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('53');
}

/** The error at the bottom: what really happened, below those who only say where. */
export function rootCause(error: Error): Error {
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

/** Of these codes only a connection to the database can be the reason: feeds and pages answer with outcomes. */
const unreachableCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH']);

/** Wrong password, unknown role, unknown database, no right to enter. */
const refusedCodes = new Set(['28P01', '28000', '3D000', '42501']);

/** What is wrong with the way to the database, in a sentence for whoever set it; undefined when it is something else. */
export function databaseProblem(error: Error): string | undefined {
  const cause = rootCause(error);
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (unreachableCodes.has(code) || isDisconnected(cause)) {
    return `The database does not answer (${code || message}). Is its server running, and DATABASE_URL right?`;
  }
  return refusedCodes.has(code) ? `The database refuses us: ${message}. Is DATABASE_URL right?` : undefined;
}
