// Fits the weights in src/stories/event-likeness.ts on the tuned half of the labelled pairs. node eval/fit-likeness.ts [DATA]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparable, comparable } from '../src/stories/comparable.ts';
import { type FactorName, type Factors, factorsOf, likeness } from '../src/stories/event-likeness.ts';
import { fingerprintOf } from '../src/stories/fingerprint.ts';
import { shareOf } from '../src/stories/terms.ts';
import { readGzip } from './archive.ts';
import { f1 } from './score.ts';

interface Told {
  title: string;
  text: string;
  publishedAt: string;
  feed: string;
}

interface Example {
  factors: Factors;
  same: boolean;
  weight: number;
  /** Examples of one event are in one fold. */
  event: number;
  /** Kept apart for another reason than its likeness. */
  isVetoed: boolean;
  isPair: boolean;
}

const data = process.argv[2] ?? join(import.meta.dirname, '../../shared/data');
const folds = 10;
/** Keeps weights small that few examples need. */
const penalty = 0.3;
const rounds = 1500;
const stepSize = 0.3;
/** Articles of unrelated news, and how many of the nearest of them are examples of what is not the same. */
const others = 800;
const nearest = 3;
/** All unrelated neighbours together weigh as much of the labelled pairs. */
const otherWeight = 0.15;
const knownArticles = 4000;
/** Set by hand: in labelled pairs time tells more than in life. */
const given: Partial<Factors> = { gap: -0.6 };
/** What speaks for one event, and what against it: a weight of the wrong sign is chance. */
const against = new Set<FactorName>(['figuresDiffer', 'daysDiffer', 'placesDiffer', 'routine', 'gap']);

