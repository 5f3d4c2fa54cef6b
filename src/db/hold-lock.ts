// One at a time among all processes on a database: whoever holds the lock works, the others stand by to take over.
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { openConnection, type OwnConnection } from './own-connection.ts';

/** Between two tries of a process that stands by. */
const againAfterMs = 1_000;

interface HoldOptions {
  connectionString: string;
  /** Of what only one may do; the same in every process. */
  name: string;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/**
 * Runs `work` whenever this process is the one that holds the lock, until the signal. `lost` aborts when it holds the
 * lock no longer, because the connection that the lock belongs to is gone; then it stands by again. Throws what `work`
 * throws.
 */
export async function holdLock(options: HoldOptions, work: (lost: AbortSignal) => Promise<void>): Promise<void> {
  const { connectionString, name, clock, log, signal } = options;
  let isAway = false;
  let isStandingBy = false;
  while (!signal.aborted) {
    let connection: OwnConnection | undefined;
    try {
      connection = await openConnection({ connectionString, name: `nashra ${name}`, clock });
      isAway = false;
      while (!signal.aborted && !connection.lost.aborted) {
        if (await isGranted(connection, name)) {
          isStandingBy = false;
          await workWith(connection, work);
          break;
        }
        if (!isStandingBy) log.info('standing by: another process is at it', { name });
        isStandingBy = true;
        await clock.sleep(againAfterMs, signal);
      }
    } catch (error) {
      if (error instanceof WorkError) throw error.cause;
      if (!isAway && !signal.aborted) {
        log.warn('database connection lost', { name, reason: error instanceof Error ? error.message : '' });
      }
      isAway = true;
    } finally {
      await connection?.close();
    }
    if (!signal.aborted) await clock.sleep(againAfterMs, signal);
  }
}

async function isGranted(connection: OwnConnection, name: string): Promise<boolean> {
  const [row] = await connection.query<{ granted: boolean }>(
    `select pg_try_advisory_lock(hashtext('nashra'), hashtext($1)) as granted`,
    [name],
  );
  return row?.granted === true;
}

async function workWith(connection: OwnConnection, work: (lost: AbortSignal) => Promise<void>): Promise<void> {
  try {
    await work(connection.lost);
  } catch (error) {
    throw new WorkError('the work failed', { cause: error });
  }
}

/** Told apart from the failures of the connection, which are tried again. */
class WorkError extends Error {
  override name = 'WorkError';
}
