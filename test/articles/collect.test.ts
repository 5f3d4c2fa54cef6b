import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { maxBodyCharacters } from '../../src/articles/article-limits.ts';
import { withdrawArticle } from '../../src/articles/article-store.ts';
import { collect } from '../../src/articles/collect.ts';
import { maxCorrectionsPerDay } from '../../src/articles/entry-mark.ts';
import { deleteFeed, insertFeed, setFeedState } from '../../src/feeds/feed-store.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { useArticleDesk } from '../support/article-desk.ts';
import { useSite } from '../support/site.ts';

const hourMs = 3_600_000;
const full = 'وصلت القافلة إلى المدينة صباح اليوم بعد رحلة طويلة عبر الجبال. '.repeat(12).trim();
const image = '/pictures/caravan.jpg';

/** An entry whose feed has everything, so that no page is needed. */
function fullEntry(desk: { clock: { now(): Date } }, slug: string) {
  return { slug, title: 'وصول قافلة إلى المدينة', content: `<p>${full}</p>`, image, publishedAt: desk.clock.now() };
}

describe('an entry that changes at the source', () => {
  const desk = useArticleDesk();
  const site = useSite();
  const correctedFull = full.replace('صباح', 'مساء');

  it('is read again as the same article, and told anew', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    const entry = fullEntry(desk, 'caravan');
    site.publish(entry);
    expect(await desk.collect()).toMatchObject({ articles: 1, corrected: 0 });
    await desk.read();
    await desk.tellAll();
    const [before] = await desk.articles();

    desk.clock.advance(hourMs);
    Object.assign(entry, { title: 'وصول قافلتين إلى المدينة', content: `<p>${correctedFull}</p>` });
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 1 });
    const [changed, ...others] = await desk.articles();
    expect(others).toEqual([]);
    expect(changed).toMatchObject({
      articleId: before?.articleId,
      publishedAt: before?.publishedAt,
      state: 'new',
      headline: 'وصول قافلتين إلى المدينة',
      body: correctedFull,
    });
    expect(await desk.read()).toBe(1);
    expect(await desk.articles()).toMatchObject([{ state: 'read', headline: 'وصول قافلتين إلى المدينة' }]);
    await desk.tellAll();
  });

  it('is left alone while only its dates, markup and picture size change', async () => {
    const entries = await desk.articles();
    site.on('/feed/', (response) => {
      response.end(`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <title>صحيفة الميناء</title><item><guid>caravan</guid><title>وصول  قافلتين إلى المدينة</title>
        <link>${site.url('/caravan/')}?utm_source=other</link><pubDate>${desk.clock.now().toUTCString()}</pubDate>
        <content:encoded><![CDATA[<div id="x"><p>${correctedFull}</p></div>]]></content:encoded>
        <enclosure url="${site.url(image)}?w=1200" type="image/jpeg" length="9"/></item></channel></rss>`);
    });
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
    expect(await desk.articles()).toEqual(entries);
  });
});

describe('a feed that flips between two versions', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('is believed so often a day, and again on the next', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    const entry = fullEntry(desk, 'flipping');
    site.publish(entry);
    await desk.collect();
    let corrections = 0;
    const flip = async () => {
      entry.title = entry.title === 'العنوان الأول' ? 'العنوان الثاني' : 'العنوان الأول';
      corrections += (await desk.collect()).corrected;
    };
    for (let round = 0; round < maxCorrectionsPerDay + 4; round += 1) await flip();
    expect(corrections).toBe(maxCorrectionsPerDay);

    desk.clock.advance(24 * hourMs);
    await flip();
    await flip();
    expect(corrections).toBeGreaterThan(maxCorrectionsPerDay);
  });
});

