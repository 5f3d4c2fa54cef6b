// Wakes those who wait: a poke that comes while nobody waits is kept for the next one who does.
export interface Wake {
  poke(): void;
  /** Resolves at the next poke, for all who wait; at once when there was one since anybody waited. */
  next(): Promise<void>;
}

export function createWake(): Wake {
  let waiting: PromiseWithResolvers<void> | undefined;
  let isPoked = false;
  return {
    poke() {
      if (!waiting) isPoked = true;
      waiting?.resolve();
      waiting = undefined;
    },
    next() {
      if (isPoked) {
        isPoked = false;
        return Promise.resolve();
      }
      waiting ??= Promise.withResolvers<void>();
      return waiting.promise;
    },
  };
}
