import { expect, test } from 'vitest';
import { didYouMean } from '../../src/newsroom/did-you-mean.ts';

const known = ['topics', 'feeds', 'channels', 'url', 'syria'];

test.each([
  ['a letter too few', 'topic', 'topics'],
  ['a letter too many', 'feedss', 'feeds'],
  ['a wrong letter', 'siria', 'syria'],
  ['two neighbours swapped', 'chanels', 'channels'],
  ['another case', 'URL', 'url'],
  ['a short word with one slip', 'ulr', 'url'],
])('%s: %s → %s', (_what, word, meant) => {
  expect(didYouMean(word, known)).toBe(meant);
});

test.each([['recipients'], ['id'], ['سوريا'], ['']])('%j is like none of them', (word) => {
  expect(didYouMean(word, known)).toBeUndefined();
});

test('the nearest of several is meant', () => {
  expect(didYouMean('econmy', ['economics', 'economy'])).toBe('economy');
});
