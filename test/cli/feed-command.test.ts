import { beforeAll, describe, expect, test } from 'vitest';
import { findFeed, listFeeds } from '../../src/feeds/feed-store.ts';
import { applyNewsroom } from '../../src/newsroom/apply.ts';
import { exportNewsroom } from '../../src/newsroom/export.ts';
import { useDatabase } from '../support/database.ts';
import { answer, redirect, useWebServer } from '../support/web-server.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const database = useDatabase();
const web = useWebServer();

const feed = (...args: string[]) =>
  nashraInside(['feed', ...args], { ...databaseOf(database.connectionString), ALLOW_PRIVATE_NETWORK: 'true' });

const xml = { 'content-type': 'application/rss+xml' };
const rss = `<?xml version="1.0"?><rss version="2.0"><channel>
  <title>نشرة الاختبار</title><link>https://news.example/</link><language>ar</language>
  <item><guid>1</guid><title>خبر أول</title><link>https://news.example/1</link>
    <category>اقتصاد</category><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>
  <item><guid>2</guid><title>خبر ثان</title><link>https://news.example/2</link><category>سوريا</category></item>
</channel></rss>`;

beforeAll(async () => {
  const topics = ['syria', 'economy'].map((slug) => ({ slug, name: { en: slug }, keywords: {} }));
  await applyNewsroom(database.db, { topics }, { now: new Date('2026-11-22T19:00:00Z') });
});

describe('the list of feeds', () => {
  test('grows, pauses, resumes and shrinks', async () => {
    expect((await feed('list')).stdout).toBe('There are no feeds yet. Add one with: nashra feed add URL\n');

    const added = await feed(
      'add',
      '--topic',
      'syria',
      '--topic',
      'economy',
      'HTTPS://news.example/feed',
      '--language',
      'AR',
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect((await exportNewsroom(database.db)).feeds).toMatchObject([
      { url: 'https://news.example/feed', language: 'ar', topics: ['syria', 'economy'], categories: {} },
    ]);
    const { feedId = 0 } = (await findFeed(database.db, { url: 'https://news.example/feed' })) ?? {};
    expect(added.stdout).toBe(`Added feed ${feedId} (https://news.example/feed); the next round asks it.\n`);

    expect((await feed('pause', String(feedId))).stdout).toBe(`Paused feed ${feedId} (https://news.example/feed).\n`);
    expect((await feed('pause', String(feedId))).stdout).toContain('is paused already');
    expect((await feed('list')).stdout).toMatch(/^id +state .*\n\d+ +paused +– +– +ar +syria,economy +https:\/\/news/);
    const listed = JSON.parse((await feed('list', '--json')).stdout) as object;
    expect(listed).toMatchObject({ feeds: [{ feedId, state: 'paused', topics: ['syria', 'economy'] }] });

    await feed('resume', 'https://news.example/feed');
    expect(await listFeeds(database.db)).toMatchObject([{ state: 'active' }]);
    expect((await feed('remove', String(feedId))).stdout).toBe(`Removed feed ${feedId} (https://news.example/feed).\n`);
    expect(await listFeeds(database.db)).toEqual([]);
  });

  test.each([
    [['add', 'news.example/feed'], 'The URL "news.example/feed" must be a whole address'],
    [['add', 'https://news.example/', '--language', 'arabic'], 'The language "arabic" must be a language tag'],
    [['add', 'https://news.example/', '--topic', 'siria'], 'There is no topic "siria". Did you mean "syria"?'],
    [['add', 'https://news.example/', '--topic', 'x'], 'There is no topic "x". The topics are syria, economy.'],
    [['pause', '99'], 'There is no feed 99.'],
    [['remove', 'https://news.example/none'], 'There is no feed https://news.example/none.'],
    [['resume', 'news'], '"news" is neither the id of a feed nor a URL.'],
    [['check', '99'], 'There is no feed 99.'],
  ])('refuses %j and says why', async (args, problem) => {
    const { code, stdout, stderr } = await feed(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(problem);
    expect(await listFeeds(database.db)).toEqual([]);
  });
});

describe('checking a feed', () => {
  test('says what it is, and stores nothing', async () => {
    const url = web.on('/feed', answer(rss, xml));
    const { code, stdout } = await feed('check', url);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        `${url} is the feed \u2068نشرة الاختبار\u2069 (ar).`,
        'It has 2 entries, the newest of 2026-11-22 13:00.',
        'Without a date: 1; they count as published when they are first seen.',
        'Its categories: \u2068اقتصاد\u2069, \u2068سوريا\u2069',
        '',
      ].join('\n'),
    );
    expect(await listFeeds(database.db)).toEqual([]);
  });

  test('of the list goes by its id', async () => {
    const url = web.on('/feed', answer(rss, xml));
    const { feedId } = JSON.parse((await feed('add', url, '--json')).stdout) as { feedId: number };
    expect(JSON.parse((await feed('check', String(feedId), '--json')).stdout)).toMatchObject({
      url,
      usable: true,
      entries: 2,
      undated: 1,
      newestAt: '2026-11-22T10:00:00.000Z',
    });
    expect(await findFeed(database.db, { feedId })).toMatchObject({ checkedAt: null, etag: null });
    await feed('remove', String(feedId));
  });

  test('says where it has moved to', async () => {
    const url = web.on('/old', redirect('/feed', 301));
    web.on('/feed', answer(rss, xml));
    expect((await feed('check', url)).stdout).toContain(`It has moved for good, to ${web.url('/feed')}`);
  });

  test.each([
    ['a web page', answer('<!doctype html><title>x</title><p>Hello', { 'content-type': 'text/html' }), 'not-a-feed'],
    ['a missing page', answer('gone', {}, 404), 'cannot be used'],
  ])('that is %s ends with 1 and the reason', async (_what, handler, expected) => {
    const url = web.on('/feed', handler);
    const { code, stdout, stderr } = await feed('check', url, '--json');
    expect(code).toBe(1);
    expect(stderr).toContain(expected);
    expect(JSON.parse(stdout)).toMatchObject({ url, usable: false, reason: expect.stringMatching(/\w/) });
  });
});
