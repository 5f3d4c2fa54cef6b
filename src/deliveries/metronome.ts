// Keeps this process' calls apart where timers are late: no sliding second has more of them than the pace allows.
import type { Clock } from '../lib/clock.ts';

export interface Metronome {
  /**
   * Resolves when a call may be made: at `atMs` (in the terms of `clock.now().getTime()`), or later where this process
   * would make more than `perSecond` calls in a second otherwise.
   */
  beat(atMs: number, perSecond: number): Promise<void>;
}

/** A little more than Telegram's second, for calls take different times to arrive. Below pace.ts' headroom. */
const secondMs = 1_006;

/**
 * After a rest the first calls take longer to arrive than those after them: code is warmed up, connections are made. They
 * are counted as made later: the very first most of all.
 */
const restMs = 5_000;
const firstCalls = 10;
const firstLateMs = 500;
const warmingMs = 1_000;
const warmingLateMs = 150;

/** At such a pace nothing is kept apart: a timer is too coarse for it. */
const unheardOfPace = 10_000;

/** No slot is further ahead: what is, was planned before the clock was set back. */
const longestMs = 2_000;

interface Waiting {
  atMs: number;
  perSecond: number;
  go: () => void;
}

export function createMetronome(clock: Clock): Metronome {
  const calls = new Calls();
  /** By their time; of the same time, in the order in which they came. */
  const waiting: Waiting[] = [];
  let armedMs = Number.POSITIVE_INFINITY;

  function release(): void {
    const nowMs = clock.now().getTime();
    calls.catchUp(nowMs);
    let due = 0;
    for (const { atMs, perSecond, go } of waiting) {
      const earliestMs = earliest({ atMs, perSecond }, nowMs);
      if (earliestMs > nowMs) break;
      calls.note(nowMs);
      go();
      due += 1;
    }
    waiting.splice(0, due);
    const next = waiting[0];
    if (next) arm(earliest(next, nowMs), nowMs);
  }

  function earliest({ atMs, perSecond }: Omit<Waiting, 'go'>, nowMs: number): number {
    const planned = atMs > nowMs + longestMs ? nowMs : atMs;
    return Math.max(planned, calls.earliestAfter(Math.max(1, Math.floor(perSecond))));
  }

  /** One timer at a time, for the first of those who wait; an earlier one sets its own. */
  function arm(atMs: number, nowMs: number): void {
    if (atMs < armedMs || armedMs <= nowMs) void releaseAt(atMs, nowMs);
  }

  async function releaseAt(atMs: number, nowMs: number): Promise<void> {
    armedMs = atMs;
    await clock.sleep(Math.max(1, Math.ceil(atMs - nowMs)));
    if (armedMs === atMs) armedMs = Number.POSITIVE_INFINITY;
    release();
  }

  return {
    beat(atMs, perSecond) {
      if (perSecond >= unheardOfPace) return Promise.resolve();
      return new Promise((go) => {
        const place = waiting.findLastIndex((other) => other.atMs <= atMs) + 1;
        waiting.splice(place, 0, { atMs, perSecond, go });
        if (place === 0) release();
      });
    },
  };
}

/** When the calls of the last second were made. */
class Calls {
  #times: number[] = [];
  /** So many of them are older than a second. */
  #stale = 0;
  /** When calls began after the last rest, how many there were since, and when the last one was. */
  #begunMs = Number.NEGATIVE_INFINITY;
  #since = 0;
  #lastMs = Number.NEGATIVE_INFINITY;

  note(nowMs: number): void {
    if (nowMs - this.#lastMs > restMs) {
      this.#begunMs = nowMs;
      this.#since = 0;
    }
    this.#since += 1;
    this.#lastMs = nowMs;
    this.#times.push(nowMs + this.#lateMs(nowMs));
  }

  #lateMs(nowMs: number): number {
    if (this.#since <= firstCalls) return firstLateMs;
    return nowMs - this.#begunMs < warmingMs ? warmingLateMs : 0;
  }

  /** When a call may be made that is one more than `count` after another. */
  earliestAfter(count: number): number {
    const index = this.#times.length - count;
    return ((index < this.#stale ? undefined : this.#times[index]) ?? Number.NEGATIVE_INFINITY) + secondMs;
  }

  catchUp(nowMs: number): void {
    const aheadMs = this.#lastMs - nowMs;
    if (aheadMs > 0) {
      this.#times = this.#times.map((time) => time - aheadMs);
      this.#begunMs -= aheadMs;
      this.#lastMs = nowMs;
    }
    while (this.#stale < this.#times.length && (this.#times[this.#stale] ?? nowMs) <= nowMs - secondMs)
      this.#stale += 1;
    if (this.#stale > this.#times.length / 2) {
      this.#times = this.#times.slice(this.#stale);
      this.#stale = 0;
    }
  }
}
