// Who uses the embedded server: one connection for each process, whose locks vanish with the process, however it ends.
import { Client } from 'pg';
import type { Clock } from '../lib/clock.ts';

/** The locks' first number; ours alone, as nobody else works in the database that they are taken in. */
const users = 1;
const claims = 2;

/** What a killed owner's connection may take to be noticed. */
const claimPatienceMs = 2000;

export interface Attendance {
  /** Resolves when the connection is gone, and the locks with it. */
  readonly ended: Promise<void>;
  /** Throws when the server does not answer. */
  check(): Promise<void>;
  /** True when `name` is now ours, and until we leave. */
  claim(name: string): Promise<boolean>;
  /** Runs `stop` if nobody else is there and nobody can come in meanwhile; then the connection is closed. */
  leave(stop: () => Promise<void>): Promise<void>;
}

/** Enters the list of users. A server that is about to be stopped by its last user breaks the connection: try again then. */
export async function attend(connectionString: string, clock: Clock): Promise<Attendance> {
  const client = new Client({ connectionString, application_name: 'nashra presence' });
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  // Heard, so that a broken connection does not end the process; `ended` tells of it.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1, 0)', [users]);
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }

  const isTrue = async (query: string, values: readonly unknown[]): Promise<boolean> => {
    const { rows } = await client.query<{ answer: boolean }>(query, [...values]);
    return rows[0]?.answer === true;
  };

  return {
    ended,
    async check() {
      await client.query('select 1');
    },
    async claim(name) {
      for (let waitedMs = 0; ; waitedMs += 100) {
        if (await isTrue('select pg_try_advisory_lock($1, hashtext($2)) as answer', [claims, name])) return true;
        if (waitedMs >= claimPatienceMs) return false;
        await clock.sleep(100);
      }
    },
    async leave(stop) {
      try {
        // First ours, then all: of two that leave at once, the later one finds the house empty.
        await client.query('select pg_advisory_unlock_shared($1, 0)', [users]);
        if (await isTrue('select pg_try_advisory_lock($1, 0) as answer', [users])) await stop();
      } finally {
        await client.end().catch(() => {});
      }
    },
  };
}
