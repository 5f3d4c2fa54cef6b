import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { upsertTopic } from '../../src/topics/topic-store.ts';
import type { LabelledText } from '../../src/topics/train-topic-model.ts';
import { useDatabase } from '../support/database.ts';
import { labelledTexts, slugs } from '../topics/labels.ts';
import { tellStory } from '../topics/newsroom.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const database = useDatabase();
let folder: string;

const run = (...args: string[]) => nashraInside(['topics', ...args], databaseOf(database.connectionString));
const models = () => database.db.selectFrom('topicModel').select('trainedAt').execute();

async function file(labels: readonly LabelledText[] | string): Promise<string> {
  const path = join(folder, 'labels.jsonl');
  const lines =
    typeof labels === 'string'
      ? labels
      : labels.map(({ title, text, topics }) => JSON.stringify({ title, text, topics })).join('\n');
  await writeFile(path, lines);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nashra-topics-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of ['story', 'article', 'topic', 'topicModel'] as const) {
    await database.db.deleteFrom(table).execute();
  }
  for (const [position, slug] of slugs.entries()) {
    await upsertTopic(database.db, {
      slug,
      name: { ar: slug },
      keywords: { ar: slug === 'sport' ? ['كأس'] : [] },
      position,
    });
  }
});

describe('nashra topics train', () => {
  test('learns from a file and says how good each topic was on texts held out', async () => {
    const { code, stdout, stderr } = await run('train', '--labels', await file(labelledTexts(40)));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^topic +labels +from confidence +right +found\n/);
    for (const slug of slugs)
      expect(stdout).toMatch(new RegExp(`^${slug} +40 +0\\.\\d\\d +\\d+\\.\\d % +\\d+\\.\\d % +applied$`, 'm'));
    expect(stdout).toContain('Trained on 120 texts.');
    expect(await models()).toHaveLength(1);
  });

  test("learns from the newsroom's own articles", async () => {
    for (const { title, text, topics } of labelledTexts(25)) {
      await tellStory(database.db, { headline: title, body: text, topics: { [topics[0] ?? '']: 'feed' } });
    }
    const { code, stdout } = await run('train', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      texts: 75,
      topics: slugs.map((slug) => ({ slug, labels: 25, learnt: true })),
    });
  });

  test('says how many labels are missing, and changes nothing', async () => {
    const { code, stderr } = await run('train', '--labels', await file(labelledTexts(7)));
    expect(code).toBe(1);
    expect(stderr).toBe(
      'There are too few labels (21 texts): a topic needs 20 texts that have it and 20 that do not. Nothing was changed.\n' +
        '  sport: 7 of 20\n  economy: 7 of 20\n  health: 7 of 20\n',
    );
    expect(await models()).toEqual([]);
  });

  test('names the lines of a file that are wrong', async () => {
    const path = await file('{"title": "x", "text": "y", "topics": ["sprot"]}\n\nnonsense\n');
    const { code, stderr } = await run('train', '--labels', path);
    expect(code).toBe(1);
    expect(stderr).toContain(`${path}:1: there is no topic "sprot"\n`);
    expect(stderr).toContain(`${path}:3: this is not JSON: `);
    expect(stderr).toContain('The topics are sport, economy, health.');
  });

  test('says when there is no such file, and when there are no topics', async () => {
    expect(await run('train', '--labels', join(folder, 'nowhere.jsonl'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no such file'),
    });
    await database.db.deleteFrom('topic').execute();
    expect(await run('train')).toMatchObject({ code: 1, stderr: expect.stringContaining('no topics yet') });
  });
});

describe('nashra topics evaluate', () => {
  const labels = labelledTexts(60);

  test('measures the stored model on texts that it has not learnt from', async () => {
    await run('train', '--labels', await file(labels.slice(0, 120)));
    const trained = await models();
    const { code, stdout } = await run('evaluate', '--labels', await file(labels), '--json');
    expect(code).toBe(0);
    const evaluation = JSON.parse(stdout);
    expect(evaluation).toMatchObject({ method: 'stored model', texts: 60, leftOut: 120 });
    expect(evaluation.overall.withModel.precision).toBeGreaterThan(0.9);
    expect(evaluation.overall.withModel.coverage).toBeGreaterThan(evaluation.overall.rules.coverage);
    expect(await models()).toEqual(trained);
  });

  test('cross-validates on texts that the stored model has learnt from', async () => {
    const path = await file(labels);
    await run('train', '--labels', path);
    const { stdout } = await run('evaluate', '--labels', path);
    expect(stdout).toContain('Cross-validation on 180 texts');
    expect(stdout).toMatch(/^all topics +180 +\d+\.\d % +\d+\.\d % +\d+\.\d % +\d+\.\d %$/m);
    expect(stdout).toMatch(/^economy +60 +– +0\.0 % +\d+\.\d % +\d+\.\d %$/m);
  });

  test("cross-validates on the newsroom's own labels, and stores nothing", async () => {
    for (const { title, text, topics } of labelledTexts(30)) {
      await tellStory(database.db, { headline: title, body: text, topics: { [topics[0] ?? '']: 'category' } });
    }
    const { code, stdout } = await run('evaluate', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'cross-validation', texts: 90, leftOut: 0 });
    expect(await models()).toEqual([]);
  });

  test('says when there is nothing to measure on', async () => {
    expect(await run('evaluate')).toMatchObject({ code: 1, stderr: 'There are no labels to measure on.\n' });
  });
});
