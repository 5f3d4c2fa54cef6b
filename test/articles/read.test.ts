import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { correctArticle } from '../../src/articles/article-store.ts';
import type { PageReader } from '../../src/articles/page-reader.ts';
import { maxReadFailures, readArticles } from '../../src/articles/read.ts';
import { insertFeed } from '../../src/feeds/feed-store.ts';
import { useArticleDesk } from '../support/article-desk.ts';
import { newsPage } from '../support/news-page.ts';
import { useSite } from '../support/site.ts';

const paragraphs = [
  'افتتحت بلدية الميناء صباح اليوم الجسر الحجري بعد أعمال ترميم استمرت ثلاث سنوات متتالية.',
  'وقالت رئيسة البلدية هالة المصري إن الجسر سيخدم سكان الضفتين وإن كلفته بلغت مليوني ليرة.',
  'وحضر الافتتاح عدد من أهالي المدينة الذين عبروا الجسر سيرًا على الأقدام للمرة الأولى.',
];

const desk = useArticleDesk();
const site = useSite();
const on = (slug: string, html: string, status = 200) =>
  site.on(`/${slug}/`, (response) =>
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(html),
  );
/** Ten minutes ago: an entry of this very moment is one without a date. */
const earlier = () => new Date(desk.clock.now().getTime() - 600_000);
const newest = async () => (await desk.articles()).at(-1);

beforeAll(async () => {
  await insertFeed(desk.db, {
    url: site.feedUrl,
    language: 'ar',
    timeZone: 'Asia/Tokyo',
    dropSelectors: ['p.note'],
    now: desk.clock.now(),
  });
  await desk.collect();
});

