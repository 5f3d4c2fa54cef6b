import { describe, expect, it } from 'vitest';
import { extractPage } from '../../src/articles/extract.ts';

const prose = 'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها، وزرعت فيها مئة شجرة زيتون جديدة.';
const headline = 'حديقة الحي تفتح أبوابها من جديد';

function read(above: string, below: string, { head = '', path = '/a/b' } = {}) {
  const html = `<html><head><title>${headline}</title>${head}</head><body>${above}<h1>${headline}</h1>${below}
    <p>${prose}</p><p>${prose}</p></body></html>`;
  const article = extractPage(html, `https://news.example${path}`, { timeZone: 'Asia/Damascus' });
  return [article?.publishedAt?.toISOString(), article?.publishedOffsetMinutes];
}

const card =
  '<div><a href="/c/d">سوق الحي ينتقل إلى مكان أوسع</a> <time datetime="2026-11-18T10:00:00Z">18/11</time></div>';

describe('the date of publication', () => {
  it.each([
    ['in words', '', '<p>نشر في: 22 تشرين الثاني 2026 - 14:05</p>', '2026-11-22T11:05:00.000Z'],
    [
      'under the day of the visit',
      '<div class="date">23 تشرين الثاني 2026</div>',
      '<p>نشر في: 22 تشرين الثاني 2026 - 14:05</p>',
      '2026-11-22T11:05:00.000Z',
    ],
    ['with one of a change', '', '<p>22/11/2026 14:05 | آخر تحديث: 23/11/2026 10:00</p>', '2026-11-22T11:05:00.000Z'],
    ['in two calendars', '', '<p>12 جمادى الآخرة 1448 هـ - 22 نوفمبر 2026 - 14:05</p>', '2026-11-22T11:05:00.000Z'],
    [
      'in neighbouring elements',
      '',
      '<p><span>الأحد 22 نوفمبر 2026</span><span>02:05 م</span></p>',
      '2026-11-22T11:05:00.000Z',
    ],
    ['in a time without a zone', '', '<time datetime="2026-11-22T14:05">اليوم</time>', '2026-11-22T11:05:00.000Z'],
    ['in seconds since 1970', '', '<span data-published="1795345500">قبل ساعة</span>', '2026-11-22T11:05:00.000Z'],
    [
      'of a change, where there is no other',
      '',
      '<p>آخر تحديث: 22 تشرين الثاني 2026 - 14:05</p>',
      '2026-11-22T11:05:00.000Z',
    ],
    ['but not how long ago', '', '<p class="date">قبل 3 ساعات</p>', undefined],
  ])('is read %s', (_, above, below, instant) => {
    expect(read(above, below)[0]).toBe(instant);
  });

  it('is not that of another article', () => {
    expect(read(card, '')[0]).toBeUndefined();
    expect(read('', card)[0]).toBe('2026-11-18T10:00:00.000Z');
    expect(read(card, '<p>نشر في: 22 تشرين الثاني 2026 - 14:05</p>')[0]).toBe('2026-11-22T11:05:00.000Z');
    expect(read(card, '', { path: '/2026/11/22/b' })[0]).toBe('2026-11-21T21:00:00.000Z');
  });

  it.each([
    ['the zone of the line that shows it', '<p>نشر في: 23 تشرين الثاني 2026 - 01:05</p>', 240],
    ['UTC where the line shows that', '<p>نشر في: 22 تشرين الثاني 2026 - 21:05</p>', 0],
    ['UTC where the line shows another time', '<p>نشر في: 22 تشرين الثاني 2026 - 08:17</p>', 0],
    ['UTC where no line shows it', '', 0],
  ])('that is declared in UTC has %s', (_, below, offset) => {
    const head = '<meta property="article:published_time" content="2026-11-22T21:05:40Z">';
    expect(read('', below, { head })).toEqual(['2026-11-22T21:05:40.000Z', offset]);
  });
});
