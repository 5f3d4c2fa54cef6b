import { describe, expect, it } from 'vitest';
import { words } from '../../src/lib/arabic.ts';
import { lightStem } from '../../src/stories/light-stem.ts';
import { isCommonArabicStem } from '../../src/stories/word-frequency.ts';

function stem(word: string): string {
  return lightStem(words(word)[0] ?? '', isCommonArabicStem);
}

describe('lightStem', () => {
  it.each([
    ['دمشق', 'بدمشق'],
    ['الوزير', 'وزير'],
    ['الحكومة', 'حكومتها'],
    ['للحكومة', 'والحكومة'],
    ['سوريا', 'السوريين'],
    ['صاروخ', 'صواريخ'],
    ['مدرسة', 'مدارس'],
    ['قتيل', 'قتلى'],
    ['رئيس', 'رؤساء'],
    ['كرمانشاه', 'بكرمانشاه'],
    ['بوغدانوف', 'ولبوغدانوف'],
    ['الشحيل', 'بالشحيل'],
    ['stopped', 'stopping'],
    ['boats', 'boat'],
    ['rescued', 'rescuers'],
  ])('gives %s and %s one stem', (one, other) => {
    expect(stem(one)).toBe(stem(other));
  });

  it.each([
    ['لبنان', 'بنان'],
    ['حلب', 'حماة'],
    ['قتيل', 'جريح'],
    ['وزير', 'زيارة'],
    ['London', 'Lisbon'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(stem(one)).not.toBe(stem(other));
  });

  it('leaves something of every word', () => {
    expect(['و', 'ال', 'وال', 'بها', 'ات', 's', 'ing'].map((word) => stem(word).length > 0)).not.toContain(false);
  });
});
