import { expect, it } from 'vitest';
import { isBreaking } from '../../src/stories/story.ts';

it.each([
  ['عاجل | حريق في سوق الميناء', []],
  ['🔴 عاجل: إعادة فتح الطريق', []],
  ['خبر عاجل.. إعادة فتح الطريق', []],
  ['BREAKING: Road open again', []],
  ['Breaking news – road open again', []],
  ['إعادة فتح الطريق', ['أخبار عاجلة']],
  ['Road open again', ['Local', ' Breaking ']],
])('is breaking: %s %j', (headline, categories) => {
  expect(isBreaking(headline, categories)).toBe(true);
});

it.each([
  ['إعادة فتح الطريق', ['محليات']],
  ['عاجل أم آجل؟ سؤال في الاقتصاد', []],
  ['Breaking the silence: a play', []],
  ['Urgently needed: rain', []],
  ['', []],
])('is not breaking: %s %j', (headline, categories) => {
  expect(isBreaking(headline, categories)).toBe(false);
});
