import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../src/stories/sentences.ts';

/** Texts with ¦ where a sentence ends. */
function readTraps(name: string): [language: string, marked: string][] {
  const path = join(import.meta.dirname, '../fixtures/sentences', name);
  return JSON.parse(readFileSync(path, 'utf8')) as [string, string][];
}

function splitsRight([language, marked]: [language: string, marked: string]): boolean {
  const wanted = marked.split('¦').map((sentence) => sentence.trim());
  return splitSentences(marked.replaceAll('¦', ''), language).join('¦') === wanted.join('¦');
}

describe('sentences', () => {
  it.each(readTraps('traps-tuned.json'))('end as newsrooms end them, in %s: %s', (language, marked) => {
    expect(splitsRight([language, marked])).toBe(true);
  });

  it('end where they should in nineteen of twenty texts that no rule was written for', () => {
    const traps = readTraps('traps-held-out.json');
    expect(traps.filter(splitsRight).length / traps.length).toBeGreaterThanOrEqual(0.95);
  });

  it.each([
    ['th', 'ประโยคภาษาไทยไม่มีจุด '.repeat(500)],
    ['th', 'ก'.repeat(10_000)],
    ['ar', 'كلمة، وكلمة أخرى '.repeat(600)],
    ['zh', '没有句号的文字，'.repeat(1000)],
    ['und', 'a🚆'.repeat(3000)],
  ])('are cut where a text in %s has no stop', (language, text) => {
    const sentences = splitSentences(text, language);
    expect(sentences.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(1500);
    expect(sentences.length).toBeGreaterThan(1);
  });

  it('of a long quotation are not held together', () => {
    const quoted = 'قال الشاهد إن الطريق كان مغلقًا. '.repeat(40);
    expect(splitSentences(`قال: «${quoted}»`, 'ar').length).toBeGreaterThanOrEqual(40);
  });

  it.each(['.', '. ', '(', '" ', '«', 'د. ', 'أ.', '🚆', '🚆 ', '! "', '@.', '1. ', '\n', 'a '])(
    'of a hundred thousand times %j are found',
    (piece) => {
      const text = piece.repeat(100_000);
      expect(splitSentences(text, 'ar').every((sentence) => text.includes(sentence))).toBe(true);
    },
  );

  it.each([
    ['ar', 'عاد القطار. وفرح الناس! هل يبقى؟ نعم.', ['عاد القطار.', 'وفرح الناس!', 'هل يبقى؟', 'نعم.']],
    ['ar', 'في القرى والمدن.. سباق مبكر على الزيت', ['في القرى والمدن.. سباق مبكر على الزيت']],
    ['ar', 'قال د. أحمد سالم إن العمل بدأ. وأضاف.', ['قال د. أحمد سالم إن العمل بدأ.', 'وأضاف.']],
    ['ar', 'المدير م.سامر حاضر. انتهى.', ['المدير م.سامر حاضر.', 'انتهى.']],
    ['ar', 'نقلت أ. ف. ب. عن مصدر قوله. ثم نفى.', ['نقلت أ. ف. ب. عن مصدر قوله.', 'ثم نفى.']],
    ['ar', 'نقلت أ.ف.ب عن مصدر.', ['نقلت أ.ف.ب عن مصدر.']],
    ['ar', 'بلغ السعر 3.5 وحدة. وثبت.', ['بلغ السعر 3.5 وحدة.', 'وثبت.']],
    ['ar', 'ولد عام 1970م. ثم سافر.', ['ولد عام 1970م.', 'ثم سافر.']],
    ['ar', 'الفقرة (أ). ثم الفقرة (ب).', ['الفقرة (أ).', 'ثم الفقرة (ب).']],
    ['ar', 'انتهى الاجتماع.وقال الوزير إنه راض.', ['انتهى الاجتماع.', 'وقال الوزير إنه راض.']],
    ['ar', 'كان سعيدًا به. وذهب.', ['كان سعيدًا به.', 'وذهب.']],
    ['ar', 'قال: «الأمر واضح. سنعود غدًا.» ثم غادر.', ['قال: «الأمر واضح. سنعود غدًا.»', 'ثم غادر.']],
    ['ar', '1. البند الأول. 2. البند الثاني.', ['1. البند الأول.', '2. البند الثاني.']],
    ['ar', 'سطر بلا نقطة\nسطر آخر', ['سطر بلا نقطة', 'سطر آخر']],
    ['en', 'Dr. Weaver met Mr. Hale. They talked.', ['Dr. Weaver met Mr. Hale.', 'They talked.']],
    ['en', 'The U.S. Senate met. J. K. Hale spoke.', ['The U.S. Senate met.', 'J. K. Hale spoke.']],
    ['en', 'He lives in the U.S. The house is old.', ['He lives in the U.S.', 'The house is old.']],
    ['en', 'The day was over.Then it rained, a lot.', ['The day was over.', 'Then it rained, a lot.']],
    ['en', 'Read node.js at www.Example.Com now.', ['Read node.js at www.Example.Com now.']],
    ['ar', '... !!! ؟', []],
    ['ar', '', []],
  ])('in %s: %s', (language, text, sentences) => {
    expect(splitSentences(text, language)).toEqual(sentences);
  });

  it('are verbatim and in order, and nothing with a letter is lost', () => {
    const pieces = fc.constantFrom(
      'د. ',
      'أ.',
      '.. ',
      'قال ',
      '«',
      '»',
      '؟ ',
      '\n',
      '3.5 ',
      'U.S. ',
      'word.',
      'Next ',
      '🚆',
      '\uD800',
    );
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        const text = parts.join('');
        const sentences = splitSentences(text, 'ar');
        let at = 0;
        for (const sentence of sentences) {
          at = text.indexOf(sentence, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += sentence.length;
        }
        const letters = (each: string) => each.replaceAll(/[^\p{L}\p{N}]/gu, '');
        expect(letters(sentences.join(''))).toBe(letters(text));
      }),
    );
  });
});
