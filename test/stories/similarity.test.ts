import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStoryIndex, fingerprintOf, type IndexedArticle } from '../../src/stories/similarity.ts';

interface Told {
  title: string;
  text: string;
  publishedAt: string;
  feed: string;
}

function article(id: string, { title, text, publishedAt, feed }: Told, story = id): IndexedArticle<string> {
  const at = new Date(publishedAt);
  return { id, story, fingerprint: fingerprintOf({ title, text, publishedAt: at }), publishedAt: at, feed };
}

const strike: Told = {
  title: 'مقتل خمسة مدنيين بقصف على بلدة كفر نوران',
  text: 'قتل خمسة مدنيين وأصيب 12 آخرون جراء قصف مدفعي استهدف بلدة كفر نوران بريف إدلب صباح الخميس. وأسعف الدفاع المدني المصابين إلى مشافي المنطقة القريبة.',
  publishedAt: '2024-06-06T08:00:00Z',
  feed: 'one',
};
const otherWords: Told = {
  title: 'خمسة قتلى إثر قذائف على كفر نوران في إدلب',
  text: 'سقط خمسة قتلى و12 جريحا من المدنيين بعد استهداف أحياء كفر نوران جنوبي إدلب بالقذائف، وفق مصادر محلية.',
  publishedAt: '2024-06-06T09:00:00Z',
  feed: 'two',
};
const laterToll: Told = {
  title: 'ارتفاع حصيلة القصف على كفر نوران إلى ثمانية قتلى',
  text: 'ارتفعت حصيلة القصف المدفعي على بلدة كفر نوران بريف إدلب إلى ثمانية قتلى بعد وفاة ثلاثة من المصابين، بحسب الدفاع المدني.',
  publishedAt: '2024-06-06T14:00:00Z',
  feed: 'one',
};
const unrelated: Told = {
  title: 'افتتاح معرض الكتاب في الرباط',
  text: 'افتتحت في الرباط دورة جديدة من معرض الكتاب بمشاركة ناشرين من 48 دولة ويستمر المعرض عشرة أيام.',
  publishedAt: '2024-06-06T10:00:00Z',
  feed: 'two',
};
const rate: Told = {
  title: 'سعر صرف الليرة السورية مقابل الدولار اليوم الأربعاء',
  text: 'سجل سعر صرف الليرة السورية في دمشق اليوم الأربعاء 14750 ليرة للشراء و14900 ليرة للمبيع أمام الدولار. وبلغ سعر اليورو 16050 ليرة للمبيع في السوق الموازية.',
  publishedAt: '2024-06-05T10:00:00Z',
  feed: 'one',
};

function relate(first: Told | readonly Told[], then: Told) {
  const index = createStoryIndex<string>();
  for (const [number, told] of [first].flat().entries()) index.add(article(`a${number}`, told, 'story'));
  return index.find(article('b', then));
}

