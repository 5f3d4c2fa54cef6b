// Notices when whoever started us is gone. `npm start` puts a shell between npm and us: it ends on SIGTERM without
// telling us, and a killed npm tells nobody.
import { readFileSync } from 'node:fs';
import type { Clock } from './clock.ts';

const lookEveryMs = 500;

/** What we ask of node:process. */
type Self = Pick<NodeJS.Process, 'env' | 'kill' | 'ppid'>;

/** Under npm: resolves when the shell that started us, or where the system tells npm itself, has ended, or on the signal. */
export async function launcherGone(
  self: Self,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const isUnderNpm = self.env['npm_lifecycle_event'] !== undefined;
  const shell = self.ppid;
  const npm = parentOf(shell);
  while (!signal.aborted) {
    if (isUnderNpm && (self.ppid !== shell || (npm !== undefined && !isAlive(self, npm)))) return;
    await clock.sleep(lookEveryMs, signal);
  }
}

/** From Linux' /proc; undefined elsewhere, and for a process whose parent is the system itself. */
function parentOf(pid: number): number | undefined {
  try {
    // "pid (name) state ppid …"; the name may hold anything, a parenthesis too.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\)\s/s, '')
      .split(' ');
    const found = Number(fields[1]);
    return found > 1 ? found : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(self: Self, pid: number): boolean {
  try {
    return self.kill(pid, 0);
  } catch (error) {
    // Somebody else's process (EPERM) lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
