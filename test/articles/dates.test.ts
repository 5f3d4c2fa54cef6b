import { describe, expect, it } from 'vitest';
import { dateInUrl, firstDate } from '../../src/articles/dates.ts';

const first = (...sources: (string | null)[]) => {
  const date = firstDate(sources, 'Asia/Damascus');
  return date && [date.at.toISOString(), date.offsetMinutes];
};

describe('the date of a page', () => {
  it.each([
    ['keeps the zone of its publisher', ['2024-05-13T14:05:00+03:00'], ['2024-05-13T11:05:00.000Z', 180]],
    [
      'takes the zone of a later source for the same instant',
      ['2024-05-13T11:05:00Z', '2024-05-13T14:05:00+03:00'],
      ['2024-05-13T11:05:00.000Z', 180],
    ],
    [
      'takes the time of a later source for the same day',
      ['2024-05-13', '2024-05-13 14:05'],
      ['2024-05-13T11:05:00.000Z', null],
    ],
    ['goes on where the first is none', [null, 'قبل ساعة', '2024-05-13T11:05:00Z'], ['2024-05-13T11:05:00.000Z', 0]],
    ['names no zone where it counts seconds', ['1715598300'], ['2024-05-13T11:05:00.000Z', null]],
    ['is none without any', ['0000-00-00', '', null], null],
  ])('%s', (_, sources, date) => {
    expect(first(...sources)).toEqual(date);
  });

  it.each([
    ['https://example.com/2024/05/13/a', '2024-05-13'],
    ['https://example.com/news/2024-5-3-a', '2024-05-03'],
    ['https://example.com/20240513/a', '2024-05-13'],
    ['https://example.com/2024/05/a', null],
    ['https://example.com/article/20245131', null],
    ['https://example.com/2024/13/40/a', null],
  ])('%s says %s', (url, date) => {
    expect(dateInUrl(url)).toBe(date);
  });
});
