// Logistic regression for one question (yes or no) over sparse vectors, and how its margins become probabilities.

/** Of length 1, or empty. */
export interface SparseVector {
  indexes: Int32Array;
  values: Float32Array;
}

/** 1 yes · -1 no · 0 not known, and not learnt from. */
export type Answers = Int8Array;

export interface Line {
  weights: Float32Array;
  bias: number;
}

export interface Sigmoid {
  slope: number;
  offset: number;
}

/** Weak on purpose: with more, rare topics disappear behind frequent ones. */
const l2 = 1e-5;
/** How often every example is seen; more changed nothing on news of five and of nine topics. */
const epochs = 8;
/** The first step; the steps shrink as Bottou proposes for SGD, 1 / (l2 · t). */
const firstStep = 2;
/** Every example moves the bias, and few move a word's weight, so the bias takes smaller steps. */
const biasStep = 0.1;

/** The same vectors in the same order always give the same line. `size` is above every index. */
export function fitLine(vectors: readonly SparseVector[], answers: Answers, size: number): Line {
  const weights = new Float32Array(size);
  let bias = 0;
  // The weights are kept divided by this, so that shrinking all of them is one multiplication.
  let scale = 1;
  let time = 1 / (l2 * firstStep);
  const order = [...vectors.keys()].filter((index) => answers[index] !== 0);
  const next = numberSequence();
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, next);
    for (const example of order) {
      const vector = vectors[example] as SparseVector;
      const answer = answers[example] as number;
      const rate = 1 / (l2 * time);
      time += 1;
      const push = (rate * answer) / (1 + Math.exp(answer * (scale * dot(weights, vector) + bias)));
      scale *= 1 - rate * l2;
      addTo(weights, vector, push / scale);
      bias += push * biasStep;
    }
  }
  for (let index = 0; index < size; index += 1) weights[index] = (weights[index] as number) * scale;
  return { weights, bias };
}

export function dot(weights: Float32Array | Int8Array, { indexes, values }: SparseVector): number {
  let sum = 0;
  for (let at = 0; at < indexes.length; at += 1) {
    sum += (weights[indexes[at] as number] as number) * (values[at] as number);
  }
  return sum;
}

function addTo(weights: Float32Array, { indexes, values }: SparseVector, factor: number): void {
  for (let at = 0; at < indexes.length; at += 1) {
    const index = indexes[at] as number;
    weights[index] = (weights[index] as number) + factor * (values[at] as number);
  }
}

function shuffle(order: number[], next: () => number): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = next() % (last + 1);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}

/** The same numbers in every run (xorshift32), so that training twice gives one model. */
function numberSequence(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

export function probability({ slope, offset }: Sigmoid, margin: number): number {
  return 1 / (1 + Math.exp(-(slope * margin + offset)));
}

const newtonSteps = 50;
/** Keeps Newton's matrix invertible when all margins are alike. */
const ridge = 1e-6;

/**
 * Platt's sigmoid for margins of examples that the line has not learnt from: by Newton's method, with his smoothed
 * targets, so that a perfect separation does not give certainty (Lin, Lin and Weng 2007).
 */
export function fitSigmoid(margins: readonly number[], answers: Answers): Sigmoid {
  const known = [...answers.keys()].filter((index) => answers[index] !== 0);
  const yes = known.filter((index) => answers[index] === 1).length;
  const target = { yes: (yes + 1) / (yes + 2), no: 1 / (known.length - yes + 2) };
  const loss = (sigmoid: Sigmoid) =>
    known.reduce((sum, index) => {
      const value = sigmoid.slope * (margins[index] as number) + sigmoid.offset;
      const goal = answers[index] === 1 ? target.yes : target.no;
      return sum + Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) - goal * value;
    }, 0);

  let sigmoid: Sigmoid = { slope: 0, offset: Math.log((yes + 1) / (known.length - yes + 1)) };
  let current = loss(sigmoid);
  for (let turn = 0; turn < newtonSteps; turn += 1) {
    let [slopeSlope, slopeOffset, offsetOffset, slope, offset] = [ridge, 0, ridge, 0, 0];
    for (const index of known) {
      const margin = margins[index] as number;
      const p = probability(sigmoid, margin);
      const curve = p * (1 - p);
      const error = p - (answers[index] === 1 ? target.yes : target.no);
      slopeSlope += curve * margin * margin;
      slopeOffset += curve * margin;
      offsetOffset += curve;
      slope += error * margin;
      offset += error;
    }
    const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
    const bySlope = (offsetOffset * slope - slopeOffset * offset) / determinant;
    const byOffset = (slopeSlope * offset - slopeOffset * slope) / determinant;
    const better = [1, 0.5, 0.25, 0.125, 0.0625, 0.03125]
      .map((part) => ({ slope: sigmoid.slope - part * bySlope, offset: sigmoid.offset - part * byOffset }))
      .find((candidate) => loss(candidate) < current);
    if (!better) break;
    sigmoid = better;
    current = loss(better);
  }
  return sigmoid;
}
