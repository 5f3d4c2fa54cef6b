import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/feeds/feed.ts';
import { parseFeed } from '../../src/feeds/parse-feed.ts';

const feedUrl = 'https://news.example/feeds/all.xml';
const now = new Date('2026-05-01T12:00:00Z');
const parse = (text: string) => parseFeed(text, { feedUrl, now });

function onlyEntry(text: string): Entry | undefined {
  const entries = parse(text)?.entries ?? [];
  expect(entries).toHaveLength(1);
  return entries[0];
}

const rss = (items: string, channel = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>نشرة المدينة</title><link>https://news.example/</link><language>ar-SY</language>${channel}${items}</channel></rss>`;
const item = (content: string) => rss(`<item>${content}</item>`);
const atom = (entries: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title type="html">News &amp;amp; more</title>
   <id>urn:feed</id><updated>2026-05-01T10:00:00Z</updated>${entries}</feed>`;

describe('RSS 2.0', () => {
  test('gives everything an entry needs', () => {
    const feed = parse(
      rss(`<item>
        <title>مكتبة جديدة في الحي القديم</title>
        <link>https://news.example/library?id=7&amp;ref=rss</link>
        <guid isPermaLink="false">library-7</guid>
        <description>افتتاح مكتبة &amp;amp; قاعة</description>
        <content:encoded><![CDATA[<p>افتتحت البلدية <b>مكتبة</b>.</p>]]></content:encoded>
        <category>ثقافة</category><category domain="x">المدينة</category><category>ثقافة</category>
        <dc:subject>كتب</dc:subject>
        <dc:creator><![CDATA[سمر الحلبي]]></dc:creator>
        <pubDate>Fri, 01 May 2026 10:30:00 +0300</pubDate>
        <enclosure url="/pictures/library.jpg" type="image/jpeg" length="1"/>
      </item>`),
    );
    expect(feed).toEqual({
      title: 'نشرة المدينة',
      link: 'https://news.example/',
      language: 'ar-SY',
      entries: [
        {
          guid: 'library-7',
          url: 'https://news.example/library?id=7&ref=rss',
          title: 'مكتبة جديدة في الحي القديم',
          contentHtml: '<p>افتتحت البلدية <b>مكتبة</b>.</p>',
          summaryHtml: 'افتتاح مكتبة &amp; قاعة',
          categories: ['ثقافة', 'المدينة', 'كتب'],
          imageUrl: 'https://news.example/pictures/library.jpg',
          publishedAt: new Date('2026-05-01T07:30:00Z'),
          updatedAt: null,
          authors: ['سمر الحلبي'],
          enclosures: [{ url: 'https://news.example/pictures/library.jpg', type: 'image/jpeg', length: 1 }],
        },
      ],
    });
  });

  test('keeps the order of the feed', () => {
    const items = [1, 2, 3].map((n) => `<item><guid>${n}</guid><title>t</title></item>`).join('');
    expect(parse(rss(items))?.entries.map(({ guid }) => guid)).toEqual(['1', '2', '3']);
  });

  test.each([
    ['its guid', '<guid isPermaLink="false">7</guid><link>/a</link><title>t</title>', '7'],
    ['its link', '<link>/a</link><title>t</title>', 'https://news.example/a'],
    [
      'title and date',
      '<title>t</title><pubDate>Fri, 01 May 2026 10:30:00 GMT</pubDate>',
      't Fri, 01 May 2026 10:30:00 GMT',
    ],
    ['its title', '<title>t</title>', 't'],
    ['its text', '<description>only text</description>', 'only text'],
  ])('is known by %s', (_what, content, guid) => {
    expect(onlyEntry(item(content))?.guid).toBe(guid);
  });

  test('shortens an identity that no index could hold, the same way every time', () => {
    const long = (end: string) =>
      onlyEntry(item(`<guid isPermaLink="false">${'ط'.repeat(5000)}${end}</guid>`))?.guid ?? '';
    expect(long('1').length).toBeLessThan(500);
    expect(long('1')).toBe(long('1'));
    expect(long('1')).not.toBe(long('2'));
  });

  test.each([
    ['a guid that is a URL', '<guid>https://news.example/a</guid>', 'https://news.example/a'],
    [
      'an Atom link',
      '<atom:link rel="alternate" href="https://news.example/b"/><title>t</title>',
      'https://news.example/b',
    ],
    ['nothing', '<guid isPermaLink="false">https://news.example/a</guid>', null],
    ['no script', '<link>javascript:alert(1)</link><title>t</title>', null],
    ['a bare ampersand', '<link>https://news.example/?a=1&copy=2</link>', 'https://news.example/?a=1&copy=2'],
  ])('takes the link from %s', (_what, content, url) => {
    expect(onlyEntry(item(content))?.url).toBe(url);
  });

  test.each([
    ['https://site.example/', '/a', 'https://site.example/a'],
    ['/', 'a', 'https://news.example/a'],
    ['nonsense://', 'a', 'https://news.example/feeds/a'],
  ])('resolves relative links, with the channel at %s', (channel, link, url) => {
    const text = `<rss version="2.0"><channel><title>x</title><link>${channel}</link><item><link>${link}</link></item></channel></rss>`;
    expect(onlyEntry(text)?.url).toBe(url);
  });

  test.each([
    ['&lt;b&gt;A&lt;/b&gt; &amp;amp; B', 'A & B'],
    ['<![CDATA[A &amp; <i>B</i>]]>', 'A & B'],
    ['the &lt;b&gt; &amp; " 🎉', 'the <b> & " 🎉'],
    ['Salt & pepper', 'Salt & pepper'],
  ])('reads the title %s', (title, text) => {
    expect(onlyEntry(item(`<title>${title}</title>`))?.title).toBe(text);
  });

  test.each([
    [
      'the widest of several',
      '<media:content url="/s.jpg" medium="image" width="200"/><media:content url="/l.jpg" medium="image" width="900"/>',
      '/l.jpg',
    ],
    ['a group', '<media:group><media:content url="/g.jpg" type="image/jpeg"/></media:group>', '/g.jpg'],
    ['a thumbnail', '<media:thumbnail url="/t.jpg"/>', '/t.jpg'],
    ['a picture before its thumbnail', '<media:thumbnail url="/t.jpg"/><media:content url="/p.jpg"/>', '/p.jpg'],
    [
      'the thumbnail of a video',
      '<media:content url="/v.mp4" type="video/mp4"><media:thumbnail url="/t.jpg"/></media:content>',
      '/t.jpg',
    ],
    [
      'a picture and not the author',
      '<media:content url="https://secure.gravatar.com/avatar/1" medium="image"/><media:content url="/p.jpg" medium="image"/>',
      '/p.jpg',
    ],
    ['an enclosure without a type', '<enclosure url="/e.png?x=1"/>', '/e.png?x=1'],
    ['a podcast’s cover', '<itunes:image href="/i.jpg"/>', '/i.jpg'],
  ])('finds the picture: %s', (_what, content, path) => {
    expect(onlyEntry(item(`<title>t</title>${content}`))?.imageUrl).toBe(`https://news.example${path}`);
  });

  test.each([
    ['sound', '<enclosure url="/e.mp3" type="audio/mpeg"/>'],
    ['a tracking dot', '<media:thumbnail url="/dot.gif" width="1"/>'],
    ['data', '<enclosure url="data:image/png;base64,AAAA" type="image/png"/>'],
  ])('takes %s for no picture', (_what, content) => {
    expect(onlyEntry(item(`<title>t</title>${content}`))?.imageUrl).toBeNull();
  });

  test('takes the next date when the first says nothing', () => {
    const entry = onlyEntry(item('<title>t</title><pubDate>soon</pubDate><dc:date>2026-04-30T10:00:00Z</dc:date>'));
    expect(entry?.publishedAt).toEqual(new Date('2026-04-30T10:00:00Z'));
  });

  test('drops items that say nothing', () => {
    expect(parse(rss('<item><guid>1</guid></item><item></item><item><title> </title></item>'))?.entries).toHaveLength(
      1,
    );
  });

  test('gives no language that is none', () => {
    expect(
      parse('<rss version="2.0"><channel><title>x</title><language>Arabic!</language></channel></rss>')?.language,
    ).toBeNull();
  });

  test('has no entries when it has none', () => {
    expect(parse(rss(''))?.entries).toEqual([]);
  });
});

