// The sample newsroom behaves as a real one does: its feeds, its pages, its pictures, and publishing.
import { readdirSync, readFileSync } from 'node:fs';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readArticles } from '../../sandbox/newsroom/article.ts';
import { type NewsroomOptions, type SampleNewsroom, startNewsroom } from '../../sandbox/newsroom/newsroom-server.ts';
import type { PublishedArticle } from '../../sandbox/newsroom/publication.ts';
import { feedCategories, headlinesFromTheArchive, topics } from '../../sandbox/newsroom/site.ts';
import { words } from '../../src/lib/arabic.ts';
import { createKeywordMatcher } from '../../src/lib/keywords.ts';
import { parseNewsroomFile } from '../../src/newsroom/newsroom-file.ts';
import { createTestClock } from '../support/test-clock.ts';

const articles = readArticles();
const pictureFolder = new URL('../../sandbox/newsroom/pictures/', import.meta.url);

async function newsroom(options: NewsroomOptions = {}): Promise<SampleNewsroom> {
  return startNewsroom({ clock: createTestClock(new Date('2020-06-05T09:00:00Z')), ...options });
}

async function text(url: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { headers });
  expect(response.status).toBe(200);
  return response.text();
}

function publishAll(site: SampleNewsroom): readonly PublishedArticle[] {
  while (site.publishNext());
  return site.published();
}

