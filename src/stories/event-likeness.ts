// How alike two articles are as reports of one event: words weighed by rarity, figures, days, and the time between.
import { type Comparable, countMask, countShared, inOpening, inTitle } from './comparable.ts';
import { isOtherItem, minRarity, type Rarity } from './other-item.ts';
import { wordsOfRun } from './shingles.ts';
import { isOccurrence } from './terms.ts';

export interface Likeness {
  /** Above 0 if it is likelier one event than not, when only these two are known. */
  logit: number;
  /** 0 to 1: how much of the shorter text stands verbatim in the other. */
  verbatim: number;
  /** 0 to 1: the cosine of their words alone. */
  cosine: number;
  /** How many words of the shorter text that is, about. */
  copiedWords: number;
  /** Two items of a series, a listing or a template. */
  isOtherItem: boolean;
  /** Of another day: the same daily report, or the same words with other figures. */
  isOtherDay: boolean;
}

const hourMs = 3_600_000;
/** A daily report of the same kind is another one from then on. */
const otherReportAfterMs = 12 * hourMs;
/** More time between them tells no more. */
const maxGapMs = 36 * hourMs;
/** A text that differs in its figures alone: that much of its words agrees. */
const sameTemplateCosine = 0.55;
/**
 * Weights of a logistic regression that eval/fit-likeness.ts fits on the tuned half of the pairs labelled by hand
 * (test/fixtures/stories) and, as articles that are not of one event, the nearest neighbours among unrelated news. The
 * weight of the gap was set by hand: in labelled pairs time tells more than in life. Each factor lies between 0 and
 * about 4.
 */
const weights = {
  bias: -1.65,
  words: 0.09,
  titleFound: 0.61,
  titlesFound: 0.2,
  what: 0.12,
  whoAndWhat: 0.46,
  openings: 0.19,
  figuresShared: 0.3,
  figuresDiffer: -0.72,
  daysDiffer: -0.7,
  placesDiffer: -0.6,
  gap: -0.6,
  routine: -0.37,
};

export type FactorName = Exclude<keyof typeof weights, 'bias'>;
export type Factors = Record<FactorName, number>;
const factorNames = Object.keys(weights).filter((name) => name !== 'bias') as FactorName[];

/** Words of more than one in three hundred articles are no names. */
const minNameRarity = Math.log(300);

export function likeness(one: Comparable, other: Comparable, rarity: Rarity): Likeness {
  const { factors, words } = factorsOf(one, other, rarity);
  let logit = weights.bias;
  for (const name of factorNames) logit += weights[name] * factors[name];
  const copied = compareTexts(one, other);
  return {
    logit,
    ...copied,
    cosine: words.cosine,
    isOtherDay: isOtherDay(one, other, { factors, words }),
    isOtherItem: isOtherItem(one, other, copied, rarity),
  };
}

export function factorsOf(
  one: Comparable,
  other: Comparable,
  rarity: Rarity,
): { factors: Factors; words: WordsCompared } {
  const gapMs = Math.abs(one.publishedAtMs - other.publishedAtMs);
  const words = compareWords(one, other, rarity);
  const figures = compareFigures(one.numbers, other.numbers);
  const isDay = daysDiffer(one, other);
  const isOtherRoutine = isSameKind(one, other) && figures.shared < 1 && (isDay || gapMs >= otherReportAfterMs);
  const factors: Factors = {
    words: 4 * words.cosine,
    titleFound: 3 * Math.max(...words.titleFound),
    titlesFound: 3 * Math.min(...words.titleFound),
    what: 3 * words.what,
    whoAndWhat: 3 * words.whoAndWhat,
    openings: 4 * words.openings,
    figuresShared: Math.min(figures.shared, 3),
    figuresDiffer: Math.min(figures.differing / (1 + 2 * figures.shared), 3),
    daysDiffer: isDay ? 1 : 0,
    placesDiffer: namesNothingOf(one, other) && namesNothingOf(other, one) ? 1 : 0,
    gap: Math.min(gapMs, maxGapMs) / otherReportAfterMs,
    routine: isOtherRoutine ? 1 : 0,
  };
  return { factors, words };
}

function daysDiffer({ days }: Comparable, other: Comparable): boolean {
  return days.length > 0 && other.days.length > 0 && countShared(days, other.days) === 0;
}

function isSameKind(one: Comparable, other: Comparable): boolean {
  return countShared(one.routine, other.routine) > 0;
}

function isOtherDay(
  one: Comparable,
  other: Comparable,
  { factors, words }: { factors: Factors; words: WordsCompared },
): boolean {
  const isLater = Math.abs(one.publishedAtMs - other.publishedAtMs) >= otherReportAfterMs;
  const isDay = factors.daysDiffer > 0;
  if (isSameKind(one, other) && (isDay || (isLater && factors.figuresDiffer > 0))) return true;
  const isOther = isDay || factors.figuresDiffer > 0.5;
  return isLater && words.cosine >= sameTemplateCosine && isOther;
}