describe('an article', () => {
  it('is new when nothing was told before', () => {
    expect(createStoryIndex<string>().find(article('a', strike))).toEqual({ relation: 'new', similarity: 0 });
  });

  it('is new beside news of something else', () => {
    expect(relate(strike, unrelated).relation).toBe('new');
  });

  it('is of the event that another newsroom tells in other words', () => {
    expect(relate(strike, otherWords)).toMatchObject({ relation: 'same', nearest: { id: 'a0' } });
  });

  it.each([
    ['another headline', { title: 'بلدة في ريف إدلب تحت القذائف' }],
    ["an agency's dateline", { text: `إدلب - وكالات: ${strike.text}` }],
    ['a note at its end', { text: `${strike.text} تابعوا قناتنا على تلغرام.` }],
    ['only its first sentence', { text: strike.text.split('. ')[0] ?? '' }],
    ['the date of two days later', { publishedAt: '2024-06-08T08:00:00Z' }],
  ])('is a copy when it is the same text with %s', (_, change) => {
    expect(relate(strike, { ...strike, feed: 'two', ...change }).relation).toBe('copy');
  });

  it('is a copy also of its own feed, hours later', () => {
    expect(relate(strike, { ...strike, publishedAt: '2024-06-06T14:00:00Z' }).relation).toBe('copy');
  });

  it('is a follow-up when the same feed tells more hours later: a rising toll is a development', () => {
    expect(relate(strike, laterToll).relation).toBe('follow-up');
  });

  it('is no follow-up for a feed that did not tell the story yet', () => {
    expect(relate(strike, { ...laterToll, feed: 'two' }).relation).toBe('same');
  });

  it('is no follow-up within two hours of what its feed told last', () => {
    expect(relate(strike, { ...laterToll, publishedAt: '2024-06-06T09:59:00Z' }).relation).toBe('same');
    const between = { ...otherWords, feed: 'one', publishedAt: '2024-06-06T13:00:00Z' };
    expect(relate([strike, between], laterToll).relation).toBe('same');
  });

  it('is the development that another feed has just told, and no second follow-up', () => {
    const first = { ...otherWords, publishedAt: '2024-06-06T08:30:00Z' };
    const later = { ...laterToll, feed: 'two', publishedAt: '2024-06-06T14:40:00Z' };
    const index = createStoryIndex<string>();
    for (const told of [article('1', strike), article('2', first, '1'), article('3', laterToll, '1')]) index.add(told);
    const { fingerprint, publishedAt, feed } = article('4', later);
    expect(index.find({ fingerprint, publishedAt, feed })).toMatchObject({ relation: 'copy', nearest: { id: '3' } });
    const own = article('5', {
      title: 'ثمانية قتلى في قصف كفر نوران بعد وفاة مصابين',
      text: 'قال الدفاع المدني إن عدد قتلى القصف المدفعي على بلدة كفر نوران في ريف إدلب بلغ ثمانية بعدما توفي ثلاثة جرحى.',
      publishedAt: '2024-06-06T14:40:00Z',
      feed: 'two',
    });
    expect(index.find(own)).toMatchObject({ relation: 'same', nearest: { id: '3' } });
  });

  it('is new when it is the same daily report of another day', () => {
    const nextDay = {
      ...rate,
      title: 'سعر صرف الليرة السورية مقابل الدولار اليوم الخميس',
      text: rate.text.replace('الأربعاء', 'الخميس').replace('14750', '14800').replace('14900', '14950'),
      publishedAt: '2024-06-06T10:00:00Z',
    };
    expect(relate(rate, nextDay).relation).toBe('new');
  });

  it('is new when four days have passed', () => {
    expect(relate(strike, { ...otherWords, publishedAt: '2024-06-10T09:00:00Z' }).relation).toBe('new');
  });

  it('joins the older of two that are equally near', () => {
    const index = createStoryIndex<string>();
    index.add(article('younger', { ...strike, publishedAt: '2024-06-06T08:30:00Z' }, 'one'));
    index.add(article('older', strike, 'one'));
    const twin = { ...strike, publishedAt: '2024-06-06T08:15:00Z' };
    expect(index.find(article('b', twin)).nearest?.id).toBe('older');
  });

  it('does not join a story whose beginning was something else', () => {
    const index = createStoryIndex<string>();
    index.add(article('first', { ...unrelated, publishedAt: '2024-06-06T06:00:00Z' }, 'drifted'));
    index.add(article('second', strike, 'drifted'));
    expect(index.find(article('b', otherWords)).relation).toBe('new');
  });

  it.each([
    ['فارسی', 'زلزله‌ای به بزرگی پنج در غرب ایران', 'زلزله‌ای در کرمانشاه روی داد و به گفته مقام‌ها خسارتی نداشت.'],
    ['Türkçe', 'Malatya’da 4,8 büyüklüğünde deprem', 'AFAD, depremin yedi kilometre derinlikte olduğunu açıkladı.'],
    ['中文', '伊朗西部发生地震', '据报道，伊朗西部发生五点四级地震，没有伤亡。'],
    ['empty', '', ''],
  ])('may be in a language without word figures (%s)', (_, title, text) => {
    const told = { title, text, publishedAt: strike.publishedAt, feed: 'two' };
    expect(relate(strike, told).relation).toBe('new');
    expect(fingerprintOf({ title, text, publishedAt: new Date(strike.publishedAt) }).title.includes('  ')).toBe(false);
  });
});

