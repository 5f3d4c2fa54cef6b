// On real data directories with real processes, which are ended the hard way.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EmbeddedPostgresError } from '../../src/db/embedded-postgres.ts';
import { type Log, silentLog } from '../../src/lib/log.ts';
import { ask, serverProcessId, socketDirectory, useEmbedded } from '../support/embedded.ts';

const embedded = useEmbedded();
const isRoot = process.getuid?.() === 0;

const write = 'create table kept as select 7 as value';
const read = 'select value from kept';

describe('one process', () => {
  test('makes a database that survives a power cut and listens on a private Unix socket only', async () => {
    const server = await embedded.start(join(await embedded.directory(), 'data'));

    expect(await ask(server, 'select current_database()')).toBe('nashra');
    expect(await ask(server, 'show listen_addresses')).toBe('');
    expect(await ask(server, 'show fsync')).toBe('on');
    expect(await ask(server, 'show full_page_writes')).toBe('on');
    expect(await ask(server, 'show synchronous_commit')).toBe('on');
    expect(await ask(server, 'show data_checksums')).toBe('on');
    expect(await ask(server, 'show server_encoding')).toBe('UTF8');
    expect(await ask(server, 'show dynamic_shared_memory_type')).toBe('mmap');
    expect((await stat(socketDirectory(server))).mode & 0o777).toBe(0o700);
  });

  test('stops the server when it leaves, and finds its data when it comes again', async () => {
    const dataDir = await embedded.dataDir();
    const first = await embedded.start(dataDir);
    await ask(first, write);
    await first.release();
    expect(existsSync(join(first.directory, 'postmaster.pid'))).toBe(false);
    await expect(ask(first, read)).rejects.toThrow();

    const second = await embedded.start(dataDir);
    expect(await ask(second, read)).toBe(7);
  });

  test('may release twice, and cannot use what it released', async () => {
    const server = await embedded.start(await embedded.dataDir());
    await server.release();
    await server.release();
    await expect(server.ensureRunning()).rejects.toThrow(EmbeddedPostgresError);
  });

  test('works below a deep directory with blanks, quotes and Arabic in its name', async () => {
    const dataDir = join(await embedded.directory(), 'a "quoted", and deep'.repeat(5), 'بيانات غرفة الأخبار', 'data');
    const server = await embedded.start(dataDir);
    await ask(server, write);
    await server.release();
    expect(await ask(await embedded.start(dataDir), read)).toBe(7);
  });

  test('works where the path of the socket just fits, with blanks, commas, quotes and Arabic in it', async () => {
    const server = await embedded.start(join(await embedded.directory(), 'a, "b" %20 خبر', 'data'));
    expect(await ask(server, 'show unix_socket_directories')).toContain('خبر');
  });

  test.runIf(existsSync('/usr/lib/postgresql/15/bin/postgres'))('runs the Postgres that it is pointed to', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    const server = await embedded.start(dataDir, { binDir: '/usr/lib/postgresql/15/bin' });
    expect(await ask(server, 'show server_version')).toMatch(/^15\./);
    expect(await ask(server, 'show server_encoding')).toBe('UTF8');
    await server.release();

    const newer = embedded.start(dataDir);
    await expect(newer).rejects.toThrow(/written by Postgres 15.*POSTGRES_BIN_DIR/);
  });
});

describe('killed', () => {
  test('only the program: the next one finds the server that still runs', async () => {
    const dataDir = await embedded.dataDir();
    const other = await embedded.process(dataDir);
    const before = await serverProcessId(join(dataDir, 'postgres'));
    await other.kill();

    const server = await embedded.start(dataDir);
    expect(await serverProcessId(server.directory)).toBe(before);
    await server.release();
    expect(existsSync(join(server.directory, 'postmaster.pid'))).toBe(false);
  });

  test('only Postgres: it runs again when asked for, and has lost nothing', async () => {
    const server = await embedded.start(await embedded.dataDir());
    await ask(server, write);
    const before = await serverProcessId(server.directory);
    process.kill(before, 'SIGKILL');

    await server.ensureRunning();
    expect(await ask(server, read)).toBe(7);
    expect(await serverProcessId(server.directory)).not.toBe(before);
  });

  test('only Postgres: it runs again without being asked for', async () => {
    const starts = countingLog('embedded database is running');
    const server = await embedded.start(await embedded.dataDir(), { log: starts.log });
    await ask(server, write);
    await starts.reached(1);
    process.kill(await serverProcessId(server.directory), 'SIGKILL');

    await starts.reached(2);
    expect(await ask(server, read)).toBe(7);
  });

  test('both: the next program starts the server again, and nothing is lost', async () => {
    const dataDir = await embedded.dataDir();
    const other = await embedded.process(dataDir);
    const user = await embedded.start(dataDir);
    await ask(user, write);
    await user.release();
    const before = await serverProcessId(user.directory);
    await other.kill();
    process.kill(before, 'SIGKILL');

    expect(await ask(await embedded.start(dataDir), read)).toBe(7);
  });

  test('both, and an unrelated process got the number of the old server', async () => {
    const dataDir = await embedded.dataDir();
    const first = await embedded.start(dataDir);
    await ask(first, write);
    const lockFile = join(first.directory, 'postmaster.pid');
    const [, ...rest] = (await readFile(lockFile, 'utf8')).split('\n');
    await first.release();
    const { uid, gid } = await stat(first.directory);
    const unrelated = spawn('sleep', ['60'], { cwd: '/', ...(isRoot ? { uid, gid } : {}) });
    await once(unrelated, 'spawn');
    await writeFile(lockFile, [unrelated.pid, ...rest].join('\n'), { mode: 0o600 });
    await chown(lockFile, uid, gid);

    try {
      expect(await ask(await embedded.start(dataDir), read)).toBe(7);
      expect(unrelated.exitCode).toBeNull();
    } finally {
      unrelated.kill();
    }
  });
});

