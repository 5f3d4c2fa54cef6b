import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportNewsroom } from '../../src/newsroom/export.ts';
import { useDatabase } from '../support/database.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const database = useDatabase();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nashra-newsroom-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newsroom = (...args: string[]) => nashraInside(['newsroom', ...args], databaseOf(database.connectionString));

async function fileOf(text: string | Uint8Array): Promise<string> {
  const path = join(folder, 'newsroom.yaml');
  await writeFile(path, text);
  return path;
}

const nothing = { created: [], updated: [], unchanged: [], removed: [], kept: [] };
const text = `topics:
  - { slug: syria, name: { ar: سوريا } }
  - { slug: economy, name: { ar: اقتصاد } }
feeds:
  - { url: "https://news.example/feed/", language: ar, topics: [syria] }
channels:
  - { chat: "@example_syria", topics: [syria], language: ar }
`;

test('a newsroom file is applied, applied again, exported and pruned', async () => {
  const path = await fileOf(text);
  const dry = await newsroom('apply', path, '--dry-run');
  expect(dry.stdout).toContain('+ feed https://news.example/feed/\n');
  expect(dry.stdout).toContain('A dry run: nothing was changed.\n');
  expect(await exportNewsroom(database.db)).toEqual({ topics: [], feeds: [], channels: [] });

  const first = await newsroom('apply', path);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('topics    2 created\nfeeds     1 created\nchannels  1 created\nApplied.\n');

  const again = await newsroom('apply', path);
  expect(again.stdout).toBe(
    'topics    2 unchanged\nfeeds     1 unchanged\nchannels  1 unchanged\nNothing had to change.\n',
  );

  const { stdout: exported } = await newsroom('export');
  expect(exported).toContain('name: { ar: سوريا }');
  await fileOf(exported);
  expect(JSON.parse((await newsroom('apply', path, '--prune', '--json')).stdout)).toEqual({
    dryRun: false,
    topics: { ...nothing, unchanged: ['syria', 'economy'] },
    feeds: { ...nothing, unchanged: ['https://news.example/feed/'] },
    channels: { ...nothing, unchanged: ['@example_syria'] },
  });

  await fileOf('feeds: []\n');
  expect((await newsroom('apply', path)).stdout).toContain('feed https://news.example/feed/ is not in the file (kept)');
  expect((await newsroom('apply', path, '--prune')).stdout).toContain('- feed https://news.example/feed/\n');
  expect(await exportNewsroom(database.db)).toMatchObject({ feeds: [], channels: [{ chat: '@example_syria' }] });
});

test('a file with faults changes nothing, and each fault is named with its line', async () => {
  const before = await exportNewsroom(database.db);
  const path = await fileOf(`${text}  - { chat: example, topics: [siria] }\ntopic: []\n`);
  const { code, stdout, stderr } = await newsroom('apply', path);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    `${path}:8:13: The chat "example" must be written "@example".`,
    `${path}:8:31: There is no topic "siria"; did you mean "syria"?`,
    `${path}:9:1: The newsroom has no key "topic"; did you mean "topics"?`,
    `${path} has 3 faults; nothing was changed.`,
    '',
  ]);
  expect(await exportNewsroom(database.db)).toEqual(before);

  const { faults } = JSON.parse((await newsroom('apply', path, '--json')).stdout) as { faults: object[] };
  expect(faults).toMatchObject([{ line: 8, column: 13 }, { line: 8 }, { line: 9 }]);
});

test.each<[what: string, content: Uint8Array, problem: string]>([
  ['another encoding', Buffer.from('topics: \xe3\xe5', 'latin1'), 'is not a text file in UTF-8; nothing was changed.'],
  ['a broken line', Buffer.from('topics: [\n'), 'has 1 fault; nothing was changed.'],
])('a file in %s is refused', async (_what, content, problem) => {
  const path = await fileOf(content);
  const { code, stderr } = await newsroom('apply', path);
  expect(code).toBe(1);
  expect(stderr).toContain(`${path} ${problem}\n`);
});

test('a file that cannot be read is said so', async () => {
  expect(await newsroom('apply', join(folder, 'none.yaml'))).toEqual({
    code: 1,
    stdout: '',
    stderr: `${join(folder, 'none.yaml')} cannot be read: there is no such file or folder.\n`,
  });
  expect((await newsroom('apply', folder)).stderr).toBe(`${folder} cannot be read: it is a folder.\n`);
});

test("an export never overwrites somebody's file unasked", async () => {
  const path = await fileOf('# my own notes\n');
  expect(await newsroom('export', path)).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect(await readFile(path, 'utf8')).toBe('# my own notes\n');
  expect(await newsroom('export', path, '--force')).toMatchObject({ code: 0, stdout: '' });
  expect(await readFile(path, 'utf8')).toContain('topics:');
  expect((await newsroom('export', join(folder, 'none', 'x.yaml'))).stderr).toContain('cannot be written');
});
