import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyNewsroom } from '../../src/newsroom/apply.ts';
import { useDatabase } from '../support/database.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const rss = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>صحيفة الميناء</title><link>https://paper.example/</link><language>ar</language>
<item><title>افتتاح مخبز آلي</title><link>/2026/bakery</link><guid isPermaLink="false">b-1</guid>
<pubDate>Sun, 22 Nov 2026 09:00:00 +0300</pubDate><category>محليات</category><author>سلمى</author>
<description>ينتج عشرين طنًا يوميًا.</description>
<enclosure url="https://paper.example/b.jpg" type="image/jpeg" length="12"/></item>
</channel></rss>`;

const page = `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>افتتاح مخبز آلي - صحيفة الميناء</title>
<meta property="og:title" content="افتتاح مخبز آلي في طرطوس"><meta property="og:image" content="/b.jpg">
<meta property="article:published_time" content="2026-11-22T09:00:00+03:00"><meta property="og:type" content="article"></head>
<body><article><h1>افتتاح مخبز آلي في طرطوس</h1>
<p>افتتحت مديرية التجارة الداخلية في طرطوس اليوم مخبزًا آليًا ينتج عشرين طنًا من الخبز يوميًا، لتخفيف الازدحام على الأفران.</p>
<p>وقال مدير المخبز إن العمل فيه يبدأ عند الرابعة فجرًا، وإنه يوزع إنتاجه على خمسة أحياء في المدينة وريفها القريب.</p>
<p>اقرأ أيضًا: أسعار الخبز في الساحل</p></article></body></html>`;

describe('nashra try', () => {
  const database = useDatabase();
  const directory = mkdtempSync(join(tmpdir(), 'nashra-try-'));
  const file = (name: string) => join(directory, name);

  beforeAll(async () => {
    writeFileSync(file('feed.xml'), rss);
    writeFileSync(file('page.html'), page);
    writeFileSync(file('text.txt'), 'افتتاح مخبز آلي\nافتتحت المديرية مخبزًا آليًا في طرطوس. وينتج عشرين طنًا يوميًا.');
    const topics = [{ slug: 'syria', name: { ar: 'سوريا' }, keywords: { ar: ['طرطوس'] } }];
    await applyNewsroom(database.db, { topics }, { now: new Date('2026-11-22T12:00:00Z') });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const run = (args: readonly string[], lines: readonly string[] = []) =>
    nashraInside(['try', ...args], databaseOf(database.connectionString), lines);
  const answers = async (kind: string, objects: readonly (object | string)[]) => {
    const lines = objects.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    const { code, stdout, stderr } = await run([kind, '--jsonl'], lines);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };

  it('shows the entries of a feed', async () => {
    const { code, stdout } = await run(['feed', file('feed.xml'), '--url', 'https://paper.example/feed', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      title: 'صحيفة الميناء',
      link: 'https://paper.example/',
      language: 'ar',
      entries: [
        {
          id: 'b-1',
          title: 'افتتاح مخبز آلي',
          link: 'https://paper.example/2026/bakery',
          publishedAt: '2026-11-22T06:00:00.000Z',
          updatedAt: null,
          authors: ['سلمى'],
          categories: ['محليات'],
          summary: 'ينتج عشرين طنًا يوميًا.',
          content: null,
          enclosures: [{ url: 'https://paper.example/b.jpg', type: 'image/jpeg', length: 12 }],
        },
      ],
    });
  });

  it('shows the article of a page with the hour of its publisher', async () => {
    const { stdout } = await run(['page', file('page.html'), '--url', 'https://paper.example/2026/bakery', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      headline: 'افتتاح مخبز آلي في طرطوس',
      body: expect.not.stringContaining('اقرأ'),
      publishedAt: '2026-11-22T09:00:00+03:00',
      image: { url: 'https://paper.example/b.jpg', caption: null, credit: null },
      language: 'ar',
    });
  });

  it('sums up a text, within the characters that are asked for', async () => {
    const text = 'افتتحت المديرية مخبزًا آليًا في طرطوس. وينتج المخبز عشرين طنًا من الخبز يوميًا.';
    expect(await answers('summary', [{ text }, { text, characters: 30, language: 'ar' }])).toEqual([
      { sentences: ['افتتحت المديرية مخبزًا آليًا في طرطوس.', 'وينتج المخبز عشرين طنًا من الخبز يوميًا.'] },
      { sentences: ['افتتحت المديرية مخبزًا آليًا في طرطوس.'] },
    ]);
  });

  it('tells languages apart', async () => {
    expect(await answers('language', [{ text: 'أخبار اليوم من دمشق' }, { text: 'The news of the day' }])).toEqual([
      { language: 'ar' },
      { language: 'en' },
    ]);
  });

  it("finds the newsroom's topics, and says why", async () => {
    expect(await answers('topics', [{ title: 'مخبز جديد بطرطوس', text: '' }])).toMatchObject([
      { topics: [{ slug: 'syria', confidence: 1, why: 'keyword: طرطوس' }] },
    ]);
  });

  it('remembers the articles before', async () => {
    const article = {
      title: 'افتتاح مخبز آلي جديد في مدينة طرطوس',
      text: 'افتتحت مديرية التجارة الداخلية في طرطوس مخبزًا آليًا ينتج عشرين طنًا من الخبز يوميًا.',
      publishedAt: '2026-11-22T09:00:00Z',
    };
    expect(
      await answers('stories', [
        { id: 'a', feed: 'one', ...article },
        { id: 2, feed: 'two', ...article },
      ]),
    ).toEqual([
      { id: 'a', story: 'a', relation: 'new', similarity: 0 },
      { id: 2, story: 'a', relation: 'copy', similarity: 1 },
    ]);
  });

  it('takes articles without a feed for those of different publishers', async () => {
    const told = [
      {
        id: 1,
        title: 'زلزال بقوة 5.4 درجات يضرب جنوب شرقي تركيا',
        text: 'ضرب زلزال بلغت قوته 5.4 درجات على مقياس ريختر ولاية ملاطية جنوب شرقي تركيا فجر اليوم، وفق إدارة الكوارث والطوارئ التركية. ولم ترد تقارير عن ضحايا.',
      },
      {
        id: 2,
        title: 'هزة أرضية بقوة 5.4 تضرب ملاطية جنوب شرقي تركيا',
        text: 'أعلنت إدارة الكوارث والطوارئ التركية أن زلزالًا بقوة 5.4 درجات على مقياس ريختر ضرب ولاية ملاطية في جنوب شرقي تركيا فجرًا، من دون تسجيل ضحايا.',
        feed: null,
      },
    ];
    expect(await answers('stories', told)).toMatchObject([
      { story: 1, relation: 'new' },
      { story: 1, relation: 'same' },
    ]);
  });

  it('looks for keywords in the way of their kind', async () => {
    const text = 'وصل الرئيس لسوريا وحكومتها';
    expect(
      await answers('match', [
        { keyword: 'سوريا', text },
        { keyword: 'حكومة', text },
        { keyword: 'حكومة', kind: 'name', text },
        { keyword: 'حكومة', kind: 'verb', text },
      ]),
    ).toEqual([
      { matches: true },
      { matches: true },
      { matches: false },
      { error: 'The kind of a keyword is one of name, word, phrase.' },
    ]);
  });

  it('answers a bad line with an error and goes on, in order', async () => {
    expect(
      await answers('page', [
        'nonsense',
        '[1]',
        {},
        { id: 7, html: 5, url: 'https://paper.example/' },
        { file: file('absent.html') },
        { html: '', url: 'https://paper.example/' },
        { html: page, url: 'https://paper.example/' },
      ]),
    ).toMatchObject([
      { error: 'The line is not JSON.' },
      { error: 'The line is not a JSON object.' },
      { error: 'The field "file" is missing.' },
      { id: 7, error: 'The field "html" must be a text.' },
      { error: expect.stringContaining('there is no such file') },
      { error: 'No article was found on the page.' },
      { headline: 'افتتاح مخبز آلي في طرطوس' },
    ]);
  });

  it.each([
    [['feed', 'feed.xml'], 'صحيفة الميناء'],
    [['page', 'page.html'], 'Headline:'],
    [['summary', 'text.txt'], 'افتتحت المديرية مخبزًا آليًا في طرطوس.'],
    [['language', 'text.txt'], 'ar (Arabic)'],
    [['topics', 'page.html'], 'syria  100 %'],
    [['stories', 'page.html', 'text.txt'], 'a story of its own'],
    [['match', 'طرطوس', 'text.txt'], 'It is found.'],
  ])('is readable without --json: %s', async ([kind = '', ...names], expected) => {
    const args = names.map((name) => (name.includes('.') ? file(name) : name));
    const { code, stdout } = await run([kind, ...args]);
    expect(code).toBe(0);
    expect(stdout).toContain(expected);
  });

  it("takes an operator's selectors for a page, and refuses what is none", async () => {
    const html = page.replace('<p>وقال', '<p class="said">وقال');
    expect(
      await answers('page', [
        { html, url: 'https://paper.example/', drop: ['.said'] },
        { html, url: 'https://paper.example/', keep: ['p:'] },
        { html, url: 'nonsense' },
        { html, url: 'https://paper.example/', drop: '.said' },
      ]),
    ).toMatchObject([
      { body: expect.not.stringContaining('وقال مدير المخبز') },
      { error: '"p:" is no CSS selector.' },
      { error: 'The field "url" must be a whole address, with https:// or http://.' },
      { error: 'The field "drop" must be a list of texts.' },
    ]);
  });

  it('answers an empty line too, and does not mind the mark of Windows before the first', async () => {
    expect(await answers('language', ['\uFEFF{"text":"أخبار اليوم"}', '', '{"text":"12345"}'])).toEqual([
      { language: 'ar' },
      { error: 'The line is not JSON.' },
      { language: 'und' },
    ]);
  });

  it('bears a word of millions of letters', async () => {
    expect(await answers('match', [{ keyword: 'سوريا', text: `${'س'.repeat(3_000_000)} سوريا` }])).toEqual([
      { matches: true },
    ]);
  });

  it('says which of several it could not answer', async () => {
    writeFileSync(file('empty.html'), '<html></html>');
    expect(await run(['page', file('page.html'), file('empty.html')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('empty.html: No article was found'),
    });
  });

  it('says what is missing when nothing is named', async () => {
    expect(await run(['page'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Say what to try') });
    expect(await run(['feed', file('absent.xml')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('there is no such file'),
    });
  });
});
