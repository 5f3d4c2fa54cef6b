// What the embedded database finds where its data should be, and where it puts them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, serverProcessId, useEmbedded } from '../support/embedded.ts';

const embedded = useEmbedded();
const isRoot = process.getuid?.() === 0;

const write = 'create table kept as select 7 as value';
const read = 'select value from kept';

describe('a directory that it finds', () => {
  test('of another major version is refused with instructions and left as it is', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '13\n');

    await expect(embedded.start(dataDir)).rejects.toThrow(
      /were written by Postgres 13, and this is Postgres 18.*POSTGRES_BIN_DIR.*pg_dump/,
    );
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
  });

  test('with something else in it is refused', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'thesis.txt'), 'years of work');

    await expect(embedded.start(dataDir)).rejects.toThrow(/does not hold a Postgres database/);
  });

  test('empty, as containers mount it, is used', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    await mkdir(join(dataDir, 'postgres'), { recursive: true });

    expect(await ask(await embedded.start(dataDir), 'select 1')).toBe(1);
  });

  test('half-made by an initdb that was ended is not taken for a good one, and removed when it is old', async () => {
    const dataDir = join(await embedded.directory(), 'data');
    for (const name of ['postgres.new-recent', 'postgres.new-old']) {
      await mkdir(join(dataDir, name), { recursive: true });
      await writeFile(join(dataDir, name, 'PG_VERSION'), '18\n');
    }
    await utimes(join(dataDir, 'postgres.new-old'), new Date(0), new Date(0));

    expect(await ask(await embedded.start(dataDir), 'select 1')).toBe(1);
    expect((await readdir(dataDir)).toSorted()).toEqual(['postgres', 'postgres.new-recent']);
  });

  test('behind a link is followed; behind a link to nowhere it is missed', async () => {
    const directory = await embedded.directory();
    const first = await embedded.start(join(directory, 'data'));
    await ask(first, write);
    await first.release();

    await mkdir(join(directory, 'moved'));
    await symlink(first.directory, join(directory, 'moved', 'postgres'));
    const second = await embedded.start(join(directory, 'moved'));
    expect(await ask(second, read)).toBe(7);
    expect(second.directory).toBe(first.directory);

    await mkdir(join(directory, 'broken'));
    await symlink(join(directory, 'nowhere'), join(directory, 'broken', 'postgres'));
    await expect(embedded.start(join(directory, 'broken'))).rejects.toThrow(/is a link to a directory that is gone/);
  });

  test('that cannot be made is named', async () => {
    const directory = await embedded.directory();
    await writeFile(join(directory, 'data'), 'a file');
    await expect(embedded.start(join(directory, 'data'))).rejects.toThrow(/data cannot be made .*DATA_DIR/);
  });
});

test('a directory of programs without programs is refused', async () => {
  const directory = await embedded.directory();
  await expect(embedded.start(join(directory, 'data'), { binDir: directory })).rejects.toThrow(
    /There is no program .*POSTGRES_BIN_DIR/,
  );
});

describe.runIf(isRoot)('as root', () => {
  test('the server runs as an unprivileged user, to whom its data belong', async () => {
    const server = await embedded.start(await embedded.dataDir());
    const { uid } = await stat(server.directory);
    expect(uid).not.toBe(0);
    expect((await stat(`/proc/${await serverProcessId(server.directory)}`)).uid).toBe(uid);
  });

  test('below a directory that only root may enter the data are kept elsewhere, and followed when it is moved', async () => {
    const directory = await embedded.directory();
    await chmod(directory, 0o700);
    const server = await embedded.start(join(directory, 'data'));
    await ask(server, write);
    await server.release();

    expect((await lstat(join(directory, 'data', 'postgres'))).isSymbolicLink()).toBe(true);
    expect(server.directory).toMatch(/^\/var\/lib\/nashra\/data-/);

    await rename(join(directory, 'data'), join(directory, 'moved'));
    expect(await ask(await embedded.start(join(directory, 'moved')), read)).toBe(7);
    const fresh = await embedded.start(join(directory, 'data'));
    await expect(ask(fresh, read)).rejects.toThrow('does not exist');
  });

  test('data that were copied back from a backup by root are used', async () => {
    const dataDir = await embedded.dataDir();
    const first = await embedded.start(dataDir);
    await ask(first, write);
    await first.release();
    const copied = spawn('sh', ['-c', 'cp -r "$1" "$1.copy" && rm -r "$1" && mv "$1.copy" "$1"', '-', first.directory]);
    expect(await once(copied, 'exit')).toEqual([0, null]);
    expect((await stat(first.directory)).uid).toBe(0);

    expect(await ask(await embedded.start(dataDir), read)).toBe(7);
  });
});
