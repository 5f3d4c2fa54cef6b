import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { holdLock } from '../../src/db/hold-lock.ts';
import { createKeyLocks } from '../../src/db/key-locks.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

/** A process, as far as the lock is concerned. */
function contender() {
  const stopping = new AbortController();
  let isAtIt = false;
  let turns = 0;
  let heard: (() => void)[] = [];
  const change = (now: boolean) => {
    isAtIt = now;
    if (now) turns += 1;
    for (const hear of heard.splice(0)) hear();
  };
  const running = holdLock(
    {
      connectionString: database.connectionString,
      name: 'poller',
      clock: systemClock,
      log: silentLog,
      signal: stopping.signal,
    },
    async (lost) => {
      change(true);
      await new Promise<void>((resolve) => {
        for (const end of [lost, stopping.signal]) end.addEventListener('abort', () => resolve());
      });
      change(false);
    },
  );
  return {
    get isAtIt() {
      return isAtIt;
    },
    get turns() {
      return turns;
    },
    async until(look: () => boolean) {
      while (!look()) await new Promise<void>((resolve) => (heard = [...heard, resolve]));
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

const cut = (name: string) =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = ${name} and datname = current_database()
      and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`.execute(database.db);

describe('what only one process may do', () => {
  it('is done by one, and by another when the first ends', async () => {
    const first = contender();
    await first.until(() => first.isAtIt);
    const second = contender();
    await first.stop();
    expect(first.isAtIt).toBe(false);
    await second.until(() => second.isAtIt);
    await second.stop();
  });

  it('is left at once by whoever loses the connection, and done by one again', async () => {
    const [first, second] = [contender(), contender()];
    await Promise.race([first, second].map((one) => one.until(() => one.isAtIt)));
    const holder = first.isAtIt ? first : second;
    expect([first, second].filter((one) => one.isAtIt)).toEqual([holder]);
    await cut('nashra poller');
    await holder.until(() => !holder.isAtIt);
    await Promise.race([first, second].map((one) => one.until(() => one.isAtIt)));
    expect([first, second].filter((one) => one.isAtIt)).toHaveLength(1);
    expect(first.turns + second.turns).toBe(2);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('fails where the work fails', async () => {
    const work = holdLock(
      {
        connectionString: database.connectionString,
        name: 'poller',
        clock: systemClock,
        log: silentLog,
        signal: new AbortController().signal,
      },
      () => Promise.reject(new Error('a wrong token')),
    );
    await expect(work).rejects.toThrow('a wrong token');
  });
});

describe('a lock of many keys', () => {
  const locksOf = () =>
    createKeyLocks({ connectionString: database.connectionString, name: 'chat', clock: systemClock });

  it('lets processes work on one key after the other, on different keys at once', async () => {
    const [here, there] = [locksOf(), locksOf()];
    const done: string[] = [];
    const { promise: first, resolve: endFirst } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const one = here.run('1', async () => {
      begin();
      await first;
      done.push('here 1');
    });
    await begun;
    const other = there.run('1', async () => void done.push('there 1'));
    await there.run('2', async () => void done.push('there 2'));
    endFirst();
    await Promise.all([one, other]);
    expect(done).toEqual(['there 2', 'here 1', 'there 1']);
    await Promise.all([here.close(), there.close()]);
  });

  it('comes back when its connection is cut, and frees what a failed work had', async () => {
    const locks = locksOf();
    await expect(locks.run('1', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await locks.run('1', async () => void (await cut('nashra chat')));
    const again = await locks.run('1', async () => 'again').catch(() => locks.run('1', async () => 'again'));
    expect(again).toBe('again');
    await locks.close();
  });
});
