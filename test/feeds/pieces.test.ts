import { expect, test } from 'vitest';
import { changeInPieces } from '../../src/feeds/pieces.ts';

test.each([
  ['short', 'a < /b> c', 'a </b> c'],
  ['long, without a place to cut', 'x'.repeat(1_000_000), 'x'.repeat(1_000_000)],
  ['long, of what is to be changed', '< /b>'.repeat(300_000), '</b>'.repeat(300_000)],
])('changes a text that is %s as if it were in one piece', (_what, text, changed) => {
  expect(changeInPieces(text, '<', (piece) => piece.replaceAll('< /', '</')) === changed).toBe(true);
});
