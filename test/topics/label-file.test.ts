import { expect, it } from 'vitest';
import { parseLabelFile } from '../../src/topics/label-file.ts';

const slugs = ['sport', 'economy'];
const line = (label: object) => JSON.stringify(label);
const good = { title: 'عنوان', text: 'نص', topics: ['sport'] };

it('gives every label, whatever else its line holds, and passes over empty lines', () => {
  const text = `\uFEFF${line({ ...good, id: 7 })}\r\n\n${line({ ...good, topics: [] })}\n`;
  expect(parseLabelFile(text, slugs)).toEqual({ labels: [good, { ...good, topics: [] }] });
  expect(parseLabelFile('', slugs)).toEqual({ labels: [] });
});

it.each([
  ['{"title": ', /^this is not JSON: /],
  ['[1]', 'this is not a JSON object'],
  ['null', 'this is not a JSON object'],
  [line({ ...good, title: 1 }), '"title" must be a text'],
  [line({ title: 'x', topics: [] }), '"text" must be a text'],
  [line({ ...good, topics: 'sport' }), '"topics" must be a list of slugs, as in ["sport"]; [] for none'],
  [line({ ...good, topics: [1] }), '"topics" must be a list of slugs, as in ["sport"]; [] for none'],
  [line({ ...good, topics: ['sport', 'ecnomy'] }), 'there is no topic "ecnomy"'],
])('says on which line %s stands, and what is wrong with it', (wrong, message) => {
  const expected = typeof message === 'string' ? message : expect.stringMatching(message);
  expect(parseLabelFile(`${line(good)}\n\n${wrong}\n`, slugs)).toEqual({ faults: [{ line: 3, message: expected }] });
});

it('names the first faults only', () => {
  expect(parseLabelFile('x\n'.repeat(1_000), slugs).faults).toHaveLength(20);
});
