// What the bench says of the messages that arrived.
import { describe, expect, it } from 'vitest';
import { lastedMs, missingAndTwice, perSecond, worstSecond } from '../../bench/arrivals.ts';
import { measurement, quantile } from '../../bench/bench.ts';

const at = (...times: number[]) => Float64Array.from(times);

describe('arrivals', () => {
  it('have n - 1 spaces between n messages', () => {
    expect(perSecond({ at: at(0, 500, 1000) })).toBe(2);
    expect(lastedMs({ at: at(250, 500, 1000) })).toBe(750);
  });

  it('are counted in the second that has the most of them, wherever it begins', () => {
    expect(worstSecond(at(0, 900, 1000, 1100, 1899, 3000))).toBe(4);
    expect(worstSecond(at(0, 1000, 2000))).toBe(1);
    expect(worstSecond(at(5, 5, 5))).toBe(3);
    expect(worstSecond(at())).toBe(0);
  });

  it('are held against what was owed: nothing missing, nothing twice', () => {
    const owed = [
      { chatId: 1, subject: 7 },
      { chatId: 2, subject: 7 },
      { chatId: 1, subject: 8 },
    ];
    const arrived = (...messages: [chatId: number, subject: number][]) => ({
      at: at(...messages.map(() => 0)),
      chatIds: Float64Array.from(messages, ([chatId]) => chatId),
      subjects: Int32Array.from(messages, ([, subject]) => subject),
    });
    expect(missingAndTwice(owed, arrived([1, 7], [2, 7], [1, 8]))).toEqual({ missing: 0, twice: 0 });
    expect(missingAndTwice(owed, arrived([1, 7], [1, 7], [1, 8]))).toEqual({ missing: 1, twice: 1 });
    expect(missingAndTwice(owed, arrived())).toEqual({ missing: 3, twice: 0 });
  });
});

describe('a measurement', () => {
  it('is the median of its runs, between the least and the most', () => {
    const of = { bench: 'b', case: 'c', system: 's', measure: 'm', unit: 's', better: 'lower' } as const;
    expect(measurement(of, [3, 1, 2])).toEqual({ ...of, value: 2, bar: null, runs: 3, min: 1, max: 3 });
  });

  it('has quantiles between two values', () => {
    expect(quantile([4, 2], 0.5)).toBe(3);
    expect(quantile([1, 2, 3, 4, 5], 0.95)).toBeCloseTo(4.8);
  });
});
