import { expect, it } from 'vitest';
import { maxBodyCharacters, storable } from '../../src/articles/article-limits.ts';

it('stores nothing that Postgres refuses, and lines as lines', () => {
  const publishedAt = new Date(0);
  expect(
    storable({
      headline: 'خبر\u0000 جديد\n',
      body: 'one\u0000\n\ntwo',
      section: 's\u0001ec',
      tags: ['a\u0000b', '\u0000'],
      authors: ['Ali\u0000 Hasan'],
      imageCaption: null,
      publishedAt,
      recheckCount: 2,
    }),
  ).toEqual({
    headline: 'خبر جديد',
    body: 'one\n\ntwo',
    section: 'sec',
    tags: ['ab'],
    authors: ['Ali Hasan'],
    imageCaption: null,
    publishedAt,
    recheckCount: 2,
  });
});

it('stores of a text, a caption and a list only so much, and no half character', () => {
  const hostile = storable({
    body: `x${'😀'.repeat(maxBodyCharacters)}`,
    imageCaption: 'c'.repeat(1e6),
    imageCredit: 'c'.repeat(1e6),
    tags: Array.from({ length: 1_000 }, (_, index) => `${index}${'t'.repeat(1_000)}`),
    authors: Array.from({ length: 1_000 }, (_, index) => `author ${index}`),
  });
  expect(hostile.body).toHaveLength(maxBodyCharacters - 1);
  expect(hostile.imageCaption).toHaveLength(1_000);
  expect(hostile.imageCredit).toHaveLength(300);
  expect(hostile.tags).toHaveLength(50);
  expect(hostile.tags[0]).toHaveLength(100);
  expect(hostile.authors).toHaveLength(20);
});
