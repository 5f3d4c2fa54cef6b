// Topics: a model trained on one half of a newsroom's labelled articles, tried on the other half; and the reverse.
import { join } from 'node:path';
import {
  createTopicPredictor,
  packTopicModel,
  type TopicPrediction,
  unpackTopicModel,
} from '../src/topics/topic-model.ts';
import type { TopicText } from '../src/topics/text-features.ts';
import { trainTopicModel } from '../src/topics/train-topic-model.ts';
import { readGzip } from './archive.ts';
import { cpuMs, halfOf, type Part, type Score } from './score.ts';

const archive = 'ant-arabic/ant-4000.jsonl.gz';

/**
 * The sections that name a subject and have labels enough. The others are what is left over: "localNews" is news of any
 * subject with a place, "diverse" is anything; "technology" and "culture" have some twenty articles in each half.
 */
const subjects = ['economy', 'internationalNews', 'politic', 'society', 'sport'];

/** What a headline and a lead have. */
const leadWords = 40;
const fewLabels = 50;
const sureConfidence = 0.9;

interface LabelledArticle extends TopicText {
  id: string;
  topic: string;
}

export const topicsPart: Part = {
  name: 'topics',
  needs: [archive],
  async evaluate(dataDir) {
    const articles = readArticles(join(dataDir, archive));
    const five = articles.filter(({ topic }) => subjects.includes(topic));
    const [tuned, heldOut] = halves(five);
    const trials = [
      { set: 'five subjects, full texts', bars: { accuracy: 0.94, precision: 0.98, coverage: 0.66 } },
      { set: `five subjects, title + ${leadWords} words`, bars: { accuracy: 0.89 }, change: lead },
      { set: `five subjects, ${fewLabels} labels each`, bars: { accuracy: 0.9 }, labels: fewLabels },
    ];
    const scores: Score[] = [];
    for (const { set, bars, change, labels } of trials) {
      for (const [half, other] of [
        ['held out', { train: tuned, test: heldOut }],
        ['tuned', { train: heldOut, test: tuned }],
      ] as const) {
        const train = labels === undefined ? other.train : firstOfEach(other.train, labels);
        const trial = await trainAndTry(train.map(change ?? same), other.test.map(change ?? same));
        scores.push(...scoresOf(`${set}, ${half}`, trial, bars));
      }
    }
    const everything = await trainAndTry(...halves(articles));
    scores.push(...scoresOf('all nine sections, full texts, held out', everything, {}));
    return scores;
  },
};

interface Bars {
  accuracy?: number;
  precision?: number;
  coverage?: number;
}

function scoresOf(set: string, trial: Trial, { accuracy, precision, coverage }: Bars): Score[] {
  const of = { part: 'topics', set, better: 'higher', cases: trial.cases } as const;
  const atSure = `at confidence ≥ ${sureConfidence}`;
  return [
    { ...of, measure: 'accuracy', value: trial.accuracy, bar: accuracy ?? null },
    { ...of, measure: `precision ${atSure}`, value: trial.surePrecision, bar: precision ?? null },
    { ...of, measure: `coverage ${atSure}`, value: trial.sureCoverage, bar: coverage ?? null },
    { ...of, measure: 'precision of what is applied', value: trial.appliedPrecision, bar: null },
    { ...of, measure: 'share of articles with an applied topic', value: trial.appliedCoverage, bar: null },
    { ...of, better: 'lower', measure: 'CPU ms per prediction', value: trial.msEach, bar: 1 },
  ];
}

interface Trial {
  cases: number;
  accuracy: number;
  surePrecision: number;
  sureCoverage: number;
  appliedPrecision: number;
  appliedCoverage: number;
  msEach: number;
}

async function trainAndTry(train: readonly LabelledArticle[], test: readonly LabelledArticle[]): Promise<Trial> {
  const labels = train.map(({ title, text, topic }) => ({ title, text, topics: [topic] }));
  const { model } = trainTopicModel(labels, [...new Set(train.map(({ topic }) => topic))].toSorted());
  // As the program has it: stored, and read again.
  const stored = model && unpackTopicModel(packTopicModel(model));
  if (!stored) throw new Error('nothing was learnt');
  const predict = createTopicPredictor(stored);
  const tried: { topic: string; predictions: TopicPrediction[] }[] = [];
  const ms = await cpuMs(() => {
    for (const article of test) tried.push({ topic: article.topic, predictions: predict(article) });
  });
  const best = tried.map(({ topic, predictions: [first] }) => ({
    right: first?.slug === topic,
    sure: (first?.confidence ?? 0) >= sureConfidence,
  }));
  const applied = tried.flatMap(({ topic, predictions }) =>
    predictions.filter((prediction) => prediction.applied).map(({ slug }) => slug === topic),
  );
  const sure = best.filter((each) => each.sure);
  return {
    cases: test.length,
    accuracy: share(best.map(({ right }) => right)),
    surePrecision: share(sure.map(({ right }) => right)),
    sureCoverage: sure.length / test.length,
    appliedPrecision: share(applied),
    appliedCoverage: share(tried.map(({ predictions }) => predictions.some((prediction) => prediction.applied))),
    msEach: ms / test.length,
  };
}

function readArticles(path: string): LabelledArticle[] {
  return readGzip(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { docno, cat, title, text } = JSON.parse(line) as Record<'docno' | 'cat' | 'title' | 'text', string>;
      return { id: docno, topic: cat, title, text };
    });
}

function halves(articles: readonly LabelledArticle[]): [LabelledArticle[], LabelledArticle[]] {
  const of = (half: string) => articles.filter(({ id }) => halfOf(id) === half);
  return [of('tuned'), of('held out')];
}

function same(article: LabelledArticle): LabelledArticle {
  return article;
}

function lead(article: LabelledArticle): LabelledArticle {
  return { ...article, text: article.text.split(/\s+/).slice(0, leadWords).join(' ') };
}

function firstOfEach(articles: readonly LabelledArticle[], count: number): LabelledArticle[] {
  const taken = new Map<string, number>();
  return articles.filter(({ topic }) => {
    taken.set(topic, (taken.get(topic) ?? 0) + 1);
    return (taken.get(topic) ?? 0) <= count;
  });
}

function share(answers: readonly boolean[]): number {
  return answers.filter(Boolean).length / Math.max(1, answers.length);
}