describe('several processes', () => {
  test('that start at once on an empty directory share one server', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    const [one, two] = await Promise.all([embedded.start(dataDir), embedded.start(dataDir), embedded.process(dataDir)]);
    await ask(one, write);
    expect(await ask(two, read)).toBe(7);
    expect(await readdir(dataDir)).toEqual(['postgres']);
  });

  test('keep the server until the last one leaves, which then ends by itself', async () => {
    const dataDir = await embedded.dataDir();
    const server = await embedded.start(dataDir);
    const other = await embedded.process(dataDir);

    await server.release();
    expect(existsSync(join(server.directory, 'postmaster.pid'))).toBe(true);
    expect(await other.say('release')).toBe('released');
    expect(existsSync(join(server.directory, 'postmaster.pid'))).toBe(false);
    expect(await other.exited).toBe(0);
  });

  test('do not wait for one that was killed', async () => {
    const dataDir = await embedded.dataDir();
    const server = await embedded.start(dataDir);
    const other = await embedded.process(dataDir);
    await other.kill();

    // Its connection is counted until Postgres has seen it break.
    await expect
      .poll(() => ask(server, `select count(*)::int from pg_stat_activity where application_name = 'nashra presence'`))
      .toBe(1);
    await server.release();
    expect(existsSync(join(server.directory, 'postmaster.pid'))).toBe(false);
  });

  test('that come while the server is being stopped start it again', async () => {
    const dataDir = await embedded.dataDir();
    let server = await embedded.start(dataDir);
    await ask(server, write);
    for (let round = 0; round < 5; round++) {
      const leaving = server.release();
      server = await embedded.start(dataDir);
      expect(await ask(server, read)).toBe(7);
      await leaving;
      expect(await ask(server, read)).toBe(7);
    }
  });
});

describe('the claim to be the only one', () => {
  test('is refused to a second process, until the first one leaves', async () => {
    const dataDir = await embedded.dataDir();
    const server = await embedded.start(dataDir);
    const other = await embedded.process(dataDir);

    expect(await server.claimExclusive('app')).toBe(true);
    expect(await other.say('claim')).toBe('false');
    await server.release();
    expect(await other.say('claim')).toBe('true');
  });

  test('is free again when its owner was killed', async () => {
    const dataDir = await embedded.dataDir();
    const other = await embedded.process(dataDir);
    expect(await other.say('claim')).toBe('true');
    await other.kill();

    const server = await embedded.start(dataDir);
    expect(await server.claimExclusive('app')).toBe(true);
  });

  test('is kept when Postgres was killed', async () => {
    const dataDir = await embedded.dataDir();
    const server = await embedded.start(dataDir);
    expect(await server.claimExclusive('app')).toBe(true);
    process.kill(await serverProcessId(server.directory), 'SIGKILL');
    await server.ensureRunning();

    const other = await embedded.process(dataDir);
    expect(await other.say('claim')).toBe('false');
    expect(server.claimLost.aborted).toBe(false);
  });
});

/** A log that tells when `message` has been written so many times. */
function countingLog(message: string): { log: Log; reached: (count: number) => Promise<void> } {
  let seen = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const info = (written: string) => {
    if (written === message) seen++;
    for (const { count, resolve } of waiting) if (seen >= count) resolve();
  };
  return {
    log: { ...silentLog, info },
    reached: (count) => new Promise((resolve) => (seen >= count ? resolve() : waiting.push({ count, resolve }))),
  };
}
