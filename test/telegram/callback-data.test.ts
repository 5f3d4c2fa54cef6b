import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CallbackData, decode, encode } from '../../src/telegram/callback-data.ts';

const id = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const on = fc.boolean();
const language = fc.constantFrom('ar', 'en', 'pt-BR', 'zh-Hant-TW');

const anyData: fc.Arbitrary<CallbackData> = fc.oneof(
  fc.record({ kind: fc.constant('topic' as const), topicId: id, on }),
  fc.constant({ kind: 'topics-done' as const }),
  fc.record({ kind: fc.constant('keyword-remove' as const), mark: fc.stringMatching(/^[A-Za-z0-9_-]{16}$/) }),
  fc.record({ kind: fc.constant('language' as const), language }),
  fc.record({ kind: fc.constant('channel-topic' as const), recipientId: id, topicId: id, on }),
  fc.record({ kind: fc.constant('channel-done' as const), recipientId: id }),
  fc.record({ kind: fc.constant('suggestion' as const), storyId: id, topicId: id, accept: on }),
  fc.record({ kind: fc.constant('suggestions-more' as const), storyId: id, topicId: id }),
  fc.record({ kind: fc.constant('withdraw' as const), articleId: id, on }),
  fc.record({ kind: fc.constant('broadcast-preview' as const), draft: id }),
  fc.record({
    kind: fc.constant('broadcast-audience' as const),
    draft: id,
    audience: fc.oneof(
      fc.constant({ kind: 'everyone' as const }),
      fc.constant({ kind: 'readers' as const }),
      fc.record({ kind: fc.constant('topic' as const), topicId: id }),
    ),
  }),
  fc.record({ kind: fc.constant('broadcast-once' as const), draft: id, on }),
  fc.record({ kind: fc.constant('broadcast-confirm' as const), draft: id }),
  fc.record({ kind: fc.constant('broadcast-cancel' as const), draft: id }),
);

test('what a button carries is read back as it was written, within 64 bytes', () => {
  fc.assert(
    fc.property(anyData, (data) => {
      const text = encode(data);

      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(64);
      expect(decode(text)).toEqual(data);
    }),
  );
});

test('different buttons carry different data', () => {
  fc.assert(
    fc.property(anyData, anyData, (one, other) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(other));

      expect(encode(one)).not.toBe(encode(other));
    }),
  );
});

test('anything else is stale, and never read as something it is not', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((rest) => `v1:${rest}`),
        fc.stringMatching(/^v1:[a-z]{1,2}(:[0-9te]{0,3}){0,4}$/),
      ),
      (text) => {
        const data = decode(text);

        expect(data === undefined || encode(data) === text).toBe(true);
      },
    ),
  );
});

test.each([
  '',
  'v0:t:12:1',
  'v2:t:12:1',
  'v1',
  'v1:t',
  'v1:t:12',
  'v1:t:12:2',
  'v1:t:12:1:1',
  'v1:t:-12:1',
  'v1:t:0:1',
  'v1:t:012:1',
  'v1:t:1e3:1',
  'v1:t:9007199254740993:1',
  'v1:td:1',
  'v1:k:short',
  'v1:l:',
  'v1:l:ar ',
  'v1:ba:1:x',
  'v1:ba:1:e:2',
  'v1:ba:1:t',
  'v1:s:1:2',
  'v1:s:1:2:3',
  'v1:sm:1',
  'v1:toString',
])('a stale or foreign button: %j', (text) => {
  expect(decode(text)).toBeUndefined();
});

test('an id that cannot be one is refused when the button is made', () => {
  expect(() => encode({ kind: 'topic', topicId: 0, on: true })).toThrow(RangeError);
  expect(() => encode({ kind: 'topic', topicId: 1.5, on: true })).toThrow(RangeError);
  expect(() => encode({ kind: 'language', language: 'a:b' })).toThrow(RangeError);
  expect(() => encode({ kind: 'language', language: `ar${'-latn'.repeat(20)}` })).toThrow(RangeError);
});