test('RSS 1.0', () => {
  const text = `<?xml version="1.0"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://news.example/"><title>أخبار</title><link>https://news.example/</link><dc:language>ar</dc:language></channel>
      <item rdf:about="urn:item:1"><title>عنوان</title><link>/1</link><description>نص</description>
        <dc:subject>اقتصاد</dc:subject><dc:date>2026-04-30T10:00:00+03:00</dc:date></item>
    </rdf:RDF>`;
  expect(parse(text)).toEqual({
    title: 'أخبار',
    link: 'https://news.example/',
    language: 'ar',
    entries: [
      {
        guid: 'urn:item:1',
        url: 'https://news.example/1',
        title: 'عنوان',
        contentHtml: null,
        summaryHtml: 'نص',
        categories: ['اقتصاد'],
        imageUrl: null,
        publishedAt: new Date('2026-04-30T07:00:00Z'),
        updatedAt: null,
        authors: [],
        enclosures: [],
      },
    ],
  });
});

describe('Atom', () => {
  test('gives everything an entry needs', () => {
    const text = atom(`<entry xml:base="https://site.example/news/">
      <id>tag:news.example,2026:1</id>
      <title type="html">Rain &amp;amp; &lt;em&gt;wind&lt;/em&gt;</title>
      <link rel="self" href="self.xml"/><link rel="alternate" type="application/json" href="1.json"/>
      <link rel="alternate" type="text/html" href="1.html"/><link rel="enclosure" type="image/png" href="1.png"/>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>It &amp; rains.</p></div></content>
      <summary>a &lt; b</summary>
      <category term="weather" label="الطقس"/><category term="city"/>
      <published>2026-05-01T09:00:00Z</published><updated>2026-05-01T11:00:00Z</updated>
    </entry>`);
    expect(parse(text)).toEqual({
      title: 'News & more',
      link: null,
      language: 'ar',
      entries: [
        {
          guid: 'tag:news.example,2026:1',
          url: 'https://site.example/news/1.html',
          title: 'Rain & wind',
          contentHtml: '<p>It &amp; rains.</p>',
          summaryHtml: '<p>a &lt; b</p>',
          categories: ['الطقس', 'weather', 'city'],
          imageUrl: 'https://site.example/news/1.png',
          publishedAt: new Date('2026-05-01T09:00:00Z'),
          updatedAt: new Date('2026-05-01T11:00:00Z'),
          authors: [],
          enclosures: [{ url: 'https://site.example/news/1.png', type: 'image/png', length: null }],
        },
      ],
    });
  });

  test('takes text for text and markup for markup', () => {
    const text = atom(`<entry><id>1</id><title>1 &lt; 2 &amp;amp; &lt;b&gt;3&lt;/b&gt;</title>
      <content type="text">a &lt; b</content><summary type="html">&lt;p&gt;x&lt;/p&gt;</summary></entry>`);
    expect(onlyEntry(text)).toMatchObject({
      title: '1 < 2 &amp; <b>3</b>',
      contentHtml: '<p>a &lt; b</p>',
      summaryHtml: '<p>x</p>',
    });
  });

  test('takes content with paragraphs for markup when the type is forgotten', () => {
    expect(onlyEntry(atom('<entry><id>1</id><content>&lt;p&gt;x&lt;/p&gt;</content></entry>'))?.contentHtml).toBe(
      '<p>x</p>',
    );
  });

  test('has no content where the content is a file', () => {
    const text = atom('<entry><id>1</id><content type="image/png">iVBORw0KGgo=</content></entry>');
    expect(onlyEntry(text)?.contentHtml).toBeNull();
  });

  test('is dated by its last change when nothing else is said, and linked by an id that is a URL', () => {
    const text = atom('<entry><id>https://news.example/1</id><updated>2026-05-01T11:00:00Z</updated></entry>');
    expect(onlyEntry(text)).toMatchObject({
      url: 'https://news.example/1',
      publishedAt: new Date('2026-05-01T11:00:00Z'),
    });
  });
});

