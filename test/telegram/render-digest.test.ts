import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatText } from '../../sandbox/telegram/formatted.ts';
import type { StoryLetter } from '../../src/deliveries/sender.ts';
import { codePoints, firstStrongDirection } from '../../src/lib/text.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { renderDigest } from '../../src/telegram/render-digest.ts';
import { maxTextLength } from '../../src/telegram/render.ts';

const locales = await loadLocales(new URL('../../locales/', import.meta.url));
const options = { locales, language: 'ar', timeZone: 'Asia/Damascus' };

const syria = { slug: 'syria', name: 'سوريا' };
const culture = { slug: 'culture', name: 'ثقافة وفن' };

const letter: StoryLetter = {
  headline: 'افتتاح مكتبة عامة في حمص',
  kicker: 'بعد عامين من العمل',
  summary: 'افتتحت البلدية اليوم مكتبة عامة وسط المدينة.',
  language: 'ar',
  url: 'https://news.example/library?from=feed&page=1',
  sourceName: 'صحيفة المدينة',
  imageUrl: 'https://news.example/library.jpg',
  imageFileId: 'AgACx',
  publishedAt: new Date('2020-06-05T11:05:00Z'),
  topics: [syria, culture],
  breaking: false,
  isFollowUp: false,
  alsoReportedBy: [],
  correctedAt: null,
};

const story = (number: number, change: Partial<StoryLetter> = {}): StoryLetter => ({
  ...letter,
  headline: `الخبر ذو الرقم ${number}`,
  url: `https://news.example/${number}`,
  publishedAt: new Date(Date.UTC(2020, 5, 5, 11, 0) - number * 60_000),
  ...change,
});

const english = (number: number): StoryLetter =>
  story(number, { headline: `Story number ${number}`, language: 'en', sourceName: 'City Paper', topics: [] });

/** What Telegram shows, by the emulator's port of its parser; throws where the markup is not balanced. */
const shown = (markup: string) => formatText(markup, { parseMode: 'HTML', entities: undefined });
const linksOf = (markup: string): string[] =>
  shown(markup).entities.flatMap((entity) => (entity.type === 'text_link' ? [entity.url ?? ''] : []));

describe('the layout', () => {
  test('is what was missed, then each story as a link with its source and time, under its topic', () => {
    expect(renderDigest({ stories: [letter, story(1, { topics: [culture] })] }, options)).toBe(
      [
        '<b>ما فاتك: خبران</b>',
        '',
        '<b>سوريا</b>',
        '',
        '<a href="https://news.example/library?from=feed&amp;page=1">افتتاح مكتبة عامة في حمص</a>',
        'صحيفة المدينة · 5 حزيران 2020، 14:05',
        '',
        '<b>ثقافة وفن</b>',
        '',
        '<a href="https://news.example/1">الخبر ذو الرقم 1</a>',
        'صحيفة المدينة · 5 حزيران 2020، 13:59',
      ].join('\n'),
    );
  });

  test('speaks English to whoever reads English', () => {
    const lines = renderDigest({ stories: [english(1), english(2)] }, { ...options, language: 'en' }).split('\n');

    expect(lines[0]).toBe('<b>While you were away: 2 stories</b>');
    expect(lines[2]).toBe('<a href="https://news.example/1">Story number 1</a>');
    expect(lines[3]).toBe('City Paper · 5 June 2020, 13:59');
  });

  test('puts the newest first, whatever the order in which they came', () => {
    const links = linksOf(renderDigest({ stories: [story(3), story(1), story(2)] }, options));

    expect(links).toEqual([1, 2, 3].map((number) => `https://news.example/${number}`));
  });

  test('names each story once, under the first of its topics, and those without a topic last', () => {
    const stories = [english(1), story(2, { topics: [culture, syria] }), story(3), story(4, { topics: [culture] })];
    const { text } = shown(renderDigest({ stories }, options));
    const order = ['ثقافة وفن', 'الرقم 2', 'الرقم 4', 'سوريا', 'الرقم 3', 'أخبار أخرى', 'Story number 1'];

    const positions = order.map((part) => text.indexOf(part));
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
    expect(positions).not.toContain(-1);
    expect(text.match(/الرقم 2/g)).toHaveLength(1);
  });

  test('has no headings where no story has a topic', () => {
    expect(renderDigest({ stories: [english(1)] }, options)).not.toContain('أخبار أخرى');
  });

  test('marks breaking news, once', () => {
    const urgent = story(1, { breaking: true, headline: 'عاجل: انقطاع المياه عن الميناء' });

    expect(renderDigest({ stories: [urgent] }, options)).toContain(
      '<b>🔴 عاجل</b> <a href="https://news.example/1">انقطاع المياه عن الميناء</a>',
    );
  });

  test('leaves a headline without an address as it is', () => {
    expect(renderDigest({ stories: [story(1, { url: null })] }, options)).toContain('\nالخبر ذو الرقم 1\n');
  });
});

