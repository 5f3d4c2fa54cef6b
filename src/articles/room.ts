// Room for so many at a time; others may be sent away to wait until there is some again.

export interface Room {
  /** Resolves when there is room, or `signal` aborts. It is not kept: several who wait may go on together. */
  free(signal?: AbortSignal): Promise<void>;
  /** Takes up room while `work` runs, whether there is any or not. */
  use(work: () => Promise<void>): Promise<void>;
}

export function createRoom(size: number): Room {
  let used = 0;
  const waiting: (() => void)[] = [];
  return {
    async free(signal) {
      while (used >= size && !signal?.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
        await promise;
      }
    },
    async use(work) {
      used += 1;
      try {
        await work();
      } finally {
        used -= 1;
        // Who goes on may take none: when all is free, nobody is left waiting.
        const going = waiting.splice(0, used === 0 ? waiting.length : Math.max(0, size - used));
        for (const go of going) go();
      }
    },
  };
}
