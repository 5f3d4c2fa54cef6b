import { describe, expect, test } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { databaseOf, nashra, nashraBinary, nashraInside } from './nashra.ts';

const database = useDatabase();
const withDatabase = () => databaseOf(database.connectionString);
const nowhere = { DATABASE_URL: 'postgres://postgres@127.0.0.1:1/none' };

describe('help', () => {
  test.each([
    [['--help'], ['newsroom', 'feed', 'collect', 'send', 'status', 'migrate', 'Examples:']],
    [
      ['newsroom', '--help'],
      ['apply', 'export', 'Examples:'],
    ],
    [
      ['newsroom', 'apply', '--help'],
      ['--prune', '--dry-run', '--json', 'Examples:'],
    ],
    [
      ['feed', '--help'],
      ['add', 'list', 'check', 'pause', 'resume', 'remove', 'Examples:'],
    ],
    [
      ['feed', 'add', '--help'],
      ['--language', '--topic', 'Example:'],
    ],
    [
      ['help', 'send'],
      ['--json', 'Example:'],
    ],
  ])('of %j names what there is, without a database', async (args, expected) => {
    const { code, stdout, stderr } = await nashraInside(args, nowhere);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of expected) expect(stdout).toContain(word);
  });
});

describe('a command line that is wrong ends with 2 and an advice on standard error', () => {
  test.each([
    [['feeds'], "unknown command 'feeds'"],
    [['feed', 'chek', '1'], 'Did you mean check?'],
    [['feed', 'add'], "missing required argument 'url'"],
    [['newsroom', 'apply', 'a.yaml', '--purge'], "unknown option '--purge'"],
    [['newsroom', 'apply', 'a.yaml', 'b.yaml'], 'too many arguments'],
    [[], 'Usage: nashra'],
    [['newsroom'], 'Usage: nashra newsroom'],
  ])('%j', async (args, advice) => {
    const { code, stdout, stderr } = await nashraInside(args, nowhere);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(advice);
  });
});

describe('what cannot be done ends with 1 and one sentence on standard error', () => {
  test('without the database server', async () => {
    const { code, stdout, stderr } = await nashraInside(['status'], nowhere);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      'The database does not answer (ECONNREFUSED). Is its server running, and DATABASE_URL right?\n',
    );
  });

  test('with settings that are wrong, all of which are named', async () => {
    const { code, stderr } = await nashraInside(['status'], { ...nowhere, TIME_ZONE: 'Mars', HTTP_PORT: 'x' });
    expect(code).toBe(1);
    expect(stderr).toContain('TIME_ZONE must be');
    expect(stderr).toContain('HTTP_PORT must be');
  });

  test('sending without a token', async () => {
    const { code, stderr } = await nashraInside(['send'], nowhere);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'BOT_TOKEN is missing: without it nothing can be sent.\n' });
  });
});

test('the program itself ends as its commands do', async () => {
  expect(await nashra(['feed', '--help'], nowhere)).toMatchObject({ code: 0, stderr: '' });
  expect(await nashra(['feeds'], nowhere)).toMatchObject({ code: 2, stdout: '' });
  expect(await nashra(['status'], nowhere)).toMatchObject({ code: 1, stdout: '' });
});

test('migrate says that there is nothing to do, for a person and for a script', async () => {
  expect(await nashra(['migrate'], withDatabase())).toEqual({
    code: 0,
    stdout: 'The database is on the newest schema already.\n',
    stderr: '',
  });
  expect(JSON.parse((await nashra(['migrate', '--json'], withDatabase())).stdout)).toEqual({ applied: [] });
});

test('status of a new newsroom is all zeros', async () => {
  const { code, stdout } = await nashra(['status'], withDatabase());
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Feeds {7}0 active, 0 paused, 0 failing\nArticles +0\nStories +0\nRecipients +none\n/);
  expect(stdout).toContain('No round has run yet.');
  expect(JSON.parse((await nashra(['status', '--json'], withDatabase())).stdout)).toMatchObject({
    feeds: { active: 0, paused: 0, failing: [] },
    articles: 0,
    backlog: 0,
    runs: [],
  });
});

test('bin/nashra.js passes on arguments, output and exit code', async () => {
  expect(await nashraBinary(['--version'], nowhere)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+/),
  });
  const { code, stderr } = await nashraBinary(['newsroom', 'apply', 'no such file.yaml'], nowhere);
  expect(code).toBe(1);
  expect(stderr).toBe('no such file.yaml cannot be read: there is no such file or folder.\n');
});
