import { describe, expect, it } from 'vitest';
import { agreedBody } from '../../src/articles/declared-body.ts';
import type { Block } from '../../src/articles/paragraphs.ts';

const sentence = (about: string) =>
  `وقالت اللجنة المشرفة على ${about} إن الأعمال تسير وفق الجدول المعلن، وإن المرحلة المقبلة تبدأ مع نهاية الشهر المقبل.`;
const paragraphs = ['الحديقة', 'السوق', 'المكتبة', 'المدرسة', 'الميناء'].map(sentence);
const block = (text: string): Block => ({ text, kind: 'text', linked: 0, emphasized: 0 });
const texts = (blocks: readonly Block[]) => blocks.map(({ text }) => text);

describe('a body that the page shows and declares', () => {
  it('loses what stands before and after the declared text, and keeps what stands inside', () => {
    const [first = '', ...rest] = paragraphs;
    const shown = ['بقلم المحرر', first, 'تغريدة داخل النص', ...rest, 'من نحن وماذا نريد'].map(block);
    expect(texts(agreedBody(shown, paragraphs.join('\n')))).toEqual([first, 'تغريدة داخل النص', ...rest]);
  });

  it('is the declared one where the page shows little of it', () => {
    expect(texts(agreedBody([block('اشترك لتقرأ')], paragraphs.join('\n\n')))).toEqual(paragraphs);
    expect(texts(agreedBody([], 'نص قصير معلن.'))).toEqual(['نص قصير معلن.']);
  });

  it.each([
    ['nothing is declared', null],
    ['a summary is declared', 'ملخص قصير للخبر.'],
    ['only a beginning is declared', paragraphs.slice(0, 3).join(' ')],
    ['another text is declared', 'كلام آخر تمامًا لا علاقة له بالخبر. '.repeat(12)],
  ])('is the shown one where %s', (_, declared) => {
    const shown = [...paragraphs, 'سطر أخير'].map(block);
    expect(agreedBody(shown, declared)).toEqual(shown);
  });
});
