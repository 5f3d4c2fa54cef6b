import { describe, expect, it } from 'vitest';
import { createKeywordMatcher, hashtag, matchesKeyword, normalizeArabic, words } from '../../src/lib/arabic.ts';

describe('normalizeArabic', () => {
  it.each([
    ['أحمد إلى آخر ٱلبيت', 'احمد الي اخر البيت'],
    ['مُـدَرِّســة', 'مدرسة'],
    ['١٢٣ ۴۵', '123 45'],
    ['ﻻ Café NASA', 'لا café nasa'],
    ['کتاب فارسی', 'كتاب فارسي'],
    ['مدرسة مدرسه', 'مدرسة مدرسه'],
  ])('%s → %s', (text, normal) => {
    expect(normalizeArabic(text)).toBe(normal);
  });
});

it('separates words at punctuation, underscores and between scripts', () => {
  expect(words('“سوريا_الآن”، وNASA: F16 (3.5)')).toEqual(['سوريا', 'الان', 'و', 'nasa', 'f16', '3', '5']);
});

describe('a keyword', () => {
  it.each([
    ['دمشق', 'زار الوفد دمشق اليوم'],
    ['دمشق', 'الطريق لدمشق مفتوح'],
    ['دمشق', 'من حلب ودمشق'],
    ['حلب', 'فبحلب بدأت الحكاية'],
    ['يمن', 'عاد إلى اليمن'],
    ['اليمن', 'مساعدات لليمن'],
    ['اليمن', 'وباليمن أيضًا'],
    ['حكومة', 'قرار للحكومة'],
    ['حكومة', 'كالحكومة السابقة'],
    ['حكومة', 'وللحكومة رأي'],
    ['الليرة', 'هبوط لليرة'],
    ['لبنان', 'رسالة للبنان'],
    ['أَنْقَرَة', 'في انقرة'],
    ['دير الزور', 'وصلت لدير  الزور قافلة'],
    ['البنك المركزي', 'بيان للبنك المركزي'],
    ['Syria', "SYRIA's coast"],
    ['nasa', 'وكالة وNASA'],
    ['سوريا', '#سوريا_الآن'],
  ])('%s is found in: %s', (keyword, text) => {
    expect(matchesKeyword(text, keyword)).toBe(true);
  });

  it.each([
    ['حلب', 'حلبة السباق'],
    ['حلب', 'الحلبي الكبير'],
    ['دير الزور', 'دير الزيتون'],
    ['دير الزور', 'الزور دير'],
    ['لب', 'كلب الحراسة'],
    ['Iran', 'Iranian food'],
    ['us', 'bus station'],
    ['مدرسة', 'مدرسي'],
    ['', 'أي نص'],
    ['؟!', 'أي نص؟!'],
  ])('%s is not found in: %s', (keyword, text) => {
    expect(matchesKeyword(text, keyword)).toBe(false);
  });

  it('is reported as it was given, once, with its value, in the order of the text', () => {
    const match = createKeywordMatcher([
      ['حلب', 1],
      ['Damascus', 2],
      ['أدلب', 3],
      ['ساحل', 4],
    ]);
    expect(match('من إدلب إلى حلب، فحلب، ثم DAMASCUS')).toEqual([
      { keyword: 'أدلب', value: 3 },
      { keyword: 'حلب', value: 1 },
      { keyword: 'Damascus', value: 2 },
    ]);
    expect(match(words('بلا شيء'))).toEqual([]);
  });
});

describe('hashtag', () => {
  it.each([
    ['سوريا', 'سوريا'],
    ['دير الزور', 'دير_الزور'],
    ['مُحَلِّيّات', 'محليات'],
    ['ثقافـــة وفن!', 'ثقافة_وفن'],
    ['  Economy & markets ', 'Economy_markets'],
    ['كأس العالم 2026', 'كأس_العالم_2026'],
    ['Café', 'Café'],
    ['🚆 سفر', 'سفر'],
    ['2026', undefined],
    ['!!!', undefined],
    ['', undefined],
  ])('%s → %s', (name, tag) => {
    expect(hashtag(name)).toBe(tag);
  });
});
