// Keyword → sentence on PUD Arabic: of a noun, an adjective or a name as in the dictionary, which sentences have it?
//
// Keywords are the lemmas without vowels of nouns, adjectives and proper nouns (names: proper nouns tagged NNP) that
// occur in at least two sentences and at least once in their own form. Lemmas that are also a word of grammar (أن, في)
// are no keywords. A sentence is right for a keyword when one of its nominal tokens (for names: NNP tokens) has that
// lemma, so that a verb of the same letters counts as a mistake. Precision, recall and F1 are over all pairs of keyword
// and sentence. The halves are of the keywords.
import { join } from 'node:path';
import { words } from '../src/lib/arabic.ts';
import { createKeywordMatcher, type KeywordKind } from '../src/lib/keywords.ts';
import { readGzip } from './archive.ts';
import { cpuMs, f1, type Half, halfOf, type Part, type Score } from './score.ts';

interface Token {
  form: string;
  lemma: string;
  upos: string;
  xpos: string;
}

interface Sentence {
  text: string;
  tokens: Token[];
}

interface Task {
  kind: KeywordKind;
  isKeyword(token: Token): boolean;
  isRight(token: Token): boolean;
}

interface Counts {
  right: number;
  wrong: number;
  missed: number;
  keywords: number;
}

const minSentences = 2;
const minLetters = 2;
const grammar = new Set(['ADP', 'PART', 'PRON', 'SCONJ', 'CCONJ', 'DET', 'AUX']);
const nominal = new Set(['NOUN', 'PROPN', 'ADJ', 'ADV', 'NUM']);
const isName = ({ xpos }: Token) => xpos === 'NNP';

const allWords: Task = {
  kind: 'word',
  isKeyword: ({ upos }) => upos === 'NOUN' || upos === 'ADJ' || upos === 'PROPN',
  isRight: ({ upos }) => nominal.has(upos),
};
const names: Task = { kind: 'name', isKeyword: isName, isRight: isName };

export const arabicPart: Part = {
  name: 'arabic',
  needs: ['pud-arabic'],
  async evaluate(dataDir) {
    const sentences = sentencesOf(readGzip(join(dataDir, 'pud-arabic/ar_pud-ud-test.conllu.gz')));
    const scores: Score[] = [];
    const add = (half: Half | undefined, counts: Counts, measure: string, value: number, bar: number | null) => {
      const set = half === undefined ? 'pud' : `pud, ${half}`;
      scores.push({ part: 'arabic', set, measure, value, bar, better: 'higher', cases: counts.keywords });
    };
    for (const half of ['tuned', 'held out', undefined] as const) {
      const all = countPairs(sentences, allWords, half);
      add(half, all, 'keyword → sentence F1', f1(precision(all), recall(all)), 0.85);
      const ofNames = countPairs(sentences, names, half);
      add(half, ofNames, 'names, recall', recall(ofNames), 0.95);
      add(half, ofNames, 'names, precision', precision(ofNames), 0.8);
      const asWords = countPairs(sentences, { ...names, kind: 'word' }, half);
      add(half, asWords, 'names matched as words, F1', f1(precision(asWords), recall(asWords)), null);
    }
    scores.push(...(await speed(sentences)));
    return scores;
  },
};

function sentencesOf(conllu: string): Sentence[] {
  return conllu.split('\n\n').flatMap((block) => {
    const text = /^# text = (.*)$/m.exec(block)?.[1];
    if (text === undefined) return [];
    const rows = block.split('\n').filter((line) => /^\d+\t/.test(line));
    return [{ text, tokens: rows.map(tokenOf) }];
  });
}

function tokenOf(row: string): Token {
  const [, form = '', lemma = '', upos = '', xpos = ''] = row.split('\t');
  return { form: words(form).join(' '), lemma: words(lemma).join(' '), upos, xpos };
}

function countPairs(sentences: readonly Sentence[], task: Task, half: Half | undefined): Counts {
  const gold = goldOf(sentences, task, half);
  const match = createKeywordMatcher([...gold.keys()].map((keyword) => [keyword, keyword, task.kind] as const));
  const counts = { right: 0, wrong: 0, missed: 0, keywords: gold.size };
  let expected = 0;
  for (const indexes of gold.values()) expected += indexes.size;
  for (const [index, { text }] of sentences.entries()) {
    for (const { value } of match(text)) {
      if (gold.get(value)?.has(index)) counts.right += 1;
      else counts.wrong += 1;
    }
  }
  counts.missed = expected - counts.right;
  return counts;
}

/** Keyword → the indexes of the sentences that have it. */
function goldOf(sentences: readonly Sentence[], task: Task, half: Half | undefined): Map<string, Set<number>> {
  const ofGrammar = new Set<string>();
  const asKeyword = new Map<string, Set<number>>();
  const right = new Map<string, Set<number>>();
  const ownForm = new Set<string>();
  for (const [index, { tokens }] of sentences.entries()) {
    for (const token of tokens) {
      if (grammar.has(token.upos)) ofGrammar.add(token.form).add(token.lemma);
      if (task.isKeyword(token)) addTo(asKeyword, token.lemma, index);
      if (!task.isRight(token)) continue;
      addTo(right, token.lemma, index);
      // ل before the article leaves it without its alef: ل + لسلطة.
      if (token.form.replace(/^(?:ال|ل(?=ل))/, '') === token.lemma) ownForm.add(token.lemma);
    }
  }
  const isKeyword = (lemma: string) =>
    (asKeyword.get(lemma)?.size ?? 0) >= minSentences &&
    ownForm.has(lemma) &&
    !ofGrammar.has(lemma) &&
    /^\p{Script=Arabic}+$/u.test(lemma) &&
    lemma.length >= minLetters &&
    (half === undefined || halfOf(lemma) === half);
  return new Map([...right].filter(([lemma]) => isKeyword(lemma)));
}

function addTo(map: Map<string, Set<number>>, key: string, value: number): void {
  const values = map.get(key);
  if (values) values.add(value);
  else map.set(key, new Set([value]));
}

function precision({ right, wrong }: Counts): number {
  return right / Math.max(1, right + wrong);
}

function recall({ right, missed }: Counts): number {
  return right / Math.max(1, right + missed);
}

const articleWords = 600;
const manyKeywords = 2000;
const maxArticleMs = 5;
const runs = 20;

/** CPU time of a matcher with many keywords: for a sentence, and for an article of many sentences. */
async function speed(sentences: readonly Sentence[]): Promise<Score[]> {
  const lemmas = [...new Set(sentences.flatMap(({ tokens }) => tokens.map(({ lemma }) => lemma)))];
  const match = createKeywordMatcher(lemmas.slice(0, manyKeywords).map((lemma) => [lemma, lemma] as const));
  const article = words(sentences.map(({ text }) => text).join('\n'))
    .slice(0, articleWords)
    .join(' ');
  for (const { text } of sentences) match(text);
  const sentenceMs = (await cpuMs(() => sentences.map(({ text }) => match(text)))) / sentences.length;
  const articleMs = (await cpuMs(() => Array.from({ length: runs }, () => match(article)))) / runs;
  const score = { part: 'arabic', set: 'pud', better: 'lower' as const };
  return [
    { ...score, measure: 'CPU µs a sentence', value: sentenceMs * 1000, bar: null, cases: sentences.length },
    { ...score, measure: 'CPU ms an article, 2,000 keywords', value: articleMs, bar: maxArticleMs, cases: runs },
  ];
}
