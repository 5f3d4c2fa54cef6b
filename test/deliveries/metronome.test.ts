import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetronome } from '../../src/deliveries/metronome.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createTestClock } from '../support/test-clock.ts';

/** A clock whose timers ring late, by these milliseconds in turn. */
function lateClock(delays: readonly number[]): Clock & { advance(ms: number): void } {
  const clock = createTestClock();
  let turn = 0;
  return {
    ...clock,
    sleep: (ms, signal) => clock.sleep(ms + (delays[turn++ % delays.length] ?? 0), signal),
  };
}

/** The most calls in any second that is open at its end. */
function worstSecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
}

/** When each call was made, in the order of `slots` (milliseconds from now). */
async function callTimes(clock: Clock, slots: readonly number[], perSecond: number): Promise<number[]> {
  const metronome = createMetronome(clock);
  const start = clock.now().getTime();
  return Promise.all(
    slots.map(async (slot) => {
      await metronome.beat(start + slot, perSecond);
      return clock.now().getTime() - start;
    }),
  );
}

const everySlot = (count: number, everyMs: number) => Array.from({ length: count }, (_, slot) => slot * everyMs);

describe('the calls of one process', () => {
  it('are made at their slots where timers are on time', async () => {
    expect(await callTimes(lateClock([]), everySlot(30, 34), 30)).toEqual(everySlot(30, 34));
  });

  it('keep further apart from the first ones after a rest, which take longer to arrive', async () => {
    const times = await callTimes(lateClock([]), everySlot(120, 34), 30);
    const gaps = times.slice(30).map((time, call) => time - (times[call] ?? 0));
    expect(Math.min(...gaps.slice(0, 10))).toBeGreaterThanOrEqual(1_500);
    expect(Math.min(...gaps.slice(10, 30))).toBeGreaterThanOrEqual(1_150);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_006);
  });

  it('never are more than the allowance in any second, and never early, however late timers ring', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 20 }),
        fc.array(fc.double({ min: 0, max: 1_900, noNaN: true }), { maxLength: 120 }),
        fc.integer({ min: 1, max: 60 }),
        async (delays, slots, perSecond) => {
          const times = await callTimes(lateClock(delays), slots, perSecond);
          expect(times).toHaveLength(slots.length);
          expect(times.every((time, call) => time >= Math.floor(slots[call] ?? 0))).toBe(true);
          expect(worstSecond(times)).toBeLessThanOrEqual(perSecond);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('make up for a late timer by and by: of thirty a second none is lost', async () => {
    const delays = [0, 0, 40, ...Array.from({ length: 97 }, () => 0)];
    const slots = everySlot(300, 1000 / (30 * 0.992));
    const times = await callTimes(lateClock(delays), slots, 30);
    expect(worstSecond(times)).toBe(30);
    // That timer, and the start.
    expect((times.at(-1) ?? 0) - (slots.at(-1) ?? 0)).toBeLessThan(40 + 510);
  });

  it('keep their order by slot, whoever asks first', async () => {
    const clock = lateClock([]);
    const metronome = createMetronome(clock);
    const start = clock.now().getTime();
    const order: number[] = [];
    await Promise.all(
      [200, 50, 120, 0].map(async (slot) => {
        await metronome.beat(start + slot, 30);
        order.push(slot);
      }),
    );
    expect(order).toEqual([0, 50, 120, 200]);
  });

  it('need no timer where the pace is unheard of', async () => {
    const clock: Clock = { ...createTestClock(), sleep: () => Promise.reject(new Error('a timer was set')) };
    const metronome = createMetronome(clock);
    const start = clock.now().getTime();
    await Promise.all(everySlot(10_000, 0.1).map((slot) => metronome.beat(start + slot, 1_000_000)));
  });

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('go on when the clock is set %s by an hour', async (_name, jumpMs) => {
    const clock = lateClock([]);
    const metronome = createMetronome(clock);
    for (let call = 0; call < 45; call += 1) await metronome.beat(clock.now().getTime() + 34, 30);
    const planned = clock.now().getTime() + 34;
    clock.advance(jumpMs);
    const before = clock.now().getTime();
    await metronome.beat(planned, 30);
    await metronome.beat(clock.now().getTime() + 34, 30);
    expect(clock.now().getTime() - before).toBeLessThan(2_000);
  });
});
