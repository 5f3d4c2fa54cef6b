import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createLocales, html, loadLocales, url } from '../../src/telegram/i18n.ts';

const arabic = `
greeting = أهلًا { $name }
only = بالعربية وحدها
link = <a href="{ $link }">{ $name }</a>
list = القائمة: { $items }
size = { $count ->
    [zero] لا شيء
    [one] واحد
    [two] اثنان
    [few] { $count } أخبار
    [many] { $count } خبرًا
   *[other] { $count } خبر
}
stop = أرسل /stop. انظر https://news.example/stop أو <b>هنا</b>
name-first = { $name } قناة
`;
const english = `
greeting = Hello { $name }
link = <a href="{ $link }">{ $name }</a>
stop = Send /stop.
name-first = { $name } is a channel
`;
const locales = createLocales(
  new Map([
    ['ar', arabic],
    ['en', english],
  ]),
  'ar',
);

test('text arguments are escaped in HTML and left alone in plain text', () => {
  expect(locales.t('en', 'greeting', { name: 'Tom <b> & Co' })).toBe('Hello Tom &lt;b&gt; &amp; Co');
  expect(locales.plain('en', 'greeting', { name: 'Tom <b> & Co' })).toBe('Hello Tom <b> & Co');
});

test('a name of the other direction, or with digits at its end, is isolated; a native one is not', () => {
  expect(locales.t('ar', 'greeting', { name: 'سوريا' })).toBe('أهلًا سوريا');
  expect(locales.t('ar', 'greeting', { name: 'BBC' })).toBe('أهلًا \u2068BBC\u2069');
  expect(locales.t('ar', 'greeting', { name: 'قناة BBC' })).toBe('أهلًا \u2068قناة BBC\u2069');
  expect(locales.t('ar', 'greeting', { name: 'غزة 24' })).toBe('أهلًا \u2068غزة 24\u2069');
  expect(locales.t('en', 'greeting', { name: 'سوريا' })).toBe('Hello \u2068سوريا\u2069');
});

test('isolates inside an argument cannot break out of the one around it', () => {
  expect(locales.t('ar', 'greeting', { name: 'a\u2069b\u2067' })).toBe('أهلًا \u2068ab\u2069');
});

test('a line that would begin with the other direction gets a mark, tags not counted', () => {
  expect(locales.t('ar', 'name-first', { name: 'BBC' })).toBe('\u2068BBC\u2069 قناة');
  expect(locales.t('ar', 'greeting', { name: html('سطر\nBBC\n<b>سطر</b>') })).toBe('أهلًا سطر\n\u200FBBC\n<b>سطر</b>');
  expect(locales.t('en', 'greeting', { name: html('x\n<b>سوريا</b>') })).toBe('Hello x\n\u200E<b>سوريا</b>');
});

test('addresses and markup go in as they are told to', () => {
  const link = url('https://news.example/?a="1"&b=2');

  expect(locales.t('ar', 'link', { link, name: 'هنا' })).toBe(
    '<a href="https://news.example/?a=&quot;1&quot;&amp;b=2">هنا</a>',
  );
  expect(locales.t('ar', 'list', { items: html('<b>واحد</b>') })).toBe('القائمة: <b>واحد</b>');
});

test('commands in Arabic text keep their slash on the left; addresses and tags are untouched', () => {
  expect(locales.t('ar', 'stop')).toBe('أرسل \u2068/stop\u2069. انظر https://news.example/stop أو <b>هنا</b>');
  expect(locales.t('en', 'stop')).toBe('Send /stop.');
});

test('numbers choose the six Arabic forms and are written with Latin digits', () => {
  const size = (count: number) => locales.t('ar', 'size', { count });

  expect([0, 1, 2, 3, 11, 100, 1234].map(size)).toEqual([
    'لا شيء',
    'واحد',
    'اثنان',
    '3 أخبار',
    '11 خبرًا',
    '100 خبر',
    '1,234 خبرًا',
  ]);
});

test('a message that a language lacks is said in the language that has all', () => {
  expect(locales.t('en', 'only')).toBe('بالعربية وحدها');
  expect(locales.t('fr', 'only')).toBe('بالعربية وحدها');
});

test('a missing message or argument is a bug that names itself', () => {
  expect(() => locales.t('en', 'nothing')).toThrow('No language has the message nothing');
  expect(() => locales.t('en', 'greeting')).toThrow('Message greeting (en): Unknown variable: $name');
});

test("the reader's language is picked from what Telegram says, or else the fallback is", () => {
  const picked = ['ar-EG', 'AR', 'en_US', 'en', 'fr', 'arz', '', undefined].map((code) => locales.pick(code, 'ar'));

  expect(picked).toEqual(['ar', 'ar', 'en', 'en', 'ar', 'ar', 'ar', 'ar']);
  expect(locales.pick('fr', 'en')).toBe('en');
});

test('the locales are the .ftl files of a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'locales-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'ar.ftl'), 'a = ألف');
  await writeFile(join(folder, 'de.ftl'), 'a = A');
  await writeFile(join(folder, 'README.md'), 'b = B');

  const loaded = await loadLocales(pathToFileURL(folder));

  expect(loaded.languages).toEqual(['ar', 'de']);
  expect(loaded.fallback).toBe('ar');
  expect(loaded.t('de', 'a')).toBe('A');
  await expect(loadLocales(pathToFileURL(folder), 'en')).rejects.toThrow('There is no locale for the language en');
});

test('a message defined twice is an error that names it', () => {
  expect(() => createLocales(new Map([['ar', 'a = 1\na = 2']]), 'ar')).toThrow(/Locale ar: .*"a"/);
});
