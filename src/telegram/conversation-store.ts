// Where editors are in their conversations, in Postgres: a restart asks nobody to begin again.
import type { VersionedState } from '@grammyjs/conversations';
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';

/** Forgets conversations that nobody came back to. */
export async function purgeConversations(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('conversation').where('updatedAt', '<', before).execute();
}

/** The storage that @grammyjs/conversations asks for: read, write and delete by key. */
export function conversationStore<State>({ db, clock }: { db: Db; clock: Clock }) {
  return {
    async read(key: string): Promise<VersionedState<State> | undefined> {
      const row = await db.selectFrom('conversation').select('state').where('key', '=', key).executeTakeFirst();
      return row?.state as VersionedState<State> | undefined;
    },
    async write(key: string, value: VersionedState<State>): Promise<void> {
      const row = { state: JSON.stringify(value), updatedAt: clock.now() };
      await db
        .insertInto('conversation')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
    },
    async delete(key: string): Promise<void> {
      await db.deleteFrom('conversation').where('key', '=', key).execute();
    },
  };
}
