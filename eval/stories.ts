// Scores how articles are grouped into stories: labelled pairs, alone and among other news, and the cost of an article.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createStoryIndex, fingerprintOf, type IndexedArticle, type StoryIndex } from '../src/stories/similarity.ts';
import { readGzip } from './archive.ts';
import { cpuMs, f1, median, type Part, type Score } from './score.ts';

interface PairArticle {
  title: string;
  text: string;
  publishedAt: string;
  feed: string;
}

interface Pair {
  kind: string;
  same: boolean;
  a: PairArticle;
  b: PairArticle;
}

/** What is held, not what waits to be collected. */
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type News = readonly { title: string; text: string }[];

const activeArticles = 30_000;
/** So many others stand in the index into which a pair is streamed: more changes the figures little, and takes long. */
const backgroundArticles = 3000;
const timedArticles = 150;
const hourMs = 3_600_000;
/** In the middle of the days of the pairs. */
const backgroundEnd = new Date('2024-06-09T12:00:00Z');

export const storiesPart: Part = {
  name: 'stories',
  needs: ['ant-arabic/ant-4000.jsonl.gz'],
  async evaluate(dataDir) {
    const news = readNews(join(dataDir, 'ant-arabic/ant-4000.jsonl.gz'));
    const tuned = readPairs('tuned');
    const heldOut = readPairs('held-out');
    const fresh = readPairs('fresh');
    const halves = { tuned, 'held out': heldOut, fresh, all: [...tuned, ...heldOut] };
    const scores: Score[] = [];
    for (const [half, pairs] of Object.entries(halves)) {
      scores.push(...pairScores(`own pairs, ${half}`, pairs, createStoryIndex<string>()));
      scores.push(streamScore(`own articles in one stream, ${half}`, pairs));
      if (half === 'all') continue;
      scores.push(...pairScores(`own pairs among ${backgroundArticles} articles, ${half}`, pairs, background(news)));
    }
    return [...scores, unrelatedJoined(news), ...(await cost(news))];
  },
};

function readPairs(half: string): Pair[] {
  const file = join(import.meta.dirname, `../test/fixtures/stories/pairs-${half}.jsonl`);
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Pair);
}

function readNews(file: string): News {
  return readGzip(file)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { title: string; text: string });
}

function background(news: News): StoryIndex<string> {
  const index = createStoryIndex<string>();
  for (let number = 0; number < backgroundArticles; number += 1) index.add(mixed(news, number, backgroundArticles));
  return index;
}

/** An article of the opening of one text and the end of another, so that there are more than there are texts. */
function mixed(news: News, number: number, of: number): IndexedArticle<string> {
  const one = news[number % news.length];
  const other = news[(number * 7919 + 13) % news.length];
  const title = one?.title ?? '';
  const text =
    number < news.length ? (one?.text ?? '') : `${one?.text.slice(0, 150) ?? ''} ${other?.text.slice(150, 500) ?? ''}`;
  const publishedAt = new Date(backgroundEnd.getTime() - (number / of) * 70 * hourMs);
  const fingerprint = fingerprintOf({ title, text, publishedAt });
  return { id: `background ${number}`, story: `background ${number}`, fingerprint, publishedAt, feed: number % 40 };
}

interface Judged {
  same: boolean;
  kind: string;
  /** Put into the story of the first article. */
  joined: boolean;
  relation: string;
  similarity: number;
}

function judge(pair: Pair, index: StoryIndex<string>): Judged {
  const [a, b] = [pair.a, pair.b].map((article) => {
    const publishedAt = new Date(article.publishedAt);
    return { fingerprint: fingerprintOf({ ...article, publishedAt }), publishedAt, feed: article.feed };
  }) as [Omit<IndexedArticle<string>, 'id' | 'story'>, Omit<IndexedArticle<string>, 'id' | 'story'>];
  index.add({ id: 'a', story: 'a', ...a });
  const { relation, nearest, similarity } = index.find(b);
  index.remove('a');
  // What was refused for another reason than its similarity stands below all that was not.
  const joined = nearest?.id === 'a';
  const { kind, same } = pair;
  return { same, kind, joined, relation, similarity: joined || similarity < 0.5 ? similarity : 0 };
}

