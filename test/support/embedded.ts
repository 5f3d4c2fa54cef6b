// Data directories and processes for the tests of the embedded database, all gone after each test.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { withClient } from './server.ts';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('embedded-process.ts', import.meta.url));

export interface OtherProcess {
  /** Sends one word and returns the one that comes back. */
  say(word: 'claim' | 'release'): Promise<string>;
  kill(): Promise<void>;
  /** The exit code, once the process has ended. */
  exited: Promise<number | null>;
}

interface StartOptions {
  binDir?: string;
  log?: Log;
}

/** Called once at the top of a test file. */
export function useEmbedded() {
  const directories: string[] = [];
  const servers: EmbeddedPostgres[] = [];
  const processes: ChildProcess[] = [];

  // To make a cluster takes much longer than to copy one.
  let model: string | undefined;
  async function modelCluster(): Promise<string> {
    if (model) return model;
    model = await temporaryDirectory();
    const server = await startEmbeddedPostgres({ dataDir: join(model, 'data'), log: silentLog, clock: systemClock });
    await server.release();
    return model;
  }
  afterAll(async () => {
    if (model) await rm(model, { recursive: true });
  });

  afterEach(async () => {
    // Not killed: the last one to leave in peace stops the server.
    for (const child of processes.splice(0)) await end(child);
    for (const server of servers) await server.release();
    for (const server of servers.splice(0)) {
      await rm(socketDirectory(server), { recursive: true, force: true });
      if (server.directory.startsWith('/var/lib/nashra/data-')) directories.push(server.directory);
    }
    for (const directory of directories.splice(0)) await rm(directory, { recursive: true, force: true });
  });

  return {
    /** An empty directory that everybody may enter. */
    async directory(): Promise<string> {
      const path = await temporaryDirectory();
      directories.push(path);
      return path;
    },

    /** A data directory with a database that was stopped cleanly; nothing is in it. */
    async dataDir(): Promise<string> {
      const path = await this.directory();
      await execute('cp', ['-a', join(await modelCluster(), 'data'), path]);
      return join(path, 'data');
    },

    async start(dataDir: string, { binDir, log = silentLog }: StartOptions = {}): Promise<EmbeddedPostgres> {
      const server = await startEmbeddedPostgres({ dataDir, binDir, log, clock: systemClock });
      servers.push(server);
      return server;
    },

    /** Another process that uses the database in `dataDir`; it has started it when this returns. */
    async process(dataDir: string): Promise<OtherProcess> {
      const child = spawn(process.execPath, [script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
      processes.push(child);
      const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      const answer = async () => String((await lines.next()).value);
      if ((await answer()) !== 'started') throw new Error('the other process did not start the database');
      return {
        async say(word) {
          child.stdin.write(`${word}\n`);
          return answer();
        },
        kill: () => kill(child),
        exited,
      };
    },
  };
}

async function temporaryDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'nashra-embedded-'));
  // Root's Postgres runs as somebody else, who has to get in.
  await chmod(path, 0o755);
  return path;
}

/** Where a server's socket is. */
export function socketDirectory(server: EmbeddedPostgres): string {
  return new URLSearchParams(server.connectionString.split('?')[1]).get('host') ?? '';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The number of the server's main process, as its lock file has it. */
export async function serverProcessId(dataDirectory: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8'), 10);
}

/** One value from the database. */
export async function ask(server: EmbeddedPostgres, query: string): Promise<unknown> {
  return withClient(server.connectionString, async (client) => {
    const { rows } = await client.query({ text: query, rowMode: 'array' });
    return (rows as unknown[][])[0]?.[0];
  });
}
