// A disk that can be full for some tables, as Postgres says it.
import { sql } from 'kysely';
import type { Db } from '../../src/db/database.ts';

/** From now on `fillDisk` decides whether these tables can be written to. */
export async function makeDisk(db: Db, tables: readonly string[]): Promise<void> {
  await sql`create table disk (is_full boolean not null)`.execute(db);
  await sql`insert into disk values (false)`.execute(db);
  await sql
    .raw(
      `create function fill() returns trigger language plpgsql as $$ begin
         if (select is_full from disk) then raise exception 'No space left on device' using errcode = '53100'; end if;
         return new;
       end $$`,
    )
    .execute(db);
  for (const table of tables) {
    await sql
      .raw(`create trigger disk before insert or update on ${table} for each row execute function fill()`)
      .execute(db);
  }
}

export async function fillDisk(db: Db, isFull: boolean): Promise<void> {
  await sql`update disk set is_full = ${isFull}`.execute(db);
}
