// The rules of the house as two small tables; docs/ARCHITECTURE.md points here.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src');

/** The one order: a file imports only from its own folder or from what stands left of it. */
const order = [
  'lib',
  'db',
  'feeds',
  'articles',
  'topics',
  'stories',
  'recipients',
  'newsroom',
  'deliveries',
  'status',
  'telegram',
  'config.ts',
  'pipeline.ts',
  'jobs.ts',
  'schedule.ts',
  'health.ts',
  'world.ts',
  'app.ts',
  'cli',
  'main.ts',
];

/** Foreign packages and ambient powers, and where alone they may be used. */
const homes: [what: RegExp, name: string, where: RegExp][] = [
  [/from '(grammy|@grammyjs\/)/, 'grammy', /^telegram\/|^app\.ts$/],
  [/from '@fluent\//, 'Fluent', /^telegram\/i18n\.ts$/],
  [/from 'pg'/, 'pg', /^db\//],
  [/from 'pg-boss'/, 'pg-boss', /^jobs\.ts$/],
  [/from 'kysely/, 'kysely', /^db\/|-store\.ts$/],
  [/from 'node-cron'/, 'node-cron', /^schedule\.ts$/],
  [/from 'feedsmith'/, 'feedsmith', /^feeds\/parse-feed\.ts$/],
  [/from '(undici|ipaddr\.js)'/, 'undici and ipaddr.js', /^lib\/http[a-z-]*\.ts$/],
  [/from '(linkedom|@mozilla\/readability)'/, 'linkedom and Readability', /^articles\//],
  [/from 'eld/, 'eld', /^articles\/letter-statistics\.ts$/],
  [/from 'piscina'/, 'piscina', /^articles\/page-reader\.ts$/],
  [/from 'openai'/, 'openai', /^stories\/summary-model\.ts$/],
  [/from 'yaml'/, 'yaml', /^newsroom\//],
  [/from 'commander'/, 'commander', /^cli\//],
  [/\bprocess\.|from 'node:process'/, 'process', /^main\.ts$|^cli\/main\.ts$/],
  [/\bDate\.now\(|new Date\(\)|\bset(Timeout|Interval|Immediate)\(|timers\/promises/, 'the time', /^lib\/clock\.ts$/],
  [/\bMath\.random\(|randomBytes|randomUUID/, 'randomness', /^lib\/random\.ts$/],
  [/(?<![.\w])fetch\(['"`]/, 'the global fetch', /^$/],
];

/** The shells; every other file of the pipeline's folders is free of effects or a store. */
const files = globSync('**/*.ts', { cwd: source }).map((name) => ({
  name,
  text: readFileSync(join(source, name), 'utf8'),
}));

function roomOf(name: string): string {
  return name.split('/')[0] as string;
}

function importsOf({ name, text }: { name: string; text: string }): string[] {
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)]
    .map((match) => relative(source, join(source, dirname(name), match[1] as string)))
    .filter((target) => !target.startsWith('..'));
}

describe('the house', () => {
  it('has a place in the order for every folder and file', () => {
    const rooms = new Set(files.map(({ name }) => roomOf(name)));
    expect([...rooms].filter((room) => !order.includes(room))).toEqual([]);
  });

  it('imports only leftwards', () => {
    const broken = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => order.indexOf(roomOf(target)) > order.indexOf(roomOf(file.name)))
        .map((target) => `${file.name} imports ${target}, which stands to its right`),
    );
    expect(broken).toEqual([]);
  });

  it.each(homes)('keeps %s at home', (what, name, where) => {
    const broken = files
      .filter((file) => !where.test(file.name) && what.test(withoutComments(file.text)))
      .map((file) => `${file.name} uses ${name}, whose home is ${where.source}`);
    expect(broken).toEqual([]);
  });

  it('keeps the features of the bot apart from each other', () => {
    const broken = files
      .filter(({ name }) => name.startsWith('telegram/features/'))
      .flatMap((file) => importsOf(file).filter((target) => target.startsWith('telegram/features/')));
    expect(broken).toEqual([]);
  });

  it('opens every module with a sentence saying what it is for', () => {
    expect(files.filter(({ text }) => !/^(#!.*\n)?(\/\/|\/\*\*) \S/.test(text)).map(({ name }) => name)).toEqual([]);
  });

  it('has neither barrels nor drawers', () => {
    const drawers = /(^|\/)(index|utils?|helpers?|services?|types)\.ts$|(^|\/)(utils?|helpers?|services?)\//;
    expect(files.filter(({ name }) => drawers.test(name)).map(({ name }) => name)).toEqual([]);
  });

  it('writes migrations that import nothing from the program', () => {
    const migrations = join(import.meta.dirname, '../migrations');
    const broken = globSync('*.ts', { cwd: migrations }).filter((name) =>
      /from '\.\.?\//.test(readFileSync(join(migrations, name), 'utf8')),
    );
    expect(broken).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
