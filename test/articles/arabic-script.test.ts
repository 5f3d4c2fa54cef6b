import { describe, expect, it } from 'vitest';
import { languageOfArabicScript } from '../../src/articles/arabic-script.ts';

const unasked = () => {
  throw new Error('the statistics were asked');
};

describe('languageOfArabicScript', () => {
  it.each([
    ['أعلنت وزارة الخارجية أن الاجتماع الذي عقد في القاهرة انتهى إلى اتفاق', 'ar'],
    ['وزیر امور خارجه گفت که این دیدار در تهران برای گفتگو است', 'fa'],
    ['وزیر اعظم نے کہا ہے کہ ملک میں انتخابات اگلے سال ہوں گے', 'ur'],
  ])('tells by its signs alone that "%s" is %s', (text, language) => {
    expect(languageOfArabicScript(text, null, unasked)).toBe(language);
    expect(languageOfArabicScript(text, null, (of) => (of === language ? 0 : 0.999))).toBe(language);
  });

  it('asks the statistics where signs are few', () => {
    expect(languageOfArabicScript('مشهد', 'ar', (language) => (language === 'fa' ? 0.9 : 0))).toBe('fa');
    expect(languageOfArabicScript('مشهد', 'ar', () => 0)).toBe('ar');
  });
});
