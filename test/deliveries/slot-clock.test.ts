import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlotClock } from '../../src/deliveries/slot-clock.ts';

/** A question on the way for `toMs`, and its answer for `backMs`, at `ourMs` by our clock. */
function ask(
  slotClock: ReturnType<typeof createSlotClock>,
  { ourMs = 0, apartMs = 0, toMs = 0, backMs = 0, inMs = 0 },
) {
  const atMs = ourMs + toMs + apartMs;
  return slotClock.firstAt({ atMs, inMs }, { askedAtMs: ourMs, answeredAtMs: ourMs + toMs + backMs });
}

describe('the time of a slot', () => {
  it('is as true as the quickest answer, however slow the others are', () => {
    const delays = fc.record({ toMs: fc.integer({ min: 0, max: 300 }), backMs: fc.integer({ min: 0, max: 300 }) });
    fc.assert(
      fc.property(fc.array(delays, { minLength: 1, maxLength: 30 }), fc.integer(), (answers, apartMs) => {
        const slotClock = createSlotClock();
        let quickestTo = Number.POSITIVE_INFINITY;
        for (const [turn, { toMs, backMs }] of answers.entries()) {
          const ourMs = turn * 1_000;
          quickestTo = Math.min(quickestTo, toMs);
          const told = ask(slotClock, { ourMs, apartMs, toMs, backMs, inMs: 50 });
          const isTrue = ourMs + toMs + 50;
          expect(told).toBeLessThanOrEqual(isTrue);
          expect(told).toBeGreaterThanOrEqual(isTrue - quickestTo);
        }
      }),
    );
  });

  it.each([3_600_000, -3_600_000])('follows a clock that is set by %s ms at once', (jumpMs) => {
    const slotClock = createSlotClock();
    ask(slotClock, { ourMs: 0, toMs: 1, backMs: 1 });
    const ourMs = 10_000 + jumpMs;
    const told = ask(slotClock, { ourMs, apartMs: -jumpMs, toMs: 2, backMs: 2, inMs: 100 });
    expect(Math.abs(told - (ourMs + 2 + 100))).toBeLessThanOrEqual(2);
  });
});
