import { describe, expect, test } from 'vitest';
import { counted, displayWidth, isolated, localTime, printable, table } from '../../src/cli/output.ts';

describe('a table', () => {
  test('has columns as wide as their widest cell', () => {
    const text = table(
      ['id', 'url'],
      [
        [1, 'https://news.example/'],
        [100, null],
      ],
    );
    expect(text).toBe('id   url\n1    https://news.example/\n100  –\n');
  });

  test('stays aligned behind Arabic with its vowel signs, which take no room', () => {
    const text = table(
      ['name', 'id'],
      [
        ['سُورِيَا', 1],
        ['Syria', 2],
      ],
    );
    const columns = text.split('\n').map((line) => displayWidth(line.slice(0, line.search(/\S+$/))));
    expect(columns.slice(0, 3)).toEqual([7, 7, 7]);
  });

  test('keeps what a stranger wrote from moving the cursor or turning the line around', () => {
    const [, row] = table(['title'], [['\u001b[2Jred\u202e\nnews']]).split('\n');
    expect(row).toBe('[2Jred news');
  });
});

test.each([
  ['Syria', 5],
  ['سوريا', 5],
  ['سُورِيَا', 5],
  ['👩‍👩‍👧', 2],
  ['新闻', 4],
  ['\u2068a\u2069', 1],
  ['', 0],
])('%j is %i columns wide', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('only text that runs right to left is isolated', () => {
  expect(isolated('سوريا')).toBe('\u2068سوريا\u2069');
  expect(isolated('Syria 1')).toBe('Syria 1');
});

test('a line break and a tab become blanks', () => {
  expect(printable(' a\r\n\tb ')).toBe('a b');
});

test.each([
  [1, 'feed', '1 feed'],
  [2, 'feed', '2 feeds'],
  [0, 'story', '0 stories'],
])('%i %s is said %j', (count, noun, said) => {
  expect(counted(count, noun)).toBe(said);
});

test('times are those of the newsroom', () => {
  expect(localTime(new Date('2026-11-22T22:30:00Z'), 'Asia/Damascus')).toBe('2026-11-23 01:30');
  expect(localTime(null, 'Asia/Damascus')).toBe('–');
});
