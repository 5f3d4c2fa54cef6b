import { describe, expect, it } from 'vitest';
import { hashtag, normalizeArabic, words } from '../../src/lib/arabic.ts';

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
