// Room for so many things that are on their way; others are asked for more only while what they are likely to bring fits.
import { alarm } from '../lib/clock.ts';

export interface Room {
  /**
   * Resolves, when there is room for what one more is likely to bring or `signal` aborts, with what is to be called when
   * that one has answered.
   */
  free(signal?: AbortSignal): Promise<() => void>;
  /** Takes up room while `work` runs, whether there is any or not. */
  use(work: () => Promise<void>): Promise<void>;
  /** Whether one who was asked has brought something: so much of what is asked now is likely to. */
  learn(hasBrought: boolean): void;
}

/** Whoever has not answered after so long is not counted on: some never answer. */
const answerMs = 500;
/** How much the last one who answered says about the next. */
const lastWeight = 0.1;

export function createRoom(size: number): Room {
  let used = 0;
  let asked = 0;
  let share = 0;
  const waiting: (() => void)[] = [];
  const isFull = () => used >= size || used + (asked + 1) * share > size;

  /** Who goes on looks again: others may have taken the room before. */
  function letGo(): void {
    if (!isFull()) for (const go of waiting.splice(0)) go();
  }

  return {
    async free(signal) {
      while (isFull() && !signal?.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
        await promise;
      }
      asked += 1;
      let isCounted = true;
      const answered = () => {
        if (!isCounted) return;
        isCounted = false;
        asked -= 1;
        disarm();
        letGo();
      };
      const disarm = alarm(answerMs, answered);
      return answered;
    },
    async use(work) {
      used += 1;
      try {
        await work();
      } finally {
        used -= 1;
        letGo();
      }
    },
    learn(hasBrought) {
      share += ((hasBrought ? 1 : 0) - share) * lastWeight;
      letGo();
    },
  };
}
