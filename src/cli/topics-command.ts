// nashra topics: learns topics from the newsroom's own labels, and says how good the topics of articles are.
import { Command } from 'commander';
import type { Db } from '../db/database.ts';
import { parseLabelFile } from '../topics/label-file.ts';
import { listLabels } from '../topics/label-store.ts';
import { crossValidateTopics, type Evaluation, type Measure, measureTopics } from '../topics/measure-topics.ts';
import { createTopicPredictor } from '../topics/topic-model.ts';
import { findTopicModel, saveTopicModel } from '../topics/topic-model-store.ts';
import { listTopics } from '../topics/topic-store.ts';
import type { Topic } from '../topics/topic.ts';
import {
  hasLearntFrom,
  type LabelledText,
  minLabels,
  type TopicReport,
  trainTopicModel,
} from '../topics/train-topic-model.ts';
import { type Shell, CommandError, withWorld } from './context.ts';
import { counted, json, printable, table } from './output.ts';
import { readTextFile } from './text-file.ts';

const labelsHelp = `
The newsroom's own labels are its articles: the topics that a feed, a category or an editor gave them, and the
suggestions that editors accepted and dismissed. A file of labels has one JSON object a line:
  {"title": "…", "text": "…", "topics": ["sport"]}
`;

export function topicsCommand(shell: Shell): Command {
  const topics = new Command('topics').description(
    "Learn topics from the newsroom's own labels, and say how good the topics of articles are.",
  );
  topics
    .command('train')
    .description(
      'Train the topic model and store it; the running program uses it from its next round on. Each topic is applied ' +
        'only from the confidence that was measured to be right often enough on labels held out; below it, it is ' +
        'suggested to editors (/suggestions).',
    )
    .option('--labels <file>', "labels from a file, beside the newsroom's own")
    .option('--json', 'print the measurements as one JSON object')
    .addHelpText(
      'after',
      `${labelsHelp}\nExamples:\n  nashra topics train\n  nashra topics train --labels labels.jsonl`,
    )
    .action((flags: Flags) => train(shell, flags));
  topics
    .command('evaluate')
    .description(
      'Measure, on labels held out, how often a given topic is right and how many of the topics are given: by ' +
        'keywords alone, and with the model. Changes nothing.',
    )
    .option('--labels <file>', "labels from a file, instead of the newsroom's own")
    .option('--json', 'print the measurements as one JSON object')
    .addHelpText(
      'after',
      `${labelsHelp}
The stored model is measured on the texts of the file that it has not learnt from. Where there are none, and on the
newsroom's own labels, each fifth is judged by a model that is trained on the others.

Example:
  nashra topics evaluate --labels labels.jsonl`,
    )
    .action((flags: Flags) => evaluate(shell, flags));
  return topics;
}

interface Flags {
  labels?: string;
  json?: boolean;
}

async function train(shell: Shell, { labels: file, ...flags }: Flags): Promise<void> {
  await withWorld(shell, async ({ db }) => {
    const topics = await topicsOf(db);
    const fromFile = file === undefined ? [] : await readLabels(file, topics);
    const labels = [...(await listLabels(db)), ...fromFile];
    const training = trainTopicModel(
      labels,
      topics.map(({ slug }) => slug),
    );
    if (!training.model) throw new CommandError(tooFew(labels.length, training.topics));
    await saveTopicModel(db, training.model, shell.clock.now());
    shell.print(
      flags.json
        ? json({ texts: labels.length, topics: training.topics })
        : describeTraining(labels.length, training.topics),
    );
  });
}

async function evaluate(shell: Shell, { labels: file, ...flags }: Flags): Promise<void> {
  await withWorld(shell, async ({ db }) => {
    const topics = await topicsOf(db);
    const labels = file === undefined ? await listLabels(db) : await readLabels(file, topics);
    if (labels.length === 0) throw new CommandError('There are no labels to measure on.');
    const stored = file === undefined ? undefined : await findTopicModel(db);
    const learnt = stored && hasLearntFrom(stored);
    const unseen = learnt ? labels.filter((label) => !learnt(label)) : [];
    const method = stored && unseen.length > 0 ? 'stored model' : 'cross-validation';
    const predict = stored && createTopicPredictor(stored);
    const evaluation =
      method === 'stored model' ? measureTopics(unseen, topics, () => predict) : crossValidateTopics(labels, topics);
    shell.print(
      flags.json
        ? json({ method, leftOut: labels.length - evaluation.texts, ...evaluation })
        : describeEvaluation(evaluation, method, labels.length - evaluation.texts),
    );
  });
}

async function topicsOf(db: Db): Promise<Topic[]> {
  const topics = await listTopics(db);
  if (topics.length > 0) return topics;
  throw new CommandError('There are no topics yet. Write them in a newsroom file and run: nashra newsroom apply FILE');
}

async function readLabels(file: string, topics: readonly Topic[]): Promise<LabelledText[]> {
  const slugs = topics.map(({ slug }) => slug);
  const { labels, faults } = parseLabelFile(await readTextFile(file), slugs);
  if (labels) return labels;
  const lines = faults.map(({ line, message }) => printable(`${file}:${line}: ${message}`));
  throw new CommandError([...lines, `${file} was not used. The topics are ${slugs.join(', ')}.`].join('\n'));
}

function tooFew(texts: number, topics: readonly TopicReport[]): string {
  return [
    `There are too few labels (${counted(texts, 'text')}): a topic needs ${minLabels} texts that have it and ` +
      `${minLabels} that do not. Nothing was changed.`,
    ...topics.map(({ slug, labels }) => `  ${slug}: ${labels} of ${minLabels}`),
  ].join('\n');
}

function describeTraining(texts: number, topics: readonly TopicReport[]): string {
  const rows = topics.map(({ slug, labels, learnt, threshold, precision, coverage }) => [
    slug,
    labels,
    threshold === null ? null : threshold.toFixed(2),
    percent(precision),
    percent(coverage),
    threshold !== null ? 'applied' : learnt ? 'only suggested' : `not learnt: ${minLabels} labels are needed`,
  ]);
  return [
    table(['topic', 'labels', 'from confidence', 'right', 'found', ''], rows),
    `Trained on ${counted(texts, 'text')}. Measured on texts held out: "right", of the texts that get the topic; ` +
      '"found", of the texts that have it.\n',
  ].join('\n');
}

function describeEvaluation({ texts, overall, topics }: Evaluation, method: string, leftOut: number): string {
  const cells = ({ precision, coverage }: Measure) => [percent(precision), percent(coverage)];
  const rows = [...topics, { slug: 'all topics', ...overall }].map(({ slug, rules, withModel }) => [
    slug,
    rules.labels,
    ...cells(rules),
    ...cells(withModel),
  ]);
  const how =
    method === 'stored model'
      ? `The stored model, on ${counted(texts, 'text')} that it has not learnt from` +
        (leftOut > 0 ? `; ${leftOut} that it has were left out.` : '.')
      : `Cross-validation on ${counted(texts, 'text')}: each fifth judged by a model of the others.`;
  return [
    table(['topic', 'labels', 'rules: right', 'found', 'with the model: right', 'found'], rows),
    `${how}\n"right": of the topics given; "found": of the topics that the texts have. Rules are keywords here.\n`,
  ].join('\n');
}

function percent(share: number | null): string | null {
  return share === null ? null : `${(share * 100).toFixed(1)} %`;
}
