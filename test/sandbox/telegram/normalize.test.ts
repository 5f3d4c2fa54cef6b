import { describe, expect, test } from 'vitest';
import { codePoints, type Entity } from '../../../sandbox/telegram/entity.ts';
import { findEntities } from '../../../sandbox/telegram/detect.ts';
import { isInvisible, normalize } from '../../../sandbox/telegram/normalize.ts';

const at = (type: Entity['type'], offset: number, length: number): Entity => ({ type, offset, length });
const plain = (text: string): string => normalize({ text, entities: [] }).text;
const entitiesOf = (text: string, entities: Entity[]): Entity[] => normalize({ text, entities }).entities;

describe('cleaning', () => {
  test.each([
    ['a tab is a space', 'a\tb', 'a b'],
    ['a carriage return goes', 'a\r\nb', 'a\nb'],
    ['separators and bidi embeddings go', 'a\u2028b\u2029c\u202ad\u202be\u202cf\u202dg\u202eh', 'abcdefgh'],
    [
      'isolates and single marks stay',
      '\u2066a\u2067b\u2068c\u2069\u200ed\u200fe\u061c',
      '\u2066a\u2067b\u2068c\u2069\u200ed\u200fe\u061c',
    ],
    ['a run of marks keeps its last', 'a\u200f\u200e\u200fb', 'a\u200c\u200c\u200fb'],
    ['combining lines go', 'a\u0333b\u033fc\u030ad', 'abcd'],
    ['both ends are trimmed', ' \n خبر \n ', 'خبر'],
    ['inner space stays', 'a  \n\n b', 'a  \n\n b'],
  ])('%s', (_, given, expected) => {
    expect(plain(given)).toBe(expected);
  });

  test('entities move with what was removed before and inside them', () => {
    expect(entitiesOf('\u202aab\u202acd', [at('bold', 1, 5)])).toEqual([at('bold', 0, 4)]);
    expect(entitiesOf('\u202aab', [at('bold', 0, 1)])).toEqual([]);
  });

  test('a lone surrogate is refused', () => {
    expect(() => plain('a\ud800')).toThrow('Bad Request: strings must be encoded in UTF-8');
  });

  test('a text of invisible characters is as good as empty', () => {
    expect(isInvisible('\u200f\u200b \u2800\n')).toBe(true);
    expect(isInvisible('\u200f.')).toBe(false);
  });
});

describe('trimming with entities', () => {
  test('entities over blanks alone go, others are clipped to what is seen', () => {
    expect(normalize({ text: 'a  ', entities: [at('bold', 1, 2), at('italic', 0, 3)] })).toEqual({
      text: 'a',
      entities: [at('italic', 0, 1)],
    });
  });

  test('an entity begins at its first visible character, and the left trim stops there', () => {
    expect(normalize({ text: '  خبر', entities: [at('bold', 0, 5)] })).toEqual({
      text: 'خبر',
      entities: [at('bold', 0, 3)],
    });
    expect(normalize({ text: '  خبر', entities: [at('code', 0, 5)] })).toEqual({
      text: '  خبر',
      entities: [at('code', 0, 5)],
    });
  });
});

describe('sorting, splitting and merging', () => {
  const link = (offset: number, length: number): Entity => ({
    ...at('text_link', offset, length),
    url: 'https://a.b/',
  });
  const cases: [name: string, given: Entity[], kept: Entity[]][] = [
    [
      'longer first, then by kind',
      [at('italic', 0, 2), at('bold', 0, 2), at('underline', 0, 4)],
      [at('underline', 0, 4), at('bold', 0, 2), at('italic', 0, 2)],
    ],
    ['touching runs of one kind join', [at('bold', 0, 2), at('bold', 2, 2)], [at('bold', 0, 4)]],
    ['overlapping runs of one kind join', [at('bold', 0, 3), at('bold', 2, 4)], [at('bold', 0, 6)]],
    [
      'a run is cut where another begins',
      [at('bold', 0, 4), at('italic', 2, 4)],
      [at('bold', 0, 2), at('italic', 2, 4), at('bold', 2, 2)],
    ],
    [
      'a run is cut at a link',
      [at('bold', 0, 6), link(2, 2)],
      [at('bold', 0, 2), link(2, 2), at('bold', 2, 2), at('bold', 4, 2)],
    ],
    [
      'nothing stays inside code',
      [at('bold', 0, 6), at('code', 2, 2)],
      [at('bold', 0, 2), at('code', 2, 2), at('bold', 4, 2)],
    ],
    ['links do not nest', [link(0, 4), link(1, 2)], [link(0, 4)]],
    ['quotes do not nest', [at('blockquote', 0, 6), at('blockquote', 2, 2)], [at('blockquote', 0, 6)]],
    ['a link may stand in a quote', [at('blockquote', 0, 6), link(2, 2)], [at('blockquote', 0, 6), link(2, 2)]],
    ['a link across the border of a quote goes', [at('blockquote', 0, 3), link(2, 2)], [at('blockquote', 0, 3)]],
  ];
  test.each(cases)('%s', (_, given, kept) => {
    expect(entitiesOf('abcdef', given)).toEqual(kept);
  });

  test('the first hundred formatted places are kept', () => {
    const text = 'ab '.repeat(120).trim();
    const entities = Array.from({ length: 120 }, (_, n) => at('bold', n * 3, 1));
    expect(entitiesOf(text, entities)).toHaveLength(100);
  });
});