describe('an article that several feeds give', () => {
  const desk = useArticleDesk();
  const first = useSite();
  const second = useSite();
  const link = () => first.url('/shared/');
  const secondFeed = (title: string) =>
    second.on('/feed/', (response) =>
      response.end(`<rss version="2.0"><channel><title>صحيفة أخرى</title><item><guid>x</guid><title>${title}</title>
        <link>${link()}</link><description>نص آخر من المصدر الثاني.</description></item></channel></rss>`),
    );
  const headlines = async () => (await desk.articles()).map(({ headline }) => headline);

  it('has the words of the first', async () => {
    await insertFeed(desk.db, { url: first.feedUrl, language: 'ar', now: desk.clock.now() });
    await insertFeed(desk.db, { url: second.feedUrl, language: 'ar', now: desk.clock.now() });
    secondFeed('عنوان المصدر الثاني');
    await setFeedState(desk.db, 2, 'paused', desk.clock.now());
    await desk.collect();
    first.publish({ ...fullEntry(desk, 'shared'), title: 'عنوان المصدر الأول' });
    await desk.collect();
    await setFeedState(desk.db, 2, 'active', desk.clock.now());
    await desk.collect();
    expect(await headlines()).toEqual(['عنوان المصدر الأول']);
  });

  it('does not change with what the others say', async () => {
    for (const title of ['عنوان المصدر الثاني', 'عنوان جديد للمصدر الثاني']) {
      secondFeed(title);
      expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
    }
    expect(await headlines()).toEqual(['عنوان المصدر الأول']);
  });

  it('changes with another one when the first is gone', async () => {
    await deleteFeed(desk.db, 1);
    expect(await desk.collect()).toMatchObject({ corrected: 0 });
    secondFeed('تصحيح من المصدر الثاني');
    expect(await desk.collect()).toMatchObject({ corrected: 1 });
    expect(await headlines()).toEqual(['تصحيح من المصدر الثاني']);
  });
});

describe('a change of what is not told', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('stays untold', async () => {
    const old = { ...fullEntry(desk, 'old'), publishedAt: new Date(desk.clock.now().getTime() - 5 * hourMs) };
    site.publish(old);
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    expect(await desk.articles()).toMatchObject([{ state: 'old' }]);
    old.title = 'عنوان مصحح لخبر قديم';
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
    expect(await desk.articles()).toMatchObject([{ state: 'old', headline: 'عنوان مصحح لخبر قديم' }]);
  });

  it.each([['new'], ['read'], ['grouped']] as const)(
    'brings back no article that was withdrawn when %s',
    async (state) => {
      const entry = fullEntry(desk, `withdrawn-${state}`);
      site.publish(entry);
      await desk.collect();
      if (state !== 'new') await desk.read();
      if (state === 'grouped') await desk.tellAll();
      const { articleId } = (await desk.articles()).at(-1) ?? { articleId: 0 };
      expect(await withdrawArticle(desk.db, articleId, { because: 'an editor', now: desk.clock.now() })).toBe(true);
      expect(await withdrawArticle(desk.db, articleId, { because: 'again', now: desk.clock.now() })).toBe(false);
      const withdrawn = (await desk.articles()).at(-1);
      expect(withdrawn).toMatchObject({ state: 'read', withdrawnBecause: 'an editor', recheckAt: null });

      entry.title = 'عنوان يعود';
      site.publish({ ...entry, guid: `again-${state}` });
      expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
      await desk.read();
      expect((await desk.articles()).at(-1)).toEqual(withdrawn);
    },
  );
});

describe('entries of an earlier version of the program', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('are marked first, and corrected from then on', async () => {
    const entry = fullEntry(desk, 'known');
    site.publish(entry);
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    await desk.db.updateTable('articleSource').set({ entryHash: null }).execute();
    entry.title = 'عنوان تغيّر قبل التحديث';
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
    entry.title = 'عنوان تغيّر بعد التحديث';
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 1 });
  });
});

describe('a feed whose entries are costly to read', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('is stored as plain text where it is beyond the limits', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    site.publish({
      slug: 'huge',
      title: 'نص طويل',
      content: `<p>${full}</p>`.repeat(1_000),
      publishedAt: desk.clock.now(),
    });
    await desk.collect();
    const [article] = await desk.articles();
    expect(article?.body.startsWith(full)).toBe(true);
    expect(article?.body.length).toBeLessThanOrEqual(maxBodyCharacters);
    expect(desk.log).toEqual([]);
  });
});

