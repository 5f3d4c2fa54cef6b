// Before all tests: a Postgres (TEST_DATABASE_URL, or an embedded one of this run), and on it a migrated template.
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/db/database.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { nodeVersionProblem } from '../../src/lib/node-version.ts';
import { withClient, withDatabase } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database on the tests' server from which others can be made. */
    serverConnectionString: string;
    /** All databases of this run start with it. */
    databasePrefix: string;
    /** A migrated database without rows, to be cloned. */
    templateDatabase: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem) throw new Error(problem);

  const server = await startServer();
  const databasePrefix = `nashra_test_${randomBytes(4).toString('hex')}_`;
  const templateDatabase = `${databasePrefix}template`;
  try {
    await makeTemplate(server.connectionString, templateDatabase);
  } catch (error) {
    await server.stop();
    throw error;
  }

  project.provide('serverConnectionString', server.connectionString);
  project.provide('databasePrefix', databasePrefix);
  project.provide('templateDatabase', templateDatabase);

  return async () => {
    await dropDatabases(server.connectionString, databasePrefix);
    await server.stop();
  };
}

interface TestServer {
  connectionString: string;
  stop: () => Promise<void>;
}

async function startServer(): Promise<TestServer> {
  const url = process.env['TEST_DATABASE_URL'];
  if (url) return { connectionString: url, stop: async () => {} };

  await removeAbandonedServers();
  const dataDir = join(tmpdir(), `${directoryPrefix}${process.pid}`);
  await mkdir(dataDir);
  // Root's Postgres runs as somebody else, who has to get in.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, log: silentLog, clock: systemClock });
  // What a test wrote need not survive a power cut.
  await withClient(server.connectionString, async (client) => {
    await client.query('alter system set fsync = off');
    await client.query('alter system set synchronous_commit = off');
    await client.query('select pg_reload_conf()');
  });
  return {
    connectionString: server.connectionString,
    async stop() {
      await server.release();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function makeTemplate(connectionString: string, name: string): Promise<void> {
  await withClient(connectionString, (client) => client.query(`create database ${name}`));
  const db = openDatabase({ connectionString: withDatabase(connectionString, name), log: silentLog });
  try {
    await migrate(db);
  } finally {
    await db.destroy();
  }
  // A database in use cannot be cloned.
  await withClient(connectionString, (client) => client.query(`alter database ${name} allow_connections false`));
}

async function dropDatabases(connectionString: string, prefix: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      'select datname as name from pg_database where starts_with(datname, $1)',
      [prefix],
    );
    for (const { name } of rows) await client.query(`drop database if exists ${name} with (force)`);
  });
}

const directoryPrefix = 'nashra-test-';

/** Stops and removes what test runs that were killed have left, each in a directory named after its process. */
async function removeAbandonedServers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = new RegExp(`^${directoryPrefix}(\\d+)$`).exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    const dataDir = join(tmpdir(), name);
    if ((await lstat(dataDir)).uid !== process.getuid?.()) continue;
    // Its last user stops it.
    const server = await startEmbeddedPostgres({ dataDir, log: silentLog, clock: systemClock }).catch(() => undefined);
    await server?.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
