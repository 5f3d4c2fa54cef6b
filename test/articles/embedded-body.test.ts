import { describe, expect, it } from 'vitest';
import { embeddedBody } from '../../src/articles/embedded-body.ts';
import type { Block } from '../../src/articles/paragraphs.ts';

const sentence = (number: number) =>
  `افتتحت البلدية صباح اليوم حديقة الحي رقم ${number} بعد تجديد ملاعبها وممراتها، وزرعت فيها مئة شجرة زيتون جديدة في أيام.`;
const sentences = [1, 2, 3, 4].map(sentence);
const page = (data: unknown) =>
  `<html><body><p>...</p><script id="data" type="application/json">${JSON.stringify(data)}</script></body></html>`;
const shown: Block[] = [{ text: 'سطر واحد.', kind: 'text', linked: 0, emphasized: 0 }];
const textsOf = (html: string, blocks = shown) => embeddedBody(blocks, html).map(({ text }) => text);

describe('the text in a page’s data', () => {
  it.each([
    ['as HTML in one value', { page: { title: 'حديقة', html: sentences.map((each) => `<p>${each}</p>`).join('') } }],
    ['as entries of a list', { story: { parts: sentences.map((content, id) => ({ type: 'text', id, content })) } }],
    ['beside shorter texts', { teaser: sentence(9), body: sentences, more: [{ intro: sentence(8) }] }],
  ])('is found %s', (_, data) => {
    expect(textsOf(page(data))).toEqual(sentences);
  });

  it.each([
    ['when the page shows its text', page(sentences), sentences.map((text): Block => ({ ...shown[0]!, text }))],
    ['when it says little', page({ body: [sentence(1)] }), shown],
    ['when it is no JSON', '<script type="application/json">{"body":</script>', shown],
    ['when it never ends', `<script type="application/json">${JSON.stringify(sentences)}`, shown],
  ])('is left alone %s', (_, html, blocks) => {
    expect(textsOf(html, blocks)).toEqual(blocks.map(({ text }) => text));
  });

  it.each([
    ['types without a script', 'application/json '.repeat(200_000)],
    ['unclosed scripts', '<script type="application/json" '.repeat(100_000)],
    ['nested lists', `<script type="application/json">${'['.repeat(400_000)}</script>`],
  ])('survives %s', (_, html) => {
    expect(textsOf(html)).toEqual(['سطر واحد.']);
  });
});
