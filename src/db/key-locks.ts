// One at a time for each key among all processes on a database, for many keys over one connection.
import type { Clock } from '../lib/clock.ts';
import { openConnection, type OwnConnection } from './own-connection.ts';

/** Between two tries while another process has the key: seldom, and seldom for long. */
const againAfterMs = 25;

export interface KeyLocks {
  /**
   * Runs `work` while no other process does so for this key. In one process each key has to be asked for once at a
   * time. Throws when the database is away, before `work` begins.
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

interface KeyLocksOptions {
  connectionString: string;
  /** Of the kind of keys; the same in every process. */
  name: string;
  clock: Clock;
}

export function createKeyLocks({ connectionString, name, clock }: KeyLocksOptions): KeyLocks {
  let opening: Promise<OwnConnection> | undefined;
  let opened: OwnConnection | undefined;
  let isClosed = false;

  async function connect(): Promise<OwnConnection> {
    if (isClosed) throw new Error('the locks were closed');
    if (opened && !opened.lost.aborted) return opened;
    opening ??= openConnection({ connectionString, name: `nashra ${name}`, clock }).finally(
      () => (opening = undefined),
    );
    opened = await opening;
    return opened;
  }

  return {
    async run(key, work) {
      const connection = await connect();
      const of = [name, key];
      for (;;) {
        const [row] = await connection.query<{ granted: boolean }>(
          'select pg_try_advisory_lock(hashtext($1), hashtext($2)) as granted',
          of,
        );
        if (row?.granted === true) break;
        await clock.sleep(againAfterMs);
      }
      try {
        return await work();
      } finally {
        // A connection that is gone has taken its locks with it.
        await connection.query('select pg_advisory_unlock(hashtext($1), hashtext($2))', of).catch(() => {});
      }
    },
    async close() {
      isClosed = true;
      await ((await opening?.catch(() => undefined)) ?? opened)?.close();
    },
  };
}
