import { expect, it } from 'vitest';
import { inBatches } from '../../src/lib/batches.ts';

it('what is asked for at the same time, or while a batch is at work, is done together, in its order, and not too much at once', async () => {
  const batches: number[][] = [];
  const later: Promise<number>[] = [];
  const double = inBatches(3, async (items: readonly number[]) => {
    batches.push([...items]);
    if (items.includes(1)) later.push(double(5), double(6));
    return items.map((item) => item * 2);
  });
  expect(await Promise.all([1, 2, 3, 4].map((item) => double(item)))).toEqual([2, 4, 6, 8]);
  expect(await Promise.all(later)).toEqual([10, 12]);
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(await double(7)).toBe(14);
});

it('a batch that fails fails those who asked for it, and nobody else', async () => {
  const invert = inBatches(1, async ([item]: readonly number[]) => {
    if (item === 0) throw new Error('none');
    return [1 / (item ?? 1)];
  });
  const results = await Promise.allSettled([invert(1), invert(0), invert(2)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
