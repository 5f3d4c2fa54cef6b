// The Postgres process on one data directory: starts it, finds the one that runs already, stops it.
import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Account, run, spawnOptions } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { lastLines } from './embedded-data.ts';
import { EmbeddedPostgresError, errorCode, errorMessage } from './embedded-error.ts';

interface ServerOptions {
  binaries: Binaries;
  account: Account;
  dataDirectory: string;
  socketDirectory: string;
  /** To a database that always exists. */
  connectionString: string;
  log: Log;
  clock: Clock;
}

export interface Server {
  /** Returns when the server takes connections, started by us or by another process. */
  ensureRunning(signal?: AbortSignal): Promise<void>;
  /** Ends all connections and the server, cleanly. */
  stop(): Promise<void>;
}

const pollMs = 30;
/** Recovery after a crash reads up to max_wal_size of log, and a shutdown writes up to shared_buffers of data. */
const maxWaitMs = 180_000;
/** How long a server that holds the data directory may be silent: as long as its shutdown may take. */
const maxSilenceMs = 60_000;
const maxLogBytes = 1_000_000;

export function createServer(options: ServerOptions): Server {
  const { binaries, account, dataDirectory, socketDirectory, connectionString, log, clock } = options;
  const serverLog = join(dataDirectory, 'nashra-postgres.log');

  async function ensureRunning(signal?: AbortSignal): Promise<void> {
    for (let silentMs = 0, waitedMs = 0; ;) {
      signal?.throwIfAborted();
      const answer = await ask(connectionString, dataDirectory);
      if (answer === 'ready') return;
      if (answer === 'busy') {
        if (waitedMs > maxWaitMs) throw unwilling(serverLog, await tail(serverLog, 0));
        await clock.sleep(pollMs, signal);
        waitedMs += pollMs;
        continue;
      }
      // Not given the signal: whoever started a server has to see it through, so that it can be stopped.
      const complaint = await start();
      if (complaint === undefined) return;
      // Another process may have been faster, and its server's words be mixed with ours.
      if ((await ask(connectionString, dataDirectory)) !== 'absent') continue;
      // A server on the directory that is starting or stopping, or the remains of one that was killed.
      if (!/lock file|pre-existing shared memory block/.test(complaint)) throw unwilling(serverLog, complaint);
      if (silentMs > maxSilenceMs) throw unwilling(serverLog, complaint);
      await disownLockFiles();
      await clock.sleep(200, signal);
      silentMs += 200;
    }
  }

  /** Starts a server and waits until it answers; what it said when it ended instead. */
  async function start(): Promise<string | undefined> {
    // Appended to, as another process may start a server at the same moment.
    const output = await open(serverLog, 'a', 0o600);
    if (account.foreign) await output.chown(account.uid, account.gid);
    let { size } = await output.stat();
    if (size > maxLogBytes) {
      await output.truncate();
      size = 0;
    }
    let server: ChildProcess;
    try {
      server = await launch(output);
    } finally {
      await output.close();
    }
    for (let waitedMs = 0; waitedMs < maxWaitMs; waitedMs += pollMs) {
      if (server.exitCode !== null || server.signalCode !== null) return tail(serverLog, size);
      // Another server may be the one that answers; then ours ends by itself.
      if ((await ask(connectionString, dataDirectory)) === 'ready') {
        log.info('embedded database is running', { directory: dataDirectory, version: binaries.version });
        return undefined;
      }
      await clock.sleep(pollMs);
    }
    throw unwilling(serverLog, await tail(serverLog, size));
  }

  async function launch(output: FileHandle): Promise<ChildProcess> {
    const server = spawn(join(binaries.directory, 'postgres'), ['-D', dataDirectory, ...settings(socketDirectory)], {
      ...spawnOptions(account),
      // Its own session: Ctrl-C in the terminal is for us, and the database goes after its users have gone.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    await new Promise<void>((resolve, reject) => {
      server.once('spawn', resolve);
      server.once('error', (error) => {
        reject(new EmbeddedPostgresError(`Postgres could not be started: ${error.message}`, { cause: error }));
      });
    });
    server.unref();
    return server;
  }

  /**
   * After a crash of the machine or a restart of a container, the number in a lock file left over may be that of an
   * unrelated process, and Postgres then believes that its predecessor lives. We know better where the system tells us
   * a process' working directory (a Postgres' is its data). The file is not removed: the rest of it leads Postgres to
   * orphans of its predecessor that may still write. Only the number is replaced, by one that no process has.
   */
  async function disownLockFiles(): Promise<void> {
    for (const path of [join(dataDirectory, 'postmaster.pid'), join(socketDirectory, '.s.PGSQL.5432.lock')]) {
      const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
      const workingDirectory = await readlink(`/proc/${lines[0]?.trim()}/cwd`).catch(() => undefined);
      if (workingDirectory === undefined || workingDirectory === dataDirectory) continue;
      log.warn('lock file names an unrelated process', { path, processId: lines[0], workingDirectory });
      await writeFile(path, ['2147483647', ...lines.slice(1)].join('\n'));
    }
  }

  async function stop(): Promise<void> {
    const lockFile = join(dataDirectory, 'postmaster.pid');
    const running = await firstLine(lockFile);
    // Not left to wait by itself: it would wait for the end of a server that a newcomer starts in the meantime, too.
    const args = ['stop', '-D', dataDirectory, '-m', 'fast', '--no-wait', '--silent'];
    const result = await run(join(binaries.directory, 'pg_ctl'), args, account);
    for (let waitedMs = 0; result.ok && waitedMs < maxSilenceMs; waitedMs += pollMs) {
      if ((await firstLine(lockFile)) !== running) {
        log.info('embedded database is stopped', { directory: dataDirectory });
        return;
      }
      await clock.sleep(pollMs);
    }
    log.warn('embedded database did not stop', { directory: dataDirectory, reason: result.output });
  }

  return { ensureRunning, stop };
}

