import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Newsroom } from '../../src/newsroom/newsroom.ts';
import { formatNewsroomFile, parseNewsroomFile } from '../../src/newsroom/newsroom-file.ts';

const sample = `
topics:
  - slug: syria
    name: { ar: سوريا, en: Syria }
    keywords: { ar: [دمشق, "دير الزور"], en: [Damascus] }
  - slug: economy
    name: { ar: اقتصاد }
feeds:
  - url: https://news.example/feed/
    language: ar
    timeZone: asia/damascus
    keep: [".story-body", "#lead"]
    drop: ["div.related, .ads", "p:not(.text)"]
    topics: [syria]
    categories: { "سوريا": syria, "اقتصاد": economy }
channels:
  - chat: "@Example_Syria"
    topics: [syria]
    language: ar
  - chat: -1001234567890
    topics: [economy, syria]
`;

/** A feed of which the file says nothing but its address. */
const bare = { language: null, timeZone: null, keep: [], drop: [], topics: [], categories: {} };

const sampleNewsroom: Newsroom = {
  topics: [
    { slug: 'syria', name: { ar: 'سوريا', en: 'Syria' }, keywords: { ar: ['دمشق', 'دير الزور'], en: ['Damascus'] } },
    { slug: 'economy', name: { ar: 'اقتصاد' }, keywords: {} },
  ],
  feeds: [
    {
      url: 'https://news.example/feed/',
      language: 'ar',
      timeZone: 'Asia/Damascus',
      keep: ['.story-body', '#lead'],
      drop: ['div.related, .ads', 'p:not(.text)'],
      topics: ['syria'],
      categories: { سوريا: 'syria', اقتصاد: 'economy' },
    },
  ],
  channels: [
    { chat: '@example_syria', topics: ['syria'], language: 'ar' },
    { chat: -1_001_234_567_890, topics: ['economy', 'syria'], language: null },
  ],
};

describe('a newsroom file', () => {
  test('gives topics, feeds and channels', () => {
    expect(parseNewsroomFile(sample)).toEqual({ newsroom: sampleNewsroom });
  });

  test.each([
    ['nothing at all', '', {}],
    ['only a comment', '# to be filled\n', {}],
    ['sections that are still empty', 'topics:\nfeeds:\n', {}],
    ['sections without entries', 'topics: []\nchannels: []\n', { topics: [], channels: [] }],
    [
      'lines that end as on Windows',
      'topics:\r\n  - slug: a\r\n    name: { ar: ا }\r\n',
      { topics: [{ slug: 'a', name: { ar: 'ا' }, keywords: {} }] },
    ],
    ['a byte order mark', '\ufefftopics: []\n', { topics: [] }],
    [
      'direction marks copied along with a word',
      'channels:\n  - chat: "\u200f@example_one\u200e"\n    topics: []\n',
      { channels: [{ chat: '@example_one', topics: [], language: null }] },
    ],
    [
      'an address in capitals and with a fragment',
      'feeds:\n  - url: HTTPS://News.Example/feed#top\n',
      { feeds: [{ ...bare, url: 'https://news.example/feed' }] },
    ],
    [
      'a language in another case',
      'feeds:\n  - url: https://news.example/\n    language: EN-gb\n',
      { feeds: [{ ...bare, url: 'https://news.example/', language: 'en-GB' }] },
    ],
    [
      'an anchor used again',
      'topics:\n  - { slug: a, name: &name { en: A } }\n  - { slug: b, name: *name }\n',
      {
        topics: [
          { slug: 'a', name: { en: 'A' }, keywords: {} },
          { slug: 'b', name: { en: 'A' }, keywords: {} },
        ],
      },
    ],
    [
      'a category named like a property of every object',
      'topics: [{ slug: a, name: { en: A } }]\nfeeds:\n  - { url: "https://news.example/", categories: { __proto__: a } }\n',
      {
        topics: [{ slug: 'a', name: { en: 'A' }, keywords: {} }],
        feeds: [
          {
            ...bare,
            url: 'https://news.example/',
            categories: Object.fromEntries([['__proto__', 'a']]),
          },
        ],
      },
    ],
  ])('may have %s', (_what, text, newsroom) => {
    expect(parseNewsroomFile(text)).toEqual({ newsroom });
  });

  test('may name topics that the newsroom has already', () => {
    const text = 'channels:\n  - chat: -100123\n    topics: [sport]\n';
    const newsroom = { channels: [{ chat: -100_123, topics: ['sport'], language: null }] };
    expect(parseNewsroomFile(text, { knownTopics: ['sport'] })).toEqual({ newsroom });
    expect(parseNewsroomFile(text, { knownTopics: ['sport'], prune: true })).toEqual({ newsroom });
    expect(parseNewsroomFile(text).faults).toMatchObject([{ line: 3, message: 'There is no topic "sport".' }]);
  });

  test('may not name a topic that pruning is about to delete', () => {
    const text = 'topics: []\nchannels:\n  - chat: -100123\n    topics: [sport]\n';
    const { faults } = parseNewsroomFile(text, { knownTopics: ['sport'], prune: true });
    expect(faults).toMatchObject([{ line: 4, message: 'There is no topic "sport".' }]);
  });
});

describe('a newsroom written as a file', () => {
  test('reads as the same newsroom', () => {
    const text = formatNewsroomFile(sampleNewsroom);
    expect(parseNewsroomFile(text)).toEqual({ newsroom: sampleNewsroom });
    expect(formatNewsroomFile(parseNewsroomFile(text).newsroom ?? {})).toBe(text);
  });

  test('keeps Arabic readable', () => {
    const text = formatNewsroomFile(sampleNewsroom);
    expect(text).toContain('name: { ar: سوريا, en: Syria }');
    expect(text).toContain('دير الزور');
    expect(text).not.toContain('\\u');
  });

  test('reads as the same newsroom whatever its names, keywords and categories are', () => {
    const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((text) => {
      const { newsroom } = parseNewsroomFile(JSON.stringify({ topics: [{ slug: 'a', name: { ar: text } }] }));
      return newsroom?.topics?.[0]?.name['ar'] === text;
    });
    fc.assert(
      fc.property(word, fc.uniqueArray(word), word, (name, keywords, category) => {
        const newsroom: Newsroom = {
          topics: [{ slug: 'a', name: { ar: name }, keywords: { en: keywords } }],
          feeds: [
            {
              ...bare,
              url: 'https://news.example/',
              topics: ['a'],
              categories: Object.fromEntries([[category, 'a']]),
            },
          ],
        };
        expect(parseNewsroomFile(formatNewsroomFile(newsroom))).toEqual({ newsroom });
      }),
      { numRuns: 40 },
    );
  });
});

test('newsroom.example.yaml is a valid newsroom with something of everything', async () => {
  const text = await readFile(new URL('../../newsroom.example.yaml', import.meta.url), 'utf8');
  const { newsroom, faults } = parseNewsroomFile(text);
  expect(faults).toBeUndefined();
  expect(newsroom?.topics?.length).toBeGreaterThan(1);
  expect(newsroom?.feeds?.length).toBeGreaterThan(1);
  expect(newsroom?.channels?.length).toBeGreaterThan(1);
});
