import { beforeAll, describe, expect, it } from 'vitest';
import { recheckArticles } from '../../src/articles/recheck.ts';
import { insertFeed } from '../../src/feeds/feed-store.ts';
import { useArticleDesk } from '../support/article-desk.ts';
import { newsPage, type NewsPage } from '../support/news-page.ts';
import { useSite } from '../support/site.ts';

const hourMs = 3_600_000;
const paragraphs = [
  'أعلنت وزارة الصحة وصول أربعين طنًا من المساعدات الطبية إلى مرفأ المدينة صباح اليوم الأحد.',
  'وقال مدير المرفأ سامر الخطيب إن توزيع المساعدات على المشافي يبدأ يوم الثلاثاء المقبل.',
  'وتشمل الشحنة أدوية للأمراض المزمنة ومعدات لغرف العمليات تكفي ستة أشهر على الأقل.',
];

const desk = useArticleDesk();
const site = useSite();
const publishedAt = new Date(desk.clock.now().getTime() - 60_000).toISOString();
const at = (minutes: number) => new Date(Date.parse(publishedAt) + minutes * 60_000).toISOString();
const picture = (name: string) => site.url(`/pictures/${name}.jpg`);

function on(slug: string, page: Partial<NewsPage> | number): void {
  site.on(`/${slug}/`, (response) => {
    if (typeof page === 'number') return response.writeHead(page).end();
    const html = newsPage({ headline: `وصول مساعدات ${slug}`, paragraphs, image: picture('port'), ...page });
    return response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
}

const find = (slug: string) =>
  desk.db.selectFrom('article').selectAll().where('url', 'like', `%/${slug}/%`).executeTakeFirstOrThrow();

beforeAll(async () => {
  await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
  await desk.collect();
  const entry = (slug: string) => ({
    slug,
    title: `وصول مساعدات ${slug}`,
    summary: 'وصول…',
    publishedAt: new Date(publishedAt),
  });
  for (const slug of ['headline', 'text', 'same', 'unsaid', 'other', 'gone', 'missing', 'broken']) {
    on(slug, { publishedAt, modifiedAt: publishedAt });
    site.publish(entry(slug));
  }
  const full = paragraphs.concat(paragraphs, paragraphs).join('</p><p>');
  site.publish({ ...entry('full'), content: `<p>${full}</p>`, image: '/pictures/feed.jpg' });
  site.publish({ ...entry('teased'), title: 'عنوان للمصدر وحده' });
  on('full', { publishedAt, modifiedAt: publishedAt });
  on('teased', { publishedAt, modifiedAt: publishedAt });
  await desk.collect();
  await desk.read();
  await desk.tellAll();
});

describe('the pages of told articles', () => {
  it('are left alone for an hour', async () => {
    const before = site.requests.length;
    desk.clock.advance(hourMs - 120_000);
    expect(await desk.recheck()).toEqual({ rechecked: 0, corrected: 0, withdrawn: 0 });
    expect(site.requests).toHaveLength(before);
  });

  it('are then looked at, and what changed there is told', async () => {
    on('headline', { publishedAt, modifiedAt: at(30), headline: 'وصول ستين طنًا من المساعدات' });
    on('text', {
      publishedAt,
      modifiedAt: at(30),
      image: picture('correction'),
      paragraphs: [(paragraphs[0] ?? '').replace('أربعين', 'ستين'), ...paragraphs.slice(1)],
    });
    on('same', { publishedAt, modifiedAt: at(30), image: `${picture('port')}?w=900` });
    on('unsaid', { publishedAt, modifiedAt: publishedAt, headline: 'وصول مساعدات بلا تاريخ تعديل' });
    on('other', {
      publishedAt,
      modifiedAt: at(30),
      headline: 'الصفحة الرئيسية',
      paragraphs: ['تعادل فريقا الساحل والجبل في مباراة شهدها آلاف المشجعين مساء أمس على الملعب الكبير.'],
    });
    on('gone', 410);
    on('missing', 404);
    on('broken', 503);
    on('full', { publishedAt, modifiedAt: publishedAt, headline: 'عنوان للصفحة وحدها' });
    on('teased', { publishedAt, modifiedAt: at(30), headline: 'عنوان للصفحة معدّل' });
    desk.clock.advance(120_000);
    expect(await desk.recheck()).toEqual({ rechecked: 10, corrected: 2, withdrawn: 0 });
    await desk.tellAll();
    expect(await find('gone')).toMatchObject({ withdrawnAt: null, goneAt: desk.clock.now() });
  });

  it('give a new headline where the old one was theirs', async () => {
    expect(await find('headline')).toMatchObject({
      state: 'grouped',
      headline: 'وصول ستين طنًا من المساعدات',
      body: paragraphs.join('\n\n'),
      modifiedAt: new Date(at(30)),
    });
    expect(await find('teased')).toMatchObject({ state: 'grouped', headline: 'عنوان للمصدر وحده' });
  });

  it('give a new text and picture', async () => {
    const { state, body, imageUrl } = await find('text');
    expect({ state, imageUrl }).toEqual({ state: 'grouped', imageUrl: picture('correction') });
    expect(body).toContain('ستين طنًا');
  });

  it.each([['same'], ['unsaid'], ['other'], ['missing'], ['broken'], ['full']])(
    'change nothing of the article "%s"',
    async (slug) => {
      expect(await find(slug)).toMatchObject({
        state: 'grouped',
        headline: `وصول مساعدات ${slug}`,
        imageUrl: slug === 'full' ? picture('feed') : picture('port'),
        withdrawnAt: null,
        recheckCount: 1,
        recheckAt: new Date(Date.parse(publishedAt) + 6 * hourMs),
      });
    },
  );

  it('withdraw it when they are gone, and still are after a while', async () => {
    desk.clock.advance(15 * 60_000);
    let told = 0;
    const onChange = async () => void (told += 1);
    expect(await desk.recheck({ onChange })).toEqual({ rechecked: 1, corrected: 0, withdrawn: 1 });
    expect(told).toBe(1);
    expect(await find('gone')).toMatchObject({
      state: 'read',
      withdrawnAt: desk.clock.now(),
      withdrawnBecause: 'the publisher withdrew it (410)',
      recheckAt: null,
    });
    await desk.tellAll();
  });

  it('are looked at twice more, by one process at a time', async () => {
    desk.clock.advance(6 * hourMs);
    const rounds = await Promise.all([desk.recheck(), desk.recheck()]);
    expect(rounds.reduce((sum, { rechecked }) => sum + rechecked, 0)).toBe(9);
    desk.clock.advance(24 * hourMs);
    expect(await desk.recheck()).toMatchObject({ rechecked: 9 });
    desk.clock.advance(24 * hourMs);
    expect(await desk.recheck()).toMatchObject({ rechecked: 0 });
    expect((await find('same')).recheckAt).toBeNull();
  });
});

describe('a bad deploy', () => {
  const newsroom = useArticleDesk();
  const paper = useSite();
  const slugs = Array.from({ length: 6 }, (_, index) => `deploy-${index}`);
  const answer = (status: number) => {
    for (const slug of slugs) {
      paper.on(`/${slug}/`, (response) =>
        response
          .writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
          .end(newsPage({ headline: `وصول مساعدات ${slug}`, paragraphs })),
      );
    }
  };
  const withdrawn = async () => (await newsroom.articles()).filter(({ withdrawnAt }) => withdrawnAt !== null);

  it('after which a whole site answers 410 strikes none of its articles, and an editor is told why', async () => {
    await insertFeed(newsroom.db, { url: paper.feedUrl, language: 'ar', now: newsroom.clock.now() });
    await newsroom.collect();
    answer(200);
    for (const slug of slugs) {
      const published = new Date(newsroom.clock.now().getTime() - 60_000);
      paper.publish({ slug, title: `وصول مساعدات ${slug}`, summary: 'وصول…', publishedAt: published });
    }
    await newsroom.collect();
    await newsroom.read();
    await newsroom.tellAll();
    answer(410);
    newsroom.clock.advance(hourMs);
    expect(await newsroom.recheck()).toEqual({ rechecked: 6, corrected: 0, withdrawn: 0 });
    newsroom.clock.advance(hourMs);
    expect(await newsroom.recheck()).toEqual({ rechecked: 6, corrected: 0, withdrawn: 0 });
    expect(newsroom.log).toHaveLength(1);
    expect(newsroom.log[0]).toContain('none is withdrawn unless an editor does');
    answer(200);
    newsroom.clock.advance(6 * hourMs);
    await newsroom.recheck();
    expect(await withdrawn()).toEqual([]);
    expect((await newsroom.articles()).filter(({ goneAt }) => goneAt !== null)).toEqual([]);
  });

  it('is not what one article is that is gone by itself', async () => {
    const [slug] = slugs;
    paper.on(`/${slug}/`, (response) => response.writeHead(410).end());
    newsroom.clock.advance(24 * hourMs);
    await newsroom.db.updateTable('article').set({ recheckAt: newsroom.clock.now() }).execute();
    await newsroom.recheck();
    newsroom.clock.advance(16 * 60_000);
    expect(await newsroom.recheck()).toMatchObject({ withdrawn: 1 });
    expect(await withdrawn()).toHaveLength(1);
  });
});

describe('a round of rechecks', () => {
  const newsroom = useArticleDesk();
  const paper = useSite();
  const bring = async (count: number) => {
    await newsroom.collect();
    for (let index = 0; index < count; index += 1) {
      const publishedAt = new Date(newsroom.clock.now().getTime() - 60_000);
      paper.publish({ slug: `round-${index}`, title: `وصول مساعدات ${index}`, summary: 'وصلت.', publishedAt });
      paper.on(`/round-${index}/`, (response) => {
        newsroom.clock.advance(30_000);
        response.writeHead(404).end();
      });
    }
    await newsroom.collect();
    await newsroom.read({ patienceMs: 1 });
    await newsroom.tellAll();
  };

  it('begins no page after its time', async () => {
    await insertFeed(newsroom.db, { url: paper.feedUrl, language: 'ar', now: newsroom.clock.now() });
    await bring(12);
    newsroom.clock.advance(hourMs);
    const { rechecked } = await newsroom.recheck({ budgetMs: 20_000 });
    expect(rechecked).toBeGreaterThan(0);
    expect(rechecked).toBeLessThanOrEqual(4);
  });

  it('leaves alone what nobody has received', async () => {
    const received = newsroom.db.selectFrom('delivery').select('subjectId').where('messageId', '=', 12);
    await newsroom.db.updateTable('chunk').set({ sent: 0 }).where('subjectId', 'not in', received).execute();
    newsroom.clock.advance(6 * hourMs);
    expect(await newsroom.recheck()).toMatchObject({ rechecked: 1 });
    const waiting = await newsroom.db.selectFrom('article').select('recheckAt').execute();
    expect(waiting.filter(({ recheckAt }) => recheckAt !== null && recheckAt <= newsroom.clock.now())).toEqual([]);
  });

  it('goes on when one article cannot be looked at', async () => {
    await newsroom.db.updateTable('article').set({ recheckAt: newsroom.clock.now() }).execute();
    await newsroom.db.updateTable('chunk').set({ sent: 1 }).execute();
    paper.on('/round-3/', (response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(newsPage({ headline: 'وصول', paragraphs })),
    );
    const pages = { ...newsroom.deps.pages, readPage: () => Promise.reject(new Error('broken')) };
    expect(await recheckArticles({ ...newsroom.deps, pages })).toMatchObject({ rechecked: 12 });
    expect(newsroom.log.filter((line) => line.includes('could not look at an article again'))).toHaveLength(1);
  });
});
