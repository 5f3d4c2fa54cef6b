// Where the embedded Postgres keeps its data and its socket, made on first use.
import { createHash } from 'node:crypto';
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Log } from '../lib/log.ts';
import { type Account, canEnter, run } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedPostgresError, errorCode, useServerInstead } from './embedded-error.ts';

/** The superuser of every database that we make; who may reach the socket may be it. */
export const superuser = 'nashra';

/** Makes `dataDir` and returns its absolute path. */
export async function makeDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true });
    return await realpath(path);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The data directory ${path} cannot be made (${String(error)}). Set DATA_DIR to a directory that this user may write.`,
      { cause: error },
    );
  }
}

/** Who owns the data below `dataDir`; undefined when there are none yet. */
export async function dataOwner(dataDir: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const { uid, gid } = await stat(join(dataDir, 'postgres'));
    return { uid, gid };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

interface PrepareOptions {
  /** Absolute. */
  dataDir: string;
  binaries: Binaries;
  account: Account;
  /** Where the data go when the account cannot enter `dataDir`. */
  stagingDirectory: string;
  log: Log;
  now: Date;
}

/**
 * The directory of a complete database cluster of the right version. It is `postgres` in `dataDir`, or, where Postgres'
 * account may not go, a directory elsewhere that a symbolic link of this name leads to.
 */
export async function prepareData(options: PrepareOptions): Promise<string> {
  const { dataDir, account } = options;
  const entry = join(dataDir, 'postgres');
  const found = await follow(entry);
  if (found === undefined)
    return (await canEnter(dataDir, account)) ? create(entry, options) : createElsewhere(entry, options);
  if ((await readdir(found)).length === 0) return create(found, options);
  return check(found, options);
}

/** The directory that `entry` is or leads to; undefined when there is none. */
async function follow(entry: string): Promise<string | undefined> {
  try {
    return await realpath(entry);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const dangling = await lstat(entry).catch(() => undefined);
  if (dangling === undefined) return undefined;
  throw new EmbeddedPostgresError(
    `${entry} is a link to a directory that is gone. Bring the directory back; or, to start with an empty database, ` +
      `remove the link.`,
  );
}

async function check(directory: string, { binaries, account }: PrepareOptions): Promise<string> {
  if (!(await canEnter(dirname(directory), account))) {
    throw new EmbeddedPostgresError(
      `Postgres does not run as root, and the user with the id ${account.uid}, which it runs as instead, cannot enter ` +
        `${directory}. Let everybody enter the directories above it (chmod o+x), or move it to a place that everybody ` +
        `may enter and put a symbolic link to it here.`,
    );
  }
  const version = await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => '');
  const majorVersion = Number.parseInt(version, 10);
  if (Number.isNaN(majorVersion)) {
    throw new EmbeddedPostgresError(
      `${directory} is not empty, but it does not hold a Postgres database. Move it away, or set DATA_DIR to another directory.`,
    );
  }
  if (majorVersion !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      `The data in ${directory} were written by Postgres ${majorVersion}, and this is Postgres ${binaries.version}, which ` +
        `cannot read them; they were left as they are. To go on with them, install Postgres ${majorVersion} and set ` +
        `POSTGRES_BIN_DIR to its bin directory. To bring them to Postgres ${binaries.majorVersion}: dump them with ` +
        `pg_dump while Postgres ${majorVersion} runs, move the directory away, start Nashra once, stop it, and restore the dump.`,
    );
  }
  // A backup that was copied back by root, or by a program that forgets modes.
  const { uid, mode } = await stat(directory);
  if (account.foreign && uid === 0) await giveAway(directory, account);
  if ((mode & 0o077) !== 0) await chmod(directory, 0o700);
  return directory;
}

async function giveAway(directory: string, { uid, gid }: Account): Promise<void> {
  for (const name of await readdir(directory, { recursive: true })) await lchown(join(directory, name), uid, gid);
  await chown(directory, uid, gid);
}

/** A cluster at `directory`, made beside it: what bears the name is complete, whenever we or initdb were ended. */
async function create(directory: string, options: PrepareOptions): Promise<string> {
  await removeAbandoned(dirname(directory), `${basename(directory)}.new-`, options.now);
  const unfinished = await initialize(`${directory}.new-`, options);
  try {
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process was faster: its cluster is the one.
    if (errorCode(error) !== 'ENOTEMPTY' && errorCode(error) !== 'EEXIST') throw error;
  }
  await syncDirectory(dirname(directory));
  return check(directory, options);
}

/** Removes what an initdb that was ended half-way left: no living one takes an hour. */
async function removeAbandoned(directory: string, prefix: string, now: Date): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(directory, name);
    const status = await stat(path).catch(() => undefined);
    if (status && now.getTime() - status.mtimeMs > 3_600_000) await rm(path, { recursive: true, force: true });
  }
}

async function createElsewhere(entry: string, options: PrepareOptions): Promise<string> {
  const { dataDir, stagingDirectory, account, log } = options;
  try {
    await mkdir(stagingDirectory, { recursive: true });
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Postgres does not run as root, and the user with the id ${account.uid}, which it runs as instead, cannot enter ` +
        `${dataDir}; ${stagingDirectory} cannot be made either (${String(error)}). ` +
        `Set DATA_DIR to a directory that everybody may enter.`,
      { cause: error },
    );
  }
  // A new directory each time: who removed `entry`, or moved it away with its data, is not to meet the old data again.
  const directory = await initialize(join(stagingDirectory, `data-${shortHash(dataDir)}-`), options);
  try {
    await syncDirectory(stagingDirectory);
    await symlink(directory, entry);
    log.info('database is kept outside of the data directory, where its user cannot go', { dataDir, directory });
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  await syncDirectory(dataDir);
  return check(await realpath(entry), options);
}

