// Bounded concurrency: over a list, or of workers that find their own work.

/** Runs `work` over `items`, at most `limit` at a time; rejects with the first error after all have ended. */
export async function forEachConcurrently<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const errors: unknown[] = [];
  const worker = async () => {
    for (const item of queue) {
      try {
        await work(item);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (errors.length > 0) throw errors[0];
}

/** Runs `count` of one worker at a time; rejects with the first error after all have ended. */
export function runWorkers(count: number, worker: () => Promise<void>): Promise<void> {
  return forEachConcurrently(Array.from({ length: count }), count, worker);
}
