import { describe, expect, it, test } from 'vitest';
import { compareMark, firstMark, hashOfEntry, maxCorrectionsPerDay } from '../../src/articles/entry-mark.ts';
import type { Entry } from '../../src/feeds/feed.ts';

const now = new Date('2026-11-22T09:00:00Z');
const tomorrow = new Date('2026-11-23T00:00:01Z');

const entry: Entry = {
  guid: '1',
  url: 'https://news.example/1?utm_source=rss',
  title: 'افتتاح الجسر الجديد',
  contentHtml: '<p>افتتح المجلس الجسر صباح اليوم.</p>',
  summaryHtml: null,
  categories: ['محليات'],
  imageUrl: 'https://i0.cdn.example/2026/bridge.jpg?w=600&token=abc',
  publishedAt: now,
  updatedAt: null,
  authors: [],
  enclosures: [],
};

describe('the hash of an entry', () => {
  test.each<[string, Partial<Entry>]>([
    ['its date', { publishedAt: tomorrow }],
    ['the tracking of its link', { url: 'https://news.example/1?utm_source=telegram' }],
    ['the time of its last change', { updatedAt: tomorrow }],
    ['its categories', { categories: [] }],
    ['its guid', { guid: '2' }],
    [
      'its markup',
      { contentHtml: '<div class="x">افتتح   المجلس <b>الجسر</b>\nصباح اليوم.<img src="/pixel.gif?n=7"></div>' },
    ],
    ['invisible characters of its title', { title: '\u202bافتتاح  الجسر\u202c الجديد\ufeff' }],
    ['the size of its picture', { imageUrl: 'https://i0.cdn.example/2026/bridge.jpg?w=1200&token=xyz' }],
    ['the host of its picture', { imageUrl: 'https://i2.cdn.example/2026/bridge.jpg' }],
    ['a teaser beside its full text', { summaryHtml: 'ملخص آخر' }],
  ])('does not change with %s', (_what, change) => {
    expect(hashOfEntry({ ...entry, ...change })).toBe(hashOfEntry(entry));
  });

  test.each<[string, Partial<Entry>]>([
    ['title', { title: 'إغلاق الجسر الجديد' }],
    ['text', { contentHtml: '<p>افتتح المجلس الجسر مساء اليوم.</p>' }],
    ['picture', { imageUrl: 'https://i0.cdn.example/2026/opening.jpg' }],
    ['picture, taken away', { imageUrl: null }],
    ['picture, named by a parameter', { imageUrl: 'https://news.example/image.php?id=7' }],
  ])('changes with its %s', (_what, change) => {
    expect(hashOfEntry({ ...entry, ...change })).not.toBe(hashOfEntry(entry));
  });

  it('tells text that moved from the title to the body', () => {
    const moved = { ...entry, title: '', contentHtml: `${entry.title} ${entry.contentHtml}` };
    expect(hashOfEntry(moved)).not.toBe(hashOfEntry(entry));
  });
});

describe('the mark of an entry', () => {
  it('is kept while nothing changes', () => {
    expect(compareMark(firstMark('a'), 'a', now)).toEqual({ kind: 'unchanged' });
  });

  it('is replaced without a word where it is of another version', () => {
    expect(compareMark('0.b', 'a', now)).toEqual({ kind: 'adopted', mark: firstMark('a') });
    expect(compareMark('', 'a', now)).toEqual({ kind: 'adopted', mark: firstMark('a') });
  });

  it('believes a feed that flips only so often a day', () => {
    let mark = firstMark('a');
    const kinds = Array.from({ length: maxCorrectionsPerDay + 3 }, (_, index) => {
      const compared = compareMark(mark, index % 2 === 0 ? 'b' : 'a', now);
      if ('mark' in compared) mark = compared.mark;
      return compared.kind;
    });
    expect(kinds.slice(0, maxCorrectionsPerDay)).toEqual(Array.from({ length: maxCorrectionsPerDay }, () => 'changed'));
    expect(kinds.slice(maxCorrectionsPerDay)).not.toContain('changed');

    expect(compareMark(mark, 'c', now)).toEqual({ kind: 'too-often' });
    expect(compareMark(mark, 'c', tomorrow)).toMatchObject({ kind: 'changed' });
  });
});
