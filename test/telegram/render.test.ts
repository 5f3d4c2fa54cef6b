import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatText } from '../../sandbox/telegram/formatted.ts';
import type { StoryLetter } from '../../src/deliveries/sender.ts';
import { codePoints } from '../../src/lib/text.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { maxCaptionLength, maxTextLength, renderStory, renderWithdrawn } from '../../src/telegram/render.ts';

const locales = await loadLocales(new URL('../../locales/', import.meta.url));
const options = { locales, language: 'ar', timeZone: 'Asia/Damascus' };

const letter: StoryLetter = {
  headline: 'افتتاح مكتبة عامة في حمص',
  kicker: 'بعد عامين من العمل',
  summary: 'افتتحت البلدية اليوم مكتبة عامة وسط المدينة. وتضم المكتبة قاعة للأطفال.',
  language: 'ar',
  url: 'https://news.example/library?from=feed&page=1',
  sourceName: 'صحيفة المدينة',
  imageUrl: 'https://news.example/library.jpg',
  imageFileId: null,
  publishedAt: new Date('2020-06-05T11:05:00Z'),
  topics: [
    { slug: 'syria', name: 'سوريا' },
    { slug: 'culture', name: 'ثقافة وفن' },
  ],
  breaking: false,
  isFollowUp: false,
  alsoReportedBy: [],
  correctedAt: null,
};

const english: StoryLetter = {
  ...letter,
  headline: 'A public library opens in Homs',
  kicker: null,
  summary: 'The city opened a library today.',
  language: 'en',
  sourceName: 'City Paper',
  topics: [{ slug: 'syria', name: 'Syria' }],
};

/** What Telegram shows, by the emulator's port of its parser. */
const shown = (html: string) => formatText(html, { parseMode: 'HTML', entities: undefined });

describe('the layout', () => {
  test('is kicker, bold headline, summary, source with local date, and hashtags', () => {
    expect(renderStory(letter, options).html).toBe(
      [
        'بعد عامين من العمل',
        '<b>افتتاح مكتبة عامة في حمص</b>',
        '',
        'افتتحت البلدية اليوم مكتبة عامة وسط المدينة. وتضم المكتبة قاعة للأطفال.',
        '',
        'صحيفة المدينة · 5 حزيران 2020، 14:05',
        '#سوريا #ثقافة_وفن',
      ].join('\n'),
    );
  });

  test('does not say twice that it is breaking news', () => {
    const urgent = { ...letter, breaking: true, headline: 'عاجل: انقطاع المياه عن الميناء' };
    const lines = renderStory(urgent, { ...options, language: 'ar' }).html.split('\n');
    expect(lines.filter((line) => line.includes('عاجل'))).toHaveLength(1);
    expect(lines).toContain('<b>انقطاع المياه عن الميناء</b>');
  });

  test('puts the breaking mark first, in the language of the story', () => {
    expect(renderStory({ ...letter, breaking: true }, { ...options, language: 'en' }).html).toMatch(
      /^<b>🔴 عاجل<\/b>\n/,
    );
  });

  test('leaves out what is not known', () => {
    const bare = { ...letter, kicker: null, summary: '', sourceName: null, topics: [] };

    expect(renderStory(bare, options).html).toBe('<b>افتتاح مكتبة عامة في حمص</b>\n\n5 حزيران 2020، 14:05');
  });

  test('is the same in the caption when there is room', () => {
    const { html, captionHtml } = renderStory(letter, options);

    expect(captionHtml).toBe(html);
  });

  test('writes the date in the language of the recipient and the time of the newsroom', () => {
    const lines = (language: string, timeZone: string) =>
      renderStory(english, { locales, language, timeZone }).html.split('\n').at(-2);

    expect(lines('en', 'Asia/Damascus')).toBe('City Paper · 5 June 2020, 14:05');
    expect(lines('en', 'Asia/Tokyo')).toBe('City Paper · 5 June 2020, 20:05');
    expect(lines('ar', 'UTC')).toBe('\u2068City Paper\u2069 · 5 حزيران 2020، 11:05');
  });

  test('speaks the default language to whoever has none that we know', () => {
    expect(renderStory(letter, { ...options, language: '' })).toEqual(renderStory(letter, options));
  });

  test('makes hashtags without tashkeel that Telegram finds whole', () => {
    const topics = ['دير الزُّور', 'Syria', 'سوريا', 'سوريا', '2020', 'الذكاء الاصطناعي'].map((name) => ({
      slug: 'x',
      name,
    }));
    const { text, entities } = shown(renderStory({ ...letter, topics }, options).html);

    expect(text.split('\n').at(-1)).toBe('#دير_الزور \u2068#Syria\u2069 #سوريا #الذكاء_الاصطناعي');
    expect(
      entities
        .filter(({ type }) => type === 'hashtag')
        .map(({ offset, length }) => text.slice(offset, offset + length)),
    ).toEqual(['#دير_الزور', '#Syria', '#سوريا', '#الذكاء_الاصطناعي']);
  });
});

