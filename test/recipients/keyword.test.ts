import { describe, expect, it } from 'vitest';
import { checkKeyword, isSameKeyword, keywordMark } from '../../src/recipients/keyword.ts';

describe('a keyword', () => {
  it.each([
    ['سوريا', 'سوريا'],
    ['  الليرة \n السورية  ', 'الليرة السورية'],
    ['«سوريا»!', 'سوريا'],
    ['#سوريا', 'سوريا'],
    ['\u2068Damascus\u2069', 'Damascus'],
    ['سُورِيًا', 'سُورِيًا'],
    ['كوفيد-19', 'كوفيد-19'],
    ['5G', '5G'],
    ["(Côte d'Ivoire)", "Côte d'Ivoire"],
  ])('is kept of %j as %j', (text, keyword) => {
    expect(checkKeyword(text)).toEqual({ kind: 'keyword', keyword });
  });

  it.each(['', '؟!', 'و', '#', '5', '\u064E', 'في', 'الى', 'the'])('is not in %j', (text) => {
    expect(checkKeyword(text)).toEqual({ kind: 'no-word' });
  });

  it.each(['واحد اثنان ثلاثة أربعة خمسة ستة', 'س'.repeat(61), `${'كلمة'.repeat(8)} ${'كلمة'.repeat(8)}`])(
    'is too long as %j',
    (text) => {
      expect(checkKeyword(text)).toEqual({ kind: 'too-long' });
    },
  );

  it('is read in time from hostile text', () => {
    expect(checkKeyword('!'.repeat(1_000_000)).kind).toBe('no-word');
    expect(checkKeyword(`سوريا${'!'.repeat(1_000_000)}`)).toEqual({ kind: 'keyword', keyword: 'سوريا' });
    expect(checkKeyword(`سوريا${'! '.repeat(500_000)}سوريا`).kind).toBe('too-long');
  });
});

it.each([
  ['سُوريا', 'سوريا', true],
  ['Nasa', 'NASA', true],
  ['الليرة، السورية', 'الليرة السورية', true],
  ['سوريا', 'سوري', false],
  ['دير الزور', 'ديرالزور', false],
])('%s and %s are the same to a reader: %s', (one, other, same) => {
  expect(isSameKeyword(one, other)).toBe(same);
});

it('has a mark of its own, short enough for a button', () => {
  const marks = ['سوريا', 'سوري', 'Syria', 'ك'.repeat(60)].map(keywordMark);
  expect(new Set(marks).size).toBe(4);
  expect(marks.every((mark) => /^[\w-]{16}$/.test(mark))).toBe(true);
});
