// Ends several things at once, and waits for none of them longer than there is time.
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

interface EndOptions {
  clock: Clock;
  log: Log;
  withinMs: number;
}

/**
 * Calls all of `ends`, by the names of what they end; their failures are logged. True when everything ended in time.
 * What did not goes on until the process ends: it has to be safe against that, as against a kill.
 */
export async function endInTime(
  ends: Iterable<readonly [name: string, end: () => Promise<unknown>]>,
  { clock, log, withinMs }: EndOptions,
): Promise<boolean> {
  const open = new Set<string>();
  const all = [...ends].map(async ([name, end]) => {
    open.add(name);
    try {
      await end();
    } catch (error) {
      log.warn('could not be ended in order', { what: name, error });
    }
    open.delete(name);
  });
  const allEnded = new AbortController();
  await Promise.race([Promise.all(all).then(() => allEnded.abort()), clock.sleep(withinMs, allEnded.signal)]);
  if (open.size === 0) return true;
  log.warn('stopped without waiting for what takes longer', { what: [...open] });
  return false;
}
