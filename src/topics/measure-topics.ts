// How good the topics are that texts get: precision and coverage against labels, by rules alone and with the model.
import { classify } from './classify.ts';
import { createTopicPredictor, type TopicPredictor } from './topic-model.ts';
import type { Topic } from './topic.ts';
import { foldCount, foldOf, identityOf, type LabelledText, trainTopicModel } from './train-topic-model.ts';

export interface Measure {
  /** How often a topic was given, and how often rightly. */
  given: number;
  right: number;
  /** How many texts have the topic. */
  labels: number;
  /** right ÷ given and right ÷ labels; null where there was nothing to divide by. */
  precision: number | null;
  coverage: number | null;
}

interface TopicMeasures {
  /** By keyword: labelled texts come without a feed. */
  rules: Measure;
  withModel: Measure;
}

export interface Evaluation {
  texts: number;
  overall: TopicMeasures;
  topics: (TopicMeasures & { slug: string })[];
}

/** Measures on `labels` what the rules and this predictor give; the predictor must not have learnt from them. */
export function measureTopics(
  labels: readonly LabelledText[],
  topics: readonly Topic[],
  predictorFor: (label: LabelledText) => TopicPredictor | undefined,
): Evaluation {
  const counted = new Map(topics.map(({ topicId, slug }) => [topicId, { slug, rules: count(), withModel: count() }]));
  for (const label of labels) {
    const { matches } = classify({
      headline: label.title,
      body: label.text,
      categories: [],
      feedTopicIds: [],
      feedCategories: [],
      topics,
      predict: predictorFor(label),
    });
    const why = new Map(matches.map((match) => [match.topicId, match.why]));
    for (const [topicId, { slug, rules, withModel }] of counted) {
      if (label.unsure?.includes(slug)) continue;
      const has = label.topics.includes(slug);
      const reason = why.get(topicId);
      add(rules, { has, given: reason !== undefined && reason !== 'model' });
      add(withModel, { has, given: reason !== undefined });
    }
  }
  const byTopic = [...counted.values()];
  return {
    texts: labels.length,
    overall: {
      rules: measure(sum(byTopic.map(({ rules }) => rules))),
      withModel: measure(sum(byTopic.map(({ withModel }) => withModel))),
    },
    topics: byTopic.map(({ slug, rules, withModel }) => ({
      slug,
      rules: measure(rules),
      withModel: measure(withModel),
    })),
  };
}

/** The same by cross-validation: each part of the labels is judged by a model trained, thresholds too, on the others. */
export function crossValidateTopics(labels: readonly LabelledText[], topics: readonly Topic[]): Evaluation {
  const slugs = topics.map(({ slug }) => slug);
  const predictors = Array.from({ length: foldCount }, (_, fold) => {
    const { model } = trainTopicModel(
      labels.filter((label) => outerFoldOf(label) !== fold),
      slugs,
    );
    return model && createTopicPredictor(model);
  });
  return measureTopics(labels, topics, (label) => predictors[outerFoldOf(label)]);
}

/** Not the parts into which training itself divides, or it would be left with one part fewer. */
function outerFoldOf(label: LabelledText): number {
  return foldOf({ ...label, group: `outer ${label.group ?? identityOf(label)}` });
}

type Count = Pick<Measure, 'given' | 'right' | 'labels'>;

function count(): Count {
  return { given: 0, right: 0, labels: 0 };
}

function add(to: Count, { has, given }: { has: boolean; given: boolean }): void {
  if (given) to.given += 1;
  if (has) to.labels += 1;
  if (given && has) to.right += 1;
}

function sum(counts: readonly Count[]): Count {
  const total = count();
  for (const { given, right, labels } of counts) {
    total.given += given;
    total.right += right;
    total.labels += labels;
  }
  return total;
}

function measure({ given, right, labels }: Count): Measure {
  return {
    given,
    right,
    labels,
    precision: given === 0 ? null : right / given,
    coverage: labels === 0 ? null : right / labels,
  };
}
