import { describe, expect, it } from 'vitest';
import { withoutFurniture } from '../../src/articles/furniture.ts';
import type { Block } from '../../src/articles/paragraphs.ts';

const text = (words: string, more: Partial<Block> = {}): Block => ({
  text: words,
  kind: 'text',
  linked: 0,
  emphasized: 0,
  ...more,
});
const body = [
  text('افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها.'),
  text('وزرعت فرقها مئة شجرة زيتون على أطرافها بمشاركة طلاب المدارس.'),
  text('وستبقى الأبواب مفتوحة حتى العاشرة ليلًا طوال أيام الصيف كلها.'),
];
const [first = text(''), second = text(''), third = text('')] = body;
const kept = (...blocks: Block[]) => withoutFurniture(blocks, ['رامي العلي']).map((block) => block.text);
const all = body.map((block) => block.text);

describe('what the shape of a block gives away', () => {
  it.each([
    ['a byline above the text', [text('رامي العلي'), ...body]],
    ['a heading above the text', [text('حديقة الحي', { kind: 'heading' }), ...body]],
    ['the address of the page', [text('https://example.com/a/b'), ...body]],
    ['the number of a picture', [first, text('3 / 12'), second, third]],
    ['a line that is a link', [first, text('سوق الحي ينتقل إلى مكان أوسع', { linked: 1 }), second, third]],
    [
      'a list of links with its heading',
      [first, text('روابط:', { kind: 'heading' }), text('سوق الحي', { linked: 1, kind: 'item' }), second, third],
    ],
    ['the credit of a picture', [first, text('Photo: Jane Doe/AFP'), second, third]],
    ['a heading without a text', [...body, text('كلمات أخرى', { kind: 'heading' })]],
    ['how to write to the desk', [...body, text('للتواصل مع الكاتب: desk@example.com وشكرًا لكم على القراءة.')]],
    ['who the author is', [...body, text('رامي العلي صحفي من أبناء الحي يكتب عن الحدائق والأسواق.')]],
    ['an offer to readers', [...body, text('تصلكم كل صباح نشرتنا إلى البريد مجانًا.', { linked: 0.2 })]],
  ])('%s goes', (_, blocks) => {
    expect(kept(...blocks)).toEqual(all);
  });

  it.each([
    ['a heading inside the text', text('أشجار جديدة', { kind: 'heading' })],
    ['a quotation with an account', text('— بلدية الحي (@baladiya) 5 أيار', { kind: 'quote', linked: 0.4 })],
    ['a sentence with a link', text('وكانت الحديقة قد أغلقت قبل عامين بسبب أعمال الصيانة.', { linked: 0.5 })],
    ['a short sentence', text('نعم.')],
    [
      'a paragraph without a stop',
      text('وتقول اللجنة المشرفة إن المرحلة المقبلة تشمل تجديد السور الشرقي وإنارة الممرات'),
    ],
  ])('%s stays', (_, block) => {
    expect(kept(first, block, second, third)).toContain(block.text);
  });

  it('links stay where they are the text', () => {
    const links = [1, 2, 3].map((each) => text(`مقال مختار رقم ${each} من صحف الأسبوع كلها`, { linked: 1 }));
    expect(kept(first, ...links)).toHaveLength(4);
  });

  it('a text that is all short lines stays', () => {
    const poem = ['يا ليل', 'الصب متى غده', 'أقيام الساعة موعده'].map((line) => text(line));
    expect(kept(...poem)).toHaveLength(3);
  });
});