describe('the articles', () => {
  it('are at least thirty in Arabic and eight in English, each of its own slug, headline and text', () => {
    expect(articles.filter(({ language }) => language === 'ar').length).toBeGreaterThanOrEqual(30);
    expect(articles.filter(({ language }) => language === 'en').length).toBeGreaterThanOrEqual(8);
    for (const key of ['slug', 'headline'] as const) {
      expect(new Set(articles.map((article) => article[key])).size).toBe(articles.length);
    }
    const paragraphs = articles.flatMap((article) => article.paragraphs);
    expect(new Set(paragraphs).size).toBe(paragraphs.length);
  });

  it.each(articles.map((article) => [article.slug, article] as const))('%s is complete', (_, article) => {
    expect(article.paragraphs.length).toBeGreaterThanOrEqual(5);
    expect(article.paragraphs.length).toBeLessThanOrEqual(9);
    expect(article.paragraphs.join(' ').split(/\s+/).length).toBeGreaterThan(120);
    expect(topics.map(({ slug }) => slug)).toContain(article.topic);
    expect(article.tags.length).toBeGreaterThan(1);
    expect(article.categories.length).toBeGreaterThan(0);
    expect(article.caption === undefined).toBe(article.picture === undefined);
    expect(article.kicker ?? '..').toMatch(/\.\.$/);
    expect(article.author).toMatch(/\S/);
  });

  it('write Arabic with Arabic punctuation', () => {
    const arabic = articles.filter(({ language }) => language === 'ar');
    const latin = arabic.flatMap(({ headline, paragraphs }) =>
      [headline, ...paragraphs].flatMap((line) => line.match(/[\u0600-\u06FF»”]\s*[,;?]|"/gu) ?? []),
    );
    expect(latin).toEqual([]);
  });

  it('stand in the topics that their categories and keywords give them', () => {
    const match = createKeywordMatcher(
      topics.flatMap((topic) =>
        'keywords' in topic ? topic.keywords.ar.map((word) => [word, topic.slug] as const) : [],
      ),
    );
    for (const { headline, paragraphs, categories, topic, language } of articles) {
      if (language !== 'ar') continue;
      const mapped = categories.flatMap((category) => feedCategories[category] ?? []);
      const found = [headline, ...paragraphs].flatMap((line) => match(words(line)).map(({ value }) => value));
      expect(mapped.concat(found), headline).toContain(topic);
      expect(
        found.filter((slug) => slug !== topic && !mapped.includes(slug)),
        headline,
      ).toEqual([]);
    }
  });

  it('begin with three of different topics that have pictures', () => {
    const first = articles.slice(0, 3);
    expect(new Set(first.map(({ topic }) => topic)).size).toBe(3);
    expect(first.filter(({ picture }) => picture === undefined)).toEqual([]);
  });
});

describe('the feeds', () => {
  it('carry every published article once, newest first, Arabic and English apart', async () => {
    await using site = await newsroom();
    const published = publishAll(site);
    const ofLanguage = (language: string) => published.filter((article) => article.language === language).toReversed();

    const rss = parseRssFeed(await text(site.feedUrl));
    expect(rss.items?.map(({ title }) => title)).toEqual(ofLanguage('ar').map(({ headline }) => headline));
    expect(rss.items?.map(({ guid }) => guid?.value)).toEqual(ofLanguage('ar').map(({ guid }) => guid));
    expect(rss.items?.map(({ link }) => link)).toEqual(ofLanguage('ar').map(({ link }) => link));
    expect(rss.items?.map(({ categories }) => categories?.map(({ name }) => name))).toEqual(
      ofLanguage('ar').map(({ categories }) => categories),
    );
    expect(rss.language).toBe('ar');

    const atom = parseAtomFeed(await text(site.englishFeedUrl));
    expect(atom.entries?.map(({ id }) => id)).toEqual(ofLanguage('en').map(({ guid }) => guid));

    const json = parseJsonFeed(await text(`${site.origin}/feed.json`));
    expect(json.items?.map(({ id }) => id)).toEqual(ofLanguage('ar').map(({ guid }) => guid));
    expect(new Set(published.map(({ guid }) => guid)).size).toBe(published.length);
    expect(new Set(published.map(({ url }) => url)).size).toBe(published.length);
  });

  it('leave most of the text to the page, and the picture in different places', async () => {
    await using site = await newsroom();
    publishAll(site);
    const items = parseRssFeed(await text(site.feedUrl)).items ?? [];
    const full = items.filter(({ content }) => content?.encoded !== undefined);
    expect(full.length).toBeGreaterThan(3);
    expect(full.length).toBeLessThan(items.length / 2);
    expect(items.filter(({ enclosures }) => enclosures?.length).length).toBeGreaterThan(3);
    expect(items.filter(({ media }) => media?.contents?.length).length).toBeGreaterThan(3);
    const excerpt = items.find(({ content }) => content?.encoded === undefined)?.description ?? '';
    expect(excerpt).toMatch(/\[…\]<\/p>$/);
    expect(excerpt.length).toBeLessThan(600);
  });

  it('answer 304 to whoever has them, until something is published', async () => {
    await using site = await newsroom({ published: 2 });
    const first = await fetch(site.feedUrl);
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    expect(etag).toMatch(/^W\/".+"$/);

    const again = await fetch(site.feedUrl, { headers: { 'if-none-match': etag, 'if-modified-since': modified } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await fetch(site.feedUrl, { headers: { 'if-modified-since': modified } })).status).toBe(304);
    expect((await fetch(site.feedUrl, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);

    const next = site.publishNext();
    const changed = await fetch(site.feedUrl, { headers: { 'if-none-match': etag, 'if-modified-since': modified } });
    expect(changed.status).toBe(200);
    expect(parseRssFeed(await changed.text()).items?.[0]?.guid?.value).toBe(next?.guid);
  });

  it('are compressed for whoever accepts it', async () => {
    await using site = await newsroom({ published: 3 });
    const zipped = await fetch(site.feedUrl, { headers: { 'accept-encoding': 'gzip' } });
    const plain = await fetch(site.feedUrl, { headers: { 'accept-encoding': 'identity' } });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await zipped.text()).toBe(await plain.text());
  });

  it('survive a headline of markup, quotes and emoji', async () => {
    await using site = await newsroom();
    const headline = 'جملة فيها <b>&"]]> ورمز 🎈';
    const article = site.publish({ ...(articles[0] as (typeof articles)[number]), slug: 'odd', headline });
    const rss = parseRssFeed(await text(site.feedUrl));
    expect(rss.items?.[0]?.title).toBe(headline);
    expect(await text(article.url)).toContain('جملة فيها &lt;b&gt;&amp;&quot;]]&gt; ورمز 🎈</h1>');
  });
});

describe('publishing', () => {
  it('starts with what was asked for, and goes on one by one until nothing is left', async () => {
    const clock = createTestClock(new Date('2020-06-05T09:00:00Z'));
    await using site = await newsroom({ clock, published: 2 });
    expect(site.published().map(({ publishedAt }) => publishedAt.toISOString())).toEqual([
      '2020-06-05T08:00:00.000Z',
      '2020-06-05T09:00:00.000Z',
    ]);

    clock.advance(60_000);
    expect(site.publishNext()).toMatchObject({ slug: articles[2]?.slug, publishedAt: clock.now() });
    expect(site.remaining()).toBe(articles.length - 3);
    publishAll(site);
    expect(site.remaining()).toBe(0);
    expect(site.publishNext()).toBeUndefined();
  });

  it('shows a page only when its article is published', async () => {
    await using site = await newsroom();
    const article = site.publishNext();
    const { url = '' } = article ?? {};
    await using other = await newsroom();
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url.replace(site.origin, other.origin))).status).toBe(404);
    expect((await fetch(`${other.origin}//`)).status).toBe(404);
  });

  it('fills in dates as an Arab newsroom writes them', async () => {
    await using site = await newsroom();
    const water = site.publishNext();
    expect(water?.paragraphs[0]).toContain('فجر اليوم، الجمعة 5 من حزيران، ');
    expect(water?.caption).toContain('- 4 حزيران 2020 (بريد المرفأ)');
    const published = publishAll(site);
    expect(published.find(({ slug }) => slug === 'stone-bridge')?.paragraphs[0]).toContain('on Friday, 5 June, two');
    const lines = published.flatMap(({ headline, caption = '', paragraphs }) => [headline, caption, ...paragraphs]);
    expect(lines.filter((line) => /[{}]/.test(line))).toEqual([]);
  });

  it('refuses the same slug twice, and a picture that it does not have', async () => {
    await using site = await newsroom();
    const [article] = articles as [(typeof articles)[number]];
    site.publish(article);
    expect(() => site.publish(article)).toThrow('water-network is published already.');
    expect(() => site.publish({ ...article, slug: 'new', picture: 'no.jpg' })).toThrow('no.jpg is not in pictures/.');
  });
});

