import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clip,
  codePoints,
  collapseWhitespace,
  directional,
  firstStrongDirection,
  isolate,
  isRtl,
  stripControls,
} from '../../src/lib/text.ts';

const family = '👨‍👩‍👧';

describe('clip', () => {
  it.each([
    ['leaves a short text alone', 'عاد القطار', 10, 'عاد القطار'],
    ['cuts at the end of a word', 'عاد القطار إلى الجبل', 14, 'عاد القطار…'],
    ['keeps a word that fits exactly', 'one two three', 8, 'one two…'],
    ['leaves no comma before the dots', 'one two, three four', 12, 'one two…'],
    ['cuts a word that fills the room', 'abcdefghijklmnop', 5, 'abcd…'],
    ['keeps a grapheme whole or leaves it out', `a${family}b`, 4, 'a…'],
    ['keeps tashkeel on its letter', 'مُحَمَّد', 4, 'مُ…'],
    ['gives nothing for no room', 'abc', 0, ''],
  ])('%s', (_, text, max, clipped) => {
    expect(clip(text, max)).toBe(clipped);
  });

  it('is never longer than asked and otherwise a beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, max) => {
        const clipped = clip(text, max);
        expect(codePoints(clipped)).toBeLessThanOrEqual(max);
        if (clipped !== text && clipped !== '') expect(text.startsWith(clipped.slice(0, -1))).toBe(true);
      }),
    );
  });
});

it('counts code points, as Telegram does, not UTF-16 units', () => {
  expect(codePoints('سوريا 🚆')).toBe(7);
  expect(codePoints(family)).toBe(5);
});

describe('direction', () => {
  it.each([
    ['ar', true],
    ['ar-SY', true],
    ['fa', true],
    ['ckb', true],
    ['he', true],
    ['en', false],
    ['tr', false],
    ['not a language', false],
    ['', false],
  ])('knows whether %s is written from right to left: %s', (language, rtl) => {
    expect(isRtl(language)).toBe(rtl);
  });

  it.each([
    ['NASA تعلن', 'ltr'],
    ['3.5 مليون', 'rtl'],
    ['\u2068NASA\u2069 تعلن', 'rtl'],
    ['\u200FNASA', 'rtl'],
    ['١٢٣ – 2024 🚆', undefined],
    ['', undefined],
  ])('%j opens %s', (text, direction) => {
    expect(firstStrongDirection(text)).toBe(direction);
  });

  it('marks only the lines that would run the other way', () => {
    expect(directional('NASA تعلن\nتعلن\n\n2024', 'rtl')).toBe('\u200FNASA تعلن\nتعلن\n\n\u200F2024');
    expect(directional('دمشق: news', 'ltr')).toBe('\u200Eدمشق: news');
  });

  it('isolates with first-strong marks, which Telegram keeps', () => {
    expect(isolate('NASA')).toBe('\u2068NASA\u2069');
  });
});

it('strips what Telegram strips or refuses, and nothing else', () => {
  expect(stripControls('a\u0000b\u202Ec\uD83D d\te\r\nf\u2028g\u0085h\uFEFF 🚆\u200F')).toBe(
    'abc d e\nf\ng\nh 🚆\u200F',
  );
});

it('puts a text in one line', () => {
  expect(collapseWhitespace(' a\n\n b\u00A0 c ')).toBe('a b c');
});