const pairs = readFileSync(join(import.meta.dirname, '../test/fixtures/stories/pairs-tuned.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { same: boolean; kind: string; a: Told; b: Told });

const known = new Map<string, { told: Comparable; event: number }>();
function read(told: Told): { told: Comparable; event: number } {
  const key = JSON.stringify([told.title, told.text, told.publishedAt]);
  const publishedAt = new Date(told.publishedAt);
  const found = known.get(key) ?? {
    told: comparable(fingerprintOf({ ...told, publishedAt }), publishedAt, told.feed),
    event: known.size,
  };
  known.set(key, found);
  return found;
}

const news = readGzip(join(data, 'ant-arabic/ant-4000.jsonl.gz')).trim().split('\n').slice(0, others);
const unrelated = news.map((line, number) => {
  const { title, text } = JSON.parse(line) as { title: string; text: string };
  const publishedAt = new Date(Date.parse('2024-06-09T12:00:00Z') - (number / others) * 70 * 3_600_000);
  return comparable(fingerprintOf({ title, text, publishedAt }), publishedAt, number % 40);
});
const counts = new Map<number, number>();
for (const { terms } of unrelated) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
const alone = (term: number) => Math.log((knownArticles + 1) / (shareOf(term) * knownArticles + 1));
const among = (term: number) =>
  Math.log((knownArticles + others) / (shareOf(term) * knownArticles + 1 + (counts.get(term) ?? 0)));

const examples: Example[] = [];
for (const pair of pairs) {
  const [a, b] = [read(pair.a), read(pair.b)];
  const event = Math.min(a.event, b.event);
  for (const each of known.values()) if (each.event === a.event || each.event === b.event) each.event = event;
}
for (const pair of pairs) {
  const [a, b] = [read(pair.a), read(pair.b)];
  for (const rarity of [alone, among]) {
    const { isOtherDay, isOtherItem, verbatim } = likeness(a.told, b.told, rarity);
    if (verbatim > 0.9) continue;
    const { factors } = factorsOf(a.told, b.told, rarity);
    const isVetoed = isOtherDay || isOtherItem;
    examples.push({ factors, same: pair.same, weight: 0.5, event: a.event, isVetoed, isPair: rarity === alone });
  }
}
const labelled = examples.length;
const neighbours: Example[] = [
  ...known.values(),
  ...unrelated.slice(0, 150).map((told) => ({ told, event: -1 })),
].flatMap(({ told, event }) =>
  unrelated
    .filter((other) => other !== told)
    .map((other) => factorsOf(told, other, among).factors)
    .toSorted((a, b) => b.words + b.titleFound - a.words - a.titleFound)
    // The very nearest of a text of the same station may be of the same event.
    .slice(event < 0 ? 2 : 0, event < 0 ? 2 + nearest : nearest)
    .map((factors) => ({ factors, same: false, weight: 0, event, isVetoed: false, isPair: false })),
);
for (const each of neighbours) each.weight = (otherWeight * labelled * 0.5) / neighbours.length;
examples.push(...neighbours);

type Weights = Record<string, number>;
const names = Object.keys(examples[0]?.factors ?? {}) as FactorName[];

function logitOf(weights: Weights, factors: Factors): number {
  return names.reduce((sum, name) => sum + (weights[name] ?? 0) * factors[name], weights['bias'] ?? 0);
}

function fit(from: readonly Example[]): Weights {
  const weights: Weights = { bias: -1, ...Object.fromEntries(names.map((name) => [name, given[name] ?? 0])) };
  const momentum: Weights = {};
  const total = from.reduce((sum, { weight }) => sum + weight, 0);
  for (let round = 0; round < rounds; round += 1) {
    const gradient: Weights = {};
    for (const { factors, same, weight } of from) {
      const error = (weight / total) * ((same ? 1 : 0) - 1 / (1 + Math.exp(-logitOf(weights, factors))));
      gradient['bias'] = (gradient['bias'] ?? 0) + error;
      for (const name of names) gradient[name] = (gradient[name] ?? 0) + error * factors[name];
    }
    for (const name of ['bias', ...names]) {
      if (name in given) continue;
      const decay = name === 'bias' ? 0 : penalty * (weights[name] ?? 0);
      momentum[name] = 0.9 * (momentum[name] ?? 0) + (gradient[name] ?? 0) - decay * 0.1;
      const next = (weights[name] ?? 0) + stepSize * (momentum[name] ?? 0);
      const isFree = name === 'bias' || (against.has(name as FactorName) ? next <= 0 : next >= 0);
      weights[name] = isFree ? next : 0;
    }
  }
  return weights;
}

const judged = Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
  const weights = fit(examples.filter(({ event }) => event < 0 || event % folds !== fold));
  return examples
    .filter(({ event, isPair }) => isPair && event % folds === fold)
    .map(({ factors, same, isVetoed }) => ({
      factors,
      same,
      logit: isVetoed ? -Infinity : logitOf(weights, factors),
    }));
});
const right = judged.filter(({ same, logit }) => same && logit >= 0).length;
const joined = judged.filter(({ logit }) => logit >= 0).length;
const same = judged.filter((each) => each.same).length;
let best = 0;
let [rightAbove, above] = [0, 0];
for (const each of judged.toSorted((a, b) => b.logit - a.logit)) {
  above += 1;
  if (each.same) rightAbove += 1;
  if (rightAbove / above >= 0.95) best = rightAbove / same;
}
const weights = fit(examples);
const tooNear = neighbours.filter(({ factors }) => logitOf(weights, factors) > 0).length;
process.stdout.write(
  `cross-validated: F1 ${f1(right / joined, right / same).toFixed(3)}, precision ${(right / joined).toFixed(3)}, ` +
    `recall ${(right / same).toFixed(3)}, recall at precision .95 ${best.toFixed(3)}; ` +
    `unrelated neighbours joined ${(tooNear / neighbours.length).toFixed(4)}\n` +
    `${Object.entries(weights)
      .map(([name, value]) => `  ${name}: ${value.toFixed(2)},`)
      .join('\n')}\n`,
);
