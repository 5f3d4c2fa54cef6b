// What processes say to each other through Postgres (pg_notify), heard on a connection that is made again when it breaks.
import { sql } from 'kysely';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Db } from './database.ts';
import { openConnection, type OwnConnection } from './own-connection.ts';

const againAfterMs = 1_000;

interface ListenOptions {
  connectionString: string;
  /** By channel, plain identifiers: called for each notification, and after each connection, for what was missed. */
  channels: Readonly<Record<string, () => void>>;
  clock: Clock;
  log: Log;
}

export interface Listener {
  stop(): Promise<void>;
}

/** Returns at once; listens from the first connection until `stop()`. */
export function listen({ connectionString, channels, clock, log }: ListenOptions): Listener {
  const stopping = new AbortController();
  const { signal } = stopping;
  let isAway = false;

  async function stay(): Promise<void> {
    const connection = await openConnection({ connectionString, name: 'nashra listener', clock });
    const { promise: over, resolve } = Promise.withResolvers<void>();
    for (const end of [connection.lost, signal]) {
      if (end.aborted) resolve();
      else end.addEventListener('abort', () => resolve(), { once: true });
    }
    try {
      await begin(connection);
      await over;
    } finally {
      await connection.close();
    }
  }

  async function begin(connection: OwnConnection): Promise<void> {
    connection.onNotify((channel) => channels[channel]?.());
    for (const channel of Object.keys(channels)) await connection.query(`listen ${channel}`);
    if (isAway) log.info('listening to other processes again');
    isAway = false;
    for (const missed of Object.values(channels)) missed();
  }

  async function keep(): Promise<void> {
    while (!signal.aborted) {
      let reason = 'the connection broke';
      await stay().catch((error: unknown) => (reason = error instanceof Error ? error.message : String(error)));
      if (signal.aborted) return;
      if (!isAway) log.warn('cannot hear other processes; trying again', { reason });
      isAway = true;
      await clock.sleep(againAfterMs, signal);
    }
  }
  const kept = keep();

  return {
    async stop() {
      stopping.abort();
      await kept;
    },
  };
}

/** Says it to every process that listens, once the transaction has ended. */
export async function notify(db: Db, channel: string): Promise<void> {
  await sql`select pg_notify(${channel}, '')`.execute(db);
}