function pairScores(set: string, pairs: readonly Pair[], index: StoryIndex<string>): Score[] {
  const judged = pairs.map((pair) => judge(pair, index));
  const joined = judged.filter((pair) => pair.joined);
  const same = judged.filter((pair) => pair.same);
  const right = joined.filter((pair) => pair.same).length;
  const precision = right / Math.max(1, joined.length);
  const recall = right / same.length;
  const copies = judged.filter(({ kind }) => kind === 'copy-edited');
  const otherDays = judged.filter(({ kind }) => kind === 'other-day-same-report');
  const score = (measure: string, value: number, bar: number | null, cases: number): Score => ({
    part: 'stories',
    set,
    measure,
    value,
    bar,
    better: 'higher',
    cases,
  });
  return [
    score('F1', f1(precision, recall), 0.9, pairs.length),
    score('precision', precision, null, joined.length),
    score('recall', recall, null, same.length),
    score('recall at precision ≥ .95', recallAtPrecision(judged, 0.95), 0.85, pairs.length),
    score(
      'copies folded as such',
      share(copies, ({ relation }) => relation === 'copy'),
      null,
      copies.length,
    ),
    score(
      "other days' reports kept apart",
      share(otherDays, ({ joined }) => !joined),
      null,
      otherDays.length,
    ),
  ];
}

/** F1 over the pairs when all their articles come in the order of their dates, into one index. */
function streamScore(set: string, pairs: readonly Pair[]): Score {
  const index = createStoryIndex<string>();
  const articles = new Map(pairs.flatMap(({ a, b }) => [a, b]).map((each) => [idOf(each), each]));
  const storyOf = new Map<string, string>();
  for (const [id, article] of [...articles].toSorted(([, a], [, b]) => (a.publishedAt < b.publishedAt ? -1 : 1))) {
    const publishedAt = new Date(article.publishedAt);
    const { feed } = article;
    const fingerprint = fingerprintOf({ ...article, publishedAt });
    const story = index.find({ fingerprint, publishedAt, feed }).nearest?.story ?? id;
    storyOf.set(id, story);
    index.add({ id, story, fingerprint, publishedAt, feed });
  }
  const joined = pairs.filter(({ a, b }) => storyOf.get(idOf(a)) === storyOf.get(idOf(b)));
  const same = pairs.filter((pair) => pair.same);
  const right = joined.filter((pair) => pair.same).length;
  const value = f1(right / Math.max(1, joined.length), right / same.length);
  return { part: 'stories', set, measure: 'F1', value, bar: 0.9, better: 'higher', cases: pairs.length };
}

function idOf({ title, text, publishedAt }: PairArticle): string {
  return JSON.stringify([title, text, publishedAt]);
}

function share<T>(all: readonly T[], isRight: (each: T) => boolean): number {
  return all.filter(isRight).length / Math.max(1, all.length);
}

/** The best recall that any threshold gives at that precision. */
function recallAtPrecision(judged: readonly Judged[], least: number): number {
  const positives = judged.filter(({ same }) => same).length;
  let right = 0;
  let best = 0;
  const ranked = judged.toSorted((a, b) => b.similarity - a.similarity);
  for (const [position, { same, similarity }] of ranked.entries()) {
    if (same) right += 1;
    const isLastOfTie = ranked[position + 1]?.similarity !== similarity;
    if (isLastOfTie && right / (position + 1) >= least) best = Math.max(best, right / positives);
  }
  return best;
}

/**
 * How much of unrelated news is joined to some story: one station's texts of three years, told as if within three
 * days. A few are of one event in truth, so it is never 0.
 */
function unrelatedJoined(news: News): Score {
  const index = createStoryIndex<string>();
  let joined = 0;
  const cases = news.slice(0, backgroundArticles).length;
  for (let number = 0; number < cases; number += 1) {
    const article = mixed(news, number, backgroundArticles);
    const { relation } = index.find(article);
    if (relation === 'same' || relation === 'follow-up') joined += 1;
    index.add(article);
  }
  const measure = 'joined to a story';
  const set = 'unrelated news';
  return { part: 'stories', set, measure, value: joined / cases, bar: null, better: 'lower', cases };
}

async function cost(news: News): Promise<Score[]> {
  collectGarbage();
  const before = memoryMb();
  const index = createStoryIndex<string>();
  for (let number = 0; number < activeArticles; number += 1) index.add(mixed(news, number, activeArticles));
  collectGarbage();
  const memory = memoryMb() - before;
  const times: number[] = [];
  for (let number = 0; number < timedArticles; number += 1) {
    const { title, text } = news[(number * 31) % news.length] ?? { title: '', text: '' };
    const publishedAt = backgroundEnd;
    times.push(
      await cpuMs(() => {
        const fingerprint = fingerprintOf({ title, text, publishedAt });
        index.find({ fingerprint, publishedAt, feed: 'timed' });
        index.add({ id: `timed ${number}`, story: `timed ${number}`, fingerprint, publishedAt, feed: 'timed' });
      }),
    );
  }
  const set = `${activeArticles} active`;
  const measured = { part: 'stories', set, better: 'lower' } as const;
  return [
    { ...measured, measure: 'ms of CPU per article, median', value: median(times), bar: 5, cases: timedArticles },
    { ...measured, measure: `MB for ${activeArticles} articles`, value: memory, bar: null, cases: activeArticles },
  ];
}

/** Heap and the arrays beside it. */
function memoryMb(): number {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}
