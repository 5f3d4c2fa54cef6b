// What damage must not take away: the bytes, the document, the item, and JSON.
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type Parts,
  close,
  expectedFirst,
  feed,
  firstOf,
  item,
  open,
  prolog,
  read,
  text,
  title,
  whole,
} from './sample-feed.ts';

/** `characters` in a single-byte charset, by asking the decoder what each byte means. */
function encode(characters: string, charset: string): Uint8Array {
  const bytes = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte -= 1) bytes.set(new TextDecoder(charset).decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from(characters.split('').map((character) => bytes.get(character) ?? 0x3f));
}

const utf16 = (characters: string) => Buffer.from(characters, 'utf16le');
const declared = (charset: string) => whole.replace('UTF-8', charset);

describe('the bytes', () => {
  test.each<[string, Uint8Array | string, string | null]>([
    ['a mark twice', `\uFEFF\uFEFF${whole}`, null],
    ['a mark after blank lines', `\n \uFEFF${whole}`, null],
    ['UTF-16’s mark before UTF-8', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(whole)]), null],
    ['a declaration of UTF-16 that is none', declared('utf-16'), 'text/xml; charset=utf-16'],
    ['UTF-16 that is declared UTF-8', utf16(whole), 'text/xml; charset=utf-8'],
    ['UTF-16 with an odd byte at its end', Buffer.concat([utf16(`\uFEFF${whole}`), Buffer.from([0x20])]), null],
    ['windows-1256 that is declared iso-8859-6', encode(declared('iso-8859-6'), 'windows-1256'), null],
    ['iso-8859-6 that is declared windows-1256', encode(declared('windows-1256'), 'iso-8859-6'), null],
    ['windows-1256 that is declared windows-1251', encode(declared('windows-1251'), 'windows-1256'), null],
    ['iso-8859-6 that nobody declares', encode(declared(''), 'iso-8859-6'), 'text/xml'],
    [
      'windows-1256 after UTF-8’s mark',
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), encode(whole, 'windows-1256')]),
      null,
    ],
    [
      'UTF-8 with an item of windows-1256',
      Buffer.concat([
        Buffer.from(prolog + open + item(1)),
        encode(item(2), 'windows-1256'),
        Buffer.from(item(3) + close),
      ]),
      null,
    ],
    ['UTF-8 taken for windows-1252', new TextDecoder('windows-1252').decode(Buffer.from(whole)), null],
    ['UTF-8 taken for windows-1256', new TextDecoder('windows-1256').decode(Buffer.from(whole)), null],
    ['a compressed file', gzipSync(whole), 'application/xml'],
    ['a file compressed twice', gzipSync(gzipSync(whole)), 'application/xml'],
    ['zeros between the lines', whole.replaceAll('\n', '\n\0\0'), null],
  ])('can be %s', (_what, bytes, contentType) => {
    const parsed = read(bytes, contentType);
    expect(parsed?.title).toBe('نشرة المدينة');
    expect(parsed?.entries).toHaveLength(3);
    expect(firstOf(parsed)).toMatchObject(expectedFirst);
    expect(parsed?.entries[1]?.title).toBe(title);
  });
});

