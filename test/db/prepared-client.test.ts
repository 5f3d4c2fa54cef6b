import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { isDisconnected } from '../../src/db/database.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

const keptStatements = async () => {
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(database.db);
  return rows.map(({ statement }) => statement);
};

test('a statement that is asked again and again is planned once, and one that is not is not kept', async () => {
  await database.db.connection().execute(async (db) => {
    await sql`select ${'once'}::text`.execute(db);
    for (const word of ['a', 'b', 'c', 'd']) {
      const { rows } = await sql<{ word: string }>`select ${word}::text as word`.execute(db);
      expect(rows).toEqual([{ word }]);
    }
  });

  expect(await keptStatements()).toEqual(['select $1::text as word']);
});

test('a statement whose table another process has changed may be asked again, and sees what is new', async () => {
  const { db } = database;
  const ask = () => sql<object>`select * from note where note_id = ${1}`.execute(db);
  await sql`create table note (note_id integer)`.execute(db);
  await sql`insert into note values (1)`.execute(db);
  for (let time = 0; time < 4; time += 1) await ask();

  await sql`alter table note add column words text`.execute(db);
  const refusal: unknown = await ask().catch((error: unknown) => error);

  expect(isDisconnected(refusal)).toBe(true);
  expect((await ask()).rows).toEqual([{ noteId: 1, words: null }]);
});
