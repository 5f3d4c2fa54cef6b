import { describe, expect, it } from 'vitest';
import { parseLenientJson } from '../../src/articles/lenient-json.ts';

describe('JSON as pages embed it', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['<!-- {"a":1} -->', { a: 1 }],
    ['//<![CDATA[\n{"a":1}\n//]]>', { a: 1 }],
    ['{"a":"one\ntwo"}', { a: 'one two' }],
    ['{"a":[1,2,],}', { a: [1, 2] }],
    ['{"a":1,,"b":2}', { a: 1, b: 2 }],
    ['{/* note */"a":"not /* a note */, ]"}', { a: 'not /* a note */, ]' }],
    ['{"a":"it\\\'s"}', { a: "it\\'s" }],
    ['{&quot;a&quot;:1}', { a: 1 }],
    ['{"a":1};', { a: 1 }],
  ])('%j is read', (source, value) => {
    expect(parseLenientJson(source)).toEqual(value);
  });

  it.each(['', '{', 'null of it', '{"a":}', '"'.repeat(100_001), ','.repeat(200_000), '/*'.repeat(100_000)])(
    'what is beyond repair is nothing',
    (source) => {
      expect(parseLenientJson(source)).toBeUndefined();
    },
  );
});
