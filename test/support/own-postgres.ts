// A Postgres of a test's own, to be stopped, killed, started again, and to run out of disk.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chooseAccount, run } from '../../src/db/embedded-account.ts';
import { findBinaries } from '../../src/db/embedded-binaries.ts';
import { prepareData, prepareSocketDirectory, superuser } from '../../src/db/embedded-data.ts';
import { createServer } from '../../src/db/embedded-server.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { withClient } from './server.ts';

const execute = promisify(execFile);

export interface OwnPostgres extends AsyncDisposable {
  /** Of a migrated database without rows. */
  readonly connectionString: string;
  /** fast: as an operator stops it · immediate: as a crash does. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Leaves `bytes` of its disk; only on a disk of its own. */
  fillDisk(bytes: number): Promise<void>;
  clearDisk(): Promise<void>;
}

interface OwnPostgresOptions {
  /** On a disk of its own (a tmpfs, for which one has to be root) of that size. */
  diskBytes?: number;
}

/** Why no disk of its own can be had here; undefined when it can. */
export async function diskProblem(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root can mount a disk';
  const directory = await mkdtemp(join(tmpdir(), 'nashra-mount-'));
  try {
    await mount(directory, 1_000_000);
    await execute('umount', [directory]);
    return undefined;
  } catch (error) {
    return `no disk can be mounted here: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function mount(directory: string, bytes: number): Promise<void> {
  await execute('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=0755`, 'nashra-test', directory]);
}

export async function startOwnPostgres({ diskBytes }: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'nashra-own-'));
  // Root's Postgres runs as somebody else, who has to get in.
  await chmod(directory, 0o755);
  if (diskBytes !== undefined) await mount(directory, diskBytes);

  const account = await chooseAccount();
  const binaries = await findBinaries({
    binDir: undefined,
    account,
    stagingDirectory: account.foreign ? '/var/lib/nashra' : directory,
  });
  const dataDirectory = await prepareData({
    dataDir: directory,
    binaries,
    account,
    stagingDirectory: directory,
    log: silentLog,
    now: new Date(),
  });
  const socketDirectory = await prepareSocketDirectory(dataDirectory, account);
  const connectionTo = (database: string) =>
    `postgres://${superuser}@/${database}?host=${encodeURIComponent(socketDirectory)}&port=5432&sslmode=disable`;
  const server = createServer({
    binaries,
    account,
    dataDirectory,
    socketDirectory,
    connectionString: connectionTo('postgres'),
    log: silentLog,
    clock: systemClock,
  });
  const filler = join(directory, 'filler');

  async function stop(how: 'fast' | 'immediate'): Promise<void> {
    const args = ['stop', '-D', dataDirectory, '-m', how, '--wait', '--silent'];
    const result = await run(join(binaries.directory, 'pg_ctl'), args, account);
    if (!result.ok) throw new Error(`Postgres does not stop: ${result.output}`);
  }

  async function remove(): Promise<void> {
    await stop('immediate').catch(() => {});
    if (diskBytes !== undefined) await execute('umount', ['--lazy', directory]);
    await rm(directory, { recursive: true, force: true });
    await rm(socketDirectory, { recursive: true, force: true });
  }

  try {
    await server.ensureRunning();
    await withClient(connectionTo('postgres'), (client) => client.query('create database nashra'));
    const db = openDatabase({ connectionString: connectionTo('nashra'), log: silentLog });
    try {
      await migrate(db);
    } finally {
      await db.destroy();
    }
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    connectionString: connectionTo('nashra'),
    stop,
    start: () => server.ensureRunning(),
    async fillDisk(bytes) {
      const { stdout } = await execute('df', ['--output=avail', '--block-size=1', directory]);
      const free = Number(stdout.trim().split('\n').at(-1));
      // Others write meanwhile: then it is full all the same.
      await writeFile(filler, Buffer.alloc(Math.max(free - bytes, 0))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    clearDisk: () => rm(filler, { force: true }),
    [Symbol.asyncDispose]: remove,
  };
}
