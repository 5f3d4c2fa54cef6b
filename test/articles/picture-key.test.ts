import { expect, test } from 'vitest';
import { pictureKey, samePictureOr } from '../../src/articles/picture-key.ts';

const picture = 'https://cdn.example/2026/11/bridge.jpg';

test.each([
  ['https://cdn.example/2026/11/bridge-300x200.jpg'],
  ['https://cdn.example/2026/11/bridge-1024x683.jpg?w=5'],
  ['https://cdn.example/2026/11/bridge-scaled.jpg'],
  ['https://cdn.example/300x200/2026/11/bridge.jpg'],
  ['https://cdn.example/w_640,h_360,c_fill/2026/11/bridge.jpg'],
  ['https://cdn.example/2026/11/bridge_w640.jpg'],
  ['https://cdn.example/2026/11/bridge-640w.jpg'],
  ['https://cdn.example/2026/11/bridge@2x.jpg'],
  ['https://other.example/2026/11/bridge.jpg#x'],
])('%s is the same picture in another size', (url) => {
  expect(pictureKey(url)).toBe(pictureKey(picture));
  expect(samePictureOr(picture, url)).toBe(picture);
});

test.each([
  ['https://cdn.example/2026/11/opening-300x200.jpg'],
  ['https://cdn.example/2026/12/bridge.jpg'],
  ['https://cdn.example/2026/11/bridge-2.jpg'],
  ['https://cdn.example/2026/11/bridge-2026.jpg'],
  ['https://cdn.example/image.php?id=7'],
])('%s is another picture', (url) => {
  expect(samePictureOr(picture, url)).toBe(url);
});

test('a hostile address is read in time in proportion to its length', () => {
  expect(pictureKey(`https://cdn.example/${'w_1,'.repeat(50_000)}${'-3x'.repeat(50_000)}`)).toContain('-3x');
});
