// A connection to Postgres outside the pool, for what belongs to a session (a lock, a listener), and known to be alive.
import { Socket } from 'node:net';
import { Client } from 'pg';
import type { Clock } from '../lib/clock.ts';

/** How often it is asked whether it lives, and how long it may take to answer. */
const beatEveryMs = 2_000;
const answerWithinMs = 4_000;

/**
 * What Postgres, too, is to do for it: to end a session whose machine is gone or whose process hangs, in seconds
 * instead of hours, so that the session's locks are free. A server that does not know a setting goes without.
 */
const sessionSettings = [
  'set idle_session_timeout = 10000',
  'set tcp_keepalives_idle = 4',
  'set tcp_keepalives_interval = 2',
  'set tcp_keepalives_count = 3',
];

export interface OwnConnection {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Aborts when the connection is gone, and with it everything that belonged to its session. */
  readonly lost: AbortSignal;
  onNotify(hear: (channel: string, payload: string) => void): void;
  close(): Promise<void>;
}

interface OpenOptions {
  connectionString: string;
  /** As pg_stat_activity shows it. */
  name: string;
  clock: Clock;
}

/** Throws when the server cannot be reached. */
export async function openConnection({ connectionString, name, clock }: OpenOptions): Promise<OwnConnection> {
  // Ours, because pg's own way to end a connection waits for an answer of the other side.
  const socket = new Socket();
  const client = new Client({
    connectionString,
    application_name: name,
    stream: () => socket,
    keepAlive: true,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  });
  const lost = new AbortController();
  const lose = () => {
    lost.abort();
    socket.destroy();
  };
  client.on('error', lose);
  client.once('end', lose);
  socket.once('close', lose);
  try {
    await client.connect();
    for (const setting of sessionSettings) {
      await client.query(setting).catch((error: unknown) => {
        if (lost.signal.aborted) throw error;
      });
    }
  } catch (error) {
    lose();
    throw error;
  }

  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: pg wants to be asked one thing at a time. */
  async function query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const asked = last.then(() => client.query<Row>(text, [...values]));
    last = asked.catch(() => {});
    return (await asked).rows;
  }

  const beat = async () => {
    while (!lost.signal.aborted) {
      await clock.sleep(beatEveryMs, lost.signal);
      if (!lost.signal.aborted) await query('select 1').catch(lose);
    }
  };
  void beat();

  return {
    query,
    lost: lost.signal,
    onNotify: (hear) => void client.on('notification', ({ channel, payload }) => hear(channel, payload ?? '')),
    async close() {
      // Said properly where somebody listens; a server that does not answer is not waited for.
      await Promise.race([client.end().catch(() => {}), clock.sleep(500, lost.signal)]);
      lose();
    },
  };
}
