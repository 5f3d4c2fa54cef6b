import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../src/articles/article.ts';
import { cleanParagraphs } from '../../src/articles/clean.ts';
import { extractPage, type PageOptions, textOfFeedHtml } from '../../src/articles/extract.ts';
import { maxPageCharacters } from '../../src/articles/page-document.ts';
import { isSelector } from '../../src/articles/selectors.ts';
import { summarize } from '../../src/stories/summarize.ts';

const url = 'https://almina.example/2024/05/train/';

function page(name: string): string {
  return readFileSync(new URL(`../fixtures/pages/${name}.html`, import.meta.url), 'utf8');
}

const train = {
  headline: 'عودة القطار السياحي بين الميناء والجبل برحلتين في الأسبوع (صور)',
  kicker: 'بعد توقف دام ثلاث سنوات..',
  imageCaption: 'ركاب القطار السياحي في محطة الميناء القديمة- 12 من أيار 2024 (تصوير مراسل الصحيفة)',
  paragraphs: [
    'عاد القطار السياحي إلى العمل بين الميناء وقرى الجبل هذا الأسبوع، بعد أعمال صيانة شملت “خط التلال” وثلاث محطات تعود إلى بداية القرن الماضي.',
    'وانطلقت الرحلة الأولى صباح الأحد من محطة الميناء القديمة وعلى متنها 140 راكبًا، بينهم طلاب من مدرسة “السنديان”، في اليوم الذي افتُتح فيه معرض صغير للصور يروي حكاية السكة.',
    'وقالت المديرة العامة للسكك، هالة الشامي، لصحيفة “الميناء” اليوم، الاثنين 13 من أيار، إن الرحلات ستكون يومي الجمعة والأحد، وإن ثمن التذكرة لن يتجاوز 3.5 وحدة للطالب.',
    'وأوضحت أن فرق الصيانة بدّلت نحو تسعة كيلومترات من القضبان، ورممت جسرين حجريين كانا قد تضررا بسبب سيول عام 2019.',
    'ولا موعد بعد لتسيير رحلات يومية، غير أن الإقبال “فاق التوقعات” بحسب إدارة السكك.',
    'ويعوّل أهالي القرى على عودة القطار لبيع منتجاتهم في الأسواق الموسمية، خاصة الزيت والعسل والفواكه المجففة.',
    'ويرى المهندس الزراعي د. إلياس نعمة، وهو يدير دكانًا قرب محطة “عين الورد”، أن عدد الزوار تضاعف في يومين. وأضاف أن القرية تحتاج إلى دورات مياه ومقاعد قبل حلول الصيف.',
    'كذلك بدأت جمعية محلية بتدريب عشرين مرشدًا شابًا على مرافقة الرحلات، مشيرةً إلى أن الأولوية لأبناء القرى الواقعة على الخط.',
    'وتستمر الرحلة ساعة وأربعين دقيقة، وتتوقف في ثلاث محطات، أطولها استراحة الغداء في “عين الورد”.',
  ],
};

