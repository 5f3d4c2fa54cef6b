import { describe, expect, it } from 'vitest';
import { authorsFrom, bylineIn } from '../../src/articles/authors.ts';

describe('authors', () => {
  it.each([
    [['By Jane Doe'], ['Jane Doe']],
    [['بقلم: سلمى الحداد'], ['سلمى الحداد']],
    [['كتب/ رامي العلي - القاهرة'], ['رامي العلي']],
    [['إعداد: هدى ناصر، وليد سمعان'], ['هدى ناصر', 'وليد سمعان']],
    [['Jane Doe and John Roe'], ['Jane Doe', 'John Roe']],
    [['Jane Doe, Staff Writer'], ['Jane Doe']],
    [['Jane Doe | May 5, 2024'], ['Jane Doe']],
    [['وائل ووسام'], ['وائل ووسام']],
    [['https://facebook.com/newsroom'], []],
    [['desk@example.com'], []],
    [['admin', 'Jane Doe', 'jane doe'], ['Jane Doe']],
    [['The Daily'], []],
    [['j_doe'], []],
  ])('%j are %j', (sources, authors) => {
    expect(authorsFrom(sources, ['The Daily'])).toEqual(authors);
  });

  it.each([
    ['كتب: رامي العلي', 'رامي العلي'],
    ['By Jane Doe', 'Jane Doe'],
    ['كتب الله لهم السلامة بعد رحلة طويلة.', null],
    ['كتب الوزير على صفحته', null],
    ['By the river stood a house.', null],
    ['Jane Doe', null],
  ])('the line %j names %j', (line, name) => {
    expect(bylineIn(line)).toBe(name);
  });
});
