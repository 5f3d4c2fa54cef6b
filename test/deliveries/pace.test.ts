import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  creditMs,
  creditSize,
  floodSlowing,
  freeRate,
  isBusy,
  leastFactor,
  messagesPerSecond,
  nextSendAt,
  paidRate,
  recovered,
} from '../../src/deliveries/pace.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 12) + seconds * 1000);

describe('the pace of one chat', () => {
  it.each([
    ['a chat that was never written to', 'subscriber', [], null],
    ['a reader, a second after the last', 'subscriber', [at(10)], at(11.1)],
    ['a reader, whatever the last minute was', 'subscriber', Array.from({ length: 20 }, (_, i) => at(i)), at(20.1)],
    ['a channel below twenty', 'channel', Array.from({ length: 19 }, (_, i) => at(i)), at(19.1)],
    ['a channel after twenty in a minute', 'channel', Array.from({ length: 20 }, (_, i) => at(i)), at(60.1)],
    ['a group after twenty in a minute', 'group', Array.from({ length: 20 }, (_, i) => at(i)).toReversed(), at(60.1)],
    ['a channel with twenty over two minutes', 'channel', Array.from({ length: 20 }, (_, i) => at(i * 6)), at(115.1)],
  ] as const)('%s', (_name, kind, recentSentAt, expected) => {
    expect(nextSendAt(kind, recentSentAt)).toEqual(expected);
  });
});

describe('the allowance', () => {
  it('is used but for what keeps a 31st message out of the second of thirty', () => {
    const rate = freeRate({ perSecond: messagesPerSecond });
    expect(rate / messagesPerSecond).toBeGreaterThanOrEqual(0.99);
    // Thirty slots on, a few milliseconds more than a second have passed.
    expect((messagesPerSecond * 1000) / rate).toBeGreaterThan(1_004);
  });

  it('of the paid lane leaves room for a second of answers', () => {
    expect(paidRate({ perSecond: 1000 })).toBeGreaterThanOrEqual(950);
    expect(paidRate({ perSecond: 1000 })).toBeLessThanOrEqual(1000 - messagesPerSecond);
  });

  it('is credited with no more than Telegram takes for free in any second', () => {
    expect(creditSize + 1000 / creditMs).toBeLessThanOrEqual(messagesPerSecond);
  });
});

describe('what is learnt from flood answers', () => {
  const factors = fc.double({ min: leastFactor, max: 1, noNaN: true });
  const spans = fc.double({ min: 0, max: 1e9, noNaN: true });

  it('is forgotten with time, never beyond the allowance', () => {
    fc.assert(
      fc.property(factors, spans, spans, (factor, first, second) => {
        const soon = recovered(factor, first);
        const later = recovered(factor, first + second);
        expect(soon).toBeGreaterThanOrEqual(factor);
        expect(later).toBeGreaterThanOrEqual(soon);
        expect(later).toBeLessThanOrEqual(1);
        // Looking in between changes nothing.
        expect(recovered(soon, second)).toBeCloseTo(later, 9);
      }),
    );
  });

  it('comes to an end from wherever it began', () => {
    expect(recovered(leastFactor, 30 * 60_000)).toBe(1);
    expect(recovered(floodSlowing, 4 * 60_000)).toBe(1);
    expect(recovered(0.5, -60_000)).toBe(0.5);
  });
});

describe('whether a chat is busy', () => {
  const at = new Date('2026-11-22T09:00:00Z');
  it.each([
    ['it was never written to', null, false],
    ['it is free by now', at.getTime(), false],
    ['it was just written to', at.getTime() + 1_050, true],
    ['it is a group that has got its twenty', at.getTime() + 60_050, true],
    ['it was written to before the clock was set back an hour', at.getTime() + 3_600_000, false],
  ])('%s', (_, freeAt, expected) => {
    expect(isBusy(freeAt === null ? null : new Date(freeAt), at)).toBe(expected);
  });
});
