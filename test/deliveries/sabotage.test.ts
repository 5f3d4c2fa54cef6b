import { type KyselyPlugin, sql } from 'kysely';
import { beforeEach, expect, it } from 'vitest';
import { insertBroadcast } from '../../src/deliveries/broadcast-store.ts';
import { claimPictures } from '../../src/deliveries/picture-store.ts';
import { sendDeliveries } from '../../src/deliveries/send.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { withdrawStory } from '../../src/stories/change-story.ts';
import { findBegunStory, lockUnplannedStories, tryLockPlanning } from '../../src/stories/story-store.ts';
import { useSendingDesk } from '../support/sending-desk.ts';

const desk = useSendingDesk({ clock: systemClock });

beforeEach(async () => {
  await sql`truncate subject, chunk, delivery, recipient, story, broadcast restart identity cascade`.execute(desk.db);
  await sql`update pace set next_at = now(), paused_until = null`.execute(desk.db);
});

const { ledger } = desk;

/** Ends sooner than a run that turns in circles. */
const soon = () => AbortSignal.timeout(2_500);

async function freshStory(headline: string, slug: string, readers: number): Promise<number> {
  const topic = await desk.addTopic(slug);
  await desk.addReaders(readers, { topic });
  const storyId = await desk.addStory(headline, { topic });
  await desk.plan();
  return storyId;
}

it('loses nobody when Postgres is cut while slots are taken', async () => {
  const storyId = await freshStory('خبر القطع', 'cut-slots', 5);
  await sql`create sequence cuts`.execute(desk.db);
  await sql`
    create function cut_once() returns trigger language plpgsql as $$
    begin
      if nextval('cuts') = 1 then raise exception 'cut' using errcode = 'admin_shutdown'; end if;
      return new;
    end $$
  `.execute(desk.db);
  await sql`create trigger cut_once before update on pace for each row execute function cut_once()`.execute(desk.db);
  await desk.send({ signal: soon(), patienceMs: 2_000 });
  await sql`drop trigger cut_once on pace`.execute(desk.db);
  expect((await ledger(storyId)).map(({ state }) => state)).toEqual(Array(5).fill('sent'));
});