describe('what others add, and what changes', () => {
  const others = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      name: `جريدة ${'أبتثج'.charAt(index)}`,
      url: `https://${index}.example/a?b=1&c="2"`,
    }));
  const lines = (change: Partial<StoryLetter>, language = 'ar') =>
    renderStory({ ...letter, ...change }, { ...options, language }).html.split('\n');

  test('other sources are named below the date, each a link to what it wrote', () => {
    expect(lines({ alsoReportedBy: others(2) }).at(-2)).toBe(
      'ورد أيضًا في: <a href="https://0.example/a?b=1&amp;c=%222%22">جريدة أ</a>، ' +
        '<a href="https://1.example/a?b=1&amp;c=%222%22">جريدة ب</a>',
    );
    expect(lines({ alsoReportedBy: [{ name: 'Wire', url: null }] }, 'en').at(-2)).toBe('Also reported by: Wire');
  });

  test.each([
    [4, /جريدة ث<\/a>$/],
    [5, /جريدة ث<\/a> ومصدر آخر$/],
  ])('of %i other sources four are named, and the rest counted', (count, end) => {
    expect(lines({ alsoReportedBy: others(count) }).at(-2)).toMatch(end);
  });

  test('a name from elsewhere neither turns the line around nor becomes markup', () => {
    const [line] = lines({ alsoReportedBy: [{ name: '<i>City</i> & Paper', url: 'javascript:alert(1)' }] }).slice(-2);

    expect(line).toBe('ورد أيضًا في: \u2068&lt;i&gt;City&lt;/i&gt; &amp; Paper\u2069');
  });

  test('a correction says when it was made, and further sources alone do not', () => {
    const corrected = lines({ correctedAt: new Date('2020-06-05T12:10:00Z') });

    expect(corrected.slice(-3)).toEqual([
      'صحيفة المدينة · 5 حزيران 2020، 14:05',
      'تحديث: 5 حزيران 2020، 15:10',
      '#سوريا #ثقافة_وفن',
    ]);
    expect(lines({ alsoReportedBy: others(3) }).join('\n')).not.toContain('تحديث');
  });

  test('a follow-up is marked as one, unless it is breaking news', () => {
    expect(lines({ isFollowUp: true })[0]).toBe('<b>متابعة</b>');
    expect(lines({ isFollowUp: true, breaking: true })[0]).toBe('<b>🔴 عاجل</b>');
  });

  test('what was withdrawn is struck, and says so in the language of the recipient', () => {
    const hostile = { ...letter, headline: 'قال: 5 < 6 & 7' };

    expect(renderWithdrawn(hostile, options)).toBe('<s>قال: 5 &lt; 6 &amp; 7</s>\n\nسُحب هذا الخبر.');
    expect(renderWithdrawn(letter, { ...options, language: 'en' })).toMatch(/\n\nThis story was withdrawn\.$/);
  });
});