interface WordsCompared {
  cosine: number;
  /** How much of each title stands anywhere in the other. */
  titleFound: [number, number];
  /** How much of what happened by one of the titles, happened by the other's text as well. */
  what: number;
  /** The same of both titles, with the names in them: high only when both agree. */
  whoAndWhat: number;
  /** The cosine of the leads' openings. */
  openings: number;
}

/** The sums over the terms of one article, and over those that the other holds as well. */
interface Sums {
  square: number;
  title: number;
  titleFound: number;
  what: number;
  whatFound: number;
  who: number;
  whoFound: number;
  opening: number;
}

/** One walk over the terms of both, weighed by rarity. */
function compareWords(one: Comparable, other: Comparable, rarity: Rarity): WordsCompared {
  const sums = [emptySums(), emptySums()] as const;
  let dot = 0;
  let openings = 0;
  for (let a = 0, b = 0; a < one.terms.length || b < other.terms.length;) {
    const oneTerm = one.terms[a] ?? Infinity;
    const otherTerm = other.terms[b] ?? Infinity;
    const term = oneTerm < otherTerm ? oneTerm : otherTerm;
    const rare = rarity(term);
    const isShared = oneTerm === otherTerm;
    const oneCount = oneTerm === term ? (one.counts[a++] ?? 0) : 0;
    const otherCount = otherTerm === term ? (other.counts[b++] ?? 0) : 0;
    if (oneCount > 0) count(sums[0], term, rare, isShared, oneCount);
    if (otherCount > 0) count(sums[1], term, rare, isShared, otherCount);
    if (!isShared) continue;
    const both = oneCount & otherCount;
    // The root of a count: said twice is not twice as telling.
    dot += Math.sqrt((oneCount & countMask) * (otherCount & countMask)) * rare * rare;
    if (both & inOpening) openings += Math.max(0, rare - minRarity);
  }
  const [x, y] = sums;
  const what = ratio(x.whatFound + y.whatFound, x.what + y.what);
  const who = ratio(x.whoFound + y.whoFound, x.who + y.who);
  return {
    cosine: ratio(dot, Math.sqrt(x.square * y.square)),
    titleFound: [ratio(x.titleFound, x.title), ratio(y.titleFound, y.title)],
    what: Math.max(ratio(x.whatFound, x.what), ratio(y.whatFound, y.what)),
    whoAndWhat: Math.sqrt(what * who),
    openings: ratio(openings, Math.sqrt(x.opening * y.opening)),
  };
}

function emptySums(): Sums {
  return { square: 0, title: 0, titleFound: 0, what: 0, whatFound: 0, who: 0, whoFound: 0, opening: 0 };
}

/** Its arguments one by one: it is called thousands of times for each article. */
// oxlint-disable-next-line max-params
function count(sums: Sums, term: number, rare: number, isShared: boolean, said: number): void {
  sums.square += (said & countMask) * rare * rare;
  if (said & inOpening) sums.opening += Math.max(0, rare - minRarity);
  if (!(said & inTitle)) return;
  const weight = titleWeight(rare);
  sums.title += weight;
  if (isShared) sums.titleFound += weight;
  if (isOccurrence(term)) {
    sums.what += 1;
    if (isShared) sums.whatFound += 1;
  } else {
    const name = Math.max(0, rare - minNameRarity);
    sums.who += name;
    if (isShared) sums.whoFound += name;
  }
}

function titleWeight(rare: number): number {
  return Math.max(0, rare - minRarity) ** 1.5;
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** It names places, and none of them is anywhere in `other`. */
function namesNothingOf(one: Comparable, other: Comparable): boolean {
  return (
    one.places.length > 0 && one.places.every((place) => !other.terms.includes(place) && !other.places.includes(place))
  );
}

/** Small numbers coincide easily; a year says little of an event; 14750 or 3.5 says much. */
function tellingOf(value: number): number {
  if (!Number.isInteger(value)) return 1.2;
  if (value <= 10) return 0.35;
  if (value < 100) return 0.8;
  return value > 1900 && value < 2100 ? 0.4 : 1.2;
}

function compareFigures(one: readonly number[], other: readonly number[]): { shared: number; differing: number } {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + tellingOf(number), 0);
  const shared = sum(one.filter((number) => other.includes(number)));
  return { shared, differing: Math.min(sum(one), sum(other)) - shared };
}

/** Fewer runs of words than this prove nothing. */
const minShingles = 5;

function compareTexts(one: Comparable, other: Comparable): { verbatim: number; copiedWords: number } {
  const size = Math.min(one.shingles.length, other.shingles.length);
  if (size < minShingles) return { verbatim: 0, copiedWords: 0 };
  const shared = countShared(one.shingles, other.shingles);
  return { verbatim: shared / size, copiedWords: shared === 0 ? 0 : shared + wordsOfRun - 1 };
}
