import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readArticles } from '../../sandbox/newsroom/article.ts';
import { topics } from '../../sandbox/newsroom/site.ts';
import { type Demo, startDemo } from './demo.ts';

const patience = 60_000;
const executablePath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
const skipped = executablePath === undefined ? ' (SKIPPED: no Chromium here; install it or set CHROMIUM_PATH)' : '';
if (skipped !== '') console.warn(`the demo page was not opened in a browser${skipped}`);

/** Nothing but the page: no service of the browser's own is to reach for the network. */
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

let demo: Demo;
let address: string;

beforeAll(async () => {
  demo = await startDemo(['--port', '0']);
  [address] = await demo.printed(/http:\/\/127\.0\.0\.1:\d+/);
}, 120_000);

afterAll(() => demo.remove(), patience);

describe.skipIf(executablePath === undefined)(`the demo page in a real browser${skipped}`, () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: browserArguments });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(patience);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(address);
  }, patience);

  afterAll(async () => {
    await browser?.close();
  });

  const chat = (name: 'reader' | 'editor' | 'channel') => page.locator(`[data-chat="${name}"]`);
  const directionOf = (selector: string, text: string) =>
    chat('reader')
      .locator(selector, { hasText: text })
      .first()
      .evaluate((element) => element.ownerDocument.defaultView?.getComputedStyle(element).direction);

  it('shows articles that have arrived by themselves', { timeout: patience }, async () => {
    await chat('reader').locator('.bubble.with-photo').first().waitFor();
    await expect.poll(() => chat('channel').locator('.bubble.with-photo').count(), { timeout: patience }).toBe(3);
  });

  it('brings an Arabic article of a topic whose button was pressed', { timeout: 2 * patience }, async () => {
    const article = readArticles().find(({ language, topic }) => language === 'ar' && topic === 'sport');
    const topic = topics.find(({ slug }) => slug === 'sport')?.name.ar ?? '';
    const key = chat('reader').locator('.key', { hasText: topic });
    await key.click();
    await chat('reader')
      .locator('.key', { hasText: `✅ ${topic}` })
      .waitFor();

    const bubble = chat('reader').locator('.bubble', { hasText: article?.headline ?? 'no such article' });
    expect(await bubble.count()).toBe(0);
    await page.getByRole('button', { name: 'انشر الخبر التالي' }).click();
    await bubble.waitFor();
    expect(await bubble.count()).toBe(1);
    expect(
      await bubble.locator('img').evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBeGreaterThan(0);
  });

  it('draws Arabic from right to left, and English from left to right', { timeout: 2 * patience }, async () => {
    const english = readArticles().find(({ language }) => language === 'en')?.headline ?? '';
    const arabic = readArticles()[0]?.headline ?? '';
    expect(await directionOf('.bubble', arabic)).toBe('rtl');
    expect(await directionOf('.bubble p', arabic)).toBe('rtl');

    const publish = page.getByRole('button', { name: 'انشر الخبر التالي' });
    for (let count = 0; count < 2; count++) await publish.click();
    await chat('reader').locator('.bubble', { hasText: english }).waitFor();
    expect(await directionOf('.bubble', english)).toBe('ltr');
    expect(await directionOf('.bubble p', english)).toBe('ltr');
  });

  it('takes a command from the menu and one from the keyboard', { timeout: 2 * patience }, async () => {
    await chat('editor').getByRole('button', { name: 'القائمة' }).click();
    await chat('editor').locator('.menu button', { hasText: '/broadcast' }).click();
    await chat('editor').locator('.bubble', { hasText: 'أرسل الآن الرسالة' }).waitFor();
    const field = chat('editor').locator('textarea');
    await field.fill('<img src=x onerror="document.title=1"> & سلام');
    await field.press('Enter');
    const key = (text: string | RegExp) => chat('editor').locator('.key', { hasText: text });
    await key('الجميع').click();
    await key(/^إرسال$/).click();
    await chat('editor').locator('.bubble', { hasText: 'انتهى الإرسال' }).waitFor();
    const arrived = chat('channel').locator('.bubble', { hasText: '<img src=x' });
    await arrived.waitFor();
    expect(await arrived.locator('img').count()).toBe(0);
  });

  it('lets the reader block the bot and come back', { timeout: patience }, async () => {
    await chat('reader').getByRole('button', { name: 'حظر البوت' }).click();
    await chat('reader').getByRole('button', { name: 'إلغاء الحظر ومتابعة المحادثة' }).click();
    await chat('reader').locator('textarea').waitFor();
  });

  it('shows one chat at a time on a phone, and no word wider than the screen', { timeout: patience }, async () => {
    const phone = await browser.newPage({ viewport: { width: 360, height: 740 } });
    phone.setDefaultTimeout(patience);
    await phone.goto(address);
    await phone.locator('[data-chat="channel"] .message').first().waitFor();
    await phone.locator('#tabs button').nth(2).click();
    await phone.locator('#tabs button:nth-child(3)[aria-current="true"]').waitFor();
    const tooWide = await phone
      .locator('.messages, .desk-header, .pane-header, .composer')
      .evaluateAll((parts) =>
        parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.className.toString()),
      );
    expect(tooWide).toEqual([]);
    await phone.close();
  });

  it('has nothing to complain about in the console', () => {
    expect(complaints).toEqual([]);
  });
});

describe('the demo page’s server', () => {
  function post(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const asked = request(`${address}/send`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.on('error', reject);
      asked.end(JSON.stringify({ chat: 'reader', text: '/help' }));
    });
  }
  const json = { 'content-type': 'application/json' };

  it('takes orders from its own page only', async () => {
    expect(await post({ ...json, origin: address })).toBe(200);
    expect(await post({ ...json, origin: 'https://evil.example' })).toBe(403);
    expect(await post({ ...json, origin: 'null' })).toBe(403);
    expect(await post({ ...json, host: 'evil.example', origin: 'http://evil.example' })).toBe(403);
    expect(await post({ 'content-type': 'text/plain', origin: address })).toBe(415);
  });

  it('ends when it is told to, and leaves nothing behind', { timeout: patience }, async () => {
    demo.stop('SIGTERM');
    const { code, stderr } = await demo.ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(await demo.leftovers()).toEqual([]);
  });
});
