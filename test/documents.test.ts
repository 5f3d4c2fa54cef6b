// The documents say what the program does: they are held to the code that they speak of.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { type Config, parseConfig, variables } from '../src/config.ts';
import { isCron } from '../src/schedule.ts';
import { commands } from '../src/telegram/commands.ts';
import { languages } from '../src/world.ts';
import { nashraInside } from './cli/nashra.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];
const readme = read('README.md');

const parse = (env: NodeJS.Dict<string>): Config => parseConfig(env, { languages, isCron });

/** The cells of every table row whose first cell is code; `\|` does not occur in our tables. */
function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const code = (cell = '') => /^`(.*)`$/.exec(cell)?.[1];

describe('the configuration', () => {
  const table = rowsOf(/## Configuration\n(.*?)\n## /s.exec(readme)?.[1] ?? '').flatMap(([name, fallback]) =>
    code(name) === undefined ? [] : [{ name: code(name), fallback: code(fallback) }],
  );

  /** What each variable is when nobody sets it, as one would write it; undefined where there is nothing to write. */
  function defaultOf(name: (typeof variables)[number]): string | undefined {
    if (name === 'HTTP_PORT') return parse({}).http?.port.toString();
    if (name === 'HTTP_HOST') return parse({ HTTP_PORT: '1' }).http?.host;
    if (name === 'PAID_STARS_PER_DAY') return (parse({}).paid?.starsPerDay ?? 0).toString();
    if (name === 'PAID_PER_SECOND') return parse({ PAID_STARS_PER_DAY: '1' }).paid?.perSecond.toString();
    const key = name.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    const value = Object.entries(parse({})).find(([field]) => field === key)?.[1];
    return ['string', 'number', 'boolean'].includes(typeof value)
      ? JSON.stringify(value).replaceAll('"', '')
      : undefined;
  }

  it('has the same variables in the code, in the README and in .env.example', () => {
    const example = [...read('.env.example').matchAll(/^(?:# ?)?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(table.map(({ name }) => name)).toEqual([...variables]);
    expect(example).toEqual([...variables]);
  });

  it('has the defaults that the README says', () => {
    expect(table).toEqual(variables.map((name) => ({ name, fallback: defaultOf(name) })));
  });

  it('is what it would be without .env when .env.example is copied as it is', () => {
    expect(parse(parseEnv(read('.env.example')))).toEqual(parse({}));
  });

  it('is the only place for settings: the documents speak of no other variables', () => {
    const others = ['TEST_DATABASE_URL', 'DEMO_PORT'];
    const known = new Set<string>([...variables, ...others]);
    const spoken = documents.flatMap((path) =>
      [...read(path).matchAll(/`([A-Z]+(?:_[A-Z]+)+)\b[^`]*`/g)].map(([, name]) => name ?? ''),
    );
    expect(spoken).toContain('DATA_DIR');
    expect(spoken.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the commands', () => {
  it('of the bot are all in the README', () => {
    expect(commands.filter(({ name }) => !readme.includes(`\`/${name}\``))).toEqual([]);
  });

  /** The names under "Commands:" in the help of the program itself. */
  async function subcommands(path: readonly string[]): Promise<string[]> {
    const { stdout } = await nashraInside([...path, '--help'], {});
    const list = /^Commands:\n((?: {2}.*\n?)+)/m.exec(stdout)?.[1] ?? '';
    return [...list.matchAll(/^ {2}([a-z]+)\b/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
  }

  async function commandLines(path: readonly string[] = []): Promise<string[]> {
    const names = await subcommands(path);
    if (names.length === 0) return [path.join(' ')];
    return (await Promise.all(names.map((name) => commandLines([...path, name])))).flat();
  }

  it('of the command line are all in the README, and no others in any document', async () => {
    const lines = await commandLines();
    const spoken = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run nashra -- ([a-z]+(?: [a-z]+(?![\w.]))?)/g)].map(([, line = '']) => line),
    );
    expect(lines).toContain('newsroom apply');
    expect(lines.filter((line) => !readme.includes(`npm run nashra -- ${line}`))).toEqual([]);
    expect(spoken.filter((line) => !lines.includes(line))).toEqual([]);
  });

  it('of npm exist', () => {
    const spoken = documents.flatMap((path) =>
      [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name),
    );
    expect(spoken).toContain('demo');
    expect(spoken.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });
});

describe('the documents', () => {
  /** As GitHub makes them from headings. */
  const anchorsOf = (text: string) =>
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(documents)('%s leads nowhere that does not exist', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link]) => link ?? '');
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? join(root, path) : join(root, dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('name files of the project that exist', () => {
    const named = documents.flatMap((path) =>
      [...read(path).matchAll(/`((?:src|test|sandbox|docs|migrations|locales|bin)\/[\w./-]+\.\w+)`/g)].map(
        ([, file]) => file ?? '',
      ),
    );
    expect(named).toContain('src/deliveries/send.ts');
    expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('name no path of anybody’s machine', () => {
    const paths = /(?:^|[\s`"'(=])(?:\/(?:work|home|Users|tmp\/(?!nashra-…))|file:\/\/|C:\\)[^\s`]*/gm;
    const found = documents.flatMap((path) => (read(path).match(paths) ?? []).map((text) => `${path}: ${text.trim()}`));
    expect(found).toEqual([]);
  });

  it('give the limits by the names that they have in the code', () => {
    const limits = rowsOf(/## Limits\n(.*)/s.exec(read('docs/OPERATING.md'))?.[1] ?? '').flatMap(([, , name, file]) =>
      code(name) === undefined || code(file) === undefined ? [] : [{ name: code(name), file: code(file) ?? '' }],
    );
    expect(limits.map(({ name }) => name)).toContain('maxFeedBytes');
    const stale = limits.filter(({ name, file }) => !new RegExp(`\\b${name} ?[=:] ?\\d`).test(read(file)));
    expect(stale).toEqual([]);
  });

  it('give a reason for every dependency', () => {
    const list = read('docs/decisions/0004-dependencies.md');
    const named = [...list.matchAll(/`([@\w./*-]+)`/g)].map(([, name = '']) => name);
    const covers = (dependency: string) =>
      named.some((name) => (name.endsWith('*') ? dependency.startsWith(name.slice(0, -1)) : name === dependency));
    const { dependencies, optionalDependencies } = packageJson;
    expect(Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !covers(name))).toEqual([]);
  });

  it('are all reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      for (const [, link = ''] of read(path).matchAll(/\]\((?!https?:)([^)#\s]+\.md)[^)]*\)/g)) {
        reached.add(relative(root, join(root, dirname(path), link)));
      }
    }
    expect(documents.filter((path) => !reached.has(path))).toEqual([]);
  });
});
