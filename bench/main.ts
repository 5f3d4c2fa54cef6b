// npm run bench: measures delivery and collecting, beside the bars and the last committed run, with peers in the same run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { counted, table } from '../src/cli/output.ts';
import { nodeVersionProblem } from '../src/lib/node-version.ts';
import { answersBench } from './answers.ts';
import type { Bench, Measurement } from './bench.ts';
import { profileVariable } from './child.ts';
import { collectBench } from './collect.ts';
import { deliverBench } from './deliver.ts';
import { fanoutBench } from './fanout.ts';
import { describeMachine, type Machine } from './machine.ts';
import { soakBench } from './soak.ts';

/** What is measured when nothing is named; the soak runs for as long as it is told to. */
const usual: readonly Bench[] = [deliverBench, fanoutBench, collectBench, answersBench];
const benches: readonly Bench[] = [...usual, soakBench];

interface Results {
  machine: Machine;
  measuredAt: string;
  results: Measurement[];
}

const resultsFile = join(import.meta.dirname, 'results.json');
const usage = `npm run bench -- [BENCH]… [--runs N] [--only SYSTEM]… [--case WORDS]… [--quick] [--json] [--save] [--profile DIR]
npm run bench -- soak --minutes N [--seed S]

  BENCH          ${benches.map(({ name }) => name).join(', ')}; without one, all but soak
  --runs N       how often each case is measured; 5, of which the median counts
  --quick        small cases, once, to see that the bench works: its figures mean nothing
  --only SYSTEM  only this one (repeatable): nashra, or a peer by its name in the table
  --case WORDS   only cases that have these in their name (repeatable)
  --json         print only the JSON
  --save         write bench/results.json
  --profile DIR  leave a CPU profile of each process there
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    case: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    profile: { type: 'string' },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const problem = nodeVersionProblem(process.versions.node) ?? mistake();
if (options.help) {
  process.stdout.write(usage);
} else if (problem !== undefined) {
  process.stderr.write(`${problem}\n\n${usage}`);
  process.exitCode = 2;
} else {
  await measure();
}

function mistake(): string | undefined {
  const unknown = positionals.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0) return `There is no bench ${unknown.join(', ')}.`;
  for (const [name, value] of Object.entries({ runs: options.runs, minutes: options.minutes, seed: options.seed })) {
    if (value !== undefined && !/^\d+(\.\d+)?$/.test(value)) return `--${name} must be a number, not ${value}.`;
  }
  return undefined;
}

async function measure(): Promise<void> {
  if (options.profile !== undefined) process.env[profileVariable] = options.profile;
  const before: Results | undefined = existsSync(resultsFile)
    ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Results)
    : undefined;
  const chosen = positionals.length > 0 ? benches.filter(({ name }) => positionals.includes(name)) : usual;
  const results: Measurement[] = [];
  for (const bench of chosen) {
    results.push(
      ...(await bench.run({
        runs: options.quick ? 1 : Math.max(1, Math.trunc(Number(options.runs))),
        quick: options.quick,
        minutes: Number(options.minutes),
        seed: options.seed === undefined ? undefined : Number(options.seed),
        wants: (system) => options.only === undefined || options.only.includes(system),
        wantsCase: (name) => options.case === undefined || options.case.some((words) => name.includes(words)),
        log: (line) => void process.stderr.write(`${bench.name}: ${line}\n`),
      })),
    );
  }
  const all: Results = { machine: await describeMachine(), measuredAt: new Date().toISOString(), results };
  if (!options.json) process.stdout.write(`${tableOf(results, before?.results ?? [])}\n`);
  process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
  if (options.save) save(all, before);
  const missed = results.filter((result) => verdict(result) === 'MISSED').length;
  if (missed > 0) process.stderr.write(`${counted(missed, 'bar')} missed.\n`);
}

/** What was not measured this time is kept. */
function save(all: Results, before: Results | undefined): void {
  const isAll = options.only === undefined && options.case === undefined;
  const scope = isAll ? (result: Measurement) => result.bench : keyOf;
  const measured = new Set(all.results.map(scope));
  const kept = (before?.results ?? []).filter((old) => !measured.has(scope(old)));
  writeFileSync(resultsFile, `${JSON.stringify({ ...all, results: [...kept, ...all.results] }, null, 2)}\n`);
}

function tableOf(results: readonly Measurement[], before: readonly Measurement[]): string {
  const rows = results.map((result) => {
    const old = before.find((each) => keyOf(each) === keyOf(result));
    const bar = result.bar === null ? '' : `${result.better === 'higher' ? '≥' : '≤'} ${result.bar}`;
    const spread = result.min === result.max ? '' : `${result.min} – ${result.max}`;
    const { bench, case: ofCase, system, measure, value, unit, runs } = result;
    const last = old ? String(old.value) : '';
    return [bench, ofCase, system, measure, `${value} ${unit}`.trim(), bar, verdict(result), spread, runs, last];
  });
  const headings = ['BENCH', 'CASE', 'SYSTEM', 'MEASURE', 'MEDIAN', 'BAR', '', 'FROM – TO', 'RUNS', 'LAST TIME'];
  return table(headings, rows);
}

function keyOf(result: Measurement): string {
  return JSON.stringify([result.bench, result.case, result.system, result.measure]);
}

function verdict({ value, bar, better }: Measurement): string {
  if (bar === null) return '';
  return (better === 'higher' ? value >= bar : value <= bar) ? 'reached' : 'MISSED';
}