it('loses nobody when Postgres is cut after a slice was begun, while a changed story is read again', async () => {
  const storyId = await freshStory('خبر يتغير', 'cut-refresh', 5);
  await sql`
    create function change_story() returns trigger language plpgsql as $$
    begin update story set revision = 2 where revision = 1 and headline = 'خبر يتغير'; return new; end $$
  `.execute(desk.db);
  await sql`create trigger change_story before update on pace for each row execute function change_story()`.execute(
    desk.db,
  );
  let reads = 0;
  const cutSecondRead: KyselyPlugin = {
    transformQuery({ node }) {
      if (node.kind === 'SelectQueryNode' && JSON.stringify(node.from).includes('"story"')) {
        reads += 1;
        if (reads === 2) throw Object.assign(new Error('Connection terminated unexpectedly'), { code: 'ECONNRESET' });
      }
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const deps = { ...desk.deps(), db: desk.db.withPlugin(cutSecondRead) };
  await sendDeliveries(deps, { patienceMs: 2_000, signal: soon() });
  await sql`drop trigger change_story on pace`.execute(desk.db);
  expect(reads).toBeGreaterThan(1);
  expect((await ledger(storyId)).map(({ state }) => state)).toEqual(Array(5).fill('sent'));
});

it('sends after the clock was set back, and does not turn in circles', async () => {
  const storyId = await freshStory('خبر بعد الساعة', 'clock-back', 2);
  const inAnHour = new Date(Date.now() + 3_600_000);
  const rows = await ledger(storyId);
  await desk.db
    .updateTable('recipient')
    .set({ nextSendAt: inAnHour })
    .where(
      'recipientId',
      'in',
      rows.map(({ recipientId }) => recipientId),
    )
    .execute();
  await desk.send({ signal: soon(), patienceMs: 1_000 });
  const { subjectId } = rows[0] as { subjectId: number };
  const chunks = await desk.db.selectFrom('chunk').select('chunkId').where('subjectId', '=', subjectId).execute();
  expect(chunks.length).toBeLessThan(10);
  expect((await ledger(storyId)).map(({ state }) => state)).toEqual(['sent', 'sent']);
});

it('waits quietly while many answers to people have taken the next slots', async () => {
  const storyId = await freshStory('خبر وراء الأجوبة', 'behind-answers', 2);
  await sql`update pace set next_at = clock_timestamp() + interval '20 seconds'`.execute(desk.db);
  await desk.send({ signal: soon(), patienceMs: 30_000 });
  await sql`update pace set next_at = clock_timestamp()`.execute(desk.db);
  const { subjectId } = (await ledger(storyId))[0] as { subjectId: number };
  const chunks = await desk.db.selectFrom('chunk').select('chunkId').where('subjectId', '=', subjectId).execute();
  expect(chunks.length).toBeLessThan(10);
  await desk.send({ signal: soon(), patienceMs: 1_000 });
});

it('says of a message that it arrived, though our own claim had run out while it was called for', async () => {
  const topicId = await desk.addTopic('own-claim');
  const [reader] = await desk.addReaders(1, { topic: topicId });
  const broadcastId = await insertBroadcast(desk.db, {
    editorId: 1,
    fromChatId: 1,
    messageIds: [771],
    progressMessageId: null,
    atMostOnce: true,
    audience: 'topic',
    topicId,
    now: new Date(),
  });
  await desk.plan();
  const deps = desk.deps();
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const sender = Object.assign(Object.create(deps.sender) as typeof deps.sender, {
    async copyBroadcast() {
      called.resolve();
      await answer.promise;
      return { kind: 'sent', messageId: 5 } as const;
    },
  });
  const sending = sendDeliveries({ ...deps, sender }, { patienceMs: 500 });
  await called.promise;
  // As after an outage of Postgres of more than ten seconds.
  await sql`update chunk set claimed_until = clock_timestamp() - interval '1 second' where closed_at is null and claim is not null`.execute(
    desk.db,
  );
  await systemClock.sleep(700);
  answer.resolve();
  await sending;
  const row = await desk.db
    .selectFrom('delivery')
    .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
    .selectAll('delivery')
    .where('subject.broadcastId', '=', broadcastId as number)
    .where('recipientId', '=', reader?.recipientId as number)
    .executeTakeFirstOrThrow();
  expect(row).toMatchObject({ state: 'sent', messageId: 5 });
});

it('sends a broadcast for the readers of a topic to nobody once the topic is gone', async () => {
  await desk.addReaders(3);
  const broadcastId = await insertBroadcast(desk.db, {
    editorId: 1,
    fromChatId: 1,
    messageIds: [772],
    progressMessageId: null,
    audience: 'topic',
    topicId: null as never,
    now: new Date(),
  });
  await desk.plan();
  const rows = await desk.db
    .selectFrom('delivery')
    .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
    .select('recipientId')
    .where('subject.broadcastId', '=', broadcastId as number)
    .execute();
  expect(rows).toEqual([]);
});

it('takes a story back also from a digest that was on the wire when it was withdrawn', async () => {
  const topic = await desk.addTopic('digest-wire');
  await desk.addReaders(1, { topic });
  const earlier = new Date(Date.now() - 10 * 60_000);
  const first = await desk.addStory('خبر أول متأخر', { topic });
  const second = await desk.addStory('خبر ثان متأخر', { topic });
  await desk.db.updateTable('story').set({ isLate: true }).where('storyId', 'in', [first, second]).execute();
  await desk.plan();
  await desk.db.updateTable('subject').set({ heldSince: earlier }).where('storyId', 'in', [first, second]).execute();
  await desk.plan();
  const deps = desk.deps();
  let digests = 0;
  const sender = Object.assign(Object.create(deps.sender) as typeof deps.sender, {
    async sendDigest(...given: Parameters<typeof deps.sender.sendDigest>) {
      digests += 1;
      const sent = await deps.sender.sendDigest(...given);
      await withdrawStory(desk.db, first, new Date());
      await desk.plan();
      return sent;
    },
  });
  await sendDeliveries({ ...deps, sender }, { patienceMs: 500, signal: soon() });
  await desk.plan();
  // Their chat may be written to again after a second.
  await desk.send({ patienceMs: 5_000 });
  expect(digests).toBe(1);
  const edits = desk.telegram
    .calls('editMessageText')
    .map(({ params }) => (typeof params['text'] === 'string' ? params['text'] : ''));
  expect(edits.some((text) => text.includes('خبر ثان متأخر'))).toBe(true);
});

it('goes on sending while the editor cannot be shown how far a broadcast is', async () => {
  await desk.addReaders(3);
  await insertBroadcast(desk.db, {
    editorId: 1,
    fromChatId: 1,
    messageIds: [773],
    progressMessageId: 9,
    audience: 'readers',
    topicId: null,
    now: new Date(),
  });
  await desk.plan();
  const deps = desk.deps();
  let states: string[] = [];
  const nobody = {
    ...deps.desk,
    async broadcastProgress() {
      const storyId = await desk.addStory('خبر أثناء التقدم', { breaking: true });
      await desk.plan();
      // As long as Telegram hangs; a breaking story is to be out long before.
      await systemClock.sleep(2_500);
      states = (await ledger(storyId)).map(({ state }) => state);
    },
  };
  // Nobody gets the broadcast before its progress is shown.
  await sql`update chunk set due_at = ${new Date(Date.now() + 1_000)}`.execute(desk.db);
  await sendDeliveries({ ...deps, desk: nobody }, { patienceMs: 1_500, signal: AbortSignal.timeout(5_000) });
  expect(states).toEqual(['sent', 'sent', 'sent']);
});

it('reads a picture claim at once while the rest of the audience is still being planned', async () => {
  await desk.addReaders(1);
  const storyId = await desk.addStory('خبر مصور');
  await desk.db
    .updateTable('story')
    .set({ imageUrl: 'https://example.org/a.jpg' })
    .where('storyId', '=', storyId)
    .execute();
  // As after the first readers of a large audience: some are written down, the others are looked for.
  await desk.plan();
  await desk.db.updateTable('story').set({ plannedAt: null }).where('storyId', '=', storyId).execute();
  await desk.db.transaction().execute(async (planning) => {
    expect(await lockUnplannedStories(planning, { now: new Date(), limit: 16 })).toEqual([]);
    expect(await tryLockPlanning(planning, storyId)).toBe(true);
    expect((await findBegunStory(planning, { now: new Date(), afterId: 0 }))?.storyId).toBe(storyId);
    const claimed = desk.db.transaction().execute(async (trx) => {
      await sql`set local lock_timeout = '500ms'`.execute(trx);
      return (await claimPictures(trx, [storyId], { now: new Date(), tryMs: 5_000 })).get(storyId);
    });
    expect(await claimed.catch((error: unknown) => String(error))).toBe('mine');
  });
  await desk.db.updateTable('story').set({ plannedAt: new Date() }).where('storyId', '=', storyId).execute();
});
