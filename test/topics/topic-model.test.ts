import { describe, expect, it } from 'vitest';
import { fitLine, fitSigmoid, probability } from '../../src/topics/logistic-regression.ts';
import { textFeatures } from '../../src/topics/text-features.ts';
import { createTopicPredictor, packTopicModel, unpackTopicModel } from '../../src/topics/topic-model.ts';
import { hasLearntFrom, minLabels, trainTopicModel, type Training } from '../../src/topics/train-topic-model.ts';
import { labelledTexts, slugs } from './labels.ts';

const labels = labelledTexts(60);
const training = trainTopicModel(labels, slugs);
const unseen = labelledTexts(90).slice(labels.length);

function modelOf({ model }: Training) {
  if (!model) throw new Error('nothing was learnt');
  return model;
}

describe('the features of a text', () => {
  const sizeOf = (title: string, text = '') => textFeatures({ title, text }).hashes.length;

  it('are its words, what is left of them without their prefixes and endings, and its pairs of words', () => {
    expect(sizeOf('خبر')).toBe(1);
    expect(sizeOf('والمدرسة')).toBe(2);
    expect(sizeOf('خبر جديد')).toBe(3);
    expect(sizeOf('خبر', 'جديد')).toBe(2);
  });

  it('do not change with diacritics, and change with the order of words', () => {
    expect(textFeatures({ title: 'مَدْرَسَة', text: '' })).toEqual(textFeatures({ title: 'مدرسة', text: '' }));
    const hashes = (title: string) => textFeatures({ title, text: '' }).hashes.toSorted();
    expect(hashes('خبر جديد')).not.toEqual(hashes('جديد خبر'));
  });

  it('are bounded, however long the text and its words are', () => {
    expect(sizeOf('', 'كلمة '.repeat(1_000_000))).toBeLessThan(10);
    expect(sizeOf('ا'.repeat(1_000_000), 'ها'.repeat(1_000_000))).toBeLessThan(10);
  });
});

describe('logistic regression', () => {
  const vector = (index: number) => ({ indexes: Int32Array.of(index), values: Float32Array.of(1) });

  it('separates what can be separated, and does not learn from what is not known', () => {
    const answers = Int8Array.of(1, 1, -1, -1, 0);
    const { weights } = fitLine([vector(0), vector(0), vector(1), vector(1), vector(2)], answers, 3);
    expect(weights[0]).toBeGreaterThan(0);
    expect(weights[1]).toBeLessThan(0);
    expect(weights[2]).toBe(0);
  });

  it('gives probabilities as often right as they say', () => {
    // Of margins 1 three in four are right, of margins -1 one in four.
    const margins = Array.from({ length: 400 }, (_, index) => (index < 200 ? 1 : -1));
    const answers = Int8Array.from(margins, (margin, index) => (index % 4 === 0 ? -margin : margin));
    const sigmoid = fitSigmoid(margins, answers);
    expect(probability(sigmoid, 1)).toBeCloseTo(0.75, 1);
    expect(probability(sigmoid, -1)).toBeCloseTo(0.25, 1);
  });

  it.each([
    ['all margins are alike', [2, 2, 2, 2]],
    ['nothing is told apart', [0, 0, 0, 0]],
    ['margins are huge', [1e6, 1e6, -1e6, -1e6]],
  ])('gives a probability when %s', (_, margins) => {
    const sigmoid = fitSigmoid(margins, Int8Array.of(1, 1, -1, -1));
    const given = probability(sigmoid, margins[0] ?? 0);
    expect(given).toBeGreaterThanOrEqual(0.5 - 1e-6);
    expect(given).toBeLessThanOrEqual(1);
  });
});

