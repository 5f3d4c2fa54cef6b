// Language of short headlines that were written for this: each alone, and each under a feed that says the wrong thing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectLanguage } from '../src/articles/language.ts';
import { cpuMs, type Part, type Score } from './score.ts';

interface Headline {
  language: string;
  text: string;
}

const fixtures = join(import.meta.dirname, '../test/fixtures/language');
const bar = 0.98;
const maxMsPerText = 1;
const wrongPriors = ['ar', 'en', 'tr', 'fa'];

export const languagePart: Part = {
  name: 'language',
  needs: [],
  async evaluate() {
    const tuned = headlines('headlines-tuned.jsonl');
    const heldOut = headlines('headlines-held-out.jsonl');
    const all = [...tuned, ...heldOut];
    const ms = await cpuMs(() => accuracy(all, null));
    return [
      score('headlines, tuned', 'accuracy', accuracy(tuned, null), tuned.length),
      score('headlines, held out', 'accuracy', accuracy(heldOut, null), heldOut.length),
      score('headlines', 'accuracy', accuracy(all, null), all.length),
      score('headlines', 'accuracy of the worst language', Math.min(...byLanguage(all)), all.length, null),
      ...wrongPriors.map((prior) =>
        score('headlines', `accuracy where every feed says ${prior}`, accuracy(all, prior), all.length),
      ),
      { ...score('headlines', 'CPU ms a headline', ms / all.length, all.length, maxMsPerText), better: 'lower' },
    ];
  },
};

function headlines(file: string): Headline[] {
  const lines = readFileSync(join(fixtures, file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

function accuracy(cases: readonly Headline[], prior: string | null): number {
  return cases.filter(({ language, text }) => detectLanguage(text, prior) === language).length / cases.length;
}

function byLanguage(cases: readonly Headline[]): number[] {
  const groups = Map.groupBy(cases, ({ language }) => language);
  return [...groups.values()].map((group) => accuracy(group, null));
}

function score(set: string, measure: string, value: number, cases: number, reach: number | null = bar): Score {
  return { part: 'language', set, measure, value, bar: reach, better: 'higher', cases };
}