describe('refused places', () => {
  test.each([
    [at('bold', 0, 5), 'Entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 5'],
    [at('bold', 9, 1), 'Entity begins after the end of the text at UTF-16 offset 9'],
    [at('bold', 2, 1), 'Entity begins in a middle of a UTF-16 symbol at byte offset 1'],
    [at('bold', -1, 1), 'Receive an entity with incorrect offset -1'],
  ])('%o', (entity, message) => {
    expect(() => normalize({ text: 'a😀', entities: [entity] })).toThrow(
      `Bad Request: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    );
  });
});

describe('what Telegram finds by itself', () => {
  const cases: [text: string, found: [type: string, value: string][]][] = [
    ['@nashra_bot و @ab', [['mention', '@nashra_bot']]],
    ['a@nashra_bot', []],
    ['@pic', [['mention', '@pic']]],
    ['/start@nashra_bot ar', [['bot_command', '/start@nashra_bot']]],
    [
      '/start و /help',
      [
        ['bot_command', '/start'],
        ['bot_command', '/help'],
      ],
    ],
    ['a/start //x /a/b', []],
    ['#عاجل', [['hashtag', '#عاجل']]],
    [
      '#أسعار_النفط، #غزة',
      [
        ['hashtag', '#أسعار_النفط'],
        ['hashtag', '#غزة'],
      ],
    ],
    ['#٢٠٢٦ #123', []],
    ['#خبر٢٠', [['hashtag', '#خبر٢٠']]],
    ['#مُهم', [['hashtag', '#م']]],
    ['#عاجلٌ', [['hashtag', '#عاجل']]],
    ['#ـعاجل', [['hashtag', '#ـعاجل']]],
    ['a#b #c#', []],
    ['$USD', [['cashtag', '$USD']]],
    ['https://example.com/a?b=c#d.', [['url', 'https://example.com/a?b=c#d']]],
    ['اقرأ example.com/خبر، الآن', [['url', 'example.com/خبر،']]],
    ['(https://example.com/a)', [['url', 'https://example.com/a']]],
    ['example.notatld', []],
    ['https://example.notatld', [['url', 'https://example.notatld']]],
    ['10.0.0.1/a', [['url', '10.0.0.1/a']]],
    ['1.2.3', []],
    ['tg://resolve?domain=a', [['url', 'tg://resolve?domain=a']]],
    ['desk@example.com', [['email', 'desk@example.com']]],
    ['4111 1111 1111 1111', [['bank_card_number', '4111 1111 1111 1111']]],
    ['4111 1111 1111 1112', []],
  ];
  test.each(cases)('%s', (text, found) => {
    const seen = findEntities(text).map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);
    expect(seen).toEqual(found);
  });

  test('nothing is found inside code or a link', () => {
    expect(entitiesOf('#a @nashra', [at('code', 0, 2), { ...at('text_link', 3, 7), url: 'https://a.b/' }])).toEqual([
      at('code', 0, 2),
      { ...at('text_link', 3, 7), url: 'https://a.b/' },
    ]);
  });

  test('a found tag cuts the bold around it', () => {
    expect(entitiesOf('a #b c', [at('bold', 0, 6)])).toEqual([
      at('bold', 0, 2),
      at('hashtag', 2, 2),
      at('bold', 2, 2),
      at('bold', 5, 1),
    ]);
  });
});

test('length counts code points', () => {
  expect(codePoints('مرحبا👨‍👩‍👧')).toBe(10);
});