describe('the document', () => {
  test.each([
    ['blank lines before it', `\n\n  ${whole}`],
    [
      'a warning of the server before it',
      `<br />\n<b>Warning</b>: Undefined index in <b>x.php</b> on line 3<br />\n${whole}`,
    ],
    ['a web page before it', `<!DOCTYPE html><html><head><title>x</title></head><body><p>Error</body></html>${whole}`],
    ['words after it', `${whole}<!-- cached -->\n<script>track()</script> 0.3 s`],
    ['no XML declaration', whole.slice(prolog.length)],
    ['a second declaration inside', whole.replace('<channel>', '<?xml version="1.0"?><channel>')],
    ['no root', whole.replace(/<rss[^>]*>/, '').replace('</rss>', '')],
    ['no channel', whole.replace('<channel>', '').replace('</channel>', '')],
    ['its root twice', whole.replace('<rss', '<rss version="2.0"><rss')],
    [
      'names in capitals',
      whole.replaceAll(
        /<(\/?)(rss|channel|item|title|link|guid|pubDate|description)\b/g,
        (_, slash: string, name: string) => `<${slash}${name.toUpperCase()}`,
      ),
    ],
    ['no namespaces', whole.replace(/ xmlns:\w+="[^"]*"/, '')],
    ['an end too early', whole.replace('</item>', '</item></channel></rss>')],
    ['no ends at all', whole.replace(close, '').replace(/<\/item>\s*$/, '')],
    ['smart quotes', whole.replaceAll('"', '”')],
    ['an unclosed comment', whole.replace('<item>', '<!-- items <item>')],
    [
      'a doctype',
      whole.replace('<rss', '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://x.example/rss.dtd">\n<rss'),
    ],
    ['carriage returns', whole.replaceAll('\n', '\r\n')],
  ])('can have %s', (_what, damaged) => {
    const parsed = read(damaged);
    expect(parsed?.entries).toHaveLength(3);
    expect(firstOf(parsed)).toMatchObject(expectedFirst);
  });

  test('can be two documents, whose items are one list', () => {
    expect(read(whole + whole.replaceAll('id-', 'second-'))?.entries).toHaveLength(6);
  });
});

describe('an item', () => {
  test.each<[string, Parts]>([
    ['that is not closed', { end: '' }],
    ['closed by another', { end: '<item/>' }],
    ['with an unclosed title', { title: `<title>${title}` }],
    ['with a title closed by its opening tag', { title: `<title>${title}<title>` }],
    ['with a misspelt end', { title: `<title>${title}</titel>` }],
    ['with an unclosed link', { link: '<link>https://news.example/a/1' }],
    ['with an unclosed guid', { guid: '<guid isPermaLink="false">id-1' }],
    ['with an unclosed description', { description: `<description><![CDATA[${text}]]>` }],
    ['with unclosed CDATA', { description: `<description><![CDATA[${text}</description>` }],
    ['with CDATA that begins wrongly', { title: `<title>${title}]]></title>` }],
    ['with CDATA in CDATA', { description: `<description><![CDATA[<![CDATA[${text}]]>]]></description>` }],
    ['with CDATA in small letters', { description: `<description><![cdata[${text}]]></description>` }],
    ['with escaped CDATA', { title: `<title>&lt;![CDATA[${title}]]&gt;</title>` }],
    ['with CDATA among blanks', { link: '<link>\n <![CDATA[ https://news.example/a/1 ]]>\n</link>' }],
    ['with a comment in its title', { title: `<title><!-- new -->${title}</title>` }],
    ['with bare HTML', { description: `<description>${text}</description>` }],
    ['with escaped HTML', { description: `<description>${text.replaceAll('<', '&lt;')}</description>` }],
    ['with a link for an HTML parser', { link: '<link/>https://news.example/a/1' }],
    ['with an empty link first', { link: '<link></link><link>https://news.example/a/1</link>' }],
    ['with an Atom link', { link: '<link href="https://news.example/a/1"/>' }],
    ['with an unquoted attribute', { guid: '<guid isPermaLink=false>id-1</guid>' }],
    ['with an unclosed quote', { guid: '<guid isPermaLink="false>id-1</guid>' }],
    ['with an attribute twice', { guid: '<guid isPermaLink="false" isPermaLink="true">id-1</guid>' }],
    ['with a relative link', { link: '<link>/a/1</link>' }],
    ['with a link without a scheme', { link: '<link>//news.example/a/1</link>' }],
    ['with an empty title before', { title: `<title/><title>${title}</title>` }],
    ['with control characters', { title: `<title>\x01مكتبة\x0B جديدة في الحي القديم\x08</title>` }],
    ['with the title doubly escaped', { title: '<title>مكتبة&amp;nbsp;جديدة في الحي القديم</title>' }],
    ['with HTML’s names', { title: '<title>مكتبة&nbsp;جديدة في الحي القديم</title>' }],
    [
      'inside an unknown element',
      {
        title: `<wrapper><title>${title}</title>`,
        date: '</wrapper><pubDate>Fri, 01 May 2026 10:30:00 +0300</pubDate>',
      },
    ],
    [
      'with a picture that has a title and a link',
      { title: `<source><title>x</title><link>https://x.example</link></source><title>${title}</title>` },
    ],
    ['with an unclosed picture', { title: `<media:content url="x.jpg"><title>${title}</title>` }],
    ['with a stray end', { title: `</p></channell><title>${title}</title>` }],
    ['with an Arabic date', { date: '<pubDate>الجمعة 1 أيار 2026 - 07:30 ص</pubDate>' }],
    ['with an unparsable date first', { date: '<pubDate>now</pubDate><dc:date>2026-05-01T07:30Z</dc:date>' }],
  ])('can be one %s', (_what, parts) => {
    const parsed = read(feed(parts));
    expect(parsed?.entries).toHaveLength(3);
    expect(firstOf(parsed)).toMatchObject(expectedFirst);
    expect(parsed?.entries[1]).toMatchObject({ guid: 'id-2', title });
  });

  test.each([
    ['a bare ampersand', 'Salt & pepper', 'Salt & pepper'],
    ['a bare less-than sign', '5 < 6 <7', '5 < 6 <7'],
    ['halves of a character as two references', 'عاجل &#55357;&#56960; حملة', 'عاجل 🚀 حملة'],
    ['half of a character', 'عاجل &#55357; حملة', 'عاجل حملة'],
    ['a reference to nothing', 'a&#0;b&unknown;c', 'ab&unknown;c'],
  ])('may have %s in its title', (_what, written, expected) => {
    expect(read(feed({ title: `<title>${written}</title>` }))?.entries[0]?.title).toBe(expected);
  });

  test('may name what the document declares', () => {
    const withEntity = feed({ title: '<title>خبر من &org;</title>' }).replace(
      '<rss',
      '<!DOCTYPE rss [<!ENTITY org "البلدية">]><rss',
    );
    expect(read(withEntity)?.entries[0]?.title).toBe('خبر من البلدية');
  });

  test('with a reference that has no end keeps its picture’s address', () => {
    const damaged = feed({
      end: '<enclosure url="https://x.example/a.jpg?b=1&c=2" type="image/jpeg" length=7 /></item>',
    });
    expect(read(damaged)?.entries[0]?.enclosures).toEqual([
      { url: 'https://x.example/a.jpg?b=1&c=2', type: 'image/jpeg', length: 7 },
    ]);
  });

  test('keeps the file of an attribute whose quote was forgotten', () => {
    const damaged = feed({ end: '<enclosure url="https://x.example/a.jpg type="image/jpeg" length="7"/></item>' });
    expect(read(damaged)?.entries[0]?.enclosures).toEqual([
      { url: 'https://x.example/a.jpg', type: 'image/jpeg', length: 7 },
    ]);
  });
});

describe('JSON', () => {
  const json = JSON.stringify(
    {
      version: 'https://jsonfeed.org/version/1.1',
      title: 'نشرة',
      items: [1, 2, 3].map((id) => ({ id, title, content_text: 'x' })),
    },
    null,
    1,
  );

  test.each([
    ['a mark', `\uFEFF${json}`],
    ['commas too many', json.replaceAll('"\n', '",\n').replaceAll('}\n', '},\n')],
    ['bare line feeds and tabs', json.replaceAll('"x"', '"x\n\ty"')],
  ])('can have %s', (_what, damaged) => {
    expect(read(damaged)?.entries.map((entry) => [entry.guid, entry.title])).toEqual([
      ['1', title],
      ['2', title],
      ['3', title],
    ]);
  });

  test('gives the whole items of what breaks off', () => {
    expect(read(json.slice(0, json.lastIndexOf('title')))?.entries.map(({ guid }) => guid)).toEqual(['1', '2']);
  });

  test('has titles that are text and no markup', () => {
    const plain = JSON.stringify({
      version: 'https://jsonfeed.org/version/1',
      title: 'x',
      items: [{ id: 1, title: 'the <b>b</b> tag &amp;' }],
    });
    expect(read(plain)?.entries[0]?.title).toBe('the <b>b</b> tag &amp;');
  });
});
