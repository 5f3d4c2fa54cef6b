import { sql } from 'kysely';
import { expect, it } from 'vitest';
import type { Clock } from '../../src/lib/clock.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { useSendingDesk } from '../support/sending-desk.ts';
import { createTestClock } from '../support/test-clock.ts';
import { png } from '../sandbox/telegram/support.ts';
import { answer, useWebServer } from '../support/web-server.ts';

const web = useWebServer();

const testClock = createTestClock();
/** What has its slot already waits for it until this. */
const slotsCome = Promise.withResolvers<void>();
const heldClock: Clock = {
  ...testClock,
  async sleep(ms, signal) {
    if (!signal) await slotsCome.promise;
    await testClock.sleep(ms, signal);
  },
};
const held = useSendingDesk({ clock: heldClock, pace: { perSecond: 30 } });

it('writes to nobody any more once Telegram asks for a pause, not even to those whose turn had come', async () => {
  // As many as get their slots together.
  const readers = await held.addReaders(3);
  await held.addStory('خبر قبل الوقفة');
  await held.plan();
  const fault = { status: 429, description: 'Too Many Requests', parameters: { retry_after: 43_837 } };
  held.telegram.fail({ method: 'sendMessage', times: 1, fault });
  const sent = held.send();
  const isPaused = () => held.db.selectFrom('pace').select('pausedUntil').executeTakeFirstOrThrow();
  await expect.poll(async () => (await isPaused()).pausedUntil).not.toBeNull();
  // The sender has come to terms with that, too.
  for (let question = 0; question < 30; question += 1) await isPaused();
  slotsCome.resolve();
  expect(await sent).toEqual({ wait: 1 });
  expect(held.telegram.calls('sendMessage')).toHaveLength(1);
  const rows = await held.db.selectFrom('delivery').select(['state', 'attempts']).execute();
  expect(rows).toEqual(readers.map(() => ({ state: 'planned', attempts: 0 })));

  await held.db.updateTable('pace').set({ pausedUntil: null }).execute();
  testClock.advance(43_838_000);
  await held.send();
  expect(readers.map(({ user }) => user.messages().length)).toEqual(readers.map(() => 1));
});

let whileWaiting = async () => {};
const watchedClock: Clock = {
  ...systemClock,
  async sleep(ms, signal) {
    if (ms > 200) await whileWaiting();
    await systemClock.sleep(ms, signal);
  },
};
const watched = useSendingDesk({ clock: watchedClock, pace: { perSecond: 30 } });

it('keeps a picture for nobody who has to wait for a slot', async () => {
  const readers = await watched.addReaders(3);
  const storyId = await watched.addStory('خبر مصور');
  const imageUrl = web.on('/harbour.png', answer(png(300, 200), { 'content-type': 'image/png' }));
  await watched.db.updateTable('story').set({ imageUrl }).where('storyId', '=', storyId).execute();
  await watched.plan();
  // Others have just taken the slots of the next moment.
  await sql`update pace set next_at = clock_timestamp() + interval '800 milliseconds'`.execute(watched.db);
  const states: string[] = [];
  whileWaiting = async () => {
    const { imageState } = await watched.db.selectFrom('story').select('imageState').executeTakeFirstOrThrow();
    states.push(imageState);
  };
  await watched.send();
  expect(states).toContain('untried');
  expect(states).not.toContain('trying');
  expect(readers.map(({ user }) => user.messages().filter(({ photo }) => photo).length)).toEqual([1, 1, 1]);
});
