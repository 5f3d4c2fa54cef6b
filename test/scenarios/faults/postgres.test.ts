import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { openStage, type Stage } from '../../support/fault-stage.ts';
import { fillDisk, makeDisk } from '../../support/full-disk.ts';
import { diskProblem, type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts';
import { withClient, withDatabase } from '../../support/server.ts';

const readers = 400;
const noDisk = await diskProblem();

/** Two processes in the middle of a story. */
async function openMiddle(connectionString: string): Promise<Stage> {
  const stage = await openStage({ connectionString, readers, latencyMs: 20 });
  const programs = [stage.fleet.start('collect,deliver'), stage.fleet.start('deliver')];
  await Promise.all(programs.map((program) => program.says('at work')));
  await stage.tell(1);
  await stage.telegram.order('called', { calls: 60 });
  return stage;
}

/** Everyone has got so many stories, exactly once: what was answered meanwhile was not forgotten. */
async function expectOnce(stage: Stage, stories: number): Promise<void> {
  await stage.settle();
  await stage.fleet.stop();
  const check = await stage.check();
  expect(check.problems).toEqual([]);
  expect(check).toMatchObject({ twice: 0, lost: 0, states: { sent: stories * readers } });
}

describe('while a story goes out', () => {
  it.each(['fast', 'immediate'] as const)(
    'Postgres is stopped (%s) and started again: everyone gets it once',
    async (how) => {
      await using postgres = await startOwnPostgres();
      await using stage = await openMiddle(postgres.connectionString);
      await postgres.stop(how);
      await Promise.all(stage.fleet.living.map((program) => program.says('cannot hear other processes')));
      await postgres.start();
      await expectOnce(stage, 1);
    },
    60_000,
  );

  describe('its connections to Postgres', () => {
    const database = useDatabase();
    it('are cut again and again: everyone gets it once', async () => {
      await using stage = await openMiddle(database.connectionString);
      let cut = 0;
      for (let calls = 80; calls <= 320; calls += 40) {
        await stage.telegram.order('called', { calls });
        cut += stage.proxy.cut();
      }
      expect(cut).toBeGreaterThan(10);
      await expectOnce(stage, 1);
    }, 60_000);
  });

  describe('its connections to Postgres', () => {
    const database = useDatabase();
    it('are ended by an administrator: everyone gets it once', async () => {
      await using stage = await openMiddle(database.connectionString);
      await withClient(withDatabase(inject('serverConnectionString'), 'postgres'), (client) =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'nashra%'`,
          [/\/([^/?]*)(\?|$)/.exec(database.connectionString)?.[1]],
        ),
      );
      await expectOnce(stage, 1);
    }, 60_000);
  });

  describe('Postgres', () => {
    const database = useDatabase();
    it('answers every fourth of two hundred changes with an error, wherever that strikes: everyone gets it once', async () => {
      const { db } = database;
      await sql`create sequence change`.execute(db);
      await sql
        .raw(
          `create function interrupt() returns trigger language plpgsql as $$ declare change bigint := nextval('change'); begin
             if change % 4 = 0 and change <= 200 then raise exception 'terminating connection' using errcode = '57P01'; end if;
             return null;
           end $$`,
        )
        .execute(db);
      for (const table of ['pace', 'chunk', 'delivery', 'recipient']) {
        await sql
          .raw(`create trigger interrupt after update on ${table} for each statement execute function interrupt()`)
          .execute(db);
      }
      await using stage = await openMiddle(database.connectionString);
      await expectOnce(stage, 1);
    }, 120_000);
  });

  describe('the disk', () => {
    const database = useDatabase();
    it('is full for the ledger, and has room again: nobody is lost, and nothing came twice unnoticed', async () => {
      const { db } = database;
      await makeDisk(db, ['delivery']);
      await using stage = await openMiddle(database.connectionString);
      await fillDisk(db, true);
      await Promise.race(stage.fleet.living.map((program) => program.says('No space left on device')));
      await fillDisk(db, false);
      await stage.settle({ hurry: true });
      await stage.fleet.stop();
      expect(await stage.check()).toMatchObject({ problems: [], lost: 0, states: { sent: readers } });
    }, 60_000);
  });

  it.skipIf(noDisk !== undefined)(
    `the disk of Postgres is full, and has room again: nobody is lost, and nothing came twice unnoticed${noDisk === undefined ? '' : ` (${noDisk})`}`,
    async () => {
      await using postgres = await startOwnPostgres({ diskBytes: 160_000_000 });
      await using stage = await openMiddle(postgres.connectionString);
      await postgres.fillDisk(100_000);
      for (let story = 2; story <= 4; story += 1) await tellOrFail(stage, story);
      await Promise.race(
        stage.fleet.living.map((program) => program.says(/No space left on device|53100|connection lost/)),
      );
      await postgres.clearDisk();
      await revive(postgres, stage);
      await stage.tell(5);
      await stage.settle({ hurry: true });
      await stage.fleet.stop();
      expect(await stage.check()).toMatchObject({ problems: [], lost: 0 });
    },
    90_000,
  );
});

/** What cannot be written down for want of room was never promised. */
async function tellOrFail(stage: Stage, story: number): Promise<void> {
  await stage.tell(story).catch((error: unknown) => {
    if (!/No space left|terminat|recovery|ECONN/i.test(String(error))) throw error;
  });
}

/** A server that could not even write its journal has ended. */
async function revive(postgres: OwnPostgres, { db }: Stage): Promise<void> {
  await postgres.start();
  await sql`select 1`.execute(db).catch(() => {});
}
