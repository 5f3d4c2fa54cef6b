import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLateEntry } from '../../src/articles/late-entry.ts';
import { backlogOf, howOwed, staleBecause, type Waiting } from '../../src/deliveries/backlog.ts';

const now = new Date('2026-11-22T20:00:00Z');
const hourMs = 3_600_000;
const ago = (hours: number) => new Date(now.getTime() - hours * hourMs);
const freshness = { now, freshHours: 12 };

describe('whether an entry is of a backlog', () => {
  it.each([
    ['five minutes after the last round', 5 / 60, 0.5, false],
    ['an hour after the last round', 1, 0.5, false],
    ['after eight hours, published in the middle of them', 8, 4, true],
    ['after eight hours, published before them', 8, 12, true],
    ['after eight hours, published a minute ago', 8, 1 / 60, false],
    ['after eight hours, dated a minute ahead', 8, -1 / 60, false],
    ['after eight hours, dated two hours ahead', 8, -2, true],
    ['after eight hours, without a date', 8, null, true],
    ['the first of its feed', null, 4, false],
  ])('%s: %o, %o: %o', (_case, succeeded, published, isLate) => {
    const entry = {
      succeededAt: succeeded === null ? null : ago(succeeded),
      publishedAt: published === null ? null : ago(published),
      now,
    };
    expect(isLateEntry({ ...entry, feedIntervalSeconds: 300 })).toBe(isLate);
  });

  it('a feed that is read twice a day has no gap of a night', () => {
    const entry = { succeededAt: ago(13), publishedAt: ago(6), now };
    expect(isLateEntry({ ...entry, feedIntervalSeconds: 12 * 3_600 })).toBe(false);
  });
});

describe('how a story is owed', () => {
  it.each([
    ['of now', 0, 0, false, 'push'],
    ['that a feed gives eleven hours after its date', 11, 0, false, 'push'],
    ['that a feed gives twenty hours after its date', 20, 0, false, 'hold'],
    ['that came late', 2, 0, true, 'hold'],
    ['that was not planned for four hours', 4, 4, false, 'hold'],
    ['of three days ago', 72, 0, true, 'hold'],
    ['of five days ago', 120, 0, true, 'stale'],
    ['of five days ago that did not come late', 120, 0, false, 'stale'],
  ] as const)('a story %s', (_case, published, created, isLate, owed) => {
    expect(howOwed({ publishedAt: ago(published), createdAt: ago(created), isLate }, freshness)).toBe(owed);
  });

  it('is said in words where nobody gets it, also where FRESH_HOURS is more than three days', () => {
    const story = { publishedAt: ago(100), createdAt: now, isLate: false };
    expect(howOwed(story, { now, freshHours: 168 })).toBe('push');
    expect(staleBecause(freshness)).toBe('the story was older than 72 hours when it came');
    expect(staleBecause({ freshHours: 168 })).toBe('the story was older than 168 hours when it came');
  });

  it('never becomes more urgent with time', () => {
    const order = ['push', 'hold', 'stale'];
    const hours = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(
        hours,
        hours,
        hours,
        fc.boolean(),
        fc.integer({ min: 1, max: 168 }),
        (age, wait, more, late, fresh) => {
          const story = { publishedAt: ago(age + wait), createdAt: ago(wait), isLate: late };
          const later = new Date(now.getTime() + more * hourMs);
          const [before, after] = [now, later].map((at) =>
            order.indexOf(howOwed(story, { now: at, freshHours: fresh })),
          ) as [number, number];
          expect(after).toBeGreaterThanOrEqual(before);
          expect(order[before]).not.toBe(late ? 'push' : '');
        },
      ),
    );
  });
});

describe('when a backlog is told', () => {
  const minutes = (count: number) => ago(count / 60);
  let subjectId = 0;
  const story = (waiting: Partial<Waiting>): Waiting => ({
    subjectId: (subjectId += 1),
    plannedAt: minutes(1),
    publishedAt: minutes(1),
    heldSince: null,
    isReleased: false,
    ...waiting,
  });
  const held = (since: number) => story({ heldSince: minutes(since) });
  const late = (hours: number, published = hours) => story({ plannedAt: ago(hours), publishedAt: ago(published) });

  const released = (hours: number, published = hours) => ({ ...late(hours, published), isReleased: true });

  it.each<[string, Waiting[], number]>([
    ['nothing waits', [], 0],
    ['more may come', [held(2), held(0.5)], 0],
    ['nothing came for a minute', [held(2), held(1)], 2],
    ['more came for five minutes', [held(5), held(0.1)], 2],
    ['one story could not be sent for two hours', [late(2)], 0],
    ['two stories could not be sent for two hours', [late(2), late(3)], 2],
    ['two stories could not be sent for half an hour', [late(0.5), late(0.5)], 0],
    ['one story could not be sent until it was old', [late(2, 13)], 1],
    ['one could not be sent for two hours, while a digest waits', [late(2), { ...released(0), publishedAt: null }], 1],
    ['digests and what is left of a backlog wait', [released(2), released(3), released(0)], 0],
    ['what is left of a backlog could not be sent until it was old', [released(2, 13), released(3)], 2],
    ['a complete backlog takes with it what is late', [held(2), late(2)], 2],
    ['what is late does not wait for what is gathered still', [held(0.5), late(2), late(2)], 2],
  ])('%s', (_case, waiting, size) => {
    expect(backlogOf(waiting, freshness)).toHaveLength(size);
  });

  it('is never waited for longer than five minutes, and is told whole', () => {
    const since = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(since, (seconds) => {
        const told = backlogOf(
          seconds.map((count) => held(count / 60)),
          freshness,
        );
        expect([0, seconds.length]).toContain(told.length);
        if (Math.max(...seconds) >= 300) expect(told).toHaveLength(seconds.length);
        if (Math.max(...seconds) < 60) expect(told).toEqual([]);
      }),
    );
  });
});