function settings(socketDirectory: string): string[] {
  const values = {
    listen_addresses: '',
    // A list, in which quotes protect commas and blanks.
    unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: '100',
    shared_buffers: '64MB',
    max_wal_size: '256MB',
    // Containers have a /dev/shm of 64 MB or less.
    dynamic_shared_memory_type: 'mmap',
    huge_pages: 'off',
    // The programs from npm come without the compiler's library.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Read by us, see ensureRunning.
    lc_messages: 'C',
    log_destination: 'stderr',
    logging_collector: 'off',
    // What a statement does wrong is told to whoever sent it, and may quote what readers wrote.
    log_min_messages: 'log',
    log_checkpoints: 'off',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** busy: it starts, recovers or stops · absent: nobody listens. */
type Answer = 'ready' | 'busy' | 'absent';

async function ask(connectionString: string, dataDirectory: string): Promise<Answer> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ id: string }>(
      'select system_identifier::text as id from pg_control_system()',
    );
    // Who removed the directory of a running server and made a new one of the same name meets the old server, which
    // notices within a minute and ends.
    return rows[0]?.id === (await systemIdentifier(dataDirectory)) ? 'ready' : 'busy';
  } catch (error) {
    return answerOf(error);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The number that initdb gave to this cluster: the first thing in its control file, in all versions. */
async function systemIdentifier(dataDirectory: string): Promise<string> {
  const control = await readFile(join(dataDirectory, 'global', 'pg_control'));
  return control.readBigInt64LE(0).toString();
}

function answerOf(error: unknown): Answer {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'absent';
  // 58P01: its directory was removed, see above.
  if (isInterruption(error) || code === '58P01') return 'busy';
  throw error;
}

/** Whether `error` comes of a server that starts, stops, recovers or was killed, so that a moment later all may be well. */
export function isInterruption(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  const interruptions = ['57P01', '57P02', '57P03', '53300', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];
  return (
    interruptions.includes(code) ||
    /^Connection terminated|^timeout expired|^Client (has|was)/.test(errorMessage(error))
  );
}

function unwilling(serverLog: string, complaint: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The embedded Postgres does not start. It says: ${lastLines(complaint) || 'nothing'} (All it said is in ${serverLog}.)`,
  );
}

/** The number of the process that a lock file names; undefined when there is no such file. */
async function firstLine(lockFile: string): Promise<string | undefined> {
  const content = await readFile(lockFile, 'utf8').catch(() => undefined);
  return content?.split('\n')[0]?.trim();
}

/** What was written to a file behind `offset`. */
async function tail(path: string, offset: number): Promise<string> {
  const content = await readFile(path);
  return content.subarray(offset).toString('utf8');
}