/** What a feed's items of such a series become, each told a minute after the one before. */
function relations(items: readonly { title: string; text: string }[], feed: (number: number) => string = () => 'one') {
  const index = createStoryIndex<string>();
  return items.map(({ title, text }, number) => {
    const publishedAt = new Date(Date.parse(strike.publishedAt) + number * 60_000).toISOString();
    const told = article(`item ${number}`, { title, text, publishedAt, feed: feed(number) });
    const { relation, nearest } = index.find(told);
    index.add({ ...told, story: nearest?.story ?? told.id });
    return relation;
  });
}

const numbered = (count: number, item: (number: number) => { title: string; text: string }) =>
  Array.from({ length: count }, (_, number) => item(number));
const teams = ['الأهلي', 'الزمالك', 'الاتحاد', 'الوحدات', 'الفيصلي', 'الكرامة', 'تشرين', 'الجيش'];
const footer =
  'لقراءة الخبر كاملا اضغط على الرابط. تابعوا قناتنا على تلغرام وصفحتنا على فيسبوك ليصلكم كل جديد من الأخبار العاجلة والتقارير والتحليلات الحصرية على مدار الساعة.';

describe('items that are no reports of one event stay apart', () => {
  it.each([
    ['short items', ['خبر الرياضة', 'خبر المحليات', 'خبر الاقتصاد'].map((title) => ({ title, text: 'نص.' }))],
    ['numbered items with one body', numbered(20, (number) => ({ title: `خبر ${number}`, text: 'نص الخبر.' }))],
    ['numbered stories', numbered(200, (number) => ({ title: `Story ${number}`, text: 'Body of the story.' }))],
    [
      'numbered headlines',
      numbered(50, (number) => ({
        title: `Headline number ${number} of the feed`,
        text: `Summary of article number ${number} which is about nothing.`,
      })),
    ],
    [
      'episodes of a series',
      numbered(12, (number) => ({
        title: `مسلسل الغريب الحلقة ${number}`,
        text: `شاهد الحلقة ${number} من مسلسل الغريب كاملة بجودة عالية، بطولة نخبة من نجوم الدراما السورية واللبنانية وإخراج سامر البرقاوي، تابعوا كل الحلقات عبر منصتنا يوميا في تمام التاسعة مساء.`,
      })),
    ],
    [
      'a listing of matches',
      teams.flatMap((home, position) =>
        teams.slice(position + 1).map((guest) => ({
          title: `موعد مباراة ${home} و${guest} والقنوات الناقلة`,
          text: `تتجه أنظار جماهير كرة القدم إلى مباراة ${home} و${guest} اليوم ضمن منافسات البطولة، ونستعرض معكم موعد المباراة والقنوات الناقلة وتشكيل الفريقين المتوقع، ويمكنكم متابعة البث المباشر لحظة بلحظة.`,
        })),
      ),
    ],
    [
      'one form for several companies',
      ['Apple', 'Microsoft', 'Tesla', 'Nvidia'].map((name, number) => ({
        title: `${name} shares rise ${number + 1}% in early trading`,
        text: `Shares of ${name} rose ${number + 1} percent in early trading on Tuesday on the Nasdaq exchange as investors weighed quarterly results. Read the full report and follow live market updates on our site.`,
      })),
    ],
    [
      'entries of a live page',
      numbered(10, (number) => ({
        title: `مباشر: تغطية مستمرة للانتخابات ${number}:30`,
        text: 'تابعوا معنا التغطية المباشرة والمستمرة للانتخابات التشريعية لحظة بلحظة مع مراسلينا في جميع المحافظات.',
      })),
    ],
    [
      'news above one footer',
      [
        'افتتاح معرض الكتاب في الرباط',
        'وزير النقل يبحث مشاريع السكك',
        'قرار جديد حول أسعار الدواء',
        'إضراب المعلمين يدخل يومه الثالث',
      ].map((title) => ({ title, text: footer })),
    ],
  ])('%s', (_, items) => {
    expect(new Set(relations(items))).toEqual(new Set(['new']));
  });

  it.each([
    ['English', (feed: number, item: number) => [`Feed ${feed} item ${item}`, `Text of item ${item} in feed ${feed}.`]],
    ['Arabic', (feed: number, item: number) => [`المصدر ${feed} خبر ${item}`, `نص الخبر ${item} في المصدر ${feed}.`]],
  ])('items of many feeds that are numbered alike (%s)', (_, told) => {
    const items = numbered(500, (number) => {
      const [title = '', text = ''] = told(number % 50, Math.floor(number / 50));
      return { title, text };
    });
    expect(new Set(relations(items, (number) => `feed ${number % 50}`))).toEqual(new Set(['new']));
  });
});

