import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../src/articles/article.ts';
import { extractPage } from '../../src/articles/extract.ts';

function read(name: string, url: string) {
  const html = readFileSync(new URL(`../fixtures/pages/${name}.html`, import.meta.url), 'utf8');
  const article = extractPage(html, url, { timeZone: 'Asia/Damascus' });
  return { ...article, body: paragraphsOf(article?.body ?? '') };
}

describe('the layouts of Arabic newsrooms', () => {
  it('WordPress with a graph of JSON-LD that has a comma too many', () => {
    const { body, ...article } = read('wordpress.ar', 'https://saha.example/library/');
    expect(article).toEqual({
      headline: 'مكتبة الحي تعود إلى فتح أبوابها مساء',
      kicker: 'بعد ترميم استمر صيفًا كاملًا',
      imageUrl: 'https://saha.example/wp-content/uploads/2024/09/library-1.jpg',
      imageCaption: 'قاعة المطالعة بعد تجديدها',
      imageCredit: 'كمال الخوري',
      language: 'ar',
      publishedAt: new Date('2024-09-02T15:40:12Z'),
      publishedOffsetMinutes: 180,
      modifiedAt: new Date('2024-09-02T18:05:00Z'),
      modifiedOffsetMinutes: 180,
      authors: ['سلمى الحداد'],
      section: 'مجتمع',
      tags: ['مكتبات', 'أحياء'],
    });
    expect(body.map((paragraph) => paragraph.split(' ', 2).join(' '))).toEqual([
      'فتحت مكتبة',
      'وقالت أمينة',
      'وستبقى القاعات',
      'المكتبة بيت',
      'وتخطط البلدية',
    ]);
    expect(body[1]).toMatch(/خلال الصيف\.$/);
  });

  it('Drupal with microdata, a date in words and a byline', () => {
    const { body, ...article } = read('drupal.ar', 'https://sahl.example/node/512');
    expect(article).toEqual({
      headline: 'انطلاق موسم قطاف الزيتون في السهل',
      kicker: 'أمطار مبكرة وأسعار مستقرة',
      imageUrl: 'https://sahl.example/sites/default/files/styles/large/public/olive.jpg?itok=Ab1',
      imageCaption: 'عمال في حقل زيتون قرب القرية (أ.ف.ب)',
      imageCredit: 'أ.ف.ب',
      language: 'ar',
      publishedAt: new Date('2024-10-10T06:15:00Z'),
      publishedOffsetMinutes: null,
      modifiedAt: null,
      modifiedOffsetMinutes: null,
      authors: ['رامي العلي'],
      section: 'اقتصاد',
      tags: ['زيتون', 'مواسم'],
    });
    expect(body.map((paragraph) => paragraph.split(' ', 1)[0])).toEqual(['بدأ', 'وتوقع', 'وأكد', 'وقال']);
  });

  it('AMP with raw line feeds in commented JSON-LD', () => {
    const { body, ...article } = read('amp.ar', 'https://bahr.example/amp/n/33');
    expect(article).toMatchObject({
      headline: 'رحلة بحرية جديدة بين الجزيرتين',
      kicker: null,
      imageUrl: 'https://bahr.example/img/boat.jpg',
      imageCaption: 'القارب في رحلته التجريبية - رويترز',
      imageCredit: 'رويترز',
      publishedAt: new Date('2024-06-01T07:00:00Z'),
      publishedOffsetMinutes: 0,
      authors: ['هدى ناصر', 'وليد سمعان'],
    });
    expect(body).toHaveLength(3);
  });

  it('a live page, whose publisher is no author and whose updates are the text', () => {
    const { body, ...article } = read('live.ar', 'https://ufuq.example/live/7');
    expect(article).toMatchObject({
      headline: 'تغطية مباشرة: عاصفة ثلجية على الجبال',
      imageUrl: 'https://cdn.ufuq.example/snow_1280.jpg',
      publishedAt: new Date('2024-01-19T04:30:00Z'),
      publishedOffsetMinutes: 120,
      modifiedAt: new Date('2024-01-19T09:10:00Z'),
      authors: [],
      section: 'طقس',
      tags: ['ثلوج', 'طرق'],
    });
    const text = body.join('\n');
    for (const part of ['تواصل فرق', 'أعلن الدفاع', 'قررت مديرية', 'انقطعت الكهرباء']) expect(text).toContain(part);
    expect(text).not.toMatch(/فيسبوك|الأكثر قراءة|حالة الطقس/);
  });
});