describe('a feed that gives an article a new guid with each revision', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('corrects it all the same', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    const entry = { ...fullEntry(desk, 'revised'), guid: 'revised#0', title: 'مقتل خمسة في حادث' };
    site.publish(entry);
    await desk.collect();
    await desk.read();
    await desk.tellAll();
    for (const [guid, title, corrected] of [
      ['revised#1', 'مقتل ثلاثة في حادث', 1],
      ['revised#1', 'مقتل اثنين في حادث', 1],
      ['revised#2', 'مقتل اثنين في حادث', 0],
      ['revised#3', 'مقتل شخص في حادث', 1],
    ] as const) {
      Object.assign(entry, { guid, title });
      expect(await desk.collect()).toMatchObject({ articles: 0, corrected });
      expect(await desk.articles()).toMatchObject([{ headline: title }]);
    }
  });

  it('is not corrected back by a guid that it still gives', async () => {
    site.publish({ ...fullEntry(desk, 'revised'), guid: 'revised#4', title: 'مقتل شخص وجرح آخر في حادث' });
    expect(await desk.collect()).toMatchObject({ corrected: 1 });
    expect(await desk.collect()).toMatchObject({ articles: 0, corrected: 0 });
    expect(await desk.articles()).toMatchObject([{ headline: 'مقتل شخص وجرح آخر في حادث' }]);
  });
});

describe('a feed with one alert at a time behind one link', () => {
  const desk = useArticleDesk();
  const site = useSite();

  it('gives an article for each', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    const alert = { ...fullEntry(desk, 'alerts'), guid: '0' };
    const titles = ['إغلاق طريق الساحل بسبب السيول', 'زلزال بقوة ست درجات شرق البلاد', 'انقطاع الكهرباء عن العاصمة'];
    site.publish(alert);
    for (const [index, title] of titles.entries()) {
      Object.assign(alert, { guid: `${index}`, title });
      expect(await desk.collect()).toMatchObject({ articles: 1, corrected: 0 });
    }
    expect((await desk.articles()).map(({ headline }) => headline)).toEqual(titles);
  });
});

describe('an article that its page has corrected', () => {
  const desk = useArticleDesk();
  const site = useSite();
  const correctedByPage = { headline: 'وصول ستين طنا', imageUrl: 'https://pages.example/corrected.jpg' };
  const entry = { slug: 'aid', title: 'وصول أربعين طنا', summary: 'وصلت المساعدات.', image, publishedAt: new Date(0) };
  const only = async () => (await desk.articles())[0];

  it('keeps what was corrected when the feed, with the old title, changes its teaser', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    entry.publishedAt = desk.clock.now();
    site.publish(entry);
    await desk.collect();
    await desk.db.updateTable('article').set(correctedByPage).execute();
    entry.summary = 'وصلت مساعدات كثيرة.';
    expect(await desk.collect()).toMatchObject({ corrected: 1 });
    expect(await only()).toMatchObject({ ...correctedByPage, body: 'وصلت مساعدات كثيرة.' });
  });

  it('has the title of the feed once that is corrected, too', async () => {
    entry.title = 'وصول ستين طنا من الدواء';
    await desk.collect();
    expect(await only()).toMatchObject({ ...correctedByPage, headline: 'وصول ستين طنا من الدواء' });
  });
});

describe('a teaser that the feed has cut', () => {
  const desk = useArticleDesk();
  const site = useSite();
  const whole = 'وصلت القافلة إلى المدينة صباح اليوم.';
  const entry = {
    slug: 'cut',
    title: 'وصول قافلة',
    summary: `${whole} وقال مدير المرفأ إن […]`,
    publishedAt: new Date(0),
  };
  const only = async () => (await desk.articles())[0];

  it('is stored without its cut end', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    await desk.collect();
    entry.publishedAt = desk.clock.now();
    site.publish(entry);
    await desk.collect();
    expect(await only()).toMatchObject({ body: whole, completed: false });
  });

  it('is completed, not corrected, by the whole text', async () => {
    Object.assign(entry, { summary: `${whole} وقال مدير المرفأ إن التوزيع يبدأ يوم الثلاثاء.` });
    await desk.collect();
    expect(await only()).toMatchObject({ completed: true, body: expect.stringContaining('يوم الثلاثاء.') });
  });

  it('is corrected by another text', async () => {
    Object.assign(entry, { summary: 'وصلت القافلة إلى المدينة مساء اليوم.' });
    await desk.collect();
    expect(await only()).toMatchObject({ completed: false, body: 'وصلت القافلة إلى المدينة مساء اليوم.' });
  });
});

