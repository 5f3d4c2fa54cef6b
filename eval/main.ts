// npm run eval: scores each part of the understanding against the data, beside the bar and the last committed run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../src/cli/output.ts';
import { arabicPart } from './arabic.ts';
import { articlePart } from './article.ts';
import { feedsPart } from './feeds.ts';
import { languagePart } from './language.ts';
import { pagesPart } from './pages.ts';
import type { Part, Score } from './score.ts';
import { storiesPart } from './stories.ts';
import { summariesPart } from './summaries.ts';
import { topicsPart } from './topics.ts';

const parts: readonly Part[] = [
  feedsPart,
  pagesPart,
  summariesPart,
  arabicPart,
  languagePart,
  topicsPart,
  storiesPart,
  articlePart,
];

const resultsFile = join(import.meta.dirname, 'results.json');
const usage = `npm run eval -- [--data DIR] [--only PART]… [--json] [--save]

  --data DIR   where the evaluation data is; default ../shared/data, seen from the project
  --only PART  only this part (repeatable): ${parts.map(({ name }) => name).join(', ')}
  --json       print only the JSON
  --save       write eval/results.json
`;

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) {
  process.stdout.write(usage);
} else {
  const unknown = (options.only ?? []).filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no part ${unknown.join(', ')}.\n\n${usage}`);
    process.exitCode = 2;
  } else {
    await evaluate();
  }
}

async function evaluate(): Promise<void> {
  const dataDir = resolve(options.data);
  if (!existsSync(dataDir)) {
    process.stderr.write(`There is no directory ${dataDir}; name the data's with --data.\n`);
    process.exitCode = 1;
    return;
  }
  const before: Score[] = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : [];
  const chosen = parts.filter(({ name }) => !options.only || options.only.includes(name));
  const scores: Score[] = [];
  for (const part of chosen) {
    const missing = part.needs.filter((path) => !existsSync(join(dataDir, path)));
    if (missing.length > 0) {
      process.stderr.write(`${part.name}: skipped, for ${missing.join(' and ')} is missing in ${dataDir}\n`);
      continue;
    }
    scores.push(...(await part.evaluate(dataDir)).map((score) => ({ ...score, value: rounded(score.value) })));
  }
  if (!options.json) process.stdout.write(`${tableOf(scores, before)}\n`);
  process.stdout.write(`${JSON.stringify(scores, null, 2)}\n`);
  if (options.save) {
    const kept = before.filter((old) => !scores.some((score) => score.part === old.part));
    writeFileSync(resultsFile, `${JSON.stringify([...kept, ...scores], null, 2)}\n`);
  }
}

function tableOf(scores: readonly Score[], before: readonly Score[]): string {
  const rows = scores.map((score) => {
    const old = before.find((each) => keyOf(each) === keyOf(score));
    const bar = score.bar === null ? '' : `${score.better === 'higher' ? '≥' : '≤'} ${score.bar}`;
    return [score.part, score.set, score.measure, score.value, bar, verdict(score), change(score, old), score.cases];
  });
  return table(['PART', 'SET', 'MEASURE', 'SCORE', 'BAR', '', 'SINCE THE LAST RUN', 'CASES'], rows);
}

function keyOf({ part, set, measure }: Score): string {
  return JSON.stringify([part, set, measure]);
}

function verdict({ value, bar, better }: Score): string {
  if (bar === null) return '';
  return (better === 'higher' ? value >= bar : value <= bar) ? 'reached' : 'MISSED';
}

function change({ value, better }: Score, old: Score | undefined): string {
  if (!old) return 'new';
  if (value === old.value) return 'same';
  return value > old.value === (better === 'higher') ? `better (${old.value})` : `worse (${old.value})`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