describe('right to left', () => {
  test('a line of an Arabic story that begins with a Latin name still runs from the right', () => {
    const { text } = shown(
      renderStory({ ...letter, headline: 'BBC تفتتح مكتبًا', kicker: '2020 في صور' }, options).html,
    );

    expect(text.split('\n').slice(0, 2)).toEqual(['2020 في صور', '\u200FBBC تفتتح مكتبًا']);
  });

  test('a Latin source name is isolated from the date beside it', () => {
    expect(renderStory({ ...letter, sourceName: 'City Paper 24' }, options).html).toContain(
      '\u2068City Paper 24\u2069 · 5 حزيران 2020',
    );
  });

  test('embeddings and overrides, which Telegram would remove, are never sent', () => {
    const hostile = 'a\u202Eb\u202Dc\u202A\u202Bd\u202C';
    const { html } = renderStory({ ...letter, headline: hostile, summary: hostile, sourceName: hostile }, options);

    expect(html).not.toMatch(/[\u202A-\u202E]/);
  });
});

describe('escaping', () => {
  test('markup in a title is shown, not obeyed', () => {
    const headline = 'قال: <b>"5 < 6" & 7 > 6</b> &nbsp; &amp; 🎉';
    const { text, entities } = shown(renderStory({ ...letter, headline, kicker: null }, options).html);

    expect(text.split('\n')[0]).toBe(headline);
    expect(entities.filter(({ type }) => type === 'bold')).toEqual([
      { type: 'bold', offset: 0, length: headline.length },
    ]);
  });

  test('line breaks and runs of spaces in a title are one space', () => {
    expect(renderStory({ ...letter, headline: ' خبر\r\n\t عن  حمص ', kicker: null }, options).html).toMatch(
      /^<b>خبر عن حمص<\/b>\n/,
    );
  });
});

describe('clipping', () => {
  const sentence = 'هذه جملة كاملة فيها عدد من الكلمات لا بأس به. ';
  const long = { ...letter, summary: sentence.repeat(200) };

  test('takes whole sentences from the end of the summary', () => {
    const { html, captionHtml } = renderStory(long, options);
    const summary = (text: string) => text.split('\n')[3] ?? '';

    expect(summary(captionHtml)).toBe(sentence.repeat(20).trimEnd());
    expect(summary(html).length).toBeGreaterThan(3 * summary(captionHtml).length);
    expect(summary(html).replaceAll(sentence.trim(), '').trim()).toBe('');
    expect(shown(captionHtml).text).toContain('#ثقافة_وفن');
  });

  test('takes whole words when the first sentence is too long already', () => {
    const { captionHtml } = renderStory({ ...letter, summary: 'كلمة '.repeat(500) }, options);
    const summary = captionHtml.split('\n')[3] ?? '';

    expect(summary).toMatch(/^(كلمة )+كلمة…$/);
    expect(codePoints(shown(captionHtml).text)).toBeGreaterThan(maxCaptionLength - 10);
  });

  test('takes the kicker when the summary is gone, and the headline last', () => {
    const kicker = renderStory({ ...letter, kicker: 'تمهيد '.repeat(400) }, options).captionHtml;
    const headline = renderStory(
      { ...long, headline: 'عنوان '.repeat(400), kicker: 'تمهيد '.repeat(400) },
      options,
    ).captionHtml;

    expect(kicker).toMatch(/^(تمهيد )+تمهيد…\n<b>افتتاح مكتبة عامة في حمص<\/b>\n\nصحيفة/);
    expect(headline).toMatch(/^<b>(عنوان )+عنوان…<\/b>\n\nصحيفة/);
  });

  test('never cuts a family in two', () => {
    const family = '👨‍👩‍👧‍👦';
    const { captionHtml } = renderStory(
      { ...letter, kicker: null, headline: family.repeat(400), summary: '' },
      options,
    );

    expect(shown(captionHtml).text.split('\n')[0]?.replaceAll(family, '')).toMatch(/^\u200F?…$/);
  });
});