it.each([
  [
    'الأمم المتحدة تحذر من المجاعة في السودان',
    'حذرت الأمم المتحدة من خطر المجاعة في السودان مع استمرار القتال ونقص التمويل، وقالت إن الملايين بحاجة إلى مساعدات عاجلة.',
    'الأمم المتحدة تحذر من المجاعة في اليمن',
    'حذرت الأمم المتحدة من خطر المجاعة في اليمن مع استمرار القتال ونقص التمويل، وقالت إن الملايين بحاجة إلى مساعدات عاجلة.',
  ],
  [
    'ضبط شحنة مخدرات في ميناء البصرة',
    'أعلنت السلطات ضبط شحنة من المواد المخدرة والقبض على متهمين اثنين في البصرة بعد معلومات استخبارية.',
    'ضبط شحنة مخدرات في محافظة الأنبار',
    'أعلنت السلطات ضبط شحنة من المواد المخدرة والقبض على متهمين اثنين في الأنبار بعد معلومات استخبارية.',
  ],
  [
    'Man arrested after stabbing in Manchester',
    'Police in Manchester have arrested a man after a stabbing near a railway station on Friday evening, officers said.',
    'Man arrested after stabbing in Leeds',
    'Police in Leeds have arrested a man after a stabbing near a railway station on Friday evening, officers said.',
  ],
])('«%s» stays apart from what is told in the same words of another place', (title, text, otherTitle, otherText) => {
  const one = { title, text, publishedAt: '2024-06-06T08:00:00Z', feed: 'one' };
  const other = { title: otherTitle, text: otherText, publishedAt: '2024-06-06T09:00:00Z', feed: 'two' };
  expect(relate(one, other).relation).toBe('new');
});

it('a short item that comes again word for word is a copy', () => {
  const item = { title: 'خبر الرياضة', text: 'نص.' };
  expect(relations([item, { ...item, title: 'خَبَر الرياضة' }])).toEqual(['new', 'copy']);
});

it('a toll that grows in a report which is else the same is the same event', () => {
  const tolls = numbered(3, (number) => ({
    title: `ارتفاع حصيلة قصف كفر نوران إلى ${number + 4} قتلى`,
    text: `ارتفعت حصيلة القصف المدفعي على بلدة كفر نوران بريف إدلب إلى ${number + 4} قتلى، بحسب الدفاع المدني الذي يواصل البحث تحت الأنقاض عن مفقودين.`,
  }));
  expect(relations(tolls)).toEqual(['new', 'same', 'same']);
});

