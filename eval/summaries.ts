// Scores summaries: against five human extracts of each EASC article, with boilerplate put between their sentences,
// and by the sentences that they are made of.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { words } from '../src/lib/arabic.ts';
import { codePoints } from '../src/lib/text.ts';
import { splitSentences } from '../src/stories/sentences.ts';
import { summarize } from '../src/stories/summarize.ts';
import { readArchive, readGzip } from './archive.ts';
import { cpuMs, f1, halfOf, mean, median, type Part, type Score } from './score.ts';

const bars = { rouge1: 0.515, rouge2: 0.44, boilerplate: 0, pud: 0.995, traps: 0.95, ms: 5 };
const part = 'summaries';
const halves = ['tuned', 'held out'] as const;

export const summariesPart: Part = {
  name: part,
  needs: ['easc/easc.tar.gz', 'pud-arabic/ar_pud-ud-test.conllu.gz'],
  async evaluate(dataDir) {
    const articles = await readEasc(join(dataDir, 'easc/easc.tar.gz'));
    return [
      ...extractScores(articles),
      ...boilerplateScores(articles),
      ...boundaryScores(readGzip(join(dataDir, 'pud-arabic/ar_pud-ud-test.conllu.gz'))),
      ...trapScores(),
      await speed(articles),
    ];
  },
};

interface EascArticle {
  id: string;
  text: string;
  extracts: readonly string[];
}

/** Articles/TopicN/<name>.txt, and MTurk/TopicN/ with what five people took out of it. */
async function readEasc(path: string): Promise<EascArticle[]> {
  const files = [...(await readArchive(path))].map(([name, content]) => {
    const [, kind, id] = /(Articles|MTurk)\/([^/]+)\//.exec(name) ?? [];
    return { kind, id, text: content.toString('utf8') };
  });
  return files
    .filter(({ kind }) => kind === 'Articles')
    .map(({ id = '', text }) => ({
      id,
      text,
      extracts: files.filter((file) => file.kind === 'MTurk' && file.id === id).map((file) => file.text.trim()),
    }));
}

/** Each system gets the mean length of the human extracts of its article; the score is the mean F1 over the five. */
function extractScores(articles: readonly EascArticle[]): Score[] {
  const systems: { measure: string; hasBar: boolean; sum: (article: EascArticle) => string[] }[] = [
    {
      measure: '',
      hasBar: true,
      sum: ({ text, extracts }) => words(summarize(text, asLongAs(extracts)).join(' ')),
    },
    {
      // The same, cut in the middle of a sentence as ROUGE's own length limit cuts.
      measure: ', cut at the mean words',
      hasBar: false,
      sum: ({ text, extracts }) => words(summarize(text, asLongAs(extracts)).join(' ')).slice(0, meanWords(extracts)),
    },
    { measure: ', plain Lead', hasBar: false, sum: ({ text, extracts }) => lead(text, meanWords(extracts)) },
    {
      measure: ', plain Lead cut at the mean words',
      hasBar: false,
      sum: ({ text, extracts }) => words(text).slice(0, meanWords(extracts)),
    },
  ];
  return systems.flatMap(({ measure, hasBar, sum }) => {
    const scored = articles.map((article) => ({ id: article.id, rouge: rougeOf(sum(article), article.extracts) }));
    const score = (set: string, of: typeof scored, withBar: boolean) =>
      ([1, 2] as const).map((n): Score => {
        const value = mean(of.map(({ rouge }) => rouge[n - 1] ?? 0));
        const bar = withBar ? bars[`rouge${n}`] : null;
        return { part, set, measure: `R${n}${measure}`, value, bar, better: 'higher', cases: of.length };
      });
    return [
      ...score('easc', scored, hasBar),
      ...halves.flatMap((half) =>
        score(
          `easc, ${half}`,
          scored.filter(({ id }) => halfOf(id) === half),
          false,
        ),
      ),
    ];
  });
}

function asLongAs(extracts: readonly string[]) {
  return { language: 'ar', aboutCharacters: mean(extracts.map((extract) => codePoints(extract))) };
}

function meanWords(extracts: readonly string[]): number {
  return Math.round(mean(extracts.map((extract) => words(extract).length)));
}

/** Sentences from the top until there are `count` words. */
function lead(text: string, count: number): string[] {
  const taken: string[] = [];
  for (const sentence of splitSentences(text.replaceAll('\n', ' '), 'ar')) {
    if (taken.length >= count) break;
    taken.push(...words(sentence));
  }
  return taken;
}

function rougeOf(summary: readonly string[], extracts: readonly string[]): number[] {
  return [1, 2].map((n) => mean(extracts.map((extract) => overlap(grams(summary, n), grams(words(extract), n)))));
}

function grams(list: readonly string[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let at = 0; at + n <= list.length; at += 1) {
    const gram = list.slice(at, at + n).join(' ');
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return counts;
}

function overlap(summary: Map<string, number>, extract: Map<string, number>): number {
  const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);
  let common = 0;
  for (const [gram, count] of summary) common += Math.min(count, extract.get(gram) ?? 0);
  return f1(common / Math.max(1, total(summary)), common / Math.max(1, total(extract)));
}

const fixtures = join(import.meta.dirname, '../test/fixtures');

function readFixture(path: string): unknown {
  return JSON.parse(readFileSync(join(fixtures, path), 'utf8'));
}

/** Lines put into each article; of several, some stand next to each other. */
const injectedLines = 6;

