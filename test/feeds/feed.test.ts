import { describe, expect, test } from 'vitest';
import { type FetchOutcome, looksOffline, nextCheckAt } from '../../src/feeds/feed.ts';

const fetched: FetchOutcome = {
  kind: 'fetched',
  feed: { title: null, link: null, language: null, entries: [] },
  etag: null,
  lastModified: null,
  movedTo: null,
};
const unchanged: FetchOutcome = { kind: 'unchanged', movedTo: null };
const failed = (kind: 'timeout' | 'missing' | 'gone' | 'unreachable' | 'refused' | 'aborted' | 'server-error') =>
  ({ kind, reason: 'It did not work.' }) satisfies FetchOutcome;
const slowDown = (retryAfterSeconds: number | null): FetchOutcome => ({
  kind: 'slow-down',
  retryAfterMs: retryAfterSeconds === null ? null : retryAfterSeconds * 1000,
  reason: 'Later.',
});

const now = new Date('2026-05-01T12:00:00.750Z');
const hour = 3600;

/** Seconds from the whole second in which the round began. */
function wait(
  outcome: FetchOutcome | null,
  {
    failureCount = 0,
    intervalSeconds = 300,
    random = 0,
  }: { failureCount?: number; intervalSeconds?: number; random?: number } = {},
): number {
  const at = nextCheckAt({ now, intervalSeconds, failureCount, outcome, random });
  return (at.getTime() - Date.parse('2026-05-01T12:00:00Z')) / 1000;
}

describe('nextCheckAt', () => {
  test.each<[string, FetchOutcome | null]>([
    ['fetched', fetched],
    ['unchanged', unchanged],
    ['nobody has asked yet', null],
    ['aborted', failed('aborted')],
  ])('%s: one interval, whatever chance says', (_what, outcome) => {
    expect(wait(outcome)).toBe(300);
    expect(wait(outcome, { random: 0.99, failureCount: 9 })).toBe(300);
  });

  test('a tick one interval later finds the feed due, although the round began in the middle of a second', () => {
    const nextTick = new Date(now.getTime() + 300_000);
    expect(nextCheckAt({ now, intervalSeconds: 300, failureCount: 0, outcome: fetched, random: 0.5 }) <= nextTick).toBe(
      true,
    );
  });

  test.each([
    [0, 300],
    [1, 300],
    [2, 600],
    [3, 1200],
    [4, 2400],
    [7, 19_200],
    [8, 6 * hour],
    [9, 6 * hour],
    [2000, 6 * hour],
  ])('failure %i in a row: %i seconds', (failureCount, seconds) => {
    expect(wait(failed('timeout'), { failureCount })).toBe(seconds);
  });

  test('chance takes at most a tenth off a longer wait, and nothing off the shortest', () => {
    expect(wait(failed('timeout'), { failureCount: 3, random: 0.5 })).toBe(1140);
    expect(wait(failed('timeout'), { failureCount: 1, random: 0.5 })).toBe(300);
  });

  test('a feed that is gone for good is asked every six hours all the same', () => {
    expect(wait(failed('gone'), { failureCount: 1 })).toBe(6 * hour);
  });

  test('an interval longer than six hours is never undercut', () => {
    expect(wait(failed('missing'), { failureCount: 5, intervalSeconds: 24 * hour, random: 0.9 })).toBe(24 * hour);
  });

  test.each([
    ['shorter than the interval', 60, 1, 300],
    ['longer than the interval', 1000, 1, 1000.75],
    ['shorter than the back-off', 1000, 4, 2400],
    ['longer than a day', 900_000, 1, 24 * hour + 0.75],
    ['missing', null, 2, 600],
  ])('Retry-After %s: obeyed, within a day', (_what, retryAfter, failureCount, seconds) => {
    expect(wait(slowDown(retryAfter), { failureCount })).toBe(seconds);
  });
});

describe('looksOffline', () => {
  test.each<[string, FetchOutcome[], boolean]>([
    ['nobody reached', [failed('unreachable'), failed('unreachable')], true],
    ['one server answered, if only with an error', [failed('unreachable'), failed('server-error')], false],
    ['one was fetched', [failed('unreachable'), fetched], false],
    ['one was too slow', [failed('unreachable'), failed('timeout')], false],
    ['nobody reached before the stop', [failed('unreachable'), failed('unreachable'), failed('aborted')], true],
    ['a lone feed, which may be down itself', [failed('unreachable')], false],
    ['stopped before anything', [failed('aborted')], false],
    ['nothing to ask', [], false],
  ])('%s', (_what, outcomes, offline) => {
    expect(looksOffline(outcomes.map(({ kind }) => kind))).toBe(offline);
  });
});
