import { expect, it } from 'vitest';
import { createLine } from '../../src/articles/in-order.ts';

const forever = 2 ** 31 - 1;

it('what began later ends later', async () => {
  const line = createLine(forever);
  const ended: string[] = [];
  const first = line.begin();
  const second = line.begin();
  const endSecond = async () => {
    await second.wait();
    ended.push('second');
    second.end();
  };
  const late = endSecond();
  await first.wait();
  ended.push('first');
  first.end();
  await late;
  expect(ended).toEqual(['first', 'second']);
});

it('what never ends holds those behind it back only so long', async () => {
  const line = createLine(1);
  line.begin();
  const ended: string[] = [];
  for (const [name, turn] of [
    ['second', line.begin()],
    ['third', line.begin()],
  ] as const) {
    await turn.wait();
    ended.push(name);
  }
  expect(ended).toEqual(['second', 'third']);
});

it('nobody waits once it is over', async () => {
  const line = createLine(forever);
  line.begin();
  await expect(line.begin().wait(AbortSignal.abort())).resolves.toBeUndefined();
});
