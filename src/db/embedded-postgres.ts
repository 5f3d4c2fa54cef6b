// The database for those who have none: a real Postgres, started on the data directory and stopped by its last user.
import { Client } from 'pg';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { chooseAccount } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { dataOwner, makeDataDir, prepareData, prepareSocketDirectory, superuser } from './embedded-data.ts';
import { EmbeddedPostgresError, errorCode, errorMessage } from './embedded-error.ts';
import { createServer, isInterruption } from './embedded-server.ts';
import { attend, type Attendance } from './embedded-users.ts';

export { EmbeddedPostgresError } from './embedded-error.ts';

const databaseName = 'nashra';
const rootStagingDirectory = '/var/lib/nashra';

interface StartOptions {
  dataDir: string;
  /** The programs of another Postgres (POSTGRES_BIN_DIR). */
  binDir?: string | undefined;
  log: Log;
  clock: Clock;
  /** Ends the waiting for a start, not a server that runs. */
  signal?: AbortSignal;
}

export interface EmbeddedPostgres {
  readonly connectionString: string;
  /** Where the data really are. */
  readonly directory: string;
  /**
   * Returns when the server answers, starting it if it was killed. From the start until the release this happens by
   * itself as well, so that connections that break find a server when they come again.
   */
  ensureRunning(): Promise<void>;
  /**
   * Whether this process is now the only one that goes by `name` on this data directory, until its release or its end.
   * When Postgres was killed, the claim is taken again; `claimLost` aborts if somebody else was faster.
   */
  claimExclusive(name: string): Promise<boolean>;
  readonly claimLost: AbortSignal;
  /** Leaves; the last of the processes that use the server stops it. */
  release(): Promise<void>;
}

/** Throws an EmbeddedPostgresError that says what to do, where a Postgres cannot be had. */
export async function startEmbeddedPostgres(options: StartOptions): Promise<EmbeddedPostgres> {
  const { binDir, log, clock, signal } = options;
  const dataDir = await makeDataDir(options.dataDir);
  const account = await chooseAccount(await dataOwner(dataDir));
  const stagingDirectory = account.foreign ? rootStagingDirectory : dataDir;
  const binaries = await findBinaries({ binDir, account, stagingDirectory });
  const directory = await prepareData({ dataDir, binaries, account, stagingDirectory, log, now: clock.now() });
  const socketDirectory = await prepareSocketDirectory(directory, account);

  // Nothing of it is left to the environment's PGPORT or PGSSLMODE.
  const connectionTo = (database: string) =>
    `postgres://${superuser}@/${database}?host=${encodeURIComponent(socketDirectory)}&port=5432&sslmode=disable`;
  const connectionString = connectionTo('postgres');
  const server = createServer({
    binaries,
    account,
    dataDirectory: directory,
    socketDirectory,
    connectionString,
    log,
    clock,
  });

  const claimed = new Set<string>();
  const claimLost = new AbortController();
  const released = new AbortController();
  let started = false;
  let attendance: Attendance | undefined;
  let joining: Promise<Attendance> | undefined;

  /** The living attendance, or a new one; only one is made at a time. */
  function join(): Promise<Attendance> {
    joining ??= (attendance ? Promise.resolve(attendance) : enter()).finally(() => (joining = undefined));
    return joining;
  }

  async function enter(): Promise<Attendance> {
    const waiting = signal && !started ? AbortSignal.any([signal, released.signal]) : released.signal;
    for (;;) {
      await server.ensureRunning(waiting);
      try {
        const entered = await attend(connectionString, clock);
        attendance = entered;
        void entered.ended.then(() => reenter(entered));
        for (const name of claimed) await reclaim(entered, name);
        return entered;
      } catch (error) {
        attendance = undefined;
        if (!isInterruption(error)) throw error;
        await clock.sleep(50, waiting);
      }
    }
  }

  async function reclaim(entered: Attendance, name: string): Promise<void> {
    if (await entered.claim(name)) return;
    claimed.delete(name);
    log.error('another process took over this data directory', { name });
    claimLost.abort();
  }

  /** After the server was killed under us: brings it back, however long that takes. */
  async function reenter(lost: Attendance): Promise<void> {
    if (attendance === lost) attendance = undefined;
    if (released.signal.aborted) return;
    log.warn('connection to the embedded database is lost', { directory });
    while (!released.signal.aborted) {
      try {
        await join();
        return;
      } catch (error) {
        if (released.signal.aborted) return;
        log.error('embedded database does not come back', { reason: errorMessage(error) });
        await clock.sleep(5000, released.signal);
      }
    }
  }

  async function ensureRunning(): Promise<void> {
    if (released.signal.aborted) throw new EmbeddedPostgresError('The embedded Postgres was released already.');
    for (;;) {
      const present = await join();
      try {
        // Both: our old connection may outlive its server by a moment.
        await server.ensureRunning();
        await present.check();
        return;
      } catch (error) {
        if (!isInterruption(error)) throw error;
        await present.ended;
      }
    }
  }

  async function release(): Promise<void> {
    if (released.signal.aborted) return;
    released.abort();
    await joining?.catch(() => {});
    const present = attendance;
    attendance = undefined;
    try {
      await present?.leave(() => server.stop());
    } catch (error) {
      // Nothing to fail for: a server that was killed is stopped, and one that runs on is found by the next process.
      log.warn('embedded database could not be left in order', { directory, reason: errorMessage(error) });
    }
  }

  await join();
  started = true;
  try {
    await createDatabase(connectionString);
  } catch (error) {
    await release();
    throw error;
  }

  return {
    connectionString: connectionTo(databaseName),
    directory,
    ensureRunning,
    async claimExclusive(name) {
      await ensureRunning();
      const granted = await (await join()).claim(name);
      if (granted) claimed.add(name);
      return granted;
    },
    claimLost: claimLost.signal,
    release,
  };
}

async function createDatabase(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } catch (error) {
    // Another process was faster.
    if (errorCode(error) !== '42P04' && errorCode(error) !== '23505') throw error;
  } finally {
    await client.end();
  }
}
