import { expect, it } from 'vitest';
import { sendDeliveries } from '../../src/deliveries/send.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { useSendingDesk } from '../support/sending-desk.ts';

const desk = useSendingDesk({ clock: systemClock, pace: { perSecond: 400 } });

const told = () =>
  desk.telegram.calls('sendMessage').map(({ params }) => /عاجل|عادي/.exec(String(params['text']))?.[0] ?? 'other');

it('lets breaking news go before what is left of another story, and then goes on with that', async () => {
  const urgent = await desk.addTopic('urgent');
  await desk.addReaders(300);
  await desk.addReaders(20, { topic: urgent });
  await desk.addStory('خبر عادي');
  await desk.plan();
  const planned: Promise<unknown>[] = [];
  const off = desk.telegram.on((event) => {
    if (event.type !== 'call') return;
    off();
    planned.push(desk.addStory('زلزال في المدينة', { breaking: true, topic: urgent }).then(() => desk.plan()));
  });
  await desk.send();
  await Promise.all(planned);

  const order = told();
  expect(order.filter((kind) => kind === 'عادي')).toHaveLength(300);
  expect(order.filter((kind) => kind === 'عاجل')).toHaveLength(20);
  const [from, to] = [order.indexOf('عاجل'), order.lastIndexOf('عاجل')];
  // What was on the wire may overtake; nothing else was called for.
  expect(order.slice(from, to + 1).filter((kind) => kind !== 'عاجل').length).toBeLessThan(10);
  expect(to).toBeLessThan(order.lastIndexOf('عادي'));
});

it('shares a story among several who send, each reader once', async () => {
  desk.telegram.clearCalls();
  await desk.addReaders(1000);
  await desk.addStory('خبر عادي للجميع');
  await desk.plan();
  const results = await Promise.all([1, 2, 3].map(() => sendDeliveries({ ...desk.deps(), pace: { perSecond: 500 } })));
  expect(results.reduce((sum, { sent = 0 }) => sum + sent, 0)).toBe(1300);
  expect(results.filter(({ sent = 0 }) => sent > 0).length).toBeGreaterThan(1);
  const chats = desk.telegram.calls('sendMessage').map(({ params }) => params['chat_id']);
  expect(new Set(chats).size).toBe(1300);
  expect(chats).toHaveLength(1300);
});
