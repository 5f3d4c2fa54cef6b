// A database of its own for a test file: real, migrated, empty.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { silentLog } from '../../src/lib/log.ts';
import { withClient, withDatabase } from './server.ts';

interface TestDatabase {
  readonly db: Db;
  /** For further connections: other processes, `openDatabase`, pg-boss. */
  readonly connectionString: string;
}

/** Called at the top of a test file or a `describe`; what it returns is usable from within tests and hooks. */
export function useDatabase(): TestDatabase {
  const server = inject('serverConnectionString');
  const name = `${inject('databasePrefix')}${randomBytes(6).toString('hex')}`;
  const connectionString = withDatabase(server, name);
  let db: Db | undefined;

  beforeAll(async () => {
    await withClient(server, (client) =>
      client.query(`create database ${name} template ${inject('templateDatabase')}`),
    );
    db = openDatabase({ connectionString, log: silentLog });
  });
  afterAll(async () => {
    await db?.destroy();
    await withClient(server, (client) => client.query(`drop database if exists ${name} with (force)`));
  });

  return {
    get db() {
      if (!db) throw new Error('the database exists only while tests run: use it inside a test or a hook');
      return db;
    },
    connectionString,
  };
}