/** Runs initdb in a new directory whose name starts with `prefix`. */
async function initialize(prefix: string, { binaries, account }: PrepareOptions): Promise<string> {
  const directory = await mkdtemp(prefix);
  try {
    if (account.foreign) await chown(directory, account.uid, account.gid);
    const args = ['--auth=trust', '--data-checksums', '--encoding=UTF8', '--locale=C', `--username=${superuser}`];
    // Order and letters that are the same on every system; older versions know Unicode only through the C library.
    if (binaries.majorVersion >= 17) args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    // As in the settings of the server; older versions want some room in /dev/shm for this one time.
    if (binaries.majorVersion >= 16) args.push('--set', 'dynamic_shared_memory_type=mmap');
    const result = await run(join(binaries.directory, 'initdb'), [...args, `--pgdata=${directory}`], account);
    if (result.ok) return directory;
    throw new EmbeddedPostgresError(
      `The database could not be made in ${directory}: ${lastLines(result.output)} (Is the disk full?) ${useServerInstead}`,
    );
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** A Unix socket's path has to fit into 108 bytes (104 on macOS), its file name included. */
const maxSocketDirectoryBytes = 103 - '/.s.PGSQL.5432'.length;

/** The directory of the socket, which only Postgres' account (and root) can enter. */
export async function prepareSocketDirectory(dataDirectory: string, account: Account): Promise<string> {
  const inside = join(dataDirectory, 'socket');
  const fits = Buffer.byteLength(inside) <= maxSocketDirectoryBytes;
  // Not TMPDIR, which may differ between the processes that have to find one another here.
  const directory = fits ? inside : join(await temporaryRoot(), `nashra-${account.uid}-${shortHash(dataDirectory)}`);
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  // Below /tmp anybody could have made it before us, and would then own the way to the database.
  let status = await lstat(directory);
  if (account.foreign && status.isDirectory() && status.uid === 0) {
    await lchown(directory, account.uid, account.gid);
    status = await lstat(directory);
  }
  if (status.isDirectory() && status.uid === account.uid && (status.mode & 0o077) === 0) return directory;
  throw new EmbeddedPostgresError(
    `The directory ${directory}, meant for the database's socket, is not ours alone. Remove it, or set DATA_DIR to a shorter path.`,
  );
}

async function temporaryRoot(): Promise<string> {
  const status = await stat('/tmp').catch(() => undefined);
  return status?.isDirectory() ? '/tmp' : tmpdir();
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-4).join(' ').trim();
}

/** Makes a new name in `directory` survive a power cut. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