describe('the direction', () => {
  test('of a headline is its own, and of what is said about it the reader’s', () => {
    const lines = shown(renderDigest({ stories: [english(1), story(2, { topics: [] })] }, options)).text.split('\n');
    const after = (headline: string) => lines[lines.indexOf(headline) + 1] ?? '';

    expect(after('Story number 1')).toBe('\u2068City Paper\u2069 · 5 حزيران 2020، 13:59');
    expect(lines.filter((line) => line !== '').map(firstStrongDirection)).toEqual(['rtl', 'ltr', 'rtl', 'rtl', 'rtl']);
  });

  test('is marked where a headline begins with a word of the other direction', () => {
    const html = renderDigest({ stories: [story(1, { headline: 'NASA تعلن موعد الإطلاق' })] }, options);

    expect(html).toContain('\u200F<a href="https://news.example/1">NASA تعلن موعد الإطلاق</a>');
  });
});

describe('the length', () => {
  test('is never beyond one message: the oldest are counted instead', () => {
    const stories = Array.from({ length: 200 }, (_, number) => story(number));
    const html = renderDigest({ stories }, options);
    const { text } = shown(html);
    const links = linksOf(html);

    expect(text.split('\n')[0]).toBe('ما فاتك: 200 خبر');
    expect(codePoints(text)).toBeLessThanOrEqual(maxTextLength);
    expect(codePoints(text)).toBeGreaterThan(maxTextLength - 200);
    expect(links).toEqual(stories.slice(0, links.length).map(({ url }) => url));
    expect(text.split('\n').at(-1)).toMatch(new RegExp(`^… و${200 - links.length} `));
  });

  test('counts one that does not fit in words', () => {
    const long = { headline: 'كلمة '.repeat(40).trim(), url: `https://news.example/${'x'.repeat(2000)}`, topics: [] };
    const fitting = linksOf(
      renderDigest({ stories: Array.from({ length: 99 }, (_, n) => story(n, long)) }, options),
    ).length;
    const html = renderDigest({ stories: Array.from({ length: fitting + 1 }, (_, n) => story(n, long)) }, options);

    expect(html.split('\n').at(-1)).toBe('… وخبر آخر');
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(32_768);
  });

  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc
      .array(fc.constantFrom('خبر', 'عاجل:', 'NASA', '<b>', '&amp;', '🇸🇾', '12', '"', '\u202E', '\n'), {
        maxLength: 120,
      })
      .map((words) => words.join(' ')),
  );
  const letters = fc.record({
    headline: text.map((said) => `${said} x`),
    language: fc.constantFrom('ar', 'en', 'he', 'xx'),
    url: fc.nat({ max: 9999 }).map((number) => `https://news.example/${number}?a=1&b=${'"'.repeat(number % 200)}`),
    sourceName: fc.option(text),
    topics: fc.array(fc.record({ slug: fc.constantFrom('a', 'b', 'c', 'd'), name: text }), { maxLength: 3 }),
    breaking: fc.boolean(),
    publishedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  });

  test('and the markup hold whatever is in the stories', () => {
    fc.assert(
      fc.property(
        fc.array(letters, { minLength: 1, maxLength: 120 }),
        fc.constantFrom('ar', 'en'),
        (changes, language) => {
          const stories = changes.map((change) => ({ ...letter, ...change }));
          const html = renderDigest({ stories }, { ...options, language });
          const { text: shownText, entities } = shown(html);
          const links = linksOf(html);
          const rest = stories.length - links.length;

          expect(codePoints(shownText)).toBeLessThanOrEqual(maxTextLength);
          expect(Buffer.byteLength(html)).toBeLessThanOrEqual(32_768);
          expect(entities.filter(({ type }) => type === 'text_link' || type === 'bold').length).toBeLessThanOrEqual(
            100,
          );
          expect(links.length).toBeGreaterThan(0);
          const newest = stories.toSorted((one, other) => other.publishedAt.getTime() - one.publishedAt.getTime());
          expect(links.toSorted()).toEqual(
            newest
              .slice(0, links.length)
              .map(({ url }) => new URL(url ?? '').href)
              .toSorted(),
          );
          const more = locales.t(language, 'digest-more', { count: rest });
          expect(html.split('\n').at(-1) === more).toBe(rest > 0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
