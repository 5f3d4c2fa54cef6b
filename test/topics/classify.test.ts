import { describe, expect, it } from 'vitest';
import { type Classifiable, classify } from '../../src/topics/classify.ts';
import { type Topic, topicName } from '../../src/topics/topic.ts';

const topic = (topicId: number, slug: string, keywords: Record<string, string[]> = {}): Topic => ({
  topicId,
  slug,
  name: { ar: `اسم ${slug}`, en: `Name ${slug}` },
  keywords,
  position: topicId,
});
const topics = [
  topic(1, 'syria', { ar: ['دمشق', 'دير الزور'], en: ['Damascus'] }),
  topic(2, 'economy', { ar: ['الليرة', 'أسواق'] }),
  topic(3, 'sport'),
];
const article: Classifiable = {
  headline: 'خبر',
  body: '',
  categories: [],
  feedTopicIds: [],
  feedCategories: [],
  topics,
};

describe('an article', () => {
  it('has the topics of its feed, then of its categories, then of its keywords, each once', () => {
    expect(
      classify({
        ...article,
        headline: 'معرض في دمشق',
        body: 'ارتفاع لليرة.',
        categories: ['  إقتصاد '],
        feedTopicIds: [3],
        feedCategories: [
          { category: 'اقتصاد', topicId: 2 },
          { category: 'رياضة', topicId: 3 },
        ],
      }),
    ).toEqual([
      { topicId: 3, why: 'feed', evidence: '' },
      { topicId: 2, why: 'category', evidence: 'اقتصاد' },
      { topicId: 1, why: 'keyword', evidence: 'دمشق' },
    ]);
  });

  it.each([
    ['ECONOMY', 'Economy'],
    ['أخبار  سوريا', 'اخبار سوريا'],
    ['مَحليّات', 'محليات'],
  ])('has the topic of the category %j where the newsroom wrote %j', (category, mapped) => {
    const matches = classify({
      ...article,
      categories: [category],
      feedCategories: [{ category: mapped, topicId: 2 }],
    });
    expect(matches.map((match) => match.topicId)).toEqual([2]);
  });

  it('is found by keywords of any language, in headline and body', () => {
    expect(classify({ ...article, headline: 'A fair in damascus' })).toMatchObject([
      { topicId: 1, evidence: 'Damascus' },
    ]);
    expect(classify({ ...article, body: 'وصلت القافلة لدير الزور.' })).toMatchObject([
      { topicId: 1, evidence: 'دير الزور' },
    ]);
  });

  it('is not found by a part of a word, or by words on both sides of the end of its headline', () => {
    expect(classify({ ...article, headline: 'الدمشقيون في دير', body: 'الزور بعيدة.' })).toEqual([]);
  });

  it('never has a topic that is gone', () => {
    const feedCategories = [{ category: 'x', topicId: 98 }];
    expect(classify({ ...article, categories: ['x'], feedCategories, feedTopicIds: [99] })).toEqual([]);
  });
});

it("a topic's name falls back to another language and then to the slug", () => {
  expect(topicName(topic(1, 'syria'), 'en')).toBe('Name syria');
  expect(topicName(topic(1, 'syria'), 'tr')).toBe('اسم syria');
  expect(topicName({ slug: 'syria', name: {} }, 'en')).toBe('syria');
});
