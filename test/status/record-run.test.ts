import { expect, it } from 'vitest';
import { createLog } from '../../src/lib/log.ts';
import { recordRun } from '../../src/status/status-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const database = useDatabase();

it('a stage that looks every second and finds nothing writes so once a minute, and no line of the log', async () => {
  const clock = createTestClock();
  const lines: string[] = [];
  const log = createLog({ level: 'info', now: () => clock.now(), write: (line) => void lines.push(line) });
  const look = (result: object) =>
    recordRun({ db: database.db, clock, log }, 'send', async () => result, { isResident: true });
  const lastRun = async () =>
    (await database.db.selectFrom('stageRun').select('finishedAt').where('stage', '=', 'send').executeTakeFirst())
      ?.finishedAt;

  await look({ sent: 3 });
  const first = await lastRun();
  expect(first).toEqual(clock.now());
  clock.advance(59_000);
  await look({});
  expect(await lastRun()).toEqual(first);
  clock.advance(2_000);
  await look({});
  expect(await lastRun()).toEqual(clock.now());
  clock.advance(1_000);
  await look({ sent: 1 });
  expect(await lastRun()).toEqual(clock.now());
  expect(lines).toHaveLength(2);
});
