import { describe, expect, it } from 'vitest';
import { crossValidateTopics, measureTopics } from '../../src/topics/measure-topics.ts';
import type { TopicPrediction } from '../../src/topics/topic-model.ts';
import type { Topic } from '../../src/topics/topic.ts';
import { labelledTexts, slugs } from './labels.ts';

const topics = slugs.map((slug, index): Topic => ({
  topicId: index + 1,
  slug,
  name: { ar: slug },
  keywords: slug === 'sport' ? { ar: ['كأس'] } : {},
  position: index,
}));
const applied = (slug: string): TopicPrediction => ({ slug, confidence: 0.99, applied: true });

describe('what texts get', () => {
  const labels = [
    { title: 'كأس', text: 'sport', topics: ['sport'] },
    { title: 'بلا كلمة', text: 'sport', topics: ['sport'] },
    { title: 'كأس من ذهب', text: 'economy', topics: ['economy'] },
    { title: 'كأس', text: 'sport', topics: ['economy'], unsure: ['sport'] },
  ];

  it('is measured by rules alone and with the model, by topic and over all', () => {
    const evaluation = measureTopics(labels, topics, () => ({ text }) => [applied(text)]);
    expect(evaluation.texts).toBe(4);
    expect(evaluation.topics.slice(0, 2)).toEqual([
      {
        slug: 'sport',
        rules: { given: 2, right: 1, labels: 2, precision: 0.5, coverage: 0.5 },
        withModel: { given: 3, right: 2, labels: 2, precision: 2 / 3, coverage: 1 },
      },
      {
        slug: 'economy',
        rules: { given: 0, right: 0, labels: 2, precision: null, coverage: 0 },
        withModel: { given: 1, right: 1, labels: 2, precision: 1, coverage: 0.5 },
      },
    ]);
    expect(evaluation.overall.withModel).toEqual({
      given: 4,
      right: 3,
      labels: 4,
      precision: 0.75,
      coverage: 0.75,
    });
  });

  it('has no precision where nothing was given, and no coverage where there is nothing to give', () => {
    const { topics: measured } = measureTopics([], topics, () => undefined);
    expect(measured[0]?.withModel).toEqual({ given: 0, right: 0, labels: 0, precision: null, coverage: null });
  });
});

it('cross-validation judges each text by a model that has not learnt from it', () => {
  const labels = labelledTexts(50);
  const honest = crossValidateTopics(labels, topics);
  expect(honest.overall.withModel.precision).toBeGreaterThan(0.9);
  expect(honest.overall.withModel.coverage).toBeGreaterThan(honest.overall.rules.coverage ?? 1);

  // Labels that mean nothing can be learnt by heart only: who has not seen them cannot know them.
  const arbitrary = labels.map((label, index) => ({ ...label, topics: [slugs[Math.floor(index / 3) % 3] ?? ''] }));
  const { given, labels: wanted } = crossValidateTopics(arbitrary, topics).topics[1]?.withModel ?? {};
  expect(given).toBeLessThan((wanted ?? 0) / 5);
});
