import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/db/listen.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { useDatabase } from '../support/database.ts';

describe('a listener', () => {
  const database = useDatabase();

  const say = () => sql`select pg_notify('nashra_test', '')`.execute(database.db);

  function listenForTest() {
    let heard = 0;
    let awaited: { count: number; resolve: () => void } | undefined;
    const listener = listen({
      connectionString: database.connectionString,
      channels: {
        nashra_test() {
          heard += 1;
          if (awaited && heard >= awaited.count) awaited.resolve();
        },
      },
      clock: systemClock,
      log: silentLog,
    });
    return {
      listener,
      heardTimes: (count: number): Promise<void> => {
        const { promise, resolve } = Promise.withResolvers<void>();
        awaited = { count, resolve };
        if (heard >= count) resolve();
        return promise;
      },
    };
  }

  it('is called after connecting, and whenever another process says something', async () => {
    const { listener, heardTimes } = listenForTest();
    await heardTimes(1);
    await say();
    await heardTimes(2);
    await say();
    await heardTimes(3);
    await listener.stop();
  });

  it('comes back when its connection is cut, and is called for what it may have missed', async () => {
    const { listener, heardTimes } = listenForTest();
    await heardTimes(1);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'nashra listener' and datname = current_database()`.execute(database.db);
    await heardTimes(2);
    await say();
    await heardTimes(3);
    await listener.stop();
  });

  it('ends at once while the database cannot be reached', async () => {
    const listener = listen({
      connectionString: 'postgres://127.0.0.1:9/nobody',
      channels: { nashra_test() {} },
      clock: systemClock,
      log: silentLog,
    });
    await expect(listener.stop()).resolves.toBeUndefined();
  });
});
