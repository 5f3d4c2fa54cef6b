// With a package of one program and one library, laid out as those from npm are.
import { chmod, mkdir, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareNative } from '../../src/db/embedded-binaries.ts';

let directory: string;
let native: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nashra-binaries-'));
  native = join(directory, 'package', 'native');
  await mkdir(join(native, 'bin'), { recursive: true });
  await mkdir(join(native, 'lib'));
  await writeFile(join(directory, 'package', 'package.json'), JSON.stringify({ version: '18.4.0' }));
  await writeFile(join(native, 'bin', 'postgres'), 'program', { mode: 0o700 });
  await writeFile(join(native, 'lib', 'libpq.so.5.18'), 'library', { mode: 0o600 });
  const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
});
afterEach(async () => {
  await chmod(join(native, 'lib'), 0o755);
  await rm(directory, { recursive: true });
});

const { uid, gid } = userInfo();
const ourselves = { uid, gid, foreign: false };
const somebodyElse = { uid: 65_533, gid: 65_533, foreign: true };

test('links that npm did not make are made in the package', async () => {
  const options = { native, account: ourselves, stagingDirectory: join(directory, 'staged') };
  expect(await prepareNative(options)).toBe(native);
  expect(await prepareNative(options)).toBe(native);
  expect(await readlink(join(native, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
});

test.skipIf(uid === 0)('a package that is not ours to write is copied once and completed there', async () => {
  await chmod(join(native, 'lib'), 0o555);
  const options = { native, account: ourselves, stagingDirectory: join(directory, 'staged') };
  const [copy] = await Promise.all([prepareNative(options), prepareNative(options)]);

  expect(copy).toBe(join(directory, 'staged', 'postgres-18.4.0'));
  expect(await readFile(join(copy, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
});

test('a package that the account of Postgres cannot enter is copied, and the copy is readable for everybody', async () => {
  const options = { native, account: somebodyElse, stagingDirectory: join(directory, 'staged') };
  const [copy] = await Promise.all([prepareNative(options), prepareNative(options)]);

  expect(copy).toBe(join(directory, 'staged', 'postgres-18.4.0'));
  const mode = async (path: string) => (await stat(join(copy, path))).mode & 0o777;
  expect(await mode('.')).toBe(0o755);
  expect(await mode('bin/postgres')).toBe(0o755);
  expect((await mode('lib/libpq.so.5')) & 0o444).toBe(0o444);
  expect(await readlink(join(copy, 'lib', 'libpq.so.5'))).toBe('libpq.so.5.18');
  await expect(readlink(join(native, 'lib', 'libpq.so.5'))).rejects.toThrow('ENOENT');
});
