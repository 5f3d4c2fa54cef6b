import { describe, expect, it } from 'vitest';
import { creditIn, isCredit, isCreditedCaption } from '../../src/articles/credit.ts';

describe('the credit of a picture', () => {
  it.each([
    ['أطفال في الحديقة- أيار 2024 (نورث برس)', 'نورث برس'],
    ['أطفال في الحديقة (تصوير: كمال الخوري)', 'كمال الخوري'],
    ['القارب في رحلته - رويترز', 'رويترز'],
    ['The ferry on Friday (Image credit: Jane Doe)', 'Jane Doe'],
    ['The ferry. Photo: Jane Doe/AFP', 'Jane Doe/AFP'],
    ['The ferry on Friday. © Harbour Post', 'Harbour Post'],
    ['The ferry (left)', null],
    ['زوار المعرض - كتاب جديد', null],
    ['Two boats - a separate line', null],
    ['أطفال في الحديقة (أيار 2024)', null],
    ['The ferry on Friday evening', null],
  ])('in %j is %j', (caption, credit) => {
    expect(creditIn(caption)).toBe(credit);
  });

  it.each([
    'Photo: Jane Doe, AP',
    '(Image: © Some Agency)',
    'Image 1 of 23',
    'Jane Doe/Getty Images',
    'تصوير: كمال الخوري',
    '3 / 8',
  ])('is all that %j is', (line) => {
    expect(isCredit(line)).toBe(true);
  });

  it.each([
    'Photo editing was the first course of the school, and the best.',
    'Reuters reported a loss',
    'صورة المدينة تغيرت كثيرًا خلال العقد الأخير بحسب السكان',
  ])('is not %j', (line) => {
    expect(isCredit(line)).toBe(false);
  });

  it('at the end of a line makes it a caption, an agency alone does not', () => {
    expect(isCreditedCaption('Two boats leave the harbour in May. (Jane Doe via AP, File)')).toBe(true);
    expect(isCreditedCaption('غادر القاربان الميناء صباح الأحد. (رويترز)')).toBe(false);
  });
});
