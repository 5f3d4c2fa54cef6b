// The user account that Postgres runs as: our own, or an unprivileged one when we are root, which Postgres refuses.
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { EmbeddedPostgresError, errorCode, errorMessage, useServerInstead } from './embedded-error.ts';

export interface Account {
  uid: number;
  gid: number;
  /** True when we are root and everything that Postgres needs has to be within the reach of someone else. */
  foreign: boolean;
}

const unprivilegedNames = ['nashra', 'postgres', 'nobody'];

/** `owner` is who owns the data already, if anybody does: root goes on as that user. */
export async function chooseAccount(owner?: { uid: number; gid: number }): Promise<Account> {
  const own = ownAccount();
  if (own.uid !== 0) {
    if (owner && owner.uid !== own.uid) {
      throw new EmbeddedPostgresError(
        `The data directory belongs to the user with the id ${owner.uid}, not to the user that runs Nashra (${own.uid}). ` +
          `Run Nashra as the user that ran it first.`,
      );
    }
    return { ...own, foreign: false };
  }
  if (owner && owner.uid !== 0) return { ...owner, foreign: true };

  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'));
  const name = unprivilegedNames.find((candidate) => accounts.has(candidate));
  const account = name === undefined ? undefined : accounts.get(name);
  if (account) return { ...account, foreign: true };
  throw new EmbeddedPostgresError(
    `Postgres refuses to run as root, and there is none of the users ${unprivilegedNames.join(', ')} to run it as. ` +
      `Create one (useradd --system nashra), or run Nashra as an ordinary user.`,
  );
}

function ownAccount(): { uid: number; gid: number } {
  try {
    const { uid, gid } = userInfo();
    return { uid, gid };
  } catch (error) {
    // Containers like to run under a number that has no entry; initdb insists on a name.
    throw new EmbeddedPostgresError(
      `The user that runs Nashra has no entry in /etc/passwd, which Postgres needs. Add one. ${useServerInstead}`,
      { cause: error },
    );
  }
}

function parsePasswd(text: string): Map<string, { uid: number; gid: number }> {
  const accounts = new Map<string, { uid: number; gid: number }>();
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    // macOS writes nobody's id as -2, which means the same unsigned.
    if (name && uid && gid) accounts.set(name, { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 });
  }
  return accounts;
}

/** Whether `account` may enter `directory`, which needs the permission of each directory above it too. */
export async function canEnter(directory: string, account: Account): Promise<boolean> {
  if (!account.foreign) return true;
  for (let path = directory; ; path = dirname(path)) {
    const { uid, gid, mode } = await stat(path);
    const permission = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & permission) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** What a program of Postgres gets to see; our own environment (PGDATA, LANG, LD_PRELOAD …) would change what it does. */
const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** The user to switch to, in the form that child_process takes; the working directory is one that everybody may enter. */
export function spawnOptions(account: Account) {
  return { env: environment, cwd: '/', ...(account.foreign ? { uid: account.uid, gid: account.gid } : {}) };
}

export interface RunResult {
  ok: boolean;
  /** What the program printed, or why it could not be started. */
  output: string;
  /** ENOENT, EACCES …, when it could not be started. */
  code: string | undefined;
}

/** Runs one of Postgres' programs to its end. */
export function run(program: string, args: readonly string[], account: Account): Promise<RunResult> {
  return new Promise((resolve) => {
    execFile(program, args, spawnOptions(account), (error, stdout, stderr) => {
      const printed = `${stdout}${stderr}`.trim();
      resolve({
        ok: error === null,
        output: printed === '' && error ? errorMessage(error) : printed,
        code: errorCode(error),
      });
    });
  });
}