describe('the topic model', () => {
  const predict = createTopicPredictor(modelOf(training));

  it('finds the topic of texts that it has not seen', () => {
    const right = unseen.filter((label) => predict(label)[0]?.slug === label.topics[0]);
    expect(right.length / unseen.length).toBeGreaterThan(0.95);
  });

  it('applies a topic only from the confidence that was right on held-out labels', () => {
    for (const { threshold, precision, coverage } of training.topics) {
      expect(threshold).toBeGreaterThanOrEqual(0.5);
      expect(precision).toBeGreaterThanOrEqual(0.95);
      expect(coverage).toBeGreaterThan(0.5);
    }
    for (const prediction of unseen.flatMap(predict)) {
      const threshold = training.topics.find(({ slug }) => slug === prediction.slug)?.threshold ?? 1;
      expect(prediction.applied).toBe(prediction.confidence >= threshold);
    }
  });

  it('gives an article of two topics both', () => {
    const [sport, economy] = labelledTexts(1, ['sport', 'economy']);
    const both = { title: sport?.title ?? '', text: `${sport?.text} ${economy?.title} ${economy?.text}` };
    const alone = predict({ title: sport?.title ?? '', text: sport?.text ?? '' });
    const confidence = (predictions: typeof alone, slug: string) =>
      predictions.find((prediction) => prediction.slug === slug)?.confidence ?? 0;
    expect(confidence(predict(both), 'economy')).toBeGreaterThan(confidence(alone, 'economy'));
  });

  it('says nothing of texts that it cannot judge', () => {
    expect(predict({ title: 'A headline in another language', text: 'with words that it has never met' })).toEqual([]);
    expect(predict({ title: 'هدف', text: '' })).toEqual([]);
    expect(predict({ title: '', text: '' })).toEqual([]);
  });

  it('is the same after it was stored', () => {
    const stored = JSON.parse(JSON.stringify(packTopicModel(modelOf(training))));
    const restored = unpackTopicModel(stored);
    expect(restored).toEqual(training.model);
    expect(unseen.map(createTopicPredictor(modelOf({ ...training, model: restored })))).toEqual(unseen.map(predict));
  });

  it('is trained again when it was stored by another version', () => {
    expect(unpackTopicModel({ ...packTopicModel(modelOf(training)), format: 0 })).toBeUndefined();
    expect(unpackTopicModel({})).toBeUndefined();
  });

  it('knows which texts it has learnt from', () => {
    const learnt = hasLearntFrom(modelOf(training));
    expect(labels.every(learnt)).toBe(true);
    expect(learnt({ title: 'عنوان لم يُرَ من قبل', text: '' })).toBe(false);
  });
});

describe('training', () => {
  it('gives the same model twice', () => {
    expect(trainTopicModel(labels, slugs)).toEqual(training);
  });

  it('learns no topic with too few labels, and says how many there are', () => {
    const few = [...labelledTexts(30, ['sport', 'economy']), ...labelledTexts(minLabels - 1, ['health'])];
    const { model, topics } = trainTopicModel(few, slugs);
    expect(model?.topics.map(({ slug }) => slug)).toEqual(['sport', 'economy']);
    expect(topics.at(-1)).toEqual({
      slug: 'health',
      labels: minLabels - 1,
      learnt: false,
      threshold: null,
      precision: null,
      coverage: null,
    });
  });

  it('learns nothing from labels of one topic only, or from none', () => {
    expect(trainTopicModel(labelledTexts(40, ['sport']), slugs).model).toBeUndefined();
    expect(trainTopicModel([], slugs).model).toBeUndefined();
  });

  it('never applies a topic that cannot be told from others', () => {
    const mixed = labelledTexts(60, ['sport']).map((label, index) => ({
      ...label,
      topics: index % 2 === 0 ? ['sport'] : [],
    }));
    const { topics } = trainTopicModel(mixed, ['sport']);
    expect(topics).toMatchObject([{ slug: 'sport', learnt: true, threshold: null }]);
  });

  it('does not take what nobody has decided for a no', () => {
    // Half of the sport texts were labelled by a feed that knows nothing of sport.
    const half = (unsure: string[]) =>
      labels.map((label, index) =>
        label.topics[0] === 'sport' && index % 2 === 0 ? { ...label, topics: [], unsure } : label,
      );
    const confidences = (unsure: string[]) => {
      const predict = createTopicPredictor(modelOf(trainTopicModel(half(unsure), slugs)));
      return unseen
        .filter(({ topics }) => topics[0] === 'sport')
        .map((label) => predict(label).find(({ slug }) => slug === 'sport')?.confidence ?? 0);
    };
    const [honest, taken] = [confidences(['sport']), confidences([])];
    expect(Math.min(...honest)).toBeGreaterThan(Math.max(...taken));
  });
});