describe('JSON Feed', () => {
  test('gives everything an entry needs', () => {
    const text = JSON.stringify({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'أخبار',
      language: 'ar',
      items: [
        {
          id: 7,
          url: '/7',
          title: 'عنوان',
          content_html: '<p>نص</p>',
          summary: 'a < b',
          image: 'pictures/7.jpg',
          date_published: '2026-05-01T10:00:00+03:00',
          tags: ['اقتصاد'],
        },
        { id: 'urn:8', content_text: 'one\n\ntwo & three\nfour' },
      ],
    });
    expect(parse(text)).toEqual({
      title: 'أخبار',
      link: null,
      language: 'ar',
      entries: [
        {
          guid: '7',
          url: 'https://news.example/7',
          title: 'عنوان',
          contentHtml: '<p>نص</p>',
          summaryHtml: '<p>a &lt; b</p>',
          categories: ['اقتصاد'],
          imageUrl: 'https://news.example/pictures/7.jpg',
          publishedAt: new Date('2026-05-01T07:00:00Z'),
          updatedAt: null,
          authors: [],
          enclosures: [],
        },
        {
          guid: 'urn:8',
          url: null,
          title: '',
          contentHtml: '<p>one</p>\n<p>two &amp; three<br>four</p>',
          summaryHtml: null,
          categories: [],
          imageUrl: null,
          publishedAt: null,
          updatedAt: null,
          authors: [],
          enclosures: [],
        },
      ],
    });
  });

  test('holds no text that the database refuses', () => {
    const text = String.raw`{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"a\u0000b","title":"\ud800x","content_html":"y\u0000z"}]}`;
    expect(onlyEntry(text)).toMatchObject({ guid: 'ab', title: 'x', contentHtml: 'yz' });
  });
});

