import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { createPageReader, type PageReader } from '../../src/articles/page-reader.ts';

const url = 'https://news.example/story';
const sentence = 'The council opened the new harbour road on Monday after three years of work along the coast. ';
const page = {
  url,
  html: `<html lang="en"><head><title>Harbour road opens</title></head><body><article><h1>Harbour road opens</h1>
    <p>${sentence.repeat(3)}</p><p>${sentence.repeat(2)}</p><p class="promo">${sentence}Subscribe now.</p></article></body></html>`,
};
/** As slow as a page within the limits can be: thousands of elements, all of them candidates for the article. */
const slowPage = {
  url,
  html: `<html><head><title>Slow</title></head><body><h1>Slow</h1>${`<div class="a b"><p>${sentence}</p></div>`.repeat(5_000)}`,
};

const never = new AbortController().signal;
/** Ends as soon as the thread has been given its page. */
function atOnce(): AbortSignal {
  const limit = new AbortController();
  setImmediate(() => limit.abort());
  return limit.signal;
}

const readers: PageReader[] = [];
function reader(options?: Parameters<typeof createPageReader>[0]): PageReader {
  const made = createPageReader(options);
  readers.push(made);
  return made;
}
afterAll(async () => {
  for (const each of readers) await each.close();
});

describe('a page reader', () => {
  it('reads pages and the HTML of feeds', async () => {
    const pages = reader();
    const read = await pages.readPage(page);
    expect(read).toMatchObject({ kind: 'read', text: { headline: 'Harbour road opens', language: 'en' } });
    expect(
      await pages.readFeedHtml([
        { html: '<p>Harbour road opens</p><p>One.</p><p>Two […]</p>', url, title: 'Harbour road opens' },
        { html: '<p>Three.</p>', url, title: 'Harbour road closes' },
      ]),
    ).toEqual({
      kind: 'read',
      text: [
        { body: 'One.', imageUrl: null },
        { body: 'Three.', imageUrl: null },
      ],
    });
  });

  it('hands the zone and the selectors on', async () => {
    const dropped = await reader().readPage({ ...page, timeZone: 'Asia/Damascus', drop: ['.promo'] });
    expect(dropped).toMatchObject({ kind: 'read', text: { body: expect.not.stringContaining('Subscribe now') } });
  });

  it('says when a page has no article', async () => {
    expect(await reader().readPage({ url, html: '<p></p>' })).toEqual({ kind: 'nothing-found' });
  });

  it('gives up on a page that takes too long, and goes on in a new thread with those behind it', async () => {
    const limits = [atOnce(), never];
    const pages = reader({ threads: 1, timeLimit: () => limits.shift() ?? never });
    const outcomes = await Promise.all([pages.readPage(slowPage), pages.readPage(page)]);
    expect(outcomes).toMatchObject([{ kind: 'too-slow' }, { kind: 'read' }]);
  });

  it('does not count the wait for a slow page against those behind it', async () => {
    let read = 0;
    const readBefore: number[] = [];
    const timeLimit = () => {
      readBefore.push(read);
      return never;
    };
    const pages = reader({ threads: 1, timeLimit });
    await Promise.all(Array.from({ length: 4 }, () => pages.readPage(page).then(() => (read += 1))));
    // Each one's time begins when those before it have been read.
    expect(readBefore).toEqual([0, 1, 2, 3]);
  });

  it('leaves the program free meanwhile', async () => {
    const pages = reader();
    await pages.readPage(page);
    let isReading = true;
    let turns = 0;
    const turn = () => {
      turns += 1;
      if (isReading) setImmediate(turn);
    };
    const reading = pages.readPage(slowPage);
    setImmediate(turn);
    await reading;
    isReading = false;
    // On the main thread nothing else would have had a turn.
    expect(turns).toBeGreaterThan(20);
  });

  it('survives a page that takes more memory than a thread has', async () => {
    const pages = reader({ maxHeapMb: 24, timeLimit: () => never });
    // As large as a page may be, in letters of two bytes.
    const paragraph = `<p>${'افتتحت بلدية الميناء صباح اليوم الجسر الحجري بعد أعمال ترميم. '.repeat(11)}`;
    const huge = { url, html: `<title>Huge</title><h1>Huge</h1>${paragraph.repeat(3_900)}` };
    expect(await pages.readPage(huge)).toMatchObject({ kind: 'failed', reason: expect.stringContaining('memory') });
    expect(await pages.readPage(page)).toMatchObject({ kind: 'read' });
  });

  it('ends what it reads when it is told to stop', async () => {
    const pages = reader({ threads: 1 });
    await pages.readPage(page);
    const stopping = new AbortController();
    const reading = [pages.readPage(slowPage, stopping.signal), pages.readPage(page, stopping.signal)];
    stopping.abort();
    expect(await Promise.all(reading)).toEqual([{ kind: 'aborted' }, { kind: 'aborted' }]);
    expect(await pages.readPage(page)).toMatchObject({ kind: 'read' });
  });

  it('keeps no program alive that has nothing more to do, and shows its threads no secret', () => {
    const module = new URL('../../src/articles/page-reader.ts', import.meta.url).href;
    const program = `
      import { createPageReader } from ${JSON.stringify(module)};
      const { kind } = await createPageReader().readPage(${JSON.stringify(page)});
      console.log(kind);`;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect({ stdout, status }).toEqual({ stdout: 'read\n', status: 0 });
  });
});
