import { describe, expect, it, test } from 'vitest';
import {
  compareMark,
  type EntryHashes,
  firstMark,
  hashesOfEntry,
  maxCorrectionsPerDay,
} from '../../src/articles/entry-mark.ts';
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

/** What the mark compares. */
function hashOfEntry(of: Entry): string {
  const { title, text, picture } = hashesOfEntry(of, null);
  return [title, text, picture].join();
}
const hashes = (title: string, text = 'text'): EntryHashes => ({ title, text, picture: '', source: text });

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
    ['the size in the name of its picture', { imageUrl: 'https://i0.cdn.example/2026/bridge-300x200.jpg' }],
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

describe('the hashes of an entry', () => {
  it('take the text from the mark while its markup is the same', () => {
    const known = firstMark({ ...hashesOfEntry(entry, null), text: 'kept' });
    expect(hashesOfEntry({ ...entry, title: 'عنوان آخر' }, known).text).toBe('kept');
    expect(hashesOfEntry({ ...entry, contentHtml: `${entry.contentHtml} ` }, known).text).not.toBe('kept');
  });
});

describe('the mark of an entry', () => {
  it('is kept while nothing changes', () => {
    expect(compareMark(firstMark(hashes('a')), hashes('a'), now)).toEqual({ kind: 'unchanged' });
  });

  it('is kept while only the markup changes', () => {
    expect(compareMark(firstMark(hashes('a')), { ...hashes('a'), source: 'other' }, now)).toEqual({
      kind: 'unchanged',
    });
  });

  it.each([['1.b'], ['']])('is replaced without a word where it is of another version: %j', (mark) => {
    expect(compareMark(mark, hashes('a'), now)).toEqual({ kind: 'adopted', mark: firstMark(hashes('a')) });
  });

  it.each([
    [hashes('b'), { title: true, text: false, picture: false }],
    [hashes('a', 'other'), { title: false, text: true, picture: false }],
    [
      { ...hashes('a'), picture: 'p' },
      { title: false, text: false, picture: true },
    ],
    [hashes('b', 'other'), { title: true, text: true, picture: false }],
  ])('says what of the entry changed: %o', (next, change) => {
    expect(compareMark(firstMark(hashes('a')), next, now)).toMatchObject({ kind: 'changed', change });
  });

  it('believes a feed that flips only so often a day', () => {
    let mark = firstMark(hashes('a'));
    const kinds = Array.from({ length: maxCorrectionsPerDay + 3 }, (_, index) => {
      const compared = compareMark(mark, hashes(index % 2 === 0 ? 'b' : 'a'), now);
      if ('mark' in compared) mark = compared.mark;
      return compared.kind;
    });
    expect(kinds.slice(0, maxCorrectionsPerDay)).toEqual(Array.from({ length: maxCorrectionsPerDay }, () => 'changed'));
    expect(kinds.slice(maxCorrectionsPerDay)).not.toContain('changed');

    expect(compareMark(mark, hashes('c'), now)).toEqual({ kind: 'too-often' });
    expect(compareMark(mark, hashes('c'), tomorrow)).toMatchObject({ kind: 'changed' });
  });

  it('corrects a headline though a counter in the text has used up its own corrections', () => {
    let mark = firstMark(hashes('a', 'read 0 times'));
    for (let count = 1; count <= maxCorrectionsPerDay; count += 1) {
      const compared = compareMark(mark, hashes('a', `read ${count} times`), now);
      if ('mark' in compared) mark = compared.mark;
    }
    expect(compareMark(mark, hashes('a', 'read 99 times'), now)).toEqual({ kind: 'too-often' });
    const compared = compareMark(mark, hashes('b', 'read 99 times'), now);
    expect(compared).toMatchObject({
      kind: 'changed',
      change: { title: true, text: false, picture: false },
      isHeldBack: true,
    });
    const next = 'mark' in compared ? compared.mark : '';
    expect(compareMark(next, hashes('b', 'read 99 times'), tomorrow)).toMatchObject({
      change: { title: false, text: true, picture: false },
    });
  });
});
