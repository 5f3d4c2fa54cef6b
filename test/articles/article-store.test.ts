import { beforeAll, expect, it, test } from 'vitest';
import { findArticleByUrl, insertArticle, listArticleSources } from '../../src/articles/article-store.ts';
import { canonicalUrl } from '../../src/articles/canonical-url.ts';
import { insertFeed } from '../../src/feeds/feed-store.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();
const now = new Date('2026-11-22T09:00:00Z');
const url = 'https://news.example/2026/جسر/?utm_source=rss';

const give = (feedId: number) =>
  insertArticle(database.db, {
    article: {
      url,
      canonicalUrl: canonicalUrl(url),
      headline: 'افتتاح الجسر',
      body: 'نص.',
      language: 'ar',
      publishedAt: now,
      createdAt: now,
    },
    source: { feedId, guid: '1', categories: [], entryHash: `of feed ${feedId}` },
    regroups: true,
  });

beforeAll(async () => {
  for (const feed of ['https://one.example/', 'https://two.example/']) {
    await insertFeed(database.db, { url: feed, language: null, now });
  }
  await give(2);
  await give(1);
});

test.each([
  ['as its feed gave it', url],
  ['as a browser shows it', 'https://news.example/2026/%D8%AC%D8%B3%D8%B1/'],
  ['without encryption, with a fragment', 'http://NEWS.example/2026/جسر/#comments'],
])('an article is found by its address %s', async (_how, address) => {
  expect(await findArticleByUrl(database.db, address)).toMatchObject({ headline: 'افتتاح الجسر' });
});

test.each([['https://news.example/2026/'], ['news.example'], ['']])('no article is found at %j', async (address) => {
  expect(await findArticleByUrl(database.db, address)).toBeUndefined();
});

it('names first the source whose words it has', async () => {
  const { articleId = 0 } = (await findArticleByUrl(database.db, url)) ?? {};
  expect((await listArticleSources(database.db, articleId)).map(({ feedId }) => feedId)).toEqual([2, 1]);
});
