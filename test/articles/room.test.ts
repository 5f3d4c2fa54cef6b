import { expect, it } from 'vitest';
import { createRoom } from '../../src/articles/room.ts';

/** Everything that is ready has gone on. */
const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));

function full(size: number) {
  const room = createRoom(size);
  const ends: (() => void)[] = [];
  for (let place = 0; place < size; place += 1) {
    void room.use(() => new Promise((resolve) => void ends.push(resolve)));
  }
  return { room, ends };
}

it('where each brings something, as many are asked as there is room for what they bring', async () => {
  const { room, ends } = full(2);
  for (let before = 0; before < 100; before += 1) room.learn(true);
  const gone: string[] = [];
  const ask = async (name: string) => {
    const answered = await room.free();
    gone.push(name);
    return answered;
  };
  const first = ask('first');
  void ask('second');
  await settle();
  expect(gone).toEqual([]);
  ends[0]?.();
  await settle();
  expect(gone).toEqual(['first']);
  (await first)();
  await settle();
  expect(gone).toEqual(['first', 'second']);
});

it('where nobody brings anything, all are asked at once, unless there is no room left', async () => {
  const { room, ends } = full(1);
  const waiting = [room.free(), room.free(), room.free()];
  await settle();
  ends[0]?.();
  await Promise.all(waiting);
});

it('whoever is to stop waits no longer', async () => {
  const { room } = full(1);
  const stopping = new AbortController();
  const waiting = room.free(stopping.signal);
  stopping.abort();
  await waiting;
});
