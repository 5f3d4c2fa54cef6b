import { beforeAll, describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { newsPage } from '../support/news-page.ts';
import { useNewsdesk } from '../support/newsdesk.ts';
import { useSite } from '../support/site.ts';

const hourMs = 3_600_000;
const paragraphs = [
  'أعلنت وزارة الصحة وصول أربعين طنًا من المساعدات الطبية إلى مرفأ المدينة صباح اليوم الأحد.',
  'وقال مدير المرفأ سامر الخطيب إن توزيع المساعدات على المشافي يبدأ يوم الثلاثاء المقبل.',
];

describe('what changes at the source after it was told', () => {
  const desk = useNewsdesk();
  const site = useSite();
  let reader: EmulatedUser;
  const entry = {
    slug: 'bridge',
    title: 'افتتاح الجسر الحجري يوم الخميس',
    summary: 'تفتتح البلدية الجسر.',
    publishedAt: new Date(),
  };

  /** The reader's messages about `word`. */
  const about = (word: string) =>
    reader
      .messages()
      .map((message) => message.text ?? message.caption ?? '')
      .filter((text) => text.includes(word));
  const on = (slug: string, page: Parameters<typeof newsPage>[0] | number) =>
    site.on(`/${slug}/`, (response) =>
      typeof page === 'number'
        ? response.writeHead(page).end()
        : response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(newsPage(page)),
    );
  /** Corrections are gathered for a while, and may take a round to be planned and one to be sent. */
  const rounds = async () => {
    for (let round = 0; round < 3; round += 1) {
      await desk.round();
      desk.clock.advance(10 * 60_000);
    }
  };

  beforeAll(async () => {
    await desk.apply(`
topics: [{ slug: local, name: { ar: محليات } }]
feeds: [{ url: "${site.feedUrl}", language: ar, topics: [local] }]
`);
    reader = desk.telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await reader.send('/start topic_local');
    await desk.round();
  });

  it('is shown on the message that there is, when the feed says so', async () => {
    entry.publishedAt = new Date(desk.clock.now().getTime() - 60_000);
    site.publish(entry);
    await desk.round();
    expect(about('الجسر')).toHaveLength(1);
    entry.title = 'افتتاح الجسر الحجري يوم الجمعة';
    await rounds();
    expect(about('الجسر')).toHaveLength(1);
    expect(about('الجسر')[0]).toContain('يوم الجمعة');
    expect(about('الجسر')[0]).toContain('تحديث');
  });

  it('is shown on the message that there is, when only the page says so', async () => {
    const publishedAt = new Date(desk.clock.now().getTime() - 60_000);
    const page = { headline: 'وصول أربعين طنًا من المساعدات', paragraphs, publishedAt: publishedAt.toISOString() };
    on('aid', page);
    site.publish({ slug: 'aid', title: page.headline, summary: 'وصول…', publishedAt });
    await desk.round();
    expect(about('المساعدات')).toHaveLength(1);
    desk.clock.advance(hourMs);
    on('aid', {
      ...page,
      headline: 'وصول ستين طنًا من المساعدات',
      paragraphs: [(paragraphs[0] ?? '').replace('أربعين', 'ستين'), ...paragraphs.slice(1)],
      modifiedAt: new Date(desk.clock.now().getTime() - 60_000).toISOString(),
    });
    await rounds();
    expect(about('المساعدات')).toHaveLength(1);
    expect(about('المساعدات')[0]).toContain('وصول ستين طنًا');
    expect(about('المساعدات')[0]).not.toContain('أربعين');
  });

  it('is taken back when the publisher withdrew it, and not told again', async () => {
    const publishedAt = new Date(desk.clock.now().getTime() - 60_000);
    site.publish({ slug: 'mistake', title: 'خبر عن إغلاق المدرسة الثانوية', summary: 'نص قصير.', publishedAt });
    await desk.round();
    expect(about('المدرسة')).toHaveLength(1);
    on('mistake', 410);
    desk.clock.advance(hourMs);
    await desk.round();
    // Once may be a mishap.
    expect(about('المدرسة')).toHaveLength(1);
    desk.clock.advance(15 * 60_000);
    await rounds();
    expect(about('المدرسة')).toEqual([]);
    await rounds();
    expect(about('المدرسة')).toEqual([]);
  });
});