describe('an article page', () => {
  const published = { publishedAt: new Date('2024-05-13T11:05:00Z'), publishedOffsetMinutes: 180 };

  it.each([
    {
      name: 'semantic.ar',
      imageUrl: 'https://almina.example/uploads/2024/05/train.jpg',
      ...published,
      authors: ['قسم المحليات'],
      section: 'محليات',
      tags: ['قطارات', 'سياحة'],
    },
    {
      name: 'table-layout.ar',
      imageUrl: 'https://almina.example/2024/05/train/photos/train-large.jpg',
      ...published,
      publishedOffsetMinutes: 0,
    },
    {
      name: 'one-column.ar',
      imageUrl: 'https://cdn.almina.example/w1200/train.webp?v=3',
      publishedAt: null,
      publishedOffsetMinutes: null,
    },
  ])('gives headline, kicker, picture, caption and whole body, and none of the rest: $name', ({ name, ...layout }) => {
    expect(extractPage(page(name), url)).toEqual({
      headline: train.headline,
      kicker: train.kicker,
      body: train.paragraphs.join('\n\n'),
      imageCaption: train.imageCaption,
      imageCredit: 'مراسل الصحيفة',
      language: 'ar',
      modifiedAt: null,
      modifiedOffsetMinutes: null,
      authors: [],
      section: null,
      tags: [],
      ...layout,
    });
  });

  it('gives the same from an English page', () => {
    const article = extractPage(page('semantic.en'), 'https://harbour.example/ferry');
    expect(article).toMatchObject({
      headline: 'Night ferry returns to the old harbour — with a library on board',
      kicker: 'After two winters in dry dock',
      imageUrl: 'https://harbour.example/media/ferry.jpg',
      imageCaption: 'The ferry at the old harbour on Friday evening (The Harbour Post)',
      language: 'en',
      publishedAt: new Date('2024-03-02T18:30:00Z'),
    });
    const paragraphs = paragraphsOf(article?.body ?? '');
    expect(paragraphs).toHaveLength(5);
    expect(paragraphs[0]).toMatch(/^The night ferry .* cracked shaft\.$/);
    expect(paragraphs[3]).toMatch(/^Donations of children's books/);
    expect(paragraphs[4]).toMatch(/open it to visitors\.$/);
  });

  it('is summed up by its first sentences alone', () => {
    const body = extractPage(page('one-column.ar'), url)?.body ?? '';
    expect(summarize(body, { language: 'ar', headline: train.headline })).toEqual(train.paragraphs.slice(0, 3));
  });
});

const prose = 'افتتحت البلدية صباح اليوم حديقة الحي بعد تجديد ملاعبها وممراتها، وزرعت فيها مئة شجرة زيتون جديدة.';
const article = (
  head: string,
  body = `<h1>حديقة الحي تفتح أبوابها من جديد</h1><p>${prose}</p><p>${prose} ثم عاد الناس.</p>`,
) => extractPage(`<html><head>${head}</head><body>${body}</body></html>`, 'https://www.example-news.com/a/b');

describe('the headline', () => {
  it.each([
    ['<title>حديقة الحي تفتح أبوابها من جديد - أخبار المثال</title>', undefined],
    ['<meta property="og:title" content="حديقة الحي تفتح أبوابها من جديد | محليات | المثال">', undefined],
    ['<title>حديقة الحي تفتح أبوابها من جديد | محليات | المثال</title>', `<p>${prose}</p><p>${prose} ثم.</p>`],
    ['<title>Example News » حديقة الحي تفتح أبوابها من جديد</title>', `<h1>Example News</h1><p>${prose}</p>`],
    ['', '<h1><span class="kicker">بعد انتظار طويل</span> حديقة الحي تفتح أبوابها من جديد</h1><p>' + prose + '</p>'],
  ])('is without the name of the site: %s', (head, body) => {
    expect(article(`${head}<meta property="og:site_name" content="Example News">`, body)?.headline).toBe(
      'حديقة الحي تفتح أبوابها من جديد',
    );
  });

  it('keeps a dash, markup signs and emoji of its own', () => {
    const title = 'قراءة في كتاب - الجزء الثاني &lt;b&gt;&amp;&quot; 🌳';
    expect(article(`<meta property="og:title" content="${title}">`, `<p>${prose}</p>`)?.headline).toBe(
      'قراءة في كتاب - الجزء الثاني <b>&" 🌳',
    );
  });
});

describe('the kicker', () => {
  it.each([
    ['a section link', '<a href="/local">أخبار محلية متفرقة</a>'],
    ['a date', '<div>الاثنين 13 أيار 2024</div>'],
    ['a full sentence', `<div>${prose}</div>`],
    ['a byline', '<div class="byline">بقلم محررة الشؤون المحلية</div>'],
    ['a share bar', '<div>شارك عبر فيسبوك تويتر واتساب</div>'],
  ])('is not %s', (_, before) => {
    const body = `${before}<h1>حديقة الحي تفتح أبوابها من جديد</h1><p>${prose}</p>`;
    expect(article('', body)?.kicker).toBeNull();
  });
});

describe('the picture', () => {
  it.each([
    ['a drawing', '<meta property="og:image" content="/a.svg">'],
    ['data', '<meta property="og:image" content="data:image/png;base64,AAAA">'],
    ['another scheme', '<meta property="og:image" content="ftp://example.com/a.jpg">'],
    ['a logo', '<meta property="og:image" content="https://example.com/img/site-logo.png">'],
    ['no URL', '<meta property="og:image" content="https://">'],
  ])('is never %s', (_, head) => {
    expect(article(head)?.imageUrl).toBeNull();
  });

  it('is the first large one of the text where the page names none', () => {
    const images =
      '<img src="/pixel.gif" width="1" height="1"><img src="https://pixel.wp.com/g.gif?x=1"><img src="s.gif" width="60">';
    const body = `<h1>حديقة الحي تفتح أبوابها من جديد</h1>${images}<img src="/sites/default/files/park.jpg"><p>${prose}</p>`;
    expect(article('', body)?.imageUrl).toBe('https://www.example-news.com/sites/default/files/park.jpg');
  });
});

describe('the date', () => {
  it.each([
    ['2024-05-13T14:05:00+03:00', '2024-05-13T11:05:00.000Z'],
    ['2024-05-13T14:05:00+0300', '2024-05-13T11:05:00.000Z'],
    ['2024-05-13 14:05', '2024-05-13T11:05:00.000Z'],
    ['2024-05-13', '2024-05-12T21:00:00.000Z'],
    ['Mon, 13 May 2024 14:05:00 +0300', '2024-05-13T11:05:00.000Z'],
    ['05/06/2024', '2024-06-04T21:00:00.000Z'],
    ['الاثنين 13 أيار 2024', '2024-05-12T21:00:00.000Z'],
    ['2024-13-45T00:00:00Z', undefined],
    ['0000-00-00', undefined],
  ])('%s is %s in Damascus', (text, instant) => {
    const html = `<html><head><meta property="article:published_time" content="${text}"><title>حديقة الحي تفتح أبوابها</title></head><body><p>${prose}</p></body></html>`;
    const read = extractPage(html, url, { timeZone: 'Asia/Damascus' });
    expect(read).toBeDefined();
    expect(read?.publishedAt?.toISOString()).toBe(instant);
  });
});

describe('JSON-LD', () => {
  it('may be damaged, and the page is read all the same', () => {
    const read = article('<script type="application/ld+json">{"@type":"NewsArticle","headline":</script>');
    expect(read?.headline).toBe('حديقة الحي تفتح أبوابها من جديد');
  });

  it('gives the text of a page that shows none', () => {
    const json = JSON.stringify({
      '@type': ['NewsArticle'],
      headline: 'حديقة الحي تفتح أبوابها من جديد',
      articleBody: `${prose}\n${prose} ثم عاد الناس.`,
    });
    const read = article(`<script type="application/ld+json">${json}</script>`, '<div id="app"></div>');
    expect(read?.body).toBe(`${prose}\n\n${prose} ثم عاد الناس.`);
  });
});

describe("an operator's selectors", () => {
  const body = `<h1>حديقة الحي تفتح أبوابها من جديد</h1><div data-role="ad"><p>${prose} إعلان.</p></div>
    <div class="story"><p>أول.</p></div><p>${prose}</p><div class="story"><p>ثان.</p><p>اقرأ أيضًا: خبر آخر</p></div>`;
  const bodyWith = (options: PageOptions) => extractPage(`<html><body>${body}</body></html>`, url, options)?.body;

  it('keep: the body is what they match, in the order of the page, still cleaned', () => {
    expect(bodyWith({ keep: ['.story:last-child', '.story'] })).toBe('أول.\n\nثان.');
    expect(bodyWith({ keep: ['.story', '.story p'] })).toBe('أول.\n\nثان.');
  });

  it('keep: what matches nothing changes nothing', () => {
    expect(bodyWith({ keep: ['.gone'] })).toBe(bodyWith({}));
  });

  it('drop: what they match is gone, by any attribute', () => {
    expect(bodyWith({})).toContain('إعلان');
    expect(bodyWith({ drop: ['[data-role="ad"]'] })).not.toContain('إعلان');
    expect(extractPage(`<html><body>${body}</body></html>`, url, { drop: ['h1', '*'] })).toBeUndefined();
  });

  it('that are none change nothing', () => {
    expect(bodyWith({ keep: ['p[', ''], drop: ['::x', 'p:foo('] })).toBe(bodyWith({}));
  });

  it.each(['p', '.a > b', '[data-x="1"]', 'p:nth-child(2)', '#content p, .lead'])('%s is one', (text) => {
    expect(isSelector(text)).toBe(true);
  });

  it.each(['', ' ', 'p[', 'div >', '> p', 'p,', '::x', 'p:foo(', 'a{', 'p:unknown', 'p'.repeat(2000)])(
    '%s is none',
    (text) => {
      expect(isSelector(text)).toBe(false);
    },
  );
});

describe('what is no article', () => {
  it.each([
    ['nothing', ''],
    ['white space', ' \n '],
    ['no text', '<html><body><div></div></body></html>'],
    ['a title alone', '<html><head><title>Just a moment please</title></head><body></body></html>'],
    ['an XML feed', '<?xml version="1.0"?><rss><channel></channel></rss>'],
    ['control characters', '\u0000\uFFFE\uD800'],
  ])('%s gives undefined', (_, html) => {
    expect(extractPage(html, url)).toBeUndefined();
  });
});

// What must not happen is a crash or a hang; the test's own time limit is the judge.
describe('a hostile page', () => {
  const title = '<html><head><title>One two three four</title></head><body><h1>One two three four</h1>';
  const text = `<p>${'Some words of prose, here and there. '.repeat(5)}</p>`;

  it.each([
    ['10,000 nested elements', title + '<div>'.repeat(10_000) + text + '</div>'.repeat(10_000)],
    ['half a million unclosed links', title + '<a>'.repeat(500_000)],
    ['a quarter of a million elements', title + '<b>x</b>'.repeat(250_000)],
    ['two million less-than signs', title + '<'.repeat(2_000_000)],
    ['half a million references', title + '&amp'.repeat(500_000)],
    ['unclosed scripts', title + '<script '.repeat(200_000)],
    ['unclosed comments', title + '<!--'.repeat(400_000)],
    ['a paragraph of dots', `${title}<p>${'. '.repeat(500_000)}`],
    ['a word of a million letters', `${title}<p>${'و'.repeat(1_000_000)}`],
    ['a million spaces', `${title}<p>${' '.repeat(1_000_000)}x`],
    ['five megabytes of nested elements', title + '<div>'.repeat(1_000_000)],
    ['five megabytes of paragraphs', title + '<p>'.repeat(1_700_000)],
    ['five megabytes of attributes', `${title}<p ${'class="a b" '.repeat(450_000)}>`],
    ['elements with a thousand classes', title + `<p class="${'share x '.repeat(500)}">x</p>`.repeat(1200)],
    ['a million references', title + '&#x41;'.repeat(1_000_000)],
    ['line breaks without an end', `${title}<p>${'some words without a stop<br>'.repeat(100_000)}`],
    ['tables in tables', title + '<table><tr><td>'.repeat(100_000)],
    ['captions in captions', title + '<div class="caption">x'.repeat(100_000)],
    ['nested JSON-LD', `${title}<script type="application/ld+json">${'['.repeat(300_000)}</script>`],
  ])('%s is survived, on a page and in a feed', (_, html) => {
    const read = extractPage(html, url);
    const { body } = textOfFeedHtml(html, url);
    const paragraphs = cleanParagraphs(paragraphsOf(body), { headline: null, kicker: null, imageCaption: null });
    expect(read === undefined || read.headline === 'One two three four').toBe(true);
    expect(summarize(paragraphs.join('\n\n'), { language: 'ar' }).length).toBeLessThanOrEqual(3);
  });

  it('of two megabytes is read', () => {
    const read = extractPage(title + text.repeat(2_000_000 / text.length), url);
    expect(read?.body.length).toBeGreaterThan(500_000);
  });

  it('is read up to the limit', () => {
    const padding = '<!-- -->'.padEnd(maxPageCharacters, ' ');
    expect(
      extractPage(`${title}${text}${text}${padding}<p>${'The end of it all. '.repeat(20)}</p>`, url)?.body,
    ).not.toContain('The end');
  });
});

describe('the HTML of a feed', () => {
  it('becomes paragraphs and a picture', () => {
    const html = `<figure><img src="/spacer.gif"><img src="/img/a.jpg" width="800"><figcaption>تعليق الصورة هنا</figcaption></figure>
      <p>الفقرة <b>الأولى</b>&nbsp;هنا.</p>الفقرة الثانية<br><br>الفقرة الثالثة<script>x()</script><ul><li>بند</li><li>آخر</li></ul>`;
    expect(textOfFeedHtml(html, 'https://example.com/feed/')).toEqual({
      body: 'الفقرة الأولى هنا.\n\nالفقرة الثانية\n\nالفقرة الثالثة\n\nبند\n\nآخر',
      imageUrl: 'https://example.com/img/a.jpg',
    });
  });

  it.each([
    ['plain text', 'سطر أول &amp; ثان\nسطر ثالث', 'سطر أول & ثان\n\nسطر ثالث'],
    ['a sign that is no tag', '5 < 6', '5 < 6'],
    ['nothing', '', ''],
    [
      'a line broken in the middle of a sentence',
      `${'كلمة '.repeat(12)}<br>وتتمة السطر.`,
      `${'كلمة '.repeat(12)}وتتمة السطر.`,
    ],
  ])('may be %s', (_, html, body) => {
    expect(textOfFeedHtml(html, 'https://example.com/feed/')).toEqual({ body, imageUrl: null });
  });
});
