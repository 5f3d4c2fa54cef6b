import { describe, expect, test } from 'vitest';
import { parseNewsroomFile } from '../../src/newsroom/newsroom-file.ts';

function faultsOf(text: string): string[] {
  return (parseNewsroomFile(text).faults ?? []).map(({ line, message }) => `${line}: ${message}`);
}

const topic = 'topics:\n  - slug: syria\n    name: { ar: سوريا }\n';

describe('a fault is named with its line', () => {
  test.each<[what: string, text: string, faults: string[]]>([
    ['a misspelt section', 'topics: []\nfeed: []\n', ['2: The newsroom has no key "feed"; did you mean "feeds"?']],
    [
      'an unknown section',
      'recipients: []\n',
      ['1: The newsroom has no key "recipients"; it may have topics, feeds, channels.'],
    ],
    [
      'a misspelt key',
      'feeds:\n  - url: https://a.example/\n    langauge: ar\n',
      ['3: A feed has no key "langauge"; did you mean "language"?'],
    ],
    [
      'a list where the newsroom should be',
      '- topics\n',
      ['1: The newsroom must be given as "key: value", not as a list.'],
    ],
    ['plain text', 'hello\n', ['1: The newsroom must be given as "key: value", not as text.']],
    ['a section that is no list', 'feeds: https://a.example/\n', ['1: The feeds must be a list, not text.']],
    [
      'an entry that is no mapping',
      'feeds:\n  - https://a.example/\n',
      ['2: A feed must be given as "key: value", not as text.'],
    ],
    ['a tab', 'topics:\n\t- slug: a\n', ['2: A tab is used to indent; YAML wants spaces.']],
    ['a bracket left open', 'topics: [\nfeeds: []\n', ['2: This is not valid YAML']],
    ['a quote left open', 'topics:\n  - slug: "a\n', ['3: This is not valid YAML']],
    [
      'an @name without quotes',
      'channels:\n  - chat: @example_one\n    topics: []\n',
      ['2: Text that begins with "@" must be in quotes: "@example_one".'],
    ],
    [
      'a second document',
      'topics: []\n---\nfeeds: []\n',
      ['2: The file has a second part, after a line "---"; only one is read.'],
    ],
    [
      'a key twice',
      'topics: []\nfeeds: []\ntopics: []\n',
      ['3: The key "topics" is listed twice; it is on line 1 too.'],
    ],
    ['an anchor that is not there', 'topics: *all\n', ['1: Nothing is called "&all", so "*all" means nothing.']],
    ['a private tag', 'topics: !list []\n', ['1: This is not plain YAML: Unresolved tag: !list.']],

    ['a topic without a slug', 'topics:\n  - name: { ar: سوريا }\n', ['2: A topic has no "slug".']],
    ['a topic without a name', 'topics:\n  - slug: syria\n', ['2: A topic has no "name".']],
    ['a topic with no names', 'topics:\n  - slug: syria\n    name: {}\n', ['3: A topic has no "name".']],
    [
      'a name that is not given by language',
      'topics:\n  - slug: syria\n    name: Syria\n',
      ['3: The name of a topic must be given as "key: value", not as text.'],
    ],
    [
      'a name that is a number',
      'topics:\n  - slug: y2011\n    name: { ar: 2011 }\n',
      ['3: The name of a topic in "ar" must be text, not the number 2011; write it in quotes.'],
    ],
    ['an empty name', 'topics:\n  - slug: syria\n    name: { ar: "" }\n', ['3: The name of a topic in "ar" is empty.']],
    [
      'a name of two lines',
      'topics:\n  - slug: syria\n    name: { ar: "a\\nb" }\n',
      ['3: The name of a topic in "ar" must be one line, without control characters.'],
    ],
    [
      'a name with half a character',
      'topics:\n  - slug: syria\n    name: { ar: "a\\ud800" }\n',
      ['3: The name of a topic in "ar" must be one line, without control characters.'],
    ],
    [
      'a name without end',
      `topics:\n  - slug: syria\n    name: { ar: ${'a'.repeat(201)} }\n`,
      ['3: The name of a topic in "ar" must be at most 200 characters long.'],
    ],
    [
      'a name in no language',
      'topics:\n  - slug: syria\n    name: { arabic: سوريا }\n',
      ['3: The language "arabic" must be a language tag, like ar or en-GB.'],
    ],
    [
      'a name twice in one language',
      'topics:\n  - slug: syria\n    name:\n      ar: سوريا\n      AR: سورية\n',
      ['5: The language "ar" is listed twice; it is on line 4 too.'],
    ],
    [
      'keywords that are no list',
      'topics:\n  - slug: syria\n    name: { ar: سوريا }\n    keywords: { ar: دمشق }\n',
      ['4: The keywords of a topic in "ar" must be a list, not text.'],
    ],
    [
      'a keyword twice',
      'topics:\n  - slug: syria\n    name: { ar: سوريا }\n    keywords: { ar: [دمشق, دمشق] }\n',
      ['4: The keyword "دمشق" is listed twice; it is on line 4 too.'],
    ],
    [
      'a keyword that is a yes-or-no value',
      'topics:\n  - slug: syria\n    name: { ar: سوريا }\n    keywords: { en: [true] }\n',
      ['4: A keyword must be text, not the yes-or-no value true; write it in quotes.'],
    ],
    [
      'a slug twice',
      `${topic}  - slug: syria\n    name: { en: Syria }\n`,
      ['4: The topic "syria" is listed twice; it is on line 2 too.'],
    ],
    [
      'an Arabic slug',
      'topics:\n  - slug: سوريا\n    name: { ar: سوريا }\n',
      ['2: The slug "سوريا" must be 1 to 50 of a–z'],
    ],
    [
      'a slug in capitals',
      'topics:\n  - slug: Syria\n    name: { ar: سوريا }\n',
      ['2: The slug "Syria" must be 1 to 50 of a–z'],
    ],
    [
      'a slug of 51 characters',
      `topics:\n  - slug: ${'a'.repeat(51)}\n    name: { ar: سوريا }\n`,
      ['2: The slug "aaaa'],
    ],
    [
      'a slug that is a number',
      'topics:\n  - slug: 2011\n    name: { ar: سوريا }\n',
      ['2: The slug must be text, not the number 2011; write it in quotes.'],
    ],

    ['a feed without a URL', 'feeds:\n  - language: ar\n', ['2: A feed has no "url".']],
    ['an empty feed', 'feeds:\n  -\n', ['2: A feed has no "url".']],
    [
      'a URL without its scheme',
      'feeds:\n  - url: news.example/feed\n',
      ['2: The url "news.example/feed" must be a whole address'],
    ],
    [
      'a URL of another kind',
      'feeds:\n  - url: file:///etc/passwd\n',
      ['2: The url "file:///etc/passwd" must be a whole address'],
    ],
    [
      'a URL with a password',
      'feeds:\n  - url: https://me:secret@news.example/\n',
      ['2: The url "https://me:secret@news.example/" must not contain a user name or a password.'],
    ],
    [
      'a URL twice, written in two ways',
      'feeds:\n  - url: https://news.example\n  - url: HTTPS://news.example/\n',
      ['3: The feed "https://news.example/" is listed twice; it is on line 2 too.'],
    ],
    [
      'a language that is none',
      'feeds:\n  - url: https://a.example/\n    language: Arabic (Syria)\n',
      ['3: The language "Arabic (Syria)" must be a language tag, like ar or en-GB.'],
    ],
    [
      'a misspelt topic of a feed',
      `${topic}feeds:\n  - url: https://a.example/\n    topics: [siria]\n`,
      ['6: There is no topic "siria"; did you mean "syria"?'],
    ],
    [
      'a topic twice',
      `${topic}feeds:\n  - url: https://a.example/\n    topics:\n      - syria\n      - syria\n`,
      ['8: The topic "syria" is listed twice; it is on line 7 too.'],
    ],
    [
      'topics that are no list',
      `${topic}feeds:\n  - url: https://a.example/\n    topics: syria\n`,
      ['6: The topics of a feed must be a list, not text.'],
    ],
    [
      'a time zone that is none',
      'feeds:\n  - url: https://a.example/\n    timeZone: Asia/Damaskus\n',
      ['3: The time zone "Asia/Damaskus" must be an IANA time zone, like Asia/Damascus.'],
    ],
    [
      'a selector that is none',
      'feeds:\n  - url: https://a.example/\n    keep: [".text", "div["]\n    drop:\n      - "p:["\n',
      ['3: The selector "div[" must be a CSS selector', '5: The selector "p:[" must be a CSS selector'],
    ],
    [
      'a selector twice',
      'feeds:\n  - url: https://a.example/\n    drop: [.ads, .ads]\n',
      ['3: The selector ".ads" is listed twice; it is on line 3 too.'],
    ],
    [
      'selectors that are no list',
      'feeds:\n  - url: https://a.example/\n    keep: .text\n',
      ['3: The list "keep" must be a list, not text.'],
    ],
    [
      'an unknown topic of a category',
      `${topic}feeds:\n  - url: https://a.example/\n    categories:\n      فن: art\n`,
      ['7: There is no topic "art".'],
    ],
    [
      'a category without a topic',
      `${topic}feeds:\n  - url: https://a.example/\n    categories:\n      فن:\n`,
      ['7: A topic named here must be text, not nothing.'],
    ],
    [
      'a category twice',
      `${topic}feeds:\n  - url: https://a.example/\n    categories:\n      فن: syria\n      فن: syria\n`,
      ['8: The key "فن" is listed twice; it is on line 7 too.'],
    ],

    ['a channel without a chat', 'channels:\n  - topics: []\n', ['2: A channel has no "chat".']],
    ['a channel without topics', 'channels:\n  - chat: "@example_one"\n', ['2: A channel has no "topics".']],
    [
      'a name that lacks its @',
      'channels:\n  - chat: example_one\n    topics: []\n',
      ['2: The chat "example_one" must be written "@example_one".'],
    ],
    [
      'a link for a name',
      'channels:\n  - chat: https://t.me/example_one\n    topics: []\n',
      ['2: The chat "https://t.me/example_one" must be written "@example_one".'],
    ],
    [
      'a name that is too short',
      'channels:\n  - chat: "@four"\n    topics: []\n',
      ['2: The chat "@four" must be a channel\'s "@name"'],
    ],
    ['a name that is too long', `channels:\n  - chat: "@${'a'.repeat(33)}"\n    topics: []\n`, ['2: The chat "@aaa']],
    [
      'an Arabic name',
      'channels:\n  - chat: "@قناتنا_هنا"\n    topics: []\n',
      ['2: The chat "@قناتنا_هنا" must be a channel\'s "@name"'],
    ],
    [
      'an id that loses digits',
      'channels:\n  - chat: -9007199254740993\n    topics: []\n',
      ['2: The chat -9007199254740992 must be'],
    ],
    ['an id with a fraction', 'channels:\n  - chat: -100.5\n    topics: []\n', ['2: The chat -100.5 must be']],
    ["a person's id", 'channels:\n  - chat: 1234567\n    topics: []\n', ['2: The chat 1234567 must be']],
    [
      'a chat twice',
      'channels:\n  - { chat: "@example_one", topics: [] }\n  - { chat: "@Example_One", topics: [] }\n',
      ['3: The channel "@example_one" is listed twice; it is on line 2 too.'],
    ],
    [
      'an unknown topic of a channel',
      `${topic}channels:\n  - chat: -100123\n    topics: [syria, econmy]\n`,
      ['6: There is no topic "econmy".'],
    ],
  ])('%s', (_what, text, expected) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(faults[index]).toContain(start);
  });

  test('and all faults are named at once, in the order of their lines, with their columns', () => {
    const text = [
      'topics:',
      '  - slug: Syria',
      '    name: { ar: سوريا }',
      '    keyword: { ar: [دمشق] }',
      'feeds:',
      '  - url: nowhere',
      '    topics: [sport]',
      'channels:',
      '  - chat: @example_one',
    ].join('\n');
    expect(parseNewsroomFile(text).faults?.map(({ line, column }) => [line, column])).toEqual([
      [2, 11],
      [4, 5],
      [6, 10],
      [7, 14],
      [9, 5],
      [9, 11],
    ]);
  });
});
