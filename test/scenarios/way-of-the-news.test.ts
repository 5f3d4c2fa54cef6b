import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedChat } from '../../sandbox/telegram/chat-driver.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { collectRound, publishRound } from '../../src/pipeline.ts';
import { useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

const picture = readFileSync(new URL('../../sandbox/newsroom/pictures/harbour.jpg', import.meta.url));

describe('the way of the news', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let reader: EmulatedUser;
  let sports: EmulatedUser;
  let channel: EmulatedChat;

  const texts = (chat: EmulatedUser | EmulatedChat) =>
    chat.messages().map((message) => message.text ?? message.caption ?? '');
  const stories = (chat: EmulatedUser | EmulatedChat) => texts(chat).filter((text) => text.includes('صحيفة الميناء'));

  beforeAll(async () => {
    site.publish({
      slug: 'old',
      title: 'خبر قديم من الأسبوع الماضي',
      categories: ['محليات'],
      publishedAt: new Date(desk.clock.now().getTime() - 2 * 3_600_000),
    });
    site.publish({
      slug: 'recent',
      title: 'افتتاح السوق الجديد في الميناء',
      summary: 'افتتحت بلدية الميناء اليوم السوق الجديد بحضور الأهالي. ويضم السوق أربعين متجرًا.',
      categories: ['محليات'],
      publishedAt: new Date(desk.clock.now().getTime() - 600_000),
    });
    await desk.apply(`
topics:
  - { slug: local, name: { ar: محليات, en: Local } }
  - { slug: sport, name: { ar: رياضة, en: Sport } }
feeds:
  - url: ${site.feedUrl}
    language: ar
    categories: { محليات: local, رياضة: sport }
channels:
  - { chat: "@mina_local", topics: [local], language: ar }
`);
    const editor = desk.telegram.createUser({ firstName: 'Editor', languageCode: 'ar' });
    channel = desk.telegram.createChannel({ title: 'أخبار الميناء', username: 'mina_local' });
    channel.addBot({ by: editor });
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    sports = desk.telegram.createUser({ firstName: 'Sam', languageCode: 'en' });
    await reader.send('/start');
    await sports.send('/start');
    await desk.telegram.idle();
    await reader.press('محليات');
    await sports.press('Sport');
  });

  it('sends nothing older than an hour when a feed is new', async () => {
    await desk.round();
    expect(stories(reader)).toHaveLength(1);
    expect(stories(reader)[0]).toContain('افتتاح السوق الجديد في الميناء');
    expect(stories(reader)[0]).toContain('ويضم السوق أربعين متجرًا.');
    expect(stories(channel)).toHaveLength(1);
    expect(stories(sports)).toEqual([]);
  });

  it('brings a new article to its followers and its channel, with its picture, read from its page', async () => {
    site.on('/pictures/harbour.jpg', (response) =>
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture),
    );
    site.on('/festival/', (response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(`<!doctype html><html lang="ar" dir="rtl">
        <head><title>مهرجان الصيادين يعود بعد غياب - صحيفة الميناء</title>
        <meta property="og:image" content="${site.url('/pictures/harbour.jpg')}"></head>
        <body><nav><a href="/">الرئيسية</a></nav><article><h1>مهرجان الصيادين يعود بعد غياب</h1>
        <p>يعود مهرجان الصيادين إلى رصيف الميناء القديم يوم الجمعة المقبل بعد غياب استمر ثلاث سنوات متتالية.</p>
        <p>وقالت رئيسة اللجنة المنظمة هالة المصري إن المهرجان يستمر ثلاثة أيام ويشارك فيه ستون قاربًا من قرى الساحل.</p>
        <p>وتقام على هامش المهرجان سوق للأطعمة البحرية وورشات للأطفال تعلّمهم عقد الحبال وصيانة الشباك على أيدي الصيادين.</p>
        <p>اقرأ أيضًا: <a href="/recent/">افتتاح السوق الجديد في الميناء</a></p>
        <p>ودعت اللجنة الزوار إلى استخدام الحافلات العامة التي تنطلق من وسط المدينة كل عشرين دقيقة طوال أيام المهرجان.</p>
        </article></body></html>`),
    );
    site.publish({
      slug: 'festival',
      title: 'مهرجان الصيادين يعود بعد غياب',
      summary: 'يعود مهرجان الصيادين…',
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();

    const message = reader.messages().find((candidate) => candidate.caption?.includes('مهرجان'));
    expect(message?.photo).toBeDefined();
    expect(message?.caption).toContain('هالة المصري');
    expect(message?.caption).not.toContain('اقرأ أيضًا');
    expect(message?.caption).toContain('#محليات');
    expect(message?.caption).toContain('22 تشرين الثاني 2026');
    expect(JSON.stringify(message?.reply_markup)).toContain(site.url('/festival/'));
    expect(stories(channel)).toHaveLength(2);
    expect(stories(sports)).toEqual([]);
  });

  it('brings a second topic only to those who follow it', async () => {
    site.publish({
      slug: 'final',
      title: 'فوز أهلي الميناء في النهائي',
      summary: 'فاز أهلي الميناء في نهائي كأس الساحل بهدفين مقابل هدف واحد.',
      categories: ['رياضة'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    expect(stories(sports)).toHaveLength(1);
    expect(stories(reader)).toHaveLength(2);
    expect(stories(channel)).toHaveLength(2);
  });

  it('sends nothing twice, whatever the feed says again', async () => {
    site.publish({
      slug: 'festival',
      guid: 'a-new-guid-for-the-same-page',
      title: 'مهرجان الصيادين يعود بعد غياب طويل',
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    await desk.round();
    expect(stories(reader)).toHaveLength(2);
    expect(stories(channel)).toHaveLength(2);
  });

  it('sends nothing old again when another feed, new to us, has it too', async () => {
    const before = stories(sports).length;
    await desk.apply(`feeds: [{ url: "${site.url('/second/')}", language: ar, topics: [sport] }]`);
    site.on('/second/', (response) => {
      const old = new Date(desk.clock.now().getTime() - 5 * 3_600_000).toUTCString();
      const items = ['recent', 'festival'].map(
        (slug) => `<item><title>${slug}</title><link>${site.url(`/${slug}/`)}</link><pubDate>${old}</pubDate></item>`,
      );
      response.end(`<rss version="2.0"><channel><title>صحيفة الميناء</title>${items.join('')}</channel></rss>`);
    });
    await desk.round();
    expect(stories(sports)).toHaveLength(before);
  });

  it('survives a title full of markup and emoji', async () => {
    site.publish({
      slug: 'strange',
      title: 'عنوان <b>&"غريب" 👩‍👩‍👧‍👦 </i> & < 3',
      summary: 'نص قصير.',
      categories: ['محليات'],
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    expect(stories(reader).at(-1)).toContain('👩‍👩‍👧‍👦');
    expect(stories(reader).at(-1)).toContain('&');
  });

  it('sends a story as text with a preview when its picture is missing', async () => {
    site.publish({
      slug: 'no-picture',
      title: 'أعمال صيانة على الجسر',
      summary: 'بدأت أعمال الصيانة على الجسر الحجري.',
      categories: ['محليات'],
      image: '/pictures/missing.jpg',
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    const message = reader.messages().at(-1);
    expect(message?.photo).toBeUndefined();
    expect(message?.text).toContain('أعمال صيانة على الجسر');
    expect(message?.link_preview_options).toMatchObject({ prefer_large_media: true });
  });

  it('sends a story as text when its picture is far too big', async () => {
    site.on('/pictures/huge.jpg', (response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': 30_000_000 });
      response.end(Buffer.concat([picture, Buffer.alloc(30_000_000 - picture.length)]));
    });
    site.publish({
      slug: 'huge-picture',
      title: 'صورة أكبر من الميناء',
      summary: 'خبر صغير بصورة كبيرة.',
      categories: ['محليات'],
      image: '/pictures/huge.jpg',
      publishedAt: desk.clock.now(),
    });
    await desk.round();
    expect(reader.messages().at(-1)).toMatchObject({ text: expect.stringContaining('صورة أكبر من الميناء') });
    expect(channel.messages().at(-1)).toMatchObject({ text: expect.stringContaining('صورة أكبر من الميناء') });
  });

  it('is not held up by a page that never answers, and its own article is sent from the feed', async () => {
    let hanging: ServerResponse | undefined;
    site.on('/silent/', (response) => (hanging = response));
    for (const [slug, title] of [
      ['silent', 'البلدية تفتح حديقة جديدة في الحي القديم'],
      ['spoken', 'انقطاع المياه عن المرفأ مساء الأحد'],
    ] as const) {
      site.publish({ slug, title, summary: `ملخص ${title}.`, categories: ['محليات'], publishedAt: desk.clock.now() });
    }
    await collectRound(desk.app.pipeline, { all: true });
    let tellPlanned = () => {};
    const planned = new Promise<void>((resolve) => (tellPlanned = resolve));
    const publishing = publishRound(desk.app.pipeline, { onPlanned: async () => tellPlanned() });
    await planned;
    await desk.send();
    expect(stories(reader).at(-1)).toContain('انقطاع المياه عن المرفأ مساء الأحد');

    hanging?.destroy();
    await publishing;
    await desk.send();
    expect(stories(reader).at(-1)).toContain('ملخص البلدية تفتح حديقة جديدة في الحي القديم.');
  });
});

describe('a feed that never answers', () => {
  const desk = useNewsdesk({ env: { FEED_INTERVAL_SECONDS: '1' } });
  const site = useSite();

  it('is asked by one round at a time, and others are asked meanwhile', async () => {
    let hanging: ServerResponse | undefined;
    site.on('/silent-feed/', (response) => (hanging = response));
    await desk.apply(`feeds: [{ url: "${site.url('/silent-feed/')}" }, { url: "${site.feedUrl}" }]`);
    site.publish({ slug: 'first', title: 'خبر', publishedAt: desk.clock.now() });
    let tellNew = () => {};
    const brought = new Promise<void>((resolve) => (tellNew = resolve));
    const stuck = collectRound(desk.app.pipeline, { onNew: async () => tellNew() });
    await brought;
    desk.clock.advance(2_000);
    expect(await collectRound(desk.app.pipeline)).toMatchObject({ feeds: 1, failed: 0 });
    hanging?.destroy();
    expect(await stuck).toMatchObject({ feeds: 2, failed: 1, articles: 1 });
  });
});
