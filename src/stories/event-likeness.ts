// How alike two articles are as reports of one event: words weighed by rarity, figures, days, and the time between.
import { isOtherItem, minRarity } from './other-item.ts';
import { wordsOfRun } from './shingles.ts';

export interface Comparable {
  /** term → how often; the title's count twice. */
  terms: ReadonlyMap<string, number>;
  title: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
  days: ReadonlySet<string>;
  /** Stems of the names of places. */
  places: ReadonlySet<string>;
  /** Kinds of daily report that it may be. */
  routine: readonly number[];
  /** Hashes of runs of words. */
  shingles: ReadonlySet<string>;
  publishedAt: Date;
  feed: string | number;
  /** Hashes: of title and lead, of the title, and of both with their figures and days left open. */
  exact: string;
  titleExact: string;
  titleFrame: string;
  leadFrame: string;
}

/** term → its rarity: −ln of the share of articles that hold it. */
export type Rarity = (term: string) => number;

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
 * Weights of a logistic regression over the tuned half of the pairs labelled by hand (test/fixtures/stories) and, as
 * articles that are not of one event, the nearest neighbours among unrelated news. The weight of the gap was set by
 * hand: in labelled pairs time tells more than in life. Each factor lies between 0 and about 4.
 */
const weights = {
  bias: -1.21,
  words: 0.28,
  contained: 0.15,
  titleFound: 0.76,
  titlesFound: 0.42,
  figuresShared: 0.3,
  figuresDiffer: -0.94,
  daysDiffer: -1.37,
  placesDiffer: -0.41,
  gap: -0.8,
  routine: -0.31,
};

type Factors = Record<Exclude<keyof typeof weights, 'bias'>, number>;

export function likeness(one: Comparable, other: Comparable, rarity: Rarity): Likeness {
  const gapMs = Math.abs(one.publishedAt.getTime() - other.publishedAt.getTime());
  const isSameKind = one.routine.some((kind) => other.routine.includes(kind));
  const cosine = wordCosine(one, other, rarity);
  const titles = [titleShare(one, other, rarity), titleShare(other, one, rarity)];
  const figures = compareFigures(one.numbers, other.numbers);
  const daysDiffer = one.days.size > 0 && other.days.size > 0 && one.days.isDisjointFrom(other.days);
  const isLater = gapMs >= otherReportAfterMs;
  const factors: Factors = {
    words: 4 * cosine,
    contained: 3 * sharedPart(one, other, rarity),
    titleFound: 3 * Math.max(...titles),
    titlesFound: 3 * Math.min(...titles),
    figuresShared: Math.min(figures.shared, 3),
    figuresDiffer: Math.min(figures.differing / (1 + 2 * figures.shared), 3),
    daysDiffer: daysDiffer ? 1 : 0,
    placesDiffer: namesNothingOf(one, other) && namesNothingOf(other, one) ? 1 : 0,
    gap: Math.min(gapMs, maxGapMs) / otherReportAfterMs,
    routine: isSameKind && (daysDiffer || isLater) && figures.shared < 1 ? 1 : 0,
  };
  let logit = weights.bias;
  for (const [name, value] of Object.entries(factors)) logit += weights[name as keyof Factors] * value;
  const isSameTemplate = cosine >= sameTemplateCosine && isLater;
  const isOtherDay =
    (isSameKind && (daysDiffer || (isLater && factors.figuresDiffer > 0))) ||
    (isSameTemplate && (daysDiffer || factors.figuresDiffer > 0.5));
  const copied = compareTexts(one, other);
  return { logit, ...copied, cosine, isOtherDay, isOtherItem: isOtherItem(one, other, copied, rarity) };
}

function wordCosine(one: Comparable, other: Comparable, rarity: Rarity): number {
  let dot = 0;
  let oneNorm = 0;
  let otherNorm = 0;
  for (const [term, count] of one.terms) {
    const square = rarity(term) ** 2;
    oneNorm += count * square;
    const otherCount = other.terms.get(term);
    // The root of a count: said twice is not twice as telling.
    if (otherCount !== undefined) dot += Math.sqrt(count * otherCount) * square;
  }
  for (const [term, count] of other.terms) otherNorm += count * rarity(term) ** 2;
  return dot === 0 ? 0 : dot / Math.sqrt(oneNorm * otherNorm);
}

/** How much of what the shorter of the two says stands in the other, weighed by rarity. */
function sharedPart(one: Comparable, other: Comparable, rarity: Rarity): number {
  let ofOne = 0;
  let ofOther = 0;
  let shared = 0;
  for (const term of one.terms.keys()) {
    const weight = Math.max(0, rarity(term) - minRarity);
    ofOne += weight;
    if (other.terms.has(term)) shared += weight;
  }
  for (const term of other.terms.keys()) ofOther += Math.max(0, rarity(term) - minRarity);
  return shared === 0 ? 0 : shared / Math.min(ofOne, ofOther);
}

/** How much of the title of `one` stands anywhere in `other`, weighed by rarity. */
function titleShare(one: Comparable, other: Comparable, rarity: Rarity): number {
  let all = 0;
  let found = 0;
  for (const term of one.title) {
    const weight = Math.max(0, rarity(term) - minRarity) ** 1.5;
    all += weight;
    if (other.terms.has(term)) found += weight;
  }
  return all === 0 ? 0 : found / all;
}

/** It names places, and none of them is anywhere in `other`. */
function namesNothingOf(one: Comparable, other: Comparable): boolean {
  return one.places.size > 0 && [...one.places].every((place) => !other.terms.has(place) && !other.places.has(place));
}

/** Small numbers coincide easily; a year says little of an event; 14750 or 3.5 says much. */
function tellingOf(number: string): number {
  const value = Number(number);
  if (!Number.isInteger(value)) return 1.2;
  if (value <= 10) return 0.35;
  if (value < 100) return 0.8;
  return value > 1900 && value < 2100 ? 0.4 : 1.2;
}

function compareFigures(one: ReadonlySet<string>, other: ReadonlySet<string>): { shared: number; differing: number } {
  let shared = 0;
  let onlyOne = 0;
  let onlyOther = 0;
  for (const number of one) {
    if (other.has(number)) shared += tellingOf(number);
    else onlyOne += tellingOf(number);
  }
  for (const number of other) if (!one.has(number)) onlyOther += tellingOf(number);
  return { shared, differing: Math.min(onlyOne, onlyOther) };
}

/** Fewer runs of words than this prove nothing. */
const minShingles = 5;

function compareTexts(one: Comparable, other: Comparable): { verbatim: number; copiedWords: number } {
  const [small, large] = one.shingles.size <= other.shingles.size ? [one, other] : [other, one];
  if (small.shingles.size < minShingles) return { verbatim: 0, copiedWords: 0 };
  const shared = small.shingles.intersection(large.shingles).size;
  return { verbatim: shared / small.shingles.size, copiedWords: shared === 0 ? 0 : shared + wordsOfRun - 1 };
}
