// The Postgres of a bench: the embedded one as the product starts it, in a directory that goes away, with databases cloned from templates.
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type Db, openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';
import { systemClock } from '../src/lib/clock.ts';
import { silentLog } from '../src/lib/log.ts';

interface BenchDatabase {
  connectionString: string;
  db: Db;
  /** Closes its connections and removes it. */
  drop(): Promise<void>;
}

interface Template {
  name: string;
  fill: (db: Db) => Promise<void>;
}

export interface BenchPostgres {
  /** Where its data are; the first line of postmaster.pid in it names the process. */
  directory: string;
  version: string;
  /** A migrated database; `template` (made once, by `fill`) is what it holds. */
  database(template?: Template): Promise<BenchDatabase>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const empty: Template = { name: 'empty', fill: async () => {} };

export async function startPostgres(): Promise<BenchPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'nashra-bench-'));
  // Root's Postgres runs as somebody else, who has to get in.
  await chmod(home, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: join(home, 'data'), log: silentLog, clock: systemClock });
  const named = (name: string) => server.connectionString.replace(/^(\w+:\/\/[^/?]*)\/?[^?]*/, `$1/${name}`);
  const templates = new Map<string, Promise<string>>();
  let stopped = false;

  async function makeTemplate({ name, fill }: Template): Promise<string> {
    const template = `bench_template_${name}`;
    await ask(server.connectionString, `create database ${template}`);
    const db = openDatabase({ connectionString: named(template), log: silentLog });
    try {
      await migrate(db);
      await fill(db);
    } finally {
      await db.destroy();
    }
    // What the template has just written is not left to the run that is measured.
    await ask(named(template), 'vacuum (freeze, analyze)');
    await ask(server.connectionString, 'checkpoint');
    return template;
  }

  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await server.release();
    await rm(home, { recursive: true, force: true });
    if (server.directory.startsWith('/var/lib/nashra/data-'))
      await rm(server.directory, { recursive: true, force: true });
  };

  return {
    directory: server.directory,
    version: String((await ask(server.connectionString, 'show server_version'))[0]?.['server_version']),
    async database(template = empty) {
      let made = templates.get(template.name);
      if (!made) templates.set(template.name, (made = makeTemplate(template)));
      const name = `bench_${randomBytes(5).toString('hex')}`;
      await ask(server.connectionString, `create database ${name} template ${await made}`);
      const connectionString = named(name);
      const db = openDatabase({ connectionString, log: silentLog, maxConnections: 2 });
      return {
        connectionString,
        db,
        async drop() {
          await db.destroy();
          await ask(server.connectionString, `drop database ${name} with (force)`);
        },
      };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function ask(connectionString: string, query: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(query);
    return rows;
  } finally {
    await client.end();
  }
}
