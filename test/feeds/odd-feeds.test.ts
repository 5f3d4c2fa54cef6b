// What feed programs get wrong, each in its own way: packing, envelopes, marks, addresses, and names of elements.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { expectedFirst, feed, firstOf, item, read, text, title, whole } from './sample-feed.ts';

describe('an answer', () => {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const packed = gzipSync(whole);
  const wrongChecksum = Uint8Array.from(packed, (byte, index) => (index === packed.length - 6 ? byte ^ 0xff : byte));

  test.each<[string, Uint8Array | string]>([
    ['compressed as HTTP’s deflate', deflateSync(whole)],
    ['compressed without any header', deflateRawSync(whole)],
    ['compressed, with a wrong checksum', wrongChecksum],
    ['compressed, with bytes after it', Buffer.concat([packed, Buffer.from('junk')])],
    ['with headers of HTTP in it', `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n${whole}`],
    ['with lengths of chunks in it', `1f40\r\n${whole}\r\n0\r\n\r\n`],
    ['in the envelope of a web service', `<string xmlns="http://tempuri.org/">${escaped(whole)}</string>`],
    ['shown in a web page', `<html><head></head><body><pre style="x">${escaped(whole)}</pre></body></html>`],
    ['inside a web page', `<!DOCTYPE html><html><head><title>Feed</title></head><body>${whole}</body></html>`],
    ['in a section of CDATA', `<data><![CDATA[${whole.replaceAll(']]>', ']]]]><![CDATA[>')}]]></data>`],
    ['with source code before it', `<?php header("Content-type: text/xml"); ?>\n${whole}`],
    [
      'with a warning among its items',
      whole.replace('</item>', '</item><br />\n<b>Notice</b>: Undefined <b>x</b><br />'),
    ],
    [
      'with an error page at its end',
      whole.replace('</channel>', '<html><head><title>500</title></head></html></channel>'),
    ],
    ['with an item in a comment', whole.replace('<item>', `<!-- ${item(9)} --><item>`)],
  ])('can be %s', (_what, bytes) => {
    const parsed = read(bytes);
    expect(parsed?.entries).toHaveLength(3);
    expect(firstOf(parsed)).toMatchObject(expectedFirst);
  });

  test.each([
    ['explains feeds', `<html><body><h1>RSS</h1><pre>${escaped(whole)}</pre></body></html>`],
    ['has a feed without items in a script', `<html><script>x = '<rss version="2.0"></rss>'</script></html>`],
  ])('is no feed when it is a page that %s', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('marks', () => {
  test.each<string[]>([
    ['blanks in the ends', whole.replaceAll(/<\/(title|link|guid)>/g, '</ $1>')],
    ['blanks before the ends', whole.replaceAll(/<\/(title|link|guid)>/g, '< /$1>')],
    ...['“”', '″″', '‘’', '«»', '``', '„“'].map((quotes) => [
      `${quotes} for quotes`,
      whole.replaceAll(/="([^"]*)"/g, `=${quotes.charAt(0)}$1${quotes.charAt(1)}`),
    ]),
    ['backslashes before quotes', whole.replaceAll(/="([^"]*)"/g, String.raw`=\"$1\"`)],
    ['quotes twice', whole.replaceAll(/="([^" ]*)"/g, '=""$1""')],
  ])('can be %s', (_what, damaged) => {
    expect(firstOf(read(damaged))).toMatchObject(expectedFirst);
  });

  test.each(
    ['"', '″', '‘', '`', '«'].flatMap((quote) => [[quote, `<link href=${quote}https://news.example/a/1${quote}/>`]]),
  )('of an address can be %s', (_quote, link) => {
    expect(firstOf(read(feed({ link })))?.url).toBe('https://news.example/a/1');
  });

  test.each([
    `<![CDATA[<![CDATA[${title}]]]]>`,
    `<![CDATA[${title}]]]]>`,
    `<![CDATA[${title}]]>]]>`,
    `<![CDATA[${title}]>`,
    `<![CDATA[${title}]]`,
    `<![CDATA[${title}]] >`,
    `<! [CDATA[${title}]]>`,
    `<![ CDATA [${title}]]>`,
    `<[CDATA[${title}]]>`,
    `${title}</h1>`,
    title.replace(' ', '&amp;amp;nbsp;'),
    `<b>${title}</b>`,
  ])('of a title can be as in %s', (written) => {
    expect(firstOf(read(feed({ title: `<title>${written}</title>` })))).toMatchObject(expectedFirst);
  });
});

describe('an address', () => {
  test.each([
    '&nbsp;https://news.example/a/1&#160;',
    '\u200Fhttps://news.example/a/1\u200E',
    '"https://news.example/a/1"',
    'news.example/a/1',
    'http://https://news.example/a/1',
    'https:/news.example/a/1',
    'https//news.example/a/1',
    'https:\\\\news.example\\a\\1',
    'HTTPS://NEWS.EXAMPLE/a/1',
    'https://news.example/\n  a/1',
  ])('can be written %j', (written) => {
    expect(firstOf(read(feed({ link: `<link>${written}</link>` })))?.url).toBe('https://news.example/a/1');
  });

  test.each([
    ['www.news.example/a', 'https://www.news.example/a'],
    ['https://news.example/خبر اليوم', 'https://news.example/%D8%AE%D8%A8%D8%B1%20%D8%A7%D9%84%D9%8A%D9%88%D9%85'],
    ['//cdn.example/a', 'https://cdn.example/a'],
  ])('%j is %j', (written, url) => {
    expect(firstOf(read(feed({ link: `<link>${written}</link>` })))?.url).toBe(url);
  });

  test.each([
    [
      'not closed, before an element that we do not know',
      '<link>https://news.example/a/1\n<comments>https://x.example</comments>',
    ],
    ['in an element of another name', '<url>https://news.example/a/1</url>'],
    ['after one that no browser opens', '<link>javascript:void(0)</link><link>https://news.example/a/1</link>'],
  ])('can be %s', (_what, link) => {
    expect(firstOf(read(feed({ link })))?.url).toBe('https://news.example/a/1');
  });
});

describe('what an item says', () => {
  const at = '2026-05-01T07:30:00Z';

  test.each(
    `pubdate PUBDATE date dc:date dcterms:date dcterms:available published updated atom:updated a10:updated
     lastBuildDate publishedDate publicationDate prism:publicationDate created_at dateCreated timestamp`.split(/\s+/),
  )('of its day can be in %s', (name) => {
    expect(firstOf(read(feed({ date: `<${name}>${at}</${name}>` })))?.publishedAt).toEqual(new Date(at));
  });

  test.each(
    `content summary media:description media:text body fulltext full-text yandex:full-text encoded content-encoded
     abstract dcterms:abstract itunes:summary googleplay:description`.split(/\s+/),
  )('can be in %s', (name) => {
    expect(firstOf(read(feed({ description: `<${name}><![CDATA[${text}]]></${name}>` })))?.text).toBe(text);
  });

  const picture = 'https://cdn.example/1.jpg';
  test.each([
    `<enclosure url="${picture}"/>`,
    `<enclosure url="${picture}" type="jpg"/>`,
    `<enclosure url="${picture}" type="application/octet-stream" length=""/>`,
    `<enclosure>${picture}</enclosure>`,
    `<media:group><media:content url="${picture}" type="image/jpeg"/></media:group>`,
    `<media:thumbnail>${picture}</media:thumbnail>`,
    `<itunes:image href="${picture}"/>`,
    `<itunes:image>${picture}</itunes:image>`,
    `<image><url>${picture}</url><title>x</title></image>`,
    `<image src="${picture}"/>`,
    `<img src="${picture}"/>`,
    `<post-thumbnail><url>${picture}</url></post-thumbnail>`,
    `<imageUrl>${picture}</imageUrl>`,
  ])('of its picture can be %s', (written) => {
    expect(firstOf(read(feed({ end: `${written}</item>` })))).toMatchObject({ ...expectedFirst, imageUrl: picture });
  });

  test.each([
    ['<author>x@news.example (Sami Ali)</author>', 'Sami Ali'],
    ['<author>Sami Ali &lt;x@news.example&gt;</author>', 'Sami Ali'],
    ['<author>Sami Ali (x@news.example)</author>', 'Sami Ali'],
    ['<author>x@news.example, Sami Ali</author>', 'Sami Ali'],
    ['<author>mailto:x@news.example (Sami Ali)</author>', 'Sami Ali'],
    ['<author>&lt;a href="/x"&gt;سامي علي&lt;/a&gt;</author>', 'سامي علي'],
    ['<atom:author><atom:name>سامي علي</atom:name></atom:author>', 'سامي علي'],
    ['<author>x@news.example</author>', 'x@news.example'],
  ])('of its author can be %s', (written, name) => {
    expect(firstOf(read(feed({ end: `${written}</item>` })))?.authors).toEqual([name]);
  });

  test.each([
    ['<category term="أ"/><category label="ب" term="ب"/>', ['أ', 'ب']],
    ['<category>أ، ب، ت</category>', ['أ', 'ب', 'ت']],
    ['<category>Arts, theatre</category>', ['Arts, theatre']],
    ['<category>أ, ب, ت</category>', ['أ', 'ب', 'ت']],
    ['<media:keywords>أ, ب</media:keywords>', ['أ', 'ب']],
    ['<tags><tag>أ</tag><tag>ب</tag></tags>', ['أ', 'ب']],
  ])('of its subjects can be %s', (written, categories) => {
    expect(firstOf(read(feed({ end: `${written}</item>` })))?.categories).toEqual(categories);
  });
});

describe('damaged JSON', () => {
  const json = JSON.stringify(
    { version: 'https://jsonfeed.org/version/1.1', title: 'نشرة', items: [1, 2].map((id) => ({ id, title })) },
    null,
    1,
  );

  test.each([
    ['in a callback', `callback(${json});`],
    ['after a comment', `/* feed */ ${json}`],
    ['after a warning', `<br />\n<b>Notice</b>: x\n${json}`],
    ['before words', `${json}\n<!-- cached -->`],
    ['in a web page', `<html><body><pre>${json.replaceAll('"', '&quot;')}</pre></body></html>`],
    ['without a comma between items', json.replace('},', '}')],
    ['with words that are no values', json.replace('"id"', '"size": NaN, "id"')],
    ['with escapes that are none', json.replace('"id"', String.raw`"x": "\q \u12", "id"`)],
  ])('can be %s', (_what, damaged) => {
    expect(read(damaged)?.entries.map((entry) => entry.title)).toEqual([title, title]);
  });
});
