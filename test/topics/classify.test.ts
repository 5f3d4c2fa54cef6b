import { describe, expect, it } from 'vitest';
import { type Classifiable, classify } from '../../src/topics/classify.ts';
import type { TopicPrediction } from '../../src/topics/topic-model.ts';
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
const matchesOf = (given: Classifiable) => classify(given).matches;

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
    ).toEqual({
      matches: [
        { topicId: 3, why: 'feed', evidence: '', confidence: 1 },
        { topicId: 2, why: 'category', evidence: 'اقتصاد', confidence: 1 },
        { topicId: 1, why: 'keyword', evidence: 'دمشق', confidence: 1 },
      ],
      suggestions: [],
    });
  });

  it.each([
    ['ECONOMY', 'Economy'],
    ['أخبار  سوريا', 'اخبار سوريا'],
    ['مَحليّات', 'محليات'],
  ])('has the topic of the category %j where the newsroom wrote %j', (category, mapped) => {
    const matches = matchesOf({
      ...article,
      categories: [category],
      feedCategories: [{ category: mapped, topicId: 2 }],
    });
    expect(matches.map((match) => match.topicId)).toEqual([2]);
  });

  it('is found by keywords of any language, in headline and body', () => {
    expect(matchesOf({ ...article, headline: 'A fair in damascus' })).toMatchObject([
      { topicId: 1, evidence: 'Damascus' },
    ]);
    expect(matchesOf({ ...article, body: 'وصلت القافلة لدير الزور.' })).toMatchObject([
      { topicId: 1, evidence: 'دير الزور' },
    ]);
  });

  it('is not found by a part of a word, or by words on both sides of the end of its headline', () => {
    expect(matchesOf({ ...article, headline: 'الدمشقيون في دير', body: 'الزور بعيدة.' })).toEqual([]);
  });

  it('never has a topic that is gone', () => {
    const feedCategories = [{ category: 'x', topicId: 98 }];
    const predict = () => [{ slug: 'gone', confidence: 0.99, applied: true }];
    expect(classify({ ...article, categories: ['x'], feedCategories, feedTopicIds: [99], predict })).toEqual({
      matches: [],
      suggestions: [],
    });
  });
});

describe('an article that the model knows something of', () => {
  const predicting = (...predictions: [slug: string, confidence: number, applied: boolean][]) => ({
    ...article,
    predict: (): TopicPrediction[] => predictions.map(([slug, confidence, applied]) => ({ slug, confidence, applied })),
  });

  it('has the topics that the model is sure of, after those by rule', () => {
    expect(classify({ ...predicting(['sport', 0.97, true]), feedTopicIds: [1] })).toEqual({
      matches: [
        { topicId: 1, why: 'feed', evidence: '', confidence: 1 },
        { topicId: 3, why: 'model', evidence: '', confidence: 0.97 },
      ],
      suggestions: [],
    });
  });

  it('keeps the reason that a rule gave, whatever the model thinks', () => {
    const given = predicting(['syria', 0.99, true], ['economy', 0.6, false]);
    expect(classify({ ...given, feedTopicIds: [1, 2] })).toEqual({
      matches: [
        { topicId: 1, why: 'feed', evidence: '', confidence: 1 },
        { topicId: 2, why: 'feed', evidence: '', confidence: 1 },
      ],
      suggestions: [],
    });
  });

  it('has what the model is less sure of suggested, and not what is less likely than not', () => {
    expect(classify(predicting(['sport', 0.7, false], ['economy', 0.49, false]))).toEqual({
      matches: [],
      suggestions: [{ topicId: 3, confidence: 0.7 }],
    });
  });

  it('has at most two topics suggested, the likeliest', () => {
    const { suggestions } = classify(predicting(['sport', 0.9, false], ['economy', 0.8, false], ['syria', 0.7, false]));
    expect(suggestions.map(({ topicId }) => topicId)).toEqual([3, 2]);
  });

  it('is shown to the model as headline and body', () => {
    const asked: unknown[] = [];
    classify({ ...article, body: 'نص', predict: (text) => (asked.push(text), []) });
    expect(asked).toEqual([{ title: 'خبر', text: 'نص' }]);
  });
});

it("a topic's name falls back to another language and then to the slug", () => {
  expect(topicName(topic(1, 'syria'), 'en')).toBe('Name syria');
  expect(topicName(topic(1, 'syria'), 'tr')).toBe('اسم syria');
  expect(topicName({ slug: 'syria', name: {} }, 'en')).toBe('syria');
});
