import { describe, expect, it } from 'vitest';
import { detectLanguage, primarySubtag } from '../../src/articles/language.ts';

describe('detectLanguage', () => {
  it.each([
    ['عاد القطار إلى الجبل', null, 'ar'],
    ['The train is back', null, 'en'],
    ['The train is back', 'ar', 'en'],
    ['عاد القطار إلى الجبل', 'en', 'ar'],
    ['Le train est de retour', 'fr-FR', 'fr'],
    ['قطار به کوه بازگشت', 'fa', 'fa'],
    ['پس از سه سال، قطار گردشگری به کوه بازگشت', null, 'fa'],
    ['Поезд вернулся', 'ar', 'ru'],
    ['הרכבת חזרה', null, 'he'],
    ['شركة Apple تعلن عن iPhone', 'ar', 'ar'],
    ['2024 🚆', 'ar-SY', 'ar'],
    ['', 'ar', 'ar'],
    ['', null, 'und'],
    ['The train', 'nonsense!', 'en'],
  ])('%j with prior %j is %s', (text, prior, language) => {
    expect(detectLanguage(text, prior)).toBe(language);
  });
});

it.each([
  ['ar-SY', 'ar'],
  ['en_US', 'en'],
  ['CKB', 'ckb'],
  ['', null],
  ['arabic', null],
  [null, null],
])('the primary subtag of %j is %j', (tag, subtag) => {
  expect(primarySubtag(tag)).toBe(subtag);
});