describe('the pages', () => {
  it('carry the whole article in the middle of what surrounds articles on real sites', async () => {
    await using site = await newsroom();
    for (const article of publishAll(site)) {
      const html = await text(article.url);
      for (const paragraph of article.paragraphs) expect(html).toContain(`<p>${paragraph}</p>`);
      expect(html).toContain(`${article.headline}</h1>`);
      if (article.kicker) expect(html.indexOf(article.kicker)).toBeLessThan(html.indexOf('</h1>'));
      if (article.caption) expect(html).toMatch(/<figcaption.*camera icon/);
      expect(html).toContain('tag icon');
      const isArabic = article.language === 'ar';
      expect(html).toContain(isArabic ? '<html lang="ar" dir="rtl"' : '<html lang="en" dir="ltr"');
      const clutter = isArabic
        ? ['اقرأ أيضًا:', 'مقالات متعلقة', '×', 'ادعم بريد المرفأ', 'اضغط هنا للمساهمة', 'الأكثر قراءة']
        : ['Read also:', 'Related articles', '×', 'Support The Harbour Post', 'Click here to contribute', 'Most read'];
      for (const words of clutter) expect(html, article.slug).toContain(words);

      const visible = html.replaceAll(/<(script|style|noscript)[\s\S]*?<\/\1>/g, '').replaceAll(/<[^>]*>/g, ' ');
      if (isArabic) expect(visible).toMatch(/ع\s+ع\s+ع/);
      const [first = '', last = ''] = [article.paragraphs[0], article.paragraphs.at(-1)];
      const readAlso = visible.indexOf(clutter[0] as string);
      expect(readAlso).toBeGreaterThan(visible.indexOf(first));
      expect(readAlso).toBeLessThan(visible.indexOf(last));
    }
  });

  it('differ in template and metadata', async () => {
    await using site = await newsroom();
    const pages = await Promise.all(publishAll(site).map(async ({ url }) => text(url)));
    const having = (pattern: RegExp) => pages.filter((page) => pattern.test(page)).length;
    expect(having(/property="og:image"/)).toBeGreaterThan(10);
    expect(having(/application\/ld\+json/)).toBeGreaterThan(10);
    const neither = pages.filter((page) => !/property="og:|ld\+json/.test(page));
    expect(neither.length).toBeGreaterThan(2);
    expect(having(/entry-content/)).toBeGreaterThan(10);
    expect(having(/details-text/)).toBeGreaterThan(10);
    expect(having(/c-story__body/)).toBeGreaterThan(5);
    expect(having(/data-src=/)).toBeGreaterThan(2);
    for (const page of pages) {
      for (const [, json = ''] of page.matchAll(/ld\+json">(.*?)<\/script>/g))
        expect(() => JSON.parse(json)).not.toThrow();
    }
  });

  it('link to headlines that no article has', () => {
    const headlines = new Set(articles.map(({ headline }) => headline));
    const older = topics.flatMap(({ slug }) => headlinesFromTheArchive(slug, slug === 'english' ? 'en' : 'ar'));
    expect(older.filter((headline) => headlines.has(headline))).toEqual([]);
    expect(older.length).toBeGreaterThan(20);
  });
});

describe('the pictures', () => {
  const names = readdirSync(pictureFolder).filter((name) => name.endsWith('.jpg'));

  it('are JPEGs of 1000 × 560 and at most 60 KB, each with its drawing', () => {
    expect(names.length).toBeGreaterThanOrEqual(12);
    for (const name of names) {
      const bytes = readFileSync(new URL(name, pictureFolder));
      expect(bytes.byteLength, name).toBeLessThan(60 * 1024);
      expect(jpegSize(bytes), name).toEqual({ width: 1000, height: 560 });
      const drawing = readFileSync(new URL(name.replace('.jpg', '.svg'), pictureFolder), 'utf8');
      expect(drawing).toMatch(/^<svg .*<\/svg>\n$/s);
    }
  });

  it('are served, and every one belongs to an article', async () => {
    await using site = await newsroom();
    const urls = new Set(publishAll(site).flatMap(({ pictureUrl }) => pictureUrl ?? []));
    expect([...urls].map((url) => url.replace(/.*\//, '')).sort()).toEqual(names.sort());
    for (const url of urls) {
      const response = await fetch(url);
      expect(response.headers.get('content-type')).toBe('image/jpeg');
      expect(jpegSize(Buffer.from(await response.arrayBuffer()))).toEqual({ width: 1000, height: 560 });
    }
  });
});

describe('the newsroom file', () => {
  it('is one that Nashra accepts, with the channels that were asked for', async () => {
    await using site = await newsroom();
    const channels = [{ chat: '@harbour_local', topics: ['local', 'sport'], language: 'ar' }];
    const file = site.newsroomFile({ channels });
    expect(parseNewsroomFile(file).faults).toBeUndefined();
    const data = parse(file) as { feeds: { url: string }[]; channels: unknown };
    expect(data.feeds.map(({ url }) => url)).toEqual([site.feedUrl, site.englishFeedUrl]);
    expect(data.channels).toEqual(channels);
    expect(parse(site.newsroomFile())).not.toHaveProperty('channels');
  });
});

/** The size in the first start-of-frame segment of a JPEG. */
function jpegSize(bytes: Buffer): { width: number; height: number } | undefined {
  if (bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt16BE(at);
    if (marker >= 0xffc0 && marker <= 0xffc2)
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
  }
  return undefined;
}
