import { expect, test } from 'vitest';
import { formatPageUse, parsePageUse } from '../../src/articles/page-use.ts';

test.each([
  [{ headline: true, text: true }, 'read'],
  [{ headline: false, text: true }, "read; the headline is the feed's"],
  [{ headline: true, text: false }, "read; the text is the feed's"],
  [{ headline: false, text: false }, "read; the headline and text is the feed's"],
])('%o is noted as %j, and read back', (use, noted) => {
  expect(formatPageUse(use)).toBe(noted);
  expect(parsePageUse(noted)).toEqual(use);
});

test.each([
  [null],
  ['missing: news.example has nothing at this address (status 404).'],
  ['no article found on the page'],
])('%j is no page that was read', (outcome) => {
  expect(parsePageUse(outcome)).toBeUndefined();
});
