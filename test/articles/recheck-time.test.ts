import { expect, test } from 'vitest';
import { nextRecheckAt } from '../../src/articles/recheck-time.ts';

const published = new Date('2026-11-22T09:00:00Z');

test.each([
  ['at once', '2026-11-22T09:00:00Z', '2026-11-22T10:00:00.000Z'],
  ['when the first time has come', '2026-11-22T10:00:00Z', '2026-11-22T15:00:00.000Z'],
  ['when the first was missed', '2026-11-22T14:59:59Z', '2026-11-22T15:00:00.000Z'],
  ['after the second', '2026-11-22T20:00:00Z', '2026-11-23T09:00:00.000Z'],
  ['after the last', '2026-11-23T09:00:00Z', undefined],
  ['years later', '2029-11-23T09:00:00Z', undefined],
])('asked %s, the next look at a page is in its time', (_when, now, expected) => {
  expect(nextRecheckAt(published, new Date(now))?.toISOString()).toBe(expected);
});
