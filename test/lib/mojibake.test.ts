import { expect, test } from 'vitest';
import { restoreMojibake } from '../../src/lib/mojibake.ts';

const sentence = 'افتتحت البلدية مكتبة جديدة «في» الحي القديم – اليوم';

/** `text` as it looks after its UTF-8 was taken for `charset`. */
function mistaken(text: string, charset: string): string {
  return new TextDecoder(charset).decode(Buffer.from(text));
}

test.each(['windows-1252', 'windows-1256'])('restores UTF-8 that was taken for %s', (charset) => {
  expect(restoreMojibake(mistaken(sentence, charset))).toBe(sentence);
});

test('restores what was mistaken twice', () => {
  expect(restoreMojibake(mistaken(mistaken(sentence, 'windows-1252'), 'windows-1252'))).toBe(sentence);
});

test('restores the mistaken part of a text and leaves the rest', () => {
  expect(restoreMojibake(`مرحبا، été: ${mistaken(sentence, 'windows-1252')}`)).toBe(`مرحبا، été: ${sentence}`);
});

test('restores a Western language', () => {
  const french = 'Le marché rouvre après dix mois, l’école aussi – à l’été';
  expect(restoreMojibake(mistaken(french, 'windows-1252'))).toBe(french);
});

test.each(['در مرکز شهر', 'فقط، موقع؟ مع؛ قطع'])('leaves the words of %j alone beside a mistaken text', (words) => {
  expect(restoreMojibake(`${words} ${mistaken(sentence, 'windows-1256')}`)).toBe(`${words} ${sentence}`);
});

test.each([
  sentence,
  'Un été à Beyrouth, déjà: «Ça»',
  'طبعاً؛ غداً… ظ، ع؟',
  'Størsteparten, Þórður, Ãéö',
  '‘Ø§’ is alef',
])('leaves %s alone', (text) => {
  expect(restoreMojibake(text)).toBe(text);
});
