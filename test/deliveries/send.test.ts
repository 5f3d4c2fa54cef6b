import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { useTellingDesk } from '../support/telling-desk.ts';

const newsroom = useTellingDesk();
const { desk } = newsroom;

it('writes down what was sent also when Postgres ends the writing to resolve a deadlock', async () => {
  const storyId = await newsroom.insertStory({ headline: 'خبر بين قفلين' });
  await newsroom.plan();
  // A sequence is not undone with its transaction: only the first writing is ended.
  await sql`create sequence writing`.execute(desk.db);
  await sql`
    create function end_first_writing() returns trigger language plpgsql as $$
    begin
      if nextval('writing') = 1 then raise exception 'deadlock detected' using errcode = 'deadlock_detected'; end if;
      return new;
    end $$
  `.execute(desk.db);
  await sql`
    create trigger end_first_writing before update on delivery
    for each row when (new.state = 'sent') execute function end_first_writing()
  `.execute(desk.db);
  await desk.send();

  const { copies } = await newsroom.ledger(storyId);
  expect(copies.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent', 'sent']);
  expect(newsroom.copiesOf('خبر بين قفلين').map((messages) => messages.length)).toEqual([1, 1, 1, 1]);
  const { rows } = await sql<{ writings: number }>`select last_value as writings from writing`.execute(desk.db);
  expect(rows).toEqual([{ writings: 5 }]);
});
