import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { useDatabase } from '../support/database.ts';

const one = useDatabase();
const other = useDatabase();

test('big integers arrive as numbers, alone and in arrays', async () => {
  const { rows } = await sql<object>`
    select 4503599627370495::bigint as id, array[-1001234567890, null]::bigint[] as ids, array['a,b', '"'] as words
  `.execute(one.db);

  expect(rows).toEqual([{ id: 4_503_599_627_370_495, ids: [-1_001_234_567_890, null], words: ['a,b', '"'] }]);
});

test('what one test file writes is unseen by another', async () => {
  await one.db.insertInto('topic').values({ slug: 'syria', name: '{}', keywords: '{}', position: 1 }).execute();

  expect(await other.db.selectFrom('topic').selectAll().execute()).toEqual([]);
});

test('migrating a migrated database changes nothing', async () => {
  expect(await migrate(one.db)).toEqual([]);
});
