// Labelled texts of three made-up topics, for tests of the topic model; the same ones in every run.
import type { LabelledText } from '../../src/topics/train-topic-model.ts';

const vocabulary = {
  sport: 'المباراة هدف الفريق المدرب الدوري الملعب اللاعب فوز كأس البطولة الحكم الجمهور تعادل المنتخب حارس'.split(' '),
  economy:
    'البنك الليرة أسعار السوق تضخم استثمار التجارة ميزانية القروض الصادرات الدولار الأسهم ضريبة أرباح شركة'.split(' '),
  health: 'المستشفى طبيب مرض لقاح علاج مرضى دواء عملية جراحية وباء فيروس إصابة صحة عيادة تمريض'.split(' '),
};
const common = 'قال في من على إلى اليوم أمس بعد قبل عن مع هذا التي الذي كان أكد أعلن خلال مدينة مصدر'.split(' ');

export const slugs = Object.keys(vocabulary);

/** `count` texts of each topic; about a tenth of the topic's words is of another one. */
export function labelledTexts(count: number, topics: readonly string[] = slugs): LabelledText[] {
  const next = numbers();
  return Array.from({ length: count }, (_, index) =>
    topics.map((topic) => ({ ...textOf(topic, next), title: `${titleOf(topic, next)} ${index}`, topics: [topic] })),
  ).flat();
}

function textOf(topic: string, next: () => number): { text: string } {
  const words = Array.from({ length: 40 }, () => {
    if (next() % 3 > 0) return pick(common, next);
    return pick(wordsOf(next() % 10 === 0 ? pick(slugs, next) : topic), next);
  });
  return { text: words.join(' ') };
}

function titleOf(topic: string, next: () => number): string {
  return [pick(wordsOf(topic), next), pick(common, next), pick(wordsOf(topic), next)].join(' ');
}

function wordsOf(topic: string): readonly string[] {
  return vocabulary[topic as keyof typeof vocabulary];
}

function pick<T>(list: readonly T[], next: () => number): T {
  return list[next() % list.length] as T;
}

function numbers(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
