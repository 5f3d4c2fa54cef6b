import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArticles } from '../../sandbox/newsroom/article.ts';
import { type Demo, startDemo } from './demo.ts';

describe('npm run demo -- --once', () => {
  let demo: Demo;
  let result: Awaited<Demo['ended']>;

  beforeAll(async () => {
    demo = await startDemo(['--once']);
    result = await demo.ended;
  }, 120_000);

  afterAll(() => demo.remove());

  /** What is printed of one chat. */
  const chat = (title: string) => {
    const [, section = ''] = result.stdout.split(`━━━ ${title}`);
    return section.split('━━━ ')[0] ?? '';
  };
  const [water, wheat, museum] = readArticles().map(({ headline }) => headline);

  it('ends well, without a database, a token or a browser', () => {
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('All of it arrived.');
  });

  it('shows the reader what the topics promise, and nothing else', () => {
    expect(chat('ليلى')).toContain(water);
    expect(chat('ليلى')).toContain(museum);
    expect(chat('ليلى')).not.toContain(wheat);
    expect(chat('ليلى')).toContain('[ ✅ محليات ]');
  });

  it('shows the channel every article', () => {
    for (const headline of [water, wheat, museum]) expect(chat('قناة')).toContain(headline);
  });

  it('shows the editor’s broadcast wherever it was owed, and its report', () => {
    const words = 'نلتقي يوم الخميس في قاعة المكتبة';
    for (const title of ['ليلى', 'هبة', 'قناة']) expect(chat(title)).toContain(words);
    expect(chat('هبة')).toContain('وصلت: 3 من 3');
  });

  it('says what it has checked', () => {
    expect(result.stdout.match(/^ {2}✓ /gm)).toHaveLength(7);
  });

  it('leaves nothing behind', async () => {
    expect(await demo.leftovers()).toEqual([]);
  });
});

describe('npm run demo with a wish that makes no sense', () => {
  it.each([
    [['--twice'], /--twice/],
    [['--port', 'ninety'], /port must be a number/],
  ])('says so and ends: %s', async (args, words) => {
    const demo = await startDemo(args);
    const { code, stderr } = await demo.ended;
    await demo.remove();
    expect(code).toBe(1);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
