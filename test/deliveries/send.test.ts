import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { claimChunks, countChunks } from '../../src/deliveries/chunk-store.ts';
import { doubtMs } from '../../src/deliveries/delivery.ts';
import { stopSubject } from '../../src/deliveries/subject-store.ts';
import { useSendingDesk } from '../support/sending-desk.ts';

const desk = useSendingDesk();

const textOf = ({ text }: Record<string, unknown>) => (typeof text === 'string' ? text : '');

const { ledger } = desk;

it('brings a story to each reader once, and says so in the ledger', async () => {
  const readers = await desk.addReaders(40);
  const storyId = await desk.addStory('خبر للأربعين');
  expect(await desk.plan()).toBe(40);
  expect(await desk.send()).toEqual({ sent: 40 });
  expect(readers.map(({ user }) => user.messages().length)).toEqual(readers.map(() => 1));
  const rows = await ledger(storyId);
  expect(rows).toHaveLength(40);
  for (const row of rows) {
    expect(row).toMatchObject({ state: 'sent', attempts: 1, doubts: 0, topicIds: [desk.topicId], storyRevision: 1 });
  }
  expect(await desk.send()).toEqual({});
  expect(readers.map(({ user }) => user.messages().length)).toEqual(readers.map(() => 1));
});

it('writes down what was sent also when Postgres ends the writing to resolve a deadlock', async () => {
  const storyId = await desk.addStory('خبر بين قفلين');
  await desk.plan();
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
  expect(new Set((await ledger(storyId)).map(({ state }) => state))).toEqual(new Set(['sent']));
  expect(desk.telegram.calls('sendMessage').filter(({ params }) => textOf(params).includes('بين قفلين'))).toHaveLength(
    40,
  );
  await sql`drop trigger end_first_writing on delivery`.execute(desk.db);
});

const messagesOf = (text: string) =>
  desk.telegram
    .calls()
    .filter(({ params }) => textOf(params).includes(text))
    .map(({ params }) => Number(params['chat_id']));

it('sends nothing to who has left since it was planned, though they may be back, and says why', async () => {
  const readers = await desk.addReaders(3);
  const [left, back, stays] = readers;
  if (!left || !back || !stays) throw new Error('a reader is missing');
  const storyId = await desk.addStory('خبر بعد الرحيل');
  await desk.plan();
  const leftAt = new Date(desk.clock.now().getTime() + 1000);
  await desk.db
    .updateTable('recipient')
    .set({ state: 'stopped', leftAt })
    .where('recipientId', '=', left.recipientId)
    .execute();
  await desk.db.updateTable('recipient').set({ leftAt }).where('recipientId', '=', back.recipientId).execute();
  await desk.send();
  expect(messagesOf('بعد الرحيل')).not.toContain(left.user.id);
  expect(messagesOf('بعد الرحيل')).not.toContain(back.user.id);
  expect(messagesOf('بعد الرحيل')).toContain(stays.user.id);
  const rows = (await ledger(storyId)).filter(({ recipientId }) =>
    [left, back].some((r) => r.recipientId === recipientId),
  );
  expect(rows.map(({ state, outcomeReason }) => [state, outcomeReason])).toEqual([
    ['canceled', 'the recipient is stopped'],
    ['canceled', 'the recipient had left meanwhile'],
  ]);
});

it('sends nothing more of what is stopped in the middle, and says why', async () => {
  await desk.db.updateTable('recipient').set({ leftAt: null }).execute();
  // More than are called for at a time.
  await desk.addReaders(200);
  const storyId = await desk.addStory('خبر يُسحب');
  await desk.plan();
  const off = desk.telegram.on((event) => {
    if (event.type !== 'call' || !textOf(event.call.params).includes('يُسحب')) return;
    off();
    void stopSubject(
      desk.db,
      { storyId },
      { outcome: 'withdrawn', reason: 'withdrawn by hand', now: desk.clock.now() },
    );
  });
  await desk.send();
  const rows = await ledger(storyId);
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent', 'canceled']));
  expect(rows.filter(({ state }) => state === 'sent')).toHaveLength(messagesOf('يُسحب').length);
  for (const row of rows) if (row.state === 'canceled') expect(row.outcomeReason).toBe('withdrawn by hand');
});

it('sends once more after a cut connection, and counts as unknown what is cut again', async () => {
  const storyId = await desk.addStory('خبر مقطوع');
  await desk.plan();
  const [once, twice] = await ledger(storyId);
  if (!once || !twice) throw new Error('nothing is planned');
  const chat = async ({ recipientId }: { recipientId: number }) =>
    (
      await desk.db
        .selectFrom('recipient')
        .select('chatId')
        .where('recipientId', '=', recipientId)
        .executeTakeFirstOrThrow()
    ).chatId as number;
  desk.telegram.fail({ method: 'sendMessage', chatId: await chat(once), times: 1, fault: 'reset-after' });
  desk.telegram.fail({ method: 'sendMessage', chatId: await chat(twice), times: 2, fault: 'reset-after' });
  await desk.send();
  const rows = await ledger(storyId);
  const of = ({ recipientId }: { recipientId: number }) => rows.find((row) => row.recipientId === recipientId);
  expect(of(once)).toMatchObject({ state: 'sent', attempts: 2, doubts: 1 });
  expect(of(twice)).toMatchObject({ state: 'unknown', attempts: 2, doubts: 2 });
  expect(await countChunks(desk.db)).toMatchObject({ unknown: 1, open: 0 });
});

it('gives what a process left in the middle of its calls to another, which sends it once more', async () => {
  const storyId = await desk.addStory('خبر الانقطاع');
  await desk.plan();
  const [chunk] = await claimChunks(desk.db, {
    sender: 'another',
    claim: 'another.1',
    leaseMs: 0,
    recipientsAtOnce: 150,
    now: desk.clock.now(),
  });
  if (!chunk) throw new Error('nothing is planned');
  const [abandoned] = await ledger(storyId);
  if (!abandoned) throw new Error('nothing is planned');
  const key = { subjectId: abandoned.subjectId, recipientId: abandoned.recipientId };
  await desk.db
    .updateTable('delivery')
    .set({ state: 'sending', attempts: 1 })
    .where((where) => where.and(key))
    .execute();
  const before = desk.clock.now();
  await desk.send();
  const rows = await ledger(storyId);
  expect(rows.find(({ recipientId }) => recipientId === key.recipientId)).toMatchObject({
    state: 'sent',
    attempts: 2,
    doubts: 1,
  });
  expect(desk.clock.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(doubtMs);
  expect(messagesOf('خبر الانقطاع')).toHaveLength(rows.filter(({ state }) => state === 'sent').length);
});