describe('an article that is read from its page', () => {
  it('has what the page says of it', async () => {
    const image = site.url('/pictures/bridge.jpg');
    const html = newsPage({
      headline: 'افتتاح الجسر الحجري',
      paragraphs,
      image,
      publishedAt: '2026-11-22T11:30:00+03:00',
      modifiedAt: '2026-11-22T11:45:00+03:00',
      authors: ['ليلى حداد'],
    });
    on(
      'bridge',
      html.replace(
        '</article>',
        '<p class="note">للاشتراك في خدمة الرسائل راسلونا على الرقم المعروف لديكم.</p></article>',
      ),
    );
    site.publish({ slug: 'bridge', title: 'افتتاح الجسر الحجري', summary: 'افتتاح…', publishedAt: earlier() });
    await desk.collect();
    expect(await desk.read()).toBe(1);
    expect(await newest()).toMatchObject({
      state: 'read',
      claimedUntil: null,
      body: paragraphs.join('\n\n'),
      imageUrl: image,
      authors: ['ليلى حداد'],
      publishedAt: earlier(),
      publishedOffsetMinutes: 180,
      modifiedAt: new Date('2026-11-22T08:45:00Z'),
      recheckAt: new Date(earlier().getTime() + 3_600_000),
      pageOutcome: 'read',
    });
  });

  it('has the date of the page, in the zone of its feed, where the feed gives none', async () => {
    on('undated', newsPage({ headline: 'خبر بلا تاريخ', paragraphs, publishedAt: '2026-11-22T16:00:00' }));
    site.on('/feed/', (response) =>
      response.end(`<rss version="2.0"><channel><title>صحيفة الميناء</title><item><guid>undated</guid>
        <title>خبر بلا تاريخ</title><link>${site.url('/undated/')}</link></item></channel></rss>`),
    );
    await desk.collect();
    await desk.read();
    expect(await newest()).toMatchObject({
      publishedAt: new Date('2026-11-22T07:00:00Z'),
      publishedOffsetMinutes: null,
    });
  });

  it.each([
    [404, 'read', 'missing: 127.0.0.1 has nothing at this address (status 404).'],
    [500, 'read', 'server-error: 127.0.0.1 answered with an error (status 500).'],
  ])('lives from its feed when the page answers %i', async (status, state, pageOutcome) => {
    on(`status-${status}`, 'nothing', status);
    await bring({ slug: `status-${status}`, summary: 'ملخص من المصدر.' });
    await desk.read();
    expect(await newest()).toMatchObject({ state, body: 'ملخص من المصدر.', pageOutcome, withdrawnAt: null });
  });

  it('is never told when nothing is known of it and its page is gone, and still is after a while', async () => {
    on('gone', 'gone', 410);
    await bring({ slug: 'gone' });
    await desk.read();
    expect(await newest()).toMatchObject({ state: 'new', goneAt: desk.clock.now() });
    desk.clock.advance(16 * 60_000);
    await desk.read();
    expect(await newest()).toMatchObject({ state: 'read', withdrawnBecause: 'the publisher withdrew it (410)' });
  });

  it('is told from its feed when its page is gone, and looked at again soon', async () => {
    on('gone-told', 'gone', 410);
    await bring({ slug: 'gone-told', summary: 'ملخص من المصدر.' });
    await desk.read();
    expect(await newest()).toMatchObject({
      state: 'read',
      body: 'ملخص من المصدر.',
      withdrawnAt: null,
      goneAt: desk.clock.now(),
      recheckAt: new Date(desk.clock.now().getTime() + 15 * 60_000),
    });
  });

  const consent = {
    headline: 'قبل أن تتابع',
    paragraphs: [
      'نحن وشركاؤنا نستخدم ملفات تعريف الارتباط لتحسين تجربتك وقياس أداء الإعلانات على موقعنا.',
      'بالضغط على موافق تقبل سياسة الخصوصية وشروط الاستخدام التي يمكنك قراءتها كاملة في صفحة مستقلة.',
    ],
    image: 'https://consent.example/logo.jpg',
  };
  it.each([
    ['زلزال يضرب ساحل تشيلي', 'ضرب زلزال قوي ساحل تشيلي فجر اليوم.', 'ar'],
    ['Quake hits the coast of Chile', 'A strong quake hit the coast this morning.', 'en'],
    ['智利海岸发生强烈地震', '今天清晨智利海岸发生强烈地震。', 'zh'],
    ['زلزال', '', 'ar'],
  ])('does not tell the page that asks for consent instead of "%s"', async (title, summary, slug) => {
    on(`consent-${slug}-${title.length}`, newsPage(consent));
    await bring({ slug: `consent-${slug}-${title.length}`, title, summary });
    await desk.read();
    expect(await newest()).toMatchObject({
      state: 'read',
      headline: title,
      body: summary,
      imageUrl: null,
      pageOutcome: 'the page tells something else',
    });
  });

  it.each([
    ['another headline', 'البلدية تفتتح الجسر الحجري اليوم', 'بلدية الميناء تفتح جسرها أمام المارة', paragraphs],
    ['a short headline', 'الجسر', 'افتتاح في الميناء', paragraphs],
    [
      'a script without spaces',
      '智利海岸今晨发生强烈地震',
      '智利海岸发生地震',
      ['今天清晨，智利海岸发生了强烈地震，当地居民纷纷跑到街上，目前没有人员伤亡的报告。'.repeat(3)],
    ],
  ])('is read from a page with %s', async (_what, title, headline, pageParagraphs) => {
    const slug = `own-${title.length}`;
    on(slug, newsPage({ headline, paragraphs: pageParagraphs }));
    await bring({ slug, title });
    await desk.read();
    const article = await newest();
    expect(article?.pageOutcome).toContain('read');
    expect(article?.body).toContain(pageParagraphs[0]);
  });

  it('does not tell the home page that its page leads to', async () => {
    const title = 'زلزال يضرب ساحل تشيلي';
    site.on('/', (response) =>
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(newsPage({ headline: 'صحيفة الميناء', paragraphs: [title, ...paragraphs] })),
    );
    site.on('/moved/', (response) => response.writeHead(302, { location: '/' }).end());
    await bring({ slug: 'moved', title, summary: 'ضرب زلزال ساحل تشيلي.' });
    await desk.read();
    expect(await newest()).toMatchObject({
      body: 'ضرب زلزال ساحل تشيلي.',
      pageOutcome: 'the page leads to the home page',
    });
  });

  it('is stored though its page is full of NUL characters', async () => {
    const html = newsPage({ headline: 'خبر جديد من الميناء', paragraphs }).replace(
      '"@type":"NewsArticle"',
      String.raw`"@type":"NewsArticle","articleSection":"a\u0000b","keywords":"a\u0000b, c","image":{"@type":"ImageObject","url":"https://a.example/b.jpg","caption":"cap\u0000tion","creditText":"cr\u0000edit"}`,
    );
    on('nul', html);
    await bring({ slug: 'nul', title: 'خبر جديد من الميناء' });
    await desk.read();
    expect(desk.log).toEqual([]);
    expect(await newest()).toMatchObject({ state: 'read', section: 'ab', body: paragraphs.join('\n\n') });
  });
});

describe('an article whose reading breaks', () => {
  it('holds back no other, and is told from its feed in the end', async () => {
    await bring({ slug: 'breaks', summary: 'ملخص الخبر المكسور.' });
    await bring({ slug: 'fine', summary: 'ملخص الخبر السليم.' });
    on('fine', 'nothing', 404);
    on('breaks', newsPage({ headline: 'خبر breaks', paragraphs }));
    const pages: PageReader = { ...desk.deps.pages, readPage: () => Promise.reject(new Error('broken')) };
    const find = (slug: string) =>
      desk.db.selectFrom('article').selectAll().where('url', 'like', `%/${slug}/%`).executeTakeFirstOrThrow();
    for (let attempt = 1; attempt <= maxReadFailures; attempt += 1) {
      await readArticles({ ...desk.deps, pages });
      const { articleId, state, readFailures } = await find('breaks');
      expect({ state, readFailures }).toEqual({ state: 'new', readFailures: attempt });
      expect(desk.log.at(-1)).toContain(`"articleId":${articleId}`);
      desk.clock.advance(60_001);
    }
    expect(await find('fine')).toMatchObject({ state: 'read', body: 'ملخص الخبر السليم.' });
    expect(await readArticles({ ...desk.deps, pages })).toBe(1);
    expect(await find('breaks')).toMatchObject({ state: 'read', readFailures: 0, body: 'ملخص الخبر المكسور.' });
  });
});

