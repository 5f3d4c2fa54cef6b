import { expect, it } from 'vitest';
import { inBatches } from '../../src/lib/batches.ts';

it('what is asked for while a batch is at work is done together, in its order, and not too much at once', async () => {
  const batches: number[][] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const double = inBatches(2, async (items: readonly number[]) => {
    batches.push([...items]);
    await begun;
    return items.map((item) => item * 2);
  });
  const asked = [1, 2, 3, 4].map((item) => double(item));
  begin();
  expect(await Promise.all(asked)).toEqual([2, 4, 6, 8]);
  expect(batches).toEqual([[1], [2, 3], [4]]);
  expect(await double(5)).toBe(10);
});

it('a batch that fails fails those who asked for it, and nobody else', async () => {
  const invert = inBatches(1, async ([item]: readonly number[]) => {
    if (item === 0) throw new Error('none');
    return [1 / (item ?? 1)];
  });
  const results = await Promise.allSettled([invert(1), invert(0), invert(2)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
