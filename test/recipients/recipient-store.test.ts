import { beforeEach, describe, expect, it } from 'vitest';
import {
  activateSubscriber,
  findRecipientByChat,
  markActive,
  setRecipientChat,
  setRecipientState,
} from '../../src/recipients/recipient-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const minutes = (count: number) => count * 60_000;

describe('readers who come and go', () => {
  const database = useDatabase();
  let clock: ReturnType<typeof createTestClock>;

  beforeEach(async () => {
    await database.db.deleteFrom('recipient').execute();
    clock = createTestClock();
  });

  const come = (chatId = 77) => activateSubscriber(database.db, { chatId, language: 'ar', now: clock.now() });
  const row = (chatId = 77) =>
    database.db.selectFrom('recipient').selectAll().where('chatId', '=', chatId).executeTakeFirstOrThrow();

  it('are known to have left when they ceased to be active, also after they are back', async () => {
    const { subscriber } = await come();
    clock.advance(minutes(1));
    const left = clock.now();
    expect(await setRecipientState(database.db, subscriber.recipientId, { state: 'stopped', now: left })).toBe(true);
    expect(await row()).toMatchObject({ state: 'stopped', leftAt: left });

    clock.advance(minutes(1));
    expect(await come()).toMatchObject({ before: 'stopped' });
    expect(await row()).toMatchObject({ state: 'active', leftAt: left });

    clock.advance(minutes(1));
    const again = { state: 'blocked', reason: 'blocked', only: ['active'], now: clock.now() } as const;
    await setRecipientState(database.db, subscriber.recipientId, again);
    expect(await row()).toMatchObject({ state: 'blocked', leftAt: clock.now() });
  });

  it('left once, whatever happens to them while they are away', async () => {
    const { subscriber } = await come();
    const left = clock.now();
    await setRecipientState(database.db, subscriber.recipientId, { state: 'stopped', now: left });
    clock.advance(minutes(5));
    await setRecipientState(database.db, subscriber.recipientId, { state: 'blocked', now: clock.now() });
    expect(await row()).toMatchObject({ state: 'blocked', leftAt: left });
  });

  it('show a sign of life, which is written down once an hour', async () => {
    await come();
    const came = clock.now();
    expect((await row()).lastActiveAt).toEqual(came);
    clock.advance(minutes(59));
    await markActive(database.db, { chatId: 77, now: clock.now() });
    expect((await row()).lastActiveAt).toEqual(came);
    clock.advance(minutes(1));
    await markActive(database.db, { chatId: 77, now: clock.now() });
    expect((await row()).lastActiveAt).toEqual(clock.now());
    await markActive(database.db, { chatId: 78, now: clock.now() });
    expect(await findRecipientByChat(database.db, 78)).toBeUndefined();
  });

  it('keep one recipient for a chat that turns out to be known', async () => {
    const { subscriber: group } = await come(1);
    await come(2);
    expect(await setRecipientChat(database.db, group.recipientId, 2, clock.now())).toBe(false);
    expect(await row(1)).toMatchObject({ state: 'disabled', leftAt: clock.now() });
    expect(await row(2)).toMatchObject({ state: 'active', leftAt: null });
  });
});
