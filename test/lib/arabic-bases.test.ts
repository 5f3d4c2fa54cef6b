import { describe, expect, it } from 'vitest';
import { nameBases, wordBases, wordKeys } from '../../src/lib/arabic-bases.ts';

describe('the bases of a word', () => {
  it.each([
    ['وحكوماتها', 'حكومة'],
    ['لليره', 'الليرة'],
    ['رؤسائهم', 'رئيس'],
    ['مستواه', 'مستوي'],
    ['العظمي', 'اعظم'],
  ])('%s may be %s', (word, base) => {
    expect(wordBases(word)).toContain(base);
  });

  it('begin with the word itself, hamza on one seat', () => {
    expect(wordBases('بدمشق')[0]).toBe('بدمشق');
    expect(nameBases('وفؤاد')).toEqual(['وفئاد', 'فئاد']);
  });

  it('are the word alone where it is a word of grammar or no word', () => {
    expect(wordBases('التي')).toEqual(['التي']);
    expect(wordBases('ه'.repeat(31))).toEqual(['ه'.repeat(31)]);
  });

  it('are few', () => {
    expect(wordBases('وللمستشفياتهم').length).toBeLessThan(40);
  });
});

it.each([
  ['انتخابات', 'انتخاب'],
  ['مظاهرات', 'مظاهرة'],
  ['لاجئون', 'لاجئ'],
])('looks the plural %s up as %s as well', (keyword, singular) => {
  expect(wordKeys(keyword)).toContain(singular);
});

it.each(['صادرات', 'معلومات', 'قوات'])(
  'looks the plural %s up as itself, since its singular is another word',
  (keyword) => {
    expect(wordKeys(keyword)).toEqual([keyword]);
  },
);

it('looks a keyword up without its article and in the singular', () => {
  expect(wordKeys('القوانين')).toEqual(['القوانين', 'قوانين', 'قانون', 'قوان']);
});
