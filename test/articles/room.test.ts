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

it('whoever needs room waits until there is some', async () => {
  const { room, ends } = full(2);
  const gone: string[] = [];
  void room.free().then(() => gone.push('first'));
  void room.free().then(() => gone.push('second'));
  await settle();
  expect(gone).toEqual([]);
  ends[0]?.();
  await settle();
  expect(gone).toEqual(['first']);
});

it('nobody is left waiting when all is free, though nobody took the room', async () => {
  const { room, ends } = full(1);
  const waiting = [room.free(), room.free(), room.free()];
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
