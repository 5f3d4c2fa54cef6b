import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { FetchOutcome } from '../../src/feeds/feed.ts';
import { feedMaxBytes, feedTimeoutMs, fetchFeed } from '../../src/feeds/fetch-feed.ts';
import { createFetch } from '../../src/lib/http.ts';
import { answer, endless, redirect, useWebServer } from '../support/web-server.ts';

const server = useWebServer();
const userAgent = 'Nashra/test';
const anywhere = createFetch({ allowPrivateNetwork: true, userAgent });
const publicOnly = createFetch({ allowPrivateNetwork: false, userAgent });
const now = new Date('2026-05-01T12:00:00Z');

const title = 'افتتاح مكتبة جديدة';
const feed = `<?xml version="1.0"?><rss version="2.0"><channel><title>نشرة</title>
  <item><guid isPermaLink="false">1</guid><title>${title}</title><link>/1</link></item></channel></rss>`;

interface AskOptions {
  etag?: string;
  lastModified?: string;
  fetch?: typeof anywhere;
  timeoutMs?: number;
  maxBytes?: number;
  signal?: AbortSignal;
}

async function ask(url: string, { etag, lastModified, fetch = anywhere, ...options }: AskOptions = {}) {
  return fetchFeed(fetch, { url, etag: etag ?? null, lastModified: lastModified ?? null }, { now, ...options });
}

const titlesOf = (outcome: FetchOutcome) =>
  outcome.kind === 'fetched' ? outcome.feed.entries.map((entry) => entry.title) : [];

describe('a feed', () => {
  test('is fetched with its entries and what a later question needs', async () => {
    const url = server.on('/feed', answer(feed, { etag: 'W/"7"', 'last-modified': 'Fri, 01 May 2026 10:00:00 GMT' }));
    expect(await ask(url)).toMatchObject({
      kind: 'fetched',
      feed: { title: 'نشرة', entries: [{ guid: '1', title, url: server.url('/1') }] },
      etag: 'W/"7"',
      lastModified: 'Fri, 01 May 2026 10:00:00 GMT',
      movedTo: null,
    });
    expect(server.requests[0]?.headers).not.toHaveProperty('if-none-match');
    expect(server.requests[0]?.headers).not.toHaveProperty('if-modified-since');
    expect(server.requests[0]?.headers['user-agent']).toBe(userAgent);
  });

  test('is asked for changes only, and may have none', async () => {
    const url = server.on('/feed', (response, request) => {
      const isKnown = request.headers['if-none-match'] === '"7"';
      response.writeHead(isKnown ? 304 : 200).end(isKnown ? undefined : feed);
    });
    expect(await ask(url, { etag: '"7"' })).toEqual({ kind: 'unchanged', movedTo: null });
    expect((await ask(url, { etag: '"6"' })).kind).toBe('fetched');
  });

  test('is asked by date where it has no tag', async () => {
    const lastModified = 'Fri, 01 May 2026 10:00:00 GMT';
    const url = server.on('/feed', answer('', {}, 304));
    expect(await ask(url, { lastModified })).toEqual({ kind: 'unchanged', movedTo: null });
    expect(server.requests[0]?.headers['if-modified-since']).toBe(lastModified);
  });

  test('keeps no tag that could not be sent back', async () => {
    const url = server.on('/feed', answer(feed, { etag: `"${'x'.repeat(1000)}"` }));
    expect(await ask(url)).toMatchObject({ kind: 'fetched', etag: null, lastModified: null });
  });

  test.each([
    ['gzip', gzipSync(feed)],
    ['br', brotliCompressSync(feed)],
  ])('may come compressed with %s', async (encoding, bytes) => {
    const outcome = await ask(server.on('/feed', answer(bytes, { 'content-encoding': encoding })));
    expect(titlesOf(outcome)).toEqual([title]);
  });

  test('may be a compressed file', async () => {
    const outcome = await ask(server.on('/feed.gz', answer(gzipSync(feed), { 'content-type': 'application/gzip' })));
    expect(titlesOf(outcome)).toEqual([title]);
  });

  test('may be in windows-1256', async () => {
    // "مكتبة" and "حي" in windows-1256.
    const words = Buffer.from('e3dfcac8c9', 'hex').toString('latin1');
    const body = `<?xml version="1.0" encoding="windows-1256"?><rss version="2.0"><channel><title>x</title><item><title>${words}</title></item></channel></rss>`;
    const url = server.on('/feed', answer(Buffer.from(body, 'latin1'), { 'content-type': 'text/xml' }));
    expect(titlesOf(await ask(url))).toEqual(['مكتبة']);
  });

  test.each([
    [
      'RSS 1.0',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>x</title></channel><item rdf:about="urn:1"><title>عنوان</title></item></rdf:RDF>',
    ],
    [
      'Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id><title>عنوان</title></entry></feed>',
    ],
    ['JSON Feed', '{"version":"https://jsonfeed.org/version/1.1","title":"x","items":[{"id":"1","title":"عنوان"}]}'],
  ])('may be %s, under any type', async (_format, body) => {
    const outcome = await ask(server.on('/feed', answer(body, { 'content-type': 'text/plain' })));
    expect(titlesOf(outcome)).toEqual(['عنوان']);
  });

  test('that moved for good says where to', async () => {
    server.on('/new', answer(feed));
    const outcome = await ask(server.on('/old', redirect('/new', 301)));
    expect(outcome).toMatchObject({ kind: 'fetched', movedTo: server.url('/new') });
  });

  test('that moved for good and has nothing new says where to as well', async () => {
    server.on('/new', answer('', {}, 304));
    const outcome = await ask(server.on('/old', redirect('/new', 308)), { etag: '"7"' });
    expect(outcome).toEqual({ kind: 'unchanged', movedTo: server.url('/new') });
  });

  test('that is somewhere else for now keeps its address', async () => {
    server.on('/new', answer(feed));
    expect(await ask(server.on('/old', redirect('/new', 302)))).toMatchObject({ kind: 'fetched', movedTo: null });
  });
});

