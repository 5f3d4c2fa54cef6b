// Bounded concurrency: over a list, or of workers that find their own work.

/** Runs `work` over `items`, at most `limit` at a time; rejects with the first error after all have ended. */
export async function forEachConcurrently<T>(
  items: readonly T[] | AsyncGenerator<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const isList = Array.isArray(items);
  const queue: Iterator<T> | AsyncIterator<T> = isList ? items.values() : (items as AsyncGenerator<T>);
  const errors: unknown[] = [];
  const worker = async () => {
    for (;;) {
      const { done, value } = await queue.next();
      if (done) return;
      try {
        await work(value);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: isList ? Math.min(limit, items.length) : limit }, worker));
  if (errors.length > 0) throw errors[0];
}

/** Runs `count` of one worker at a time; rejects with the first error after all have ended. */
export function runWorkers(count: number, worker: () => Promise<void>): Promise<void> {
  return forEachConcurrently(Array.from({ length: count }), count, worker);
}