describe('what is no feed', () => {
  test.each([
    ['nothing', ''],
    ['white space', ' \n '],
    ['words', 'Service unavailable'],
    ['a web page', '<!DOCTYPE html><html><head><title>x</title></head><body></body></html>'],
    [
      'a web page that talks about feeds',
      '<html><body><script>var x = "<rss version=\'2.0\'><channel><title>x</title></channel></rss>"</script></body></html>',
    ],
    ['other XML', '<?xml version="1.0"?><urlset><url><loc>https://news.example/</loc></url></urlset>'],
    ['other JSON', '{"message":"not found"}'],
    ['damaged JSON', '{"version":"https://jsonfeed.org/version/1.1","items":['],
    ['a feed cut off in its first tag', '<rss version="2.0"><chan'],
  ])('is told: %s', (_what, text) => {
    expect(parse(text)).toBeUndefined();
  });

  test('entities are not expanded into one another', () => {
    const text = `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>${item('<title>&b;</title><guid>1</guid>')}`;
    expect(onlyEntry(text)?.title).not.toContain('aaaa');
  });
});

describe('whatever the text is', () => {
  const samples = [
    item(
      '<title>مكتبة</title><guid>1</guid><pubDate>Fri, 01 May 2026 10:30:00 GMT</pubDate><media:content url="/a.jpg" width="9"/>',
    ),
    atom('<entry><id>1</id><title>x</title><link href="/1"/><content type="html">&lt;p&gt;x</content></entry>'),
    JSON.stringify({ version: 'https://jsonfeed.org/version/1', title: 'x', items: [{ id: '1', tags: ['a'] }] }),
  ];
  const isSound = (text: string) => {
    for (const entry of parse(text)?.entries ?? []) {
      expect(entry.guid).not.toBe('');
      expect(`${entry.guid}${entry.title}${entry.contentHtml}`).not.toContain('\0');
      expect(entry.url === null || /^https?:/.test(entry.url)).toBe(true);
      expect(entry.publishedAt === null || entry.publishedAt <= now).toBe(true);
    }
  };

  test('mangled feeds never throw, and their entries are sound', () => {
    const mangled = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.string({ maxLength: 12, unit: 'binary' })), { maxLength: 4 }),
      )
      .map(([text, cuts]) =>
        cuts.reduce((left, [at, length, insert]) => {
          const start = at % (left.length + 1);
          return left.slice(0, start) + insert + left.slice(start + length);
        }, text),
      );
    fc.assert(fc.property(mangled, isSound), { numRuns: 500 });
  });

  test('feeds cut off anywhere never throw', () => {
    for (const sample of samples) for (let end = 0; end < sample.length; end += 1) isSound(sample.slice(0, end));
  });

  test('JSON of any shape never throws', () => {
    const anyItem = fc.dictionary(
      fc.constantFrom(
        'id',
        'url',
        'title',
        'tags',
        'attachments',
        'date_published',
        'content_html',
        'content_text',
        'image',
      ),
      fc.jsonValue(),
    );
    const anyFeed = fc.record({
      version: fc.constant('https://jsonfeed.org/version/1.1'),
      title: fc.jsonValue(),
      language: fc.jsonValue(),
      items: fc.oneof(fc.array(anyItem), fc.jsonValue()),
    });
    fc.assert(
      fc.property(anyFeed, (feed) => isSound(JSON.stringify(feed))),
      { numRuns: 500 },
    );
  });

  test.each([
    ['unclosed elements', '<a>'.repeat(200_000)],
    ['open brackets', '<'.repeat(500_000)],
    ['unclosed CDATA sections', '<![CDATA['.repeat(100_000)],
    ['ampersands', `<item><title>${'&'.repeat(500_000)}</title></item>`],
    ['brackets in a title', `<item><title>${'&lt;b '.repeat(100_000)}</title></item>`],
  ])('%s do not hold it up', (_what, content) => {
    const text = rss(content);
    expect(text.length).toBeGreaterThan(400_000);
    isSound(text);
  });
});