test('a feed has 10 MB and half a minute', () => {
  expect([feedMaxBytes, feedTimeoutMs]).toEqual([10 * 1024 * 1024, 30_000]);
});

describe('a bad answer is named', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['a web page', '<!DOCTYPE html><html><head><title>News</title></head></html>', /web page/],
    ['a web page with a declaration', '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE html><html/>', /web page/],
    ['nothing', '', /empty/],
    ['white space', ' \n', /empty/],
    ['other JSON', '{"error":"no such feed"}', /JSON/],
    ['other XML', '<sitemapindex></sitemapindex>', /XML/],
    ['words', 'It works!', /neither/],
    ['bytes', Uint8Array.of(137, 80, 78, 71, 0, 1, 2, 3, 255), /neither/],
  ])('%s is no feed', async (_what, body, reason) => {
    const outcome = await ask(server.on('/feed', answer(body)));
    expect(outcome).toMatchObject({ kind: 'not-a-feed', reason: expect.stringMatching(reason) });
  });

  test.each([
    [401, 'denied'],
    [403, 'denied'],
    [404, 'missing'],
    [410, 'gone'],
    [429, 'slow-down'],
    [500, 'server-error'],
    [503, 'server-error'],
  ])('status %i is %s', async (status, kind) => {
    expect(await ask(server.on('/feed', answer('<html></html>', {}, status)))).toMatchObject({ kind });
  });

  test.each([
    [429, '90'],
    [503, '90'],
    [429, 'Fri, 01 May 2026 12:01:30 GMT'],
    [503, 'Fri, 01 May 2026 12:01:30 GMT'],
  ])('status %i with Retry-After %s asks for a minute and a half', async (status, retryAfter) => {
    const outcome = await ask(server.on('/feed', answer('', { 'retry-after': retryAfter }, status)));
    expect(outcome).toMatchObject({ kind: 'slow-down', retryAfterMs: 90_000 });
  });

  test('a page that checks for browsers is said to be one, not a broken feed', async () => {
    const page = '<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>';
    expect(await ask(server.on('/feed', answer(page, {}, 403)))).toMatchObject({
      kind: 'denied',
      reason: expect.stringMatching(/check for browsers/),
    });
  });

  test('50 MB that announce themselves are not read', async () => {
    const url = server.on('/feed', (response) => {
      response.writeHead(200, { 'content-length': String(50 * 1024 * 1024) }).write('<rss');
    });
    expect(await ask(url)).toMatchObject({ kind: 'too-large' });
  });

  test('50 MB that do not are read up to the limit of 10', async () => {
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024, '<item/>');
    const url = server.on('/feed', (response) => {
      const more = () => {
        while (!response.destroyed && sent < 50 * 1024 * 1024) {
          sent += piece.length;
          if (!response.write(piece)) return;
        }
        response.end();
      };
      response.on('drain', more);
      more();
    });
    expect(await ask(url)).toMatchObject({ kind: 'too-large', reason: 'The answer is larger than 10 MB.' });
    expect(sent).toBeLessThan(2 * feedMaxBytes);
  });

  test.each([
    ['as an encoding', { 'content-encoding': 'gzip' }],
    ['as a file', {}],
  ])('a few bytes that unpack to 50 MB (%s) are stopped', async (_what, headers) => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
    expect(await ask(server.on('/feed', answer(bomb, headers)))).toMatchObject({ kind: 'too-large' });
  });

  test('a feed that drips for ever ends at the deadline', async () => {
    const url = server.on('/feed', endless('<item/>', { everyMs: 10 }));
    expect(await ask(url, { timeoutMs: 300 })).toMatchObject({ kind: 'timeout' });
  });

  test('a feed that never answers ends at the deadline', async () => {
    expect(
      await ask(
        server.on('/feed', () => {}),
        { timeoutMs: 200 },
      ),
    ).toMatchObject({ kind: 'timeout' });
  });

  test('a redirect loop', async () => {
    server.on('/b', redirect('/a', 301));
    expect(await ask(server.on('/a', redirect('/b', 301)))).toMatchObject({ kind: 'redirect-loop' });
  });

  test.each(['http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', 'https://me:secret@news.example/feed'])(
    '%s is refused',
    async (url) => {
      const outcome = await ask(url, { fetch: publicOnly });
      expect(outcome.kind).toBe('refused');
      expect(JSON.stringify(outcome)).not.toContain('secret');
    },
  );

  test('this machine is refused, by address and by name', async () => {
    const url = server.on('/feed', answer(feed));
    expect(await ask(url, { fetch: publicOnly })).toMatchObject({ kind: 'refused' });
    expect(await ask(url.replace('127.0.0.1', 'localhost'), { fetch: publicOnly })).toMatchObject({ kind: 'refused' });
    expect(server.requests).toEqual([]);
  });

  test('nobody there', async () => {
    const lost = createFetch({
      allowPrivateNetwork: false,
      userAgent,
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'EAI_AGAIN' })),
    });
    expect(await ask('https://news.example/feed', { fetch: lost })).toMatchObject({ kind: 'unreachable' });
  });

  test('stopped by us', async () => {
    const stop = new AbortController();
    const url = server.on('/feed', () => stop.abort());
    expect(await ask(url, { signal: stop.signal })).toMatchObject({ kind: 'aborted' });
  });
});