describe('an article that is corrected after its page was read', () => {
  const title = 'إغلاق الطريق الساحلي يومين';
  const find = (slug: string) =>
    desk.db.selectFrom('article').selectAll().where('url', 'like', `%/${slug}/%`).executeTakeFirstOrThrow();

  it.each([
    ['has the new text of its page', 'page', 200],
    ['keeps text and picture when the page cannot be had again', 'kept', 503],
  ])('%s', async (_what, slug, status) => {
    const image = site.url('/pictures/road.jpg');
    on(slug, newsPage({ headline: title, paragraphs, image }));
    await bring({ slug, title, summary: 'إغلاق…' });
    await desk.read();
    await desk.tellAll();
    const later = [...paragraphs, 'وأضافت البلدية في وقت لاحق أن الإغلاق يمتد إلى نهاية الأسبوع بسبب الأمطار الغزيرة.'];
    on(slug, newsPage({ headline: title, paragraphs: later, image }), status);
    await bring({ slug, title: 'إغلاق الطريق الساحلي أسبوعًا', summary: 'إغلاق…' });
    expect(await find(slug)).toMatchObject({ state: 'new', headline: 'إغلاق الطريق الساحلي أسبوعًا' });
    await desk.read();
    expect(await find(slug)).toMatchObject({
      state: 'read',
      headline: 'إغلاق الطريق الساحلي أسبوعًا',
      body: (status === 200 ? later : paragraphs).join('\n\n'),
      imageUrl: image,
    });
  });
});

describe('an article that is corrected while it is read', () => {
  it('is read once more, with its new words', async () => {
    let hanging: ServerResponse | undefined;
    const { promise: asked, resolve: tellAsked } = Promise.withResolvers<void>();
    site.on('/slow/', (response) => {
      hanging = response;
      tellAsked();
    });
    await bring({ slug: 'slow', summary: 'ملخص قديم.' });
    const reading = desk.read();
    await asked;
    const article = await newest();
    if (!article) throw new Error('the article is missing');
    await correctArticle(desk.db, article, { headline: 'عنوان مصحح', body: 'ملخص جديد.' });
    on('slow', 'nothing', 404);
    hanging?.destroy();
    await reading;
    expect(await newest()).toMatchObject({ state: 'read', headline: 'عنوان مصحح', body: 'ملخص جديد.' });
  });
});

describe('articles whose pages are read at the same time', () => {
  it('are told in the order of the newsroom', async () => {
    let first: ServerResponse | undefined;
    const answer = (response: ServerResponse, headline: string) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(newsPage({ headline, paragraphs }));
    // The page of the older article answers only after that of the newer one.
    site.on('/older/', (response) => (first = response));
    site.on('/newer/', (response) => {
      answer(response, 'الخبر الأحدث');
      response.on('finish', () => first && answer(first, 'الخبر الأقدم'));
    });
    const now = desk.clock.now();
    for (const [slug, ago] of [
      ['newer', 1_000],
      ['older', 2_000],
    ] as const) {
      await bring({ slug, publishedAt: new Date(now.getTime() - ago) });
    }
    await desk.db.updateTable('article').set({ state: 'grouped' }).where('state', '=', 'read').execute();
    const told: string[][] = [];
    await desk.read({
      patienceMs: 20_000,
      onRead: async () => {
        const read = await desk.db.selectFrom('article').select('url').where('state', '=', 'read').execute();
        told.push(read.map(({ url }) => new URL(url ?? '').pathname));
      },
    });
    expect(told[0]).toContain('/older/');
    expect(told.at(-1)?.toSorted()).toEqual(['/newer/', '/older/']);
  });
});

async function bring(entry: { slug: string; title?: string; summary?: string; publishedAt?: Date }): Promise<void> {
  const publishedAt = entry.publishedAt ?? earlier();
  site.on('/feed/', (response) =>
    response.end(`<rss version="2.0"><channel><title>صحيفة الميناء</title><item><guid>${entry.slug}</guid>
      <title>${entry.title ?? `خبر ${entry.slug}`}</title><link>${site.url(`/${entry.slug}/`)}</link>
      <pubDate>${publishedAt.toUTCString()}</pubDate>
      <description>${entry.summary ?? ''}</description></item></channel></rss>`),
  );
  await desk.collect();
}
