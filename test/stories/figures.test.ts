import { describe, expect, it } from 'vitest';
import { words } from '../../src/lib/arabic.ts';
import { figuresOf, frameOf } from '../../src/stories/figures.ts';

describe('figuresOf', () => {
  it.each([
    ['أصيب ١٤ شخصا', ['14'], []],
    ['ارتفع 1,200 نقطة و30 سهما', ['1200', '30'], []],
    ['بمئتي ألف دولار', ['200000'], []],
    ['مقتل سبعة مدنيين', ['7'], []],
    ['أكثر من ألفي قتيل', ['2000'], []],
    ['بنسبة 0,8 بالمئة عند 2.2 مليون', ['0.8', '2200000'], []],
    ['27 مليار ليرة', ['27000000000'], []],
    ['اليوم الخميس 6 حزيران', [], ['w4', '6-6']],
    ['on Thursday, 6 June, twelve people', ['12'], ['w4', '6-6']],
    ['فاز 2-1', ['2', '1'], []],
    ['لا أرقام هنا', [], []],
  ])('reads %s', (text, numbers, days) => {
    expect(figuresOf(text, 100)).toEqual({ numbers, days });
  });

  it('stops after the words it is asked for', () => {
    expect(figuresOf('قتل 5 وأصيب 9', 3).numbers).toEqual(['5']);
  });

  it.each([
    ['digits', '1'.repeat(100_000)],
    ['separators', '1,'.repeat(50_000)],
    ['points', '1.'.repeat(50_000)],
  ])('reads a long run of %s without a figure that is none', (_, text) => {
    expect(figuresOf(text, 100).numbers.every((number) => Number.isFinite(Number(number)))).toBe(true);
  });
});

describe('frameOf', () => {
  it.each([
    ['مسلسل الغريب الحلقة 7', 'مسلسل الغريب الحلقة ١٢'],
    ['حصاد أخبار السبت', 'حصاد أخبار الأحد'],
    ['Episode three', 'Episode 12'],
  ])('is one for %s and %s', (one, other) => {
    expect(frameOf(words(one))).toBe(frameOf(words(other)));
  });

  it('keeps what is no figure', () => {
    expect(frameOf(words('خبر الرياضة'))).not.toBe(frameOf(words('خبر المحليات')));
  });
});
