import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNewsDate } from '../../src/lib/news-date.ts';

const read = (text: string, timeZone = 'UTC') => parseNewsDate(text, { timeZone });
const instant = (text: string) => read(text)?.at.toISOString().replace('.000Z', 'Z');

describe('parseNewsDate', () => {
  test.each([
    // RFC 822 and what is made of it
    ['Fri, 05 Jun 2020 14:22:33 +0300', '2020-06-05T11:22:33Z'],
    ['Fri, 5 Jun 2020 14:22:33 +03:00', '2020-06-05T11:22:33Z'],
    ['Fri, 05 Jun 2020 14:22:33 GMT+3', '2020-06-05T11:22:33Z'],
    ['Fri, 05 Jun 2020 14:22:33 AST', '2020-06-05T11:22:33Z'],
    ['Fri, 05 Jun 2020 11:22:33 +0000 (UTC)', '2020-06-05T11:22:33Z'],
    ['Fri, 5 Jun 20 11:22 GMT', '2020-06-05T11:22:00Z'],
    ['Fri, 05-Jun-2020 11:22:33 UTC', '2020-06-05T11:22:33Z'],
    ['Thursday, 30 April 2026 23:30:00 EST', '2026-05-01T04:30:00Z'],
    ['30 Sept 2025', '2025-09-30T00:00:00Z'],
    ['Fri, 05 Jun 2020 14:22:33 (GMT+3)', '2020-06-05T11:22:33Z'],
    ['@1591356153', '2020-06-05T11:22:33Z'],
    ['/Date(1591356153000)/', '2020-06-05T11:22:33Z'],
    ['۱۳۹۹/۰۳/۱۶ ۱۱:۲۲', '2020-06-05T11:22:00Z'],
    ['5 جون 2020 11:22', '2020-06-05T11:22:00Z'],
    ['جمعہ 20 مارچ 2020 11:22', '2020-03-20T11:22:00Z'],
    ['05/06/2020 02:10:00 ب.ظ', '2020-06-05T14:10:00Z'],
    ['Thu, Jan 01 04 19:48:21 GMT', '2004-01-01T19:48:21Z'],
    ['Thu Jan 01 2004 19:48:21 GMT+0100 (CET)', '2004-01-01T18:48:21Z'],
    ['Sun Jan  4 16:29:06 PST 2004', '2004-01-05T00:29:06Z'],
    ['Sat, 31 Dec 2005 24:00:00 GMT', '2006-01-01T00:00:00Z'],
    // ISO 8601 and its relatives
    ['2020-06-05T14:22:33+03:00', '2020-06-05T11:22:33Z'],
    ['2020-06-05T11:22:33.123456Z', '2020-06-05T11:22:33Z'],
    ['2020-06-05 11:22 +03', '2020-06-05T08:22:00Z'],
    ['20200605T112233Z', '2020-06-05T11:22:33Z'],
    ['2020-06', '2020-06-01T00:00:00Z'],
    ['Fri, 2006/09/15 08:19:53 EDT', '2006-09-15T12:19:53Z'],
    ['2020-06-05T14:22:33 Europe/Paris', '2020-06-05T12:22:33Z'],
    ['1591356153', '2020-06-05T11:22:33Z'],
    ['1591356153000', '2020-06-05T11:22:33Z'],
    // Numbers, day first
    ['05/06/2020 11:22', '2020-06-05T11:22:00Z'],
    ['06/25/2020', '2020-06-25T00:00:00Z'],
    ['05.06.2020, 11:22 Uhr', '2020-06-05T11:22:00Z'],
    ['11:22 - 05/06/2020', '2020-06-05T11:22:00Z'],
    ['٠٥/٠٦/٢٠٢٠ ١١:٢٢ ص', '2020-06-05T11:22:00Z'],
    // Arabic
    ['الجمعة 5 حزيران 2020 - 11:22', '2020-06-05T11:22:00Z'],
    ['الجمعة، ٥ يونيو ٢٠٢٠ ١١:٢٢', '2020-06-05T11:22:00Z'],
    ['5 من حزيران 2020', '2020-06-05T00:00:00Z'],
    ['05 يونيو 2020 02:22 م', '2020-06-05T14:22:00Z'],
    ['05 يونيو 2020م 11:22', '2020-06-05T11:22:00Z'],
    ['12 كانون الثاني (يناير) 2021 الساعة 10:15 مساءً', '2021-01-12T22:15:00Z'],
    ['5 حزيران/يونيو 2020، 12:05 صباحا', '2020-06-05T00:05:00Z'],
    ['الجمعة, يونيو 5, 2020', '2020-06-05T00:00:00Z'],
    ['4 تشرين الثاني 2019', '2019-11-04T00:00:00Z'],
    ['5 جوان 2020 11:22', '2020-06-05T11:22:00Z'],
    ['22 غشت 2021', '2021-08-22T00:00:00Z'],
    ['3 أيلول 2022 11:22 بتوقيت دمشق', '2022-09-03T08:22:00Z'],
    ['3 أيلول 2022 11:22 بتوقيت غرينتش', '2022-09-03T11:22:00Z'],
    // Two calendars
    ['15 شوال 1441 هـ الموافق 7 حزيران 2020', '2020-06-07T00:00:00Z'],
    ['15/10/1441هـ - 7/6/2020م', '2020-06-07T00:00:00Z'],
    ['15 شوال 1441', '2020-06-07T00:00:00Z'],
    ['۱۵ خرداد ۱۳۹۹', '2020-06-04T00:00:00Z'],
    // Other languages
    ['Friday, June 5, 2020 - 11:22', '2020-06-05T11:22:00Z'],
    ['Jun 5th, 2020 at 11:22 PM', '2020-06-05T23:22:00Z'],
    ['5 Haziran 2020 Cuma 14:22', '2020-06-05T14:22:00Z'],
    ['vendredi 5 juin 2020 à 11h22', '2020-06-05T11:22:00Z'],
    ['1er février 2021', '2021-02-01T00:00:00Z'],
    ['5ê Gulana 2024an', '2024-05-05T00:00:00Z'],
    ['٥ی ئایاری ٢٠٢٤', '2024-05-05T00:00:00Z'],
    ['Κυρ, 11 Ιούλ 2004 12:00:00 EST', '2004-07-11T17:00:00Z'],
    ['2004-július-13T9:15-05:00', '2004-07-13T14:15:00Z'],
    ['2004년 05월 28일 오후 11:34:26', '2004-05-28T23:34:26Z'],
    // Of two dates the first, with its own time only
    ['نشر: 5 حزيران 2020 - آخر تحديث: 6 حزيران 2020 10:00', '2020-06-05T00:00:00Z'],
  ])('reads %s', (text, expected) => {
    expect(instant(text)).toBe(expected);
  });

  test.each([
    ['a day that does not exist', 'Mon, 31 Feb 2025 10:00:00 GMT'],
    ['a day that does not exist', '31/02/2020'],
    ['a month that does not exist', '2025-13-01'],
    ['an hour that does not exist', '2025-01-01T25:00:00Z'],
    ['no year', '5 June'],
    ['no day', 'June 2020'],
    ['a telephone number', '0123456789'],
    ['a week', '2013-W05-2'],
    ['words', 'yesterday'],
    ['nothing', ''],
  ])('does not read %s: %s', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });

  test('takes a time without a zone, and a day alone, in the zone that it is given', () => {
    expect(read('2020-06-05 14:22', 'Asia/Damascus')).toEqual({
      at: new Date('2020-06-05T11:22:00Z'),
      offsetMinutes: null,
      hasTime: true,
    });
    expect(read('5 حزيران 2020', 'Asia/Damascus')).toEqual({
      at: new Date('2020-06-04T21:00:00Z'),
      offsetMinutes: null,
      hasTime: false,
    });
  });

  test('says which offset was written', () => {
    expect(read('2020-06-05T14:22:33+03:00', 'Europe/Paris')?.offsetMinutes).toBe(180);
    expect(read('Fri, 05 Jun 2020 14:22:33 XYZ', 'Europe/Paris')).toMatchObject({
      at: new Date('2020-06-05T12:22:33Z'),
      offsetMinutes: null,
    });
  });

  test('reads months first where it is told so', () => {
    const date = parseNewsDate('06/05/2020', { timeZone: 'UTC', dayFirst: false });
    expect(date?.at).toEqual(new Date('2020-06-05T00:00:00Z'));
  });

  test('never throws, and what it gives is a date', () => {
    const parts = fc.constantFrom(
      '5',
      '05/06/2020',
      'حزيران',
      'Jun',
      '2020',
      '11:22',
      '+03',
      'م',
      ',',
      ' ',
      'هـ',
      '1441',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(parts).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(text, (each) => {
        const date = read(each);
        expect(date === undefined || !Number.isNaN(date.at.getTime())).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