describe('a change that is one too many for today', () => {
  const desk = useArticleDesk();
  const site = useSite();
  const feedWith = (
    title: string,
  ) => `<rss version="2.0"><channel><title>x</title><item><guid>1</guid><title>${title}</title>
    <link>${site.url('/often/')}</link></item></channel></rss>`;

  it('counts tomorrow, though the feed does not change any more', async () => {
    await insertFeed(desk.db, { url: site.feedUrl, language: 'ar', now: desk.clock.now() });
    const titles = Array.from({ length: maxCorrectionsPerDay + 2 }, (_, index) => `العنوان ${index}`);
    for (const title of titles) {
      site.on('/feed/', (response) => response.writeHead(200, { etag: `"${encodeURI(title)}"` }).end(feedWith(title)));
      await desk.collect();
    }
    expect(await desk.db.selectFrom('feed').select('etag').execute()).toEqual([{ etag: null }]);
    desk.clock.advance(24 * hourMs);
    await desk.collect();
    expect(await desk.articles()).toMatchObject([{ headline: titles.at(-1) }]);
    expect(await desk.db.selectFrom('feed').select('etag').execute()).toEqual([{ etag: expect.any(String) }]);
  });
});

describe('feeds that have news at the same time', () => {
  const desk = useArticleDesk();
  const sites = ['صحيفة الميناء', 'صحيفة الجبل', 'صحيفة السهل'].map((title) => useSite(title));

  it('are all stored, and keep the others going when one of them cannot be', async () => {
    for (const { feedUrl } of sites) await insertFeed(desk.db, { url: feedUrl, language: 'ar', now: desk.clock.now() });
    expect(await desk.collect()).toMatchObject({ feeds: 3, articles: 0, failed: 0 });
    for (const site of sites) {
      for (const slug of ['older', 'newer']) site.publish({ ...fullEntry(desk, slug), title: `خبر ${slug}` });
    }
    await sql`alter table article_source add constraint broken check (feed_id <> 2 or guid <> 'newer')`.execute(
      desk.db,
    );
    try {
      expect(await desk.collect()).toMatchObject({ feeds: 3, articles: 4 });
    } finally {
      await sql`alter table article_source drop constraint broken`.execute(desk.db);
    }
    expect(desk.log.filter((line) => line.includes('could not store what a feed gave'))).toHaveLength(1);
    expect(await desk.collect()).toMatchObject({ feeds: 3, articles: 2 });
    expect(await desk.read()).toBe(6);
    const states = (await desk.articles()).map(({ state, body }) => ({ state, body }));
    expect(states).toEqual(Array.from({ length: 6 }, () => ({ state: 'read', body: full })));
  });

  it('are told before more feeds are asked, of which each is asked once, but nobody waits for what does not come', async () => {
    const [site] = sites;
    if (!site) throw new Error('the site is missing');
    site.on('/quiet/', (response) => response.end('<rss version="2.0"><channel><title>هدوء</title></channel></rss>'));
    // More than are claimed at a time.
    for (let feed = 0; feed < 210; feed += 1) {
      await insertFeed(desk.db, { url: `${site.url('/quiet/')}?${feed}`, language: 'ar', now: desk.clock.now() });
    }
    for (const each of sites) each.publish(fullEntry(desk, 'for-everyone'));
    const before = site.requests.length;
    const asked: number[] = [];
    const round = await collect(
      { ...desk.deps, random: systemRandom, feedIntervalSeconds: 300, defaultLanguage: 'ar' },
      {
        all: true,
        onNew: () => {
          asked.push(site.requests.length - before);
          return new Promise(() => {});
        },
      },
    );
    expect(round).toMatchObject({ feeds: 213, articles: 3, failed: 0 });
    expect(asked[0]).toBeLessThan(100);
    expect(site.requests.length - before).toBe(211);
  });
});
