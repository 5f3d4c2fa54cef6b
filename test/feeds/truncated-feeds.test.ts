// A feed that breaks off, or is damaged anywhere: what is whole is given, as it is, and nothing throws.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFeed } from '../../src/feeds/read-feed.ts';

const now = new Date('2026-05-02T00:00:00Z');

const rss = `<?xml version="1.0" encoding="CHARSET"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>نشرة المدينة</title><link>https://news.example/</link>
<item><title>مكتبة &amp; قاعة</title><link>https://news.example/a/1?x=1&y=2</link><guid isPermaLink="false">id-1</guid>
<pubDate>Fri, 01 May 2026 10:30:00 +0300</pubDate><category>ثقافة</category>
<description>&lt;p&gt;خبر <![CDATA[<b>قصير</b>]]></description><media:content url="/1.jpg" medium="image"><media:title>صورة</media:title></media:content></item>
<item><title><![CDATA[سوق "الحي" <جديد>]]></title><link>https://news.example/a/2</link><guid>https://news.example/a/2</guid>
<content:encoded><![CDATA[<p>نص]]]]><![CDATA[> طويل</p>]]></content:encoded><enclosure url='https://news.example/2.mp3' length='5'/></item>
<item><title>ثالث</title><link>https://news.example/a/3</link><description>نص</description></item>
</channel></rss>`;

const atom = `<?xml version="1.0" encoding="CHARSET"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>نشرة</title>
<entry><id>urn:1</id><title type="html">مكتبة &lt;b&gt;جديدة&lt;/b&gt;</title><link href="https://news.example/1"/><updated>2026-05-01T07:30:00Z</updated>
<author><name>سمر</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>نص &amp; نص</p></div></content></entry>
<entry><id>urn:2</id><title>ثان</title><link rel="alternate" href="https://news.example/2"/><summary>نص</summary></entry>
</feed>`;

const rdf = `<?xml version="1.0" encoding="CHARSET"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://news.example/"><title>نشرة</title><link>https://news.example/</link><items><rdf:Seq><rdf:li resource="urn:1"/></rdf:Seq></items></channel>
<item rdf:about="urn:1"><title>عنوان</title><link>https://news.example/1</link><dc:date>2026-05-01</dc:date><dc:creator>سمر</dc:creator></item>
<item rdf:about="urn:2"><title>ثان</title><link>https://news.example/2</link><description>نص</description></item>
</rdf:RDF>`;

function encode(text: string, charset: string): Uint8Array {
  if (charset === 'utf-8') return Buffer.from(text);
  const bytes = new Map<string, number>();
  for (let byte = 255; byte >= 0; byte -= 1) bytes.set(new TextDecoder(charset).decode(Uint8Array.of(byte)), byte);
  return Uint8Array.from(text.split('').map((character) => bytes.get(character) ?? 0x3f));
}

const samples = (['utf-8', 'windows-1256'] as const).flatMap((charset) =>
  Object.entries({ rss, atom, rdf }).map(([format, text]) => {
    const bytes = encode(text.replace('CHARSET', charset), charset);
    // Markup is ASCII, so that the positions of the ends are found in the bytes.
    const ends = [
      ...Buffer.from(bytes)
        .toString('latin1')
        .matchAll(/<\/(?:item|entry)>/g),
    ].map((match) => match.index + match[0].length);
    return { name: `${format} in ${charset}`, bytes, ends };
  }),
);

function entriesOf(bytes: Uint8Array) {
  const outcome = readFeed(bytes, { contentType: null, url: 'https://news.example/feed', now });
  return outcome.kind === 'feed' ? outcome.feed.entries : [];
}

describe.each(samples)('$name', ({ bytes, ends }) => {
  test('cut off at any byte, gives every whole item as it was', () => {
    const all = entriesOf(bytes);
    expect(all).toHaveLength(ends.length);
    for (let length = 0; length <= bytes.length; length += 1) {
      const whole = ends.filter((end) => end <= length).length;
      const entries = entriesOf(bytes.subarray(0, length));
      expect(entries.slice(0, whole), `cut at ${length}`).toEqual(all.slice(0, whole));
      expect(entries.length, `cut at ${length}`).toBeLessThanOrEqual(whole + 1);
    }
  });

  test('damaged anywhere, never throws', () => {
    const damage = fc.array(fc.tuple(fc.nat(bytes.length), fc.nat(30), fc.uint8Array({ maxLength: 10 })), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(damage, (cuts) => {
        let damaged = Buffer.from(bytes);
        for (const [at, length, insert] of cuts) {
          damaged = Buffer.concat([damaged.subarray(0, at), insert, damaged.subarray(at + length)]);
        }
        for (const entry of entriesOf(damaged)) expect(entry.guid).not.toBe('');
      }),
      { numRuns: 300, seed: 20_260_501 },
    );
  });
});