describe('links and pictures', () => {
  const render = (change: Partial<StoryLetter>) => renderStory({ ...letter, ...change }, options);

  test('the button says in the language of the recipient where to read on', () => {
    expect(render({}).keyboard).toEqual({
      inline_keyboard: [[{ text: 'قراءة الخبر كاملًا', url: 'https://news.example/library?from=feed&page=1' }]],
    });
    expect(renderStory(letter, { ...options, language: 'en' }).keyboard?.inline_keyboard[0]?.[0]?.text).toBe(
      'Read the full story',
    );
  });

  test('the text form has a large preview of the article above it, else of the picture, else none', () => {
    const large = { prefer_large_media: true, show_above_text: true };

    expect(render({}).linkPreview).toEqual({ ...large, url: 'https://news.example/library?from=feed&page=1' });
    expect(render({ url: null }).linkPreview).toEqual({ ...large, url: 'https://news.example/library.jpg' });
    expect(render({ url: null, imageUrl: null }).linkPreview).toEqual({ is_disabled: true });
  });

  test.each([
    ['http://127.0.0.1:8080/a', 'http://127.0.0.1:8080/a'],
    ['https://مثال.إختبار/خبر', 'https://xn--mgbh0fb.xn--kgbechtv/%D8%AE%D8%A8%D8%B1'],
    ['http://localhost/a', undefined],
    ['ftp://news.example/a', undefined],
    ['javascript:alert(1)', undefined],
    ['/relative', undefined],
    ['', undefined],
    [`https://news.example/${'a'.repeat(2100)}`, undefined],
  ])('%s becomes a button only if Telegram takes it', (url, expected) => {
    expect(render({ url }).keyboard?.inline_keyboard[0]?.[0]).toEqual(
      expected === undefined ? undefined : { text: 'قراءة الخبر كاملًا', url: expected },
    );
    expect(render({ imageUrl: url }).photoUrl).toBe(expected);
  });
});

describe('whatever a feed contains', () => {
  const words = [
    '<b>',
    '</b>',
    '&amp;',
    '&',
    '<',
    '"',
    '. ',
    '\n',
    '\n\n',
    ' ',
    '\t',
    '#',
    'خبر',
    'word',
    'x'.repeat(900),
  ];
  const marks = [
    'ُّ',
    '👨‍👩‍👧',
    '🇸🇾',
    '\u202E',
    '\u2067',
    '\u2069',
    '\u200F',
    '\u200E',
    '\u0000',
    '\uD800',
    '\uDC00',
    '\u2028',
    '\u030A',
  ];
  const pieces = fc.constantFrom(...words, ...marks);
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 50 }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('').repeat(40)),
  );
  const anyLetter: fc.Arbitrary<StoryLetter> = fc.record({
    headline: text,
    kicker: fc.option(text),
    summary: text,
    language: fc.constantFrom('ar', 'en', 'fa', 'und', '', 'not a language'),
    url: fc.option(fc.oneof(fc.webUrl(), text)),
    sourceName: fc.option(text),
    imageUrl: fc.option(fc.oneof(fc.webUrl(), text)),
    imageFileId: fc.constant(null),
    publishedAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
    topics: fc.array(fc.record({ slug: fc.constant('x'), name: text }), { maxLength: 12 }),
    breaking: fc.boolean(),
    isFollowUp: fc.boolean(),
    alsoReportedBy: fc.array(fc.record({ name: text, url: fc.option(fc.oneof(fc.webUrl(), text)) }), { maxLength: 9 }),
    correctedAt: fc.option(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })),
  });

  test('Telegram can parse both forms, and neither is empty or too long', () => {
    fc.assert(
      fc.property(anyLetter, fc.constantFrom('ar', 'en', ''), (any, language) => {
        const { html, captionHtml } = renderStory(any, { ...options, language });
        const withdrawn = renderWithdrawn(any, { ...options, language });
        const lengths = [html, captionHtml, withdrawn].map((form) => codePoints(shown(form).text));

        expect(Math.min(...lengths)).toBeGreaterThan(0);
        expect(lengths[0]).toBeLessThanOrEqual(maxTextLength);
        expect(lengths[1]).toBeLessThanOrEqual(maxCaptionLength);
        expect(lengths[2]).toBeLessThanOrEqual(maxCaptionLength);
        expect(html).not.toMatch(/[\u202A-\u202E]/);
      }),
      { numRuns: 200 },
    );
  });
});
