import { expect, it, test } from 'vitest';
import { withoutCutEnd } from '../../src/articles/teaser.ts';

const whole = 'وصلت القافلة إلى المدينة صباح اليوم.';

test.each([
  [`${whole} وقال مدير المرفأ إن التوزيع […]`],
  [`${whole} وقال مدير المرفأ إن التوزيع [...]`],
  [`${whole} وقال مدير المرفأ إن التوزيع…`],
  [`${whole} وقال مدير المرفأ إن التوزيع ...`],
  [`${whole} وقال مدير المرفأ إن التوزيع... المزيد`],
  [`${whole} وقال مدير المرفأ إن التوزيع… اقرأ المزيد »`],
  [`${whole} المزيد`],
  [`${whole} […]`],
  [`${whole} Continue reading →`],
])('of the teaser %j only the whole sentence is kept', (teaser) => {
  expect(withoutCutEnd([teaser])).toEqual([whole]);
});

test.each([[['The council opened the harbour road on […]']], [['وصول…']], [['Cut text…', 'Read more']]])(
  'nothing is kept of %j',
  (paragraphs) => {
    expect(withoutCutEnd(paragraphs)).toEqual([]);
  },
);

test.each([
  [[whole]],
  [['نريد المزيد']],
  [['The mayor wants to learn more']],
  [[whole.repeat(30), 'وماذا بعد هذا كله...']],
  [[]],
])('%j is whole', (paragraphs) => {
  expect(withoutCutEnd(paragraphs)).toEqual(paragraphs);
});

it('reads a hostile text in time in proportion to its length', () => {
  const text = `${'. ! [ … '.repeat(100_000)}[…]`;
  expect(withoutCutEnd([text])[0]?.length).toBeLessThan(text.length);
});
