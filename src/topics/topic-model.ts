// The topic model: for each topic the newsroom has labelled often enough, how likely a text is to have it.
import { dot, probability, type Sigmoid, type SparseVector } from './logistic-regression.ts';
import { hashCount, type TextFeatures, textFeatures, type TopicText } from './text-features.ts';

/** Which features count, and how much each tells: the rarer, the more. */
export interface Vocabulary {
  /** Hashes, ascending; a feature's place in this list is its index. */
  hashes: Int32Array;
  /** Inverse document frequency, by index. */
  idf: Float32Array;
}

export interface LearntTopic extends Sigmoid {
  slug: string;
  /** By index of the vocabulary, in units of `unit`. */
  weights: Int8Array;
  unit: number;
  bias: number;
  /** The confidence from which the topic is applied; null: it was never measured to be precise enough. */
  threshold: number | null;
}

export interface TopicModel {
  vocabulary: Vocabulary;
  topics: readonly LearntTopic[];
  /** Hashes of the texts it learnt from, ascending: they say nothing about how good the model is. */
  learntFrom: Int32Array;
}

export interface TopicPrediction {
  slug: string;
  /** 0 to 1: of texts given this confidence, about that share has the topic. */
  confidence: number;
  /** Whether the confidence is one that was measured to be right often enough. */
  applied: boolean;
}

/** Fewer features that the model knows say nothing: another language, or a line of names. */
const minKnownFeatures = 8;

/** Every topic of the model for this text, the likeliest first; none for a text the model cannot judge. */
export type TopicPredictor = (text: TopicText) => TopicPrediction[];

export function createTopicPredictor({ vocabulary, topics }: TopicModel): TopicPredictor {
  const vectorOf = createVectorizer(vocabulary);
  return (text) => {
    const vector = vectorOf(textFeatures(text));
    if (vector.indexes.length < minKnownFeatures) return [];
    return topics
      .map((topic) => {
        const confidence = probability(topic, topic.unit * dot(topic.weights, vector) + topic.bias);
        return {
          slug: topic.slug,
          confidence,
          applied: topic.threshold !== null && confidence >= topic.threshold,
        };
      })
      .toSorted((a, b) => b.confidence - a.confidence);
  };
}

/** TF-IDF with damped counts, of length 1; features outside the vocabulary are left out. */
export function createVectorizer({ hashes: known, idf }: Vocabulary): (features: TextFeatures) => SparseVector {
  const indexOf = new Int32Array(hashCount).fill(-1);
  for (const [index, hash] of known.entries()) indexOf[hash] = index;
  return ({ hashes, counts }) => {
    const indexes: number[] = [];
    const values: number[] = [];
    let squares = 0;
    for (const [at, hash] of hashes.entries()) {
      const index = indexOf[hash] as number;
      if (index < 0) continue;
      const value = (1 + Math.log(counts[at] as number)) * (idf[index] as number);
      indexes.push(index);
      values.push(value);
      squares += value * value;
    }
    const length = Math.sqrt(squares);
    return { indexes: Int32Array.from(indexes), values: Float32Array.from(values, (value) => value / length) };
  };
}

/** Raised when stored models are not understood any more. */
const format = 1;

/** As it is stored: numbers as base64, little-endian. */
export interface StoredTopicModel {
  format: number;
  hashes: string;
  idf: string;
  learntFrom: string;
  topics: (Omit<LearntTopic, 'weights'> & { weights: string })[];
}

export function packTopicModel({ vocabulary, topics, learntFrom }: TopicModel): StoredTopicModel {
  return {
    format,
    hashes: pack(vocabulary.hashes),
    idf: pack(vocabulary.idf),
    learntFrom: pack(learntFrom),
    topics: topics.map((topic) => ({ ...topic, weights: pack(topic.weights) })),
  };
}

/** Undefined for a model of another format: it has to be trained again. */
export function unpackTopicModel(stored: Partial<StoredTopicModel>): TopicModel | undefined {
  if (stored.format !== format) return undefined;
  const { hashes, idf, learntFrom, topics } = stored as StoredTopicModel;
  return {
    vocabulary: { hashes: new Int32Array(unpack(hashes)), idf: new Float32Array(unpack(idf)) },
    learntFrom: new Int32Array(unpack(learntFrom)),
    topics: topics.map((topic) => ({ ...topic, weights: new Int8Array(unpack(topic.weights)) })),
  };
}

function pack({ buffer, byteOffset, byteLength }: Int8Array | Int32Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** A copy, since Node hands out buffers that begin anywhere. */
function unpack(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, 'base64')).buffer;
}
