// Does in batches what is asked for one by one: what is asked for at the same time, or while one batch is at work.
import { otherTurns } from './clock.ts';

/**
 * The function that asks. `work` gives a result for each item, in their order; one batch is at work at a time, of at
 * most `atMost`, and if it fails all who asked for its items learn so.
 */
export function inBatches<Item, Result>(
  atMost: number,
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
): (item: Item) => Promise<Result> {
  const waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  let isWorking = false;

  async function run(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      // Whoever is about to ask as well comes along.
      await otherTurns();
      const batch = waiting.splice(0, atMost);
      try {
        const results = await work(batch.map(({ item }) => item));
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWorking) void run();
    });
}
