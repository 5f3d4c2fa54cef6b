import { beforeEach, describe, expect, it } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const now = new Date('2026-11-22T12:00:00Z');
const url = 'https://paper.example/2026/mistake';

describe('nashra article withdraw', () => {
  const database = useDatabase();
  const run = (...args: string[]) =>
    nashraInside(['article', 'withdraw', ...args], databaseOf(database.connectionString));

  beforeEach(async () => {
    await database.db.deleteFrom('article').execute();
    await database.db
      .insertInto('article')
      .values({
        headline: 'خبر خاطئ',
        body: '',
        url,
        canonicalUrl: url,
        language: 'ar',
        publishedAt: now,
        createdAt: now,
      })
      .execute();
  });

  it('takes an article back, once', async () => {
    expect(await run(url)).toMatchObject({ code: 0, stdout: expect.stringContaining('Withdrawn: ') });
    const article = await database.db.selectFrom('article').selectAll().executeTakeFirstOrThrow();
    expect(article).toMatchObject({ withdrawnBecause: 'by an editor on the command line' });
    const again = await run(url, '--json');
    expect(JSON.parse(again.stdout)).toEqual({ headline: 'خبر خاطئ', copies: 0, withdrawn: 'before' });
  });

  it('knows an address with tracking parameters, and says when it knows none', async () => {
    expect(await run(`${url}?utm_source=x`)).toMatchObject({ code: 0 });
    expect(await run('https://paper.example/other')).toMatchObject({
      code: 1,
      stderr: 'No article with the address https://paper.example/other is known.\n',
    });
  });
});