const maxBytes = 10 * 1024 * 1024;
/** With room for what stands around it. */
const megabytes = maxBytes - 10_000;
const filled = (unit: string) => unit.repeat(Math.floor(megabytes / Buffer.byteLength(unit)));
const inFeed = (content: string) => `<rss version="2.0"><channel><title>x</title>${content}</channel></rss>`;
const laughs = Array.from(
  { length: 50 },
  (_, level) => `<!ENTITY l${level} "${level === 0 ? 'ha'.repeat(500) : `&l${level - 1};`.repeat(10)}">`,
).join('');

/** Well above what a slow machine takes for a pass over ten megabytes, and far below what a quadratic one takes. */
const hostileTimeoutMs = 20_000;

describe('ten megabytes of', () => {
  test.each<[string, string, number]>([
    ['items', inFeed(filled('<item>')), 0],
    ['ampersands', inFeed(`<item><title>${filled('&')}</title></item>`), 1],
    ['unclosed CDATA', inFeed(`<item><title>${filled('<![CDATA[')}`), 0],
    ['brackets', inFeed(`<item><title>${filled('<')}</title></item>`), 1],
    ['depth', inFeed(`<item><title>t</title>${filled('<a>')}</item>`), 1],
    ['attributes', inFeed(`<item><title>t</title><enclosure url="/a" ${filled('b="c" ')}/></item>`), 1],
    ['unclosed quotes', inFeed(`<item><title>t</title><enclosure ${filled('b=“c ')}/></item>`), 1],
    ['unclosed elements', inFeed(`<item>${filled('<title><link><guid><author>')}</item>`), 0],
    ['comments', inFeed(`<item><title>${filled('<!--')}</title></item>`), 1],
    [
      'entities in entities',
      `<!DOCTYPE rss [${laughs}]>${inFeed(`<item><title>t</title><description>${filled('&l49;')}</description></item>`)}`,
      1,
    ],
    [
      'an entity',
      `<!DOCTYPE rss [${laughs}]>${inFeed(`<item><title>t</title><description>${filled('&l0;')}</description></item>`)}`,
      1,
    ],
    ['tags', inFeed(`<item><title>${filled('<b>')}</title></item>`), 1],
    ['ends', inFeed(`<item><title>${filled('</a>')}</title></item>`), 1],
    ['zeros', inFeed(`<item><title>${filled('\0a')}</title></item>`), 1],
    ['blanks in marks', inFeed(`<item><title>t</title></item>${filled('</ a< /a')}`), 1],
    [
      'paragraphs',
      `<feed version="0.3"><entry><id>1</id><content type="text">${filled('a\n\n')}</content></entry></feed>`,
      1,
    ],
    ['JSON’s objects', `{"version":"https://jsonfeed.org/version/1.1","items":[${filled('{},')}{}]}`, 0],
    ['JSON’s keys', `{"version":"https://jsonfeed.org/version/1.1",${filled('"a":1,')}"b":1}`, 0],
    ['JSON’s brackets', `{"version":"https://jsonfeed.org/version/1.1","items":${filled('[')}`, 0],
    ['JSON’s commas', `{"version":"https://jsonfeed.org/version/1.1","items":[${filled(',')}`, 0],
  ])(
    '%s are read in one pass',
    (_what, text, entries) => {
      expect(entriesOf(Buffer.from(text))).toHaveLength(entries);
    },
    hostileTimeoutMs,
  );

  test('text is read as far as a text of an item goes', () => {
    const text = inFeed(
      `<item><title>t</title><description>${filled('نص ')}</description></item><item><title>u</title></item>`,
    );
    const [long, next] = entriesOf(Buffer.from(text));
    expect(long?.summaryHtml?.length).toBeLessThanOrEqual(1_000_000);
    expect(next?.title).toBe('u');
  });

  test('an entity grows no further than its limit', () => {
    const text = `<!DOCTYPE rss [${laughs}]>${inFeed(`<item><title>t</title><description>${'&l0;'.repeat(10_000)}</description></item>`)}`;
    const summary = entriesOf(Buffer.from(text))[0]?.summaryHtml ?? '';
    expect(summary.startsWith('hahaha')).toBe(true);
    expect(summary.length).toBeLessThan(400_000);
  });
});
