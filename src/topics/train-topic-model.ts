// Learns the topic model from labelled texts, and measures on texts held out from which confidence it may be believed.
import {
  type Answers,
  dot,
  fitLine,
  fitSigmoid,
  type Line,
  probability,
  type SparseVector,
} from './logistic-regression.ts';
import { hashCount, hashText, type TextFeatures, textFeatures, type TopicText } from './text-features.ts';
import { createVectorizer, type LearntTopic, type TopicModel, type Vocabulary } from './topic-model.ts';

export interface LabelledText extends TopicText {
  /** Slugs of the topics that it has. */
  topics: readonly string[];
  /** Slugs of topics of which nobody has said whether it has them; it has none of all others. */
  unsure?: readonly string[];
  /** Texts of one group (a story) are held out together, for they say the same; by default those of one title. */
  group?: string;
}

/** Texts with a topic, and texts without it, that are needed to learn it. */
export const minLabels = 20;
/** How often an applied topic must be right. */
const wantedPrecision = 0.95;
/** A precision measured on fewer is chance. */
const minCases = 20;
/** A topic that is less likely than not is never applied, however right it was on the texts held out. */
const minThreshold = 0.5;
/** Each fifth of the texts is judged by a model of the other four. */
export const foldCount = 5;
/** A feature of fewer texts is a name or a slip. */
const minTextsWithFeature = 2;
/** The most frequent ones; it bounds the stored model: 8 bytes each, and 1 more for each topic. */
const maxFeatures = 65_536;
/** Characters of a text without a title that tell it from others. */
const untitledIdentity = 200;

export interface TopicReport {
  slug: string;
  /** How many texts have the topic. */
  labels: number;
  learnt: boolean;
  /** Null: only ever suggested. */
  threshold: number | null;
  /** Held out, at the threshold: the share that is right, and the share of the topic's texts that get it. */
  precision: number | null;
  coverage: number | null;
}

export interface Training {
  /** Undefined when no topic has labels enough. */
  model: TopicModel | undefined;
  /** In the order of `slugs`. */
  topics: TopicReport[];
}

/** The same labels in the same order give the same model. Topics outside `slugs` are ignored. */
export function trainTopicModel(labels: readonly LabelledText[], slugs: readonly string[]): Training {
  const answersOf = new Map(slugs.map((slug) => [slug, answers(labels, slug)]));
  const learnt = slugs.filter((slug) => isEnough(answersOf.get(slug) as Answers));
  const features = labels.map((label) => textFeatures(label));
  const heldOut = heldOutMargins(labels, features, learnt);
  const { vocabulary, vectors } = vectorize(features);
  const size = vocabulary.hashes.length;

  const topics: LearntTopic[] = [];
  const reports = slugs.map((slug): TopicReport => {
    const known = answersOf.get(slug) as Answers;
    const report = { slug, labels: known.filter((answer) => answer === 1).length };
    const margins = heldOut.get(slug);
    if (!margins) return { ...report, learnt: false, threshold: null, precision: null, coverage: null };
    const sigmoid = fitSigmoid(margins, known);
    const measured = measureThreshold(
      margins.map((margin) => probability(sigmoid, margin)),
      known,
    );
    topics.push({ slug, ...quantize(fitLine(vectors, known, size)), ...sigmoid, threshold: measured.threshold });
    return { ...report, learnt: true, ...measured };
  });
  const model =
    topics.length === 0
      ? undefined
      : { vocabulary, topics, learntFrom: Int32Array.from(new Set(labels.map(identityOf))).sort() };
  return { model, topics: reports };
}

/** Whether the model has learnt from a text. */
export function hasLearntFrom({ learntFrom }: TopicModel): (text: TopicText) => boolean {
  const hashes = new Set(learntFrom);
  return (text) => hashes.has(identityOf(text));
}

/** Texts of one title are taken for the same; where there is none, those that begin alike. */
export function identityOf({ title, text }: TopicText): number {
  return hashText(title.trim() || text.slice(0, untitledIdentity)) | 0;
}

/** Which of `foldCount` parts a text is in: the same for all texts of its group. */
export function foldOf(label: LabelledText): number {
  return hashText(label.group ?? String(identityOf(label))) % foldCount;
}

