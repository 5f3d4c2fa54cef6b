import { describe, expect, test } from 'vitest';
import { parseEntryDate } from '../../src/feeds/entry-date.ts';

const now = new Date('2026-05-01T12:00:00Z');

describe('parseEntryDate', () => {
  test.each([
    ['Fri, 01 May 2026 11:22:33 GMT', '2026-05-01T11:22:33.000Z'],
    ['Fri, 1 May 2026 11:22:33 +0300', '2026-05-01T08:22:33.000Z'],
    ['Fri, 01 May 2026 11:22:33 +03:00', '2026-05-01T08:22:33.000Z'],
    ['Thu, 30 Apr 2026 23:30:00 -0230', '2026-05-01T02:00:00.000Z'],
    ['Thursday, 30 April 2026 23:30:00 EST', '2026-05-01T04:30:00.000Z'],
    ['01 May 2026 11:22 EEST', '2026-05-01T08:22:00.000Z'],
    ['01 May 26 11:22 Z', '2026-05-01T11:22:00.000Z'],
    ['30 Sept 2025', '2025-09-30T00:00:00.000Z'],
    ['Fri, 01-May-2026 11:22:33 UTC', '2026-05-01T11:22:33.000Z'],
    ['Fri, 01 May 2026 11:22:33 GMT+0300 (Arabian time)', '2026-05-01T08:22:33.000Z'],
    ['2026-05-01T11:22:33Z', '2026-05-01T11:22:33.000Z'],
    ['2026-05-01T11:22:33.123456+03:00', '2026-05-01T08:22:33.000Z'],
    ['2026-05-01 11:22:33', '2026-05-01T11:22:33.000Z'],
    ['2026-05-01 11:22 +03', '2026-05-01T08:22:00.000Z'],
    ['  2026-05-01  ', '2026-05-01T00:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseEntryDate(text, now)?.toISOString()).toBe(expected);
  });

  test.each([
    ['a guess between day and month', '05/06/2020'],
    ['a day that does not exist', 'Mon, 31 Feb 2025 10:00:00 GMT'],
    ['a month that does not exist', '2025-13-01'],
    ['an hour that does not exist', '2025-01-01T25:00:00Z'],
    ['a zone that nobody knows', 'Fri, 01 May 2026 11:22:33 XYZ'],
    ['a machine’s zero', '1970-01-01T00:00:00Z'],
    ['another machine’s zero', '0001-01-01T00:00:00Z'],
    ['more than a day ahead', '2026-05-02T12:00:01Z'],
    ['words', 'yesterday'],
    ['nothing', ''],
  ])('does not read %s: %s', (_what, text) => {
    expect(parseEntryDate(text, now)).toBeNull();
  });

  test('takes a date up to a day ahead for a wrong clock', () => {
    expect(parseEntryDate('2026-05-01T15:00:00Z', now)).toEqual(now);
    expect(parseEntryDate('2026-05-02T12:00:00Z', now)).toEqual(now);
  });
});