describe('a fingerprint', () => {
  it('survives JSON and is small', () => {
    const long = Array.from({ length: 400 }, (_, index) => `الكلمة${index} والمستشفيات`).join(' ');
    const fingerprint = fingerprintOf({ title: long, text: long, publishedAt: new Date(strike.publishedAt) });
    const json = JSON.stringify(fingerprint);
    expect(JSON.parse(json)).toEqual(fingerprint);
    expect(Buffer.byteLength(json)).toBeLessThan(1600);
    expect(Buffer.byteLength(JSON.stringify(article('a', strike).fingerprint))).toBeLessThan(1000);
  });
});

const told = readFileSync(join(import.meta.dirname, '../fixtures/stories/pairs-tuned.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .flatMap((line) => {
    const { a, b } = JSON.parse(line) as { a: Told; b: Told };
    return [a, b];
  })
  .filter((each, index, all) => all.findIndex(({ title, text }) => title + text === each.title + each.text) === index)
  .slice(0, 60)
  .map((each, number) => article(`article ${number}`, each, `story ${number % 25}`));
const someArticles = fc.shuffledSubarray(told, { minLength: 2 });

function indexOf(articles: readonly IndexedArticle<string>[]) {
  const index = createStoryIndex<string>();
  for (const each of articles) index.add(each);
  return index;
}

describe('an index', () => {
  it('finds the same in whatever order its articles were added', () => {
    fc.assert(
      fc.property(someArticles, ([asked, ...others]) => {
        const sorted = others.toSorted((a, b) => (a.id < b.id ? -1 : 1));
        expect(indexOf(others).find(asked as IndexedArticle<string>)).toEqual(
          indexOf(sorted).find(asked as IndexedArticle<string>),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('finds the same after a restart, from the fingerprints that were stored', () => {
    fc.assert(
      fc.property(someArticles, fc.nat(20), ([asked, ...others], removed) => {
        const live = indexOf(others);
        for (const { id } of others.slice(0, removed)) live.remove(id);
        const stored = JSON.parse(JSON.stringify(others.slice(removed))) as IndexedArticle<string>[];
        const again = indexOf(stored.map((each) => ({ ...each, publishedAt: new Date(each.publishedAt) })));
        expect(again.size).toBe(live.size);
        expect(again.find(asked as IndexedArticle<string>)).toEqual(live.find(asked as IndexedArticle<string>));
      }),
      { numRuns: 30 },
    );
  });

  it('forgets what is removed, and replaces what is added again', () => {
    const index = indexOf([article('a', strike), article('c', unrelated)]);
    index.add(article('a', unrelated));
    expect(index.size).toBe(2);
    expect(index.find(article('b', otherWords)).relation).toBe('new');
    index.add(article('a', strike));
    index.remove('a');
    index.remove('never there');
    expect(index.size).toBe(1);
    expect(index.find(article('b', otherWords)).relation).toBe('new');
  });

  it('forgets what is older than three days', () => {
    const index = indexOf([article('a', strike), article('c', { ...unrelated, publishedAt: '2024-06-08T00:00:00Z' })]);
    index.expire(new Date('2024-06-09T08:00:00Z'));
    expect(index.size).toBe(2);
    index.expire(new Date('2024-06-09T08:00:01Z'));
    expect(index.size).toBe(1);
    expect(index.find(article('b', otherWords)).relation).toBe('new');
  });

  it('reads titles and texts of any length and shape', () => {
    for (const piece of ['و', 'ال', 'a', '1,', '. ', 'لل', 'سعر ']) {
      const long = piece.repeat(200_000 / piece.length);
      const fingerprint = fingerprintOf({ title: long, text: long, publishedAt: new Date(strike.publishedAt) });
      expect(Buffer.byteLength(JSON.stringify(fingerprint))).toBeLessThan(1600);
    }
  });
});