function answers(labels: readonly LabelledText[], slug: string): Answers {
  return Int8Array.from(labels, ({ topics, unsure }) => (topics.includes(slug) ? 1 : unsure?.includes(slug) ? 0 : -1));
}

function isEnough(known: Answers): boolean {
  return [1, -1].every((wanted) => known.filter((answer) => answer === wanted).length >= minLabels);
}

/** The margin of every text, given by a line that has not seen it; by slug. */
function heldOutMargins(
  labels: readonly LabelledText[],
  features: readonly TextFeatures[],
  slugs: readonly string[],
): Map<string, number[]> {
  const margins = new Map(slugs.map((slug) => [slug, labels.map(() => 0)]));
  if (slugs.length === 0) return margins;
  const folds = labels.map(foldOf);
  for (let fold = 0; fold < foldCount; fold += 1) {
    const [others, own] = [false, true].map((inFold) =>
      [...labels.keys()].filter((index) => (folds[index] === fold) === inFold),
    ) as [number[], number[]];
    const { vocabulary, vectors } = vectorize(others.map((index) => features[index] as TextFeatures));
    const vectorOf = createVectorizer(vocabulary);
    const ownVectors = own.map((index) => vectorOf(features[index] as TextFeatures));
    const otherLabels = others.map((index) => labels[index] as LabelledText);
    for (const [slug, of] of margins) {
      const line = fitLine(vectors, answers(otherLabels, slug), vocabulary.hashes.length);
      for (const [at, index] of own.entries())
        of[index] = dot(line.weights, ownVectors[at] as SparseVector) + line.bias;
    }
  }
  return margins;
}

function vectorize(features: readonly TextFeatures[]): { vocabulary: Vocabulary; vectors: SparseVector[] } {
  const texts = new Int32Array(hashCount);
  for (const each of features) {
    for (const hash of each.hashes) texts[hash] = (texts[hash] as number) + 1;
  }
  const hashes = Int32Array.from(
    [...texts.keys()]
      .filter((hash) => (texts[hash] as number) >= minTextsWithFeature)
      .toSorted((a, b) => (texts[b] as number) - (texts[a] as number) || a - b)
      .slice(0, maxFeatures),
  ).sort();
  const idf = Float32Array.from(hashes, (hash) => Math.log((1 + features.length) / (1 + (texts[hash] as number))) + 1);
  const vocabulary = { hashes, idf };
  return { vocabulary, vectors: features.map(createVectorizer(vocabulary)) };
}

/** Weights in 255 steps: a byte each, and no difference that could be measured. */
function quantize({ weights, bias }: Line): Pick<LearntTopic, 'weights' | 'unit' | 'bias'> {
  const largest = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0);
  const unit = largest / 127 || 1;
  return { weights: Int8Array.from(weights, (weight) => Math.round(weight / unit)), unit, bias };
}

/**
 * The lowest confidence at and above which the topic was right often enough. One more case, which is wrong, is counted
 * in, so that few cases must be better than many.
 */
function measureThreshold(
  confidences: readonly number[],
  known: Answers,
): Pick<TopicReport, 'threshold' | 'precision' | 'coverage'> {
  const cases = [...known.keys()]
    .filter((index) => known[index] !== 0)
    .map((index) => ({ confidence: confidences[index] as number, right: known[index] === 1 }))
    .toSorted((a, b) => b.confidence - a.confidence);
  const all = cases.filter(({ right }) => right).length;
  let found: Pick<TopicReport, 'threshold' | 'precision' | 'coverage'> = {
    threshold: null,
    precision: null,
    coverage: null,
  };
  let right = 0;
  for (const [before, each] of cases.entries()) {
    if (each.confidence < minThreshold) break;
    const given = before + 1;
    if (each.right) right += 1;
    const isLastOfEqual = cases[given]?.confidence !== each.confidence;
    if (isLastOfEqual && given >= minCases && right / (given + 1) >= wantedPrecision) {
      found = { threshold: each.confidence, precision: right / given, coverage: right / all };
    }
  }
  return found;
}