/** How many sentences of summaries are, or hold, a line of boilerplate that was put between the article's sentences. */
function boilerplateScores(articles: readonly EascArticle[]): Score[] {
  return halves.map((half): Score => {
    const byKind = readFixture(`summaries/boilerplate-${half.replace(' ', '-')}.json`) as Record<string, string[]>;
    const lines = Object.values(byKind).flat();
    const random = seeded(7);
    let value = 0;
    for (const { text, extracts } of articles) {
      for (const separator of ['\n', '\n\n']) {
        const { body, places } = inject(text.trim(), lines, separator, random);
        for (const options of [{ language: 'ar' }, asLongAs(extracts)]) {
          value += boilerplateIn(summarize(body, options), body, places);
        }
      }
    }
    const cases = articles.length * 2 * 2 * injectedLines;
    return {
      part,
      set: `easc with boilerplate, ${half} lines`,
      measure: 'boilerplate sentences',
      value,
      bar: bars.boilerplate,
      better: 'lower',
      cases,
    };
  });
}

type Place = readonly [from: number, to: number];

/** `text` with lines of boilerplate at sentence ends and at the top, and where they stand in it. */
function inject(text: string, lines: readonly string[], separator: string, random: () => number) {
  const ends = [0, ...[...text.matchAll(/[.!؟]\s+(?=\S)/g)].map((match) => match.index + match[0].length)];
  // Near the top, where a summary is made.
  const near = ends.slice(0, 12);
  const at = Array.from({ length: injectedLines }, () => near[Math.floor(random() * near.length)] ?? 0).toSorted(
    (a, b) => a - b,
  );
  const places: Place[] = [];
  let body = '';
  let from = 0;
  for (const position of at) {
    const line = lines[Math.floor(random() * lines.length)] ?? '';
    body += `${text.slice(from, position)}${separator}`;
    places.push([body.length, body.length + line.length]);
    body += `${line}${separator}`;
    from = position;
  }
  return { body: body + text.slice(from), places };
}

function boilerplateIn(summary: readonly string[], body: string, places: readonly Place[]): number {
  let from = 0;
  return summary.filter((sentence) => {
    // What was cut to fit ends with a mark that the text has not.
    const start = body.indexOf(sentence.replace(/…$/, ''), from);
    from = start + sentence.length;
    return places.some(([first, end]) => start < end && from > first);
  }).length;
}

/** mulberry32: the same lines at the same places in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** F1 of the places where sentences end, in the treebank's documents with their sentences joined by a space. */
function boundaryScores(conllu: string): Score[] {
  const documents = conllu.split(/^# newdoc id = /m).slice(1);
  const scored = documents.map((document) => {
    const gold = [...document.matchAll(/^# text = (.*)$/gm)].map((match) => (match[1] ?? '').trim());
    const text = gold.join(' ');
    const right = new Set(endsOf(gold, text));
    const found = endsOf(splitSentences(text, 'ar'), text);
    return {
      id: document.slice(0, document.indexOf('\n')),
      right: right.size,
      found: found.length,
      hits: found.filter((end) => right.has(end)).length,
    };
  });
  const sum = (of: typeof scored, what: 'right' | 'found' | 'hits') =>
    of.reduce((total, each) => total + each[what], 0);
  const score = (set: string, of: typeof scored): Score => ({
    part,
    set,
    measure: 'sentence ends, F1',
    value: f1(sum(of, 'hits') / sum(of, 'found'), sum(of, 'hits') / sum(of, 'right')),
    bar: bars.pud,
    better: 'higher',
    cases: sum(of, 'right'),
  });
  return [
    score('pud-arabic', scored),
    ...halves.map((half) =>
      score(
        `pud-arabic, ${half}`,
        scored.filter(({ id }) => halfOf(id) === half),
      ),
    ),
  ];
}

function endsOf(sentences: readonly string[], text: string): number[] {
  let at = 0;
  return sentences.map((sentence) => (at = text.indexOf(sentence, at) + sentence.length));
}

/** Texts with ¦ where a sentence ends, and how many are split just so. */
function trapScores(): Score[] {
  const scored = halves.map((half) => {
    const traps = readFixture(`sentences/traps-${half.replace(' ', '-')}.json`) as [language: string, marked: string][];
    const right = traps.filter(([language, marked]) => {
      const wanted = marked.split('¦').map((sentence) => sentence.trim());
      return splitSentences(marked.replaceAll('¦', ''), language).join('¦') === wanted.join('¦');
    });
    return { set: `own traps, ${half}`, right: right.length, cases: traps.length };
  });
  const total = (what: 'right' | 'cases') => scored.reduce((sum, each) => sum + each[what], 0);
  return [{ set: 'own traps', right: total('right'), cases: total('cases') }, ...scored].map(
    ({ set, right, cases }): Score => ({
      part,
      set,
      measure: 'texts split right',
      value: right / cases,
      bar: bars.traps,
      better: 'higher',
      cases,
    }),
  );
}

/** CPU of the usual summary, at the median. */
async function speed(articles: readonly EascArticle[]): Promise<Score> {
  const times: number[] = [];
  for (const { text } of articles) times.push(await cpuMs(() => summarize(text, { language: 'ar' })));
  return {
    part,
    set: 'easc',
    measure: 'ms per summary',
    value: median(times),
    bar: bars.ms,
    better: 'lower',
    cases: times.length,
  };
}
