import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fetchPage, pageMaxBytes, pageTimeoutMs } from '../../src/articles/fetch-page.ts';
import { createFetch } from '../../src/lib/http.ts';
import { answer, endless, redirect, useWebServer } from '../support/web-server.ts';

const server = useWebServer();
const userAgent = 'Nashra/test';
const fetch = createFetch({ allowPrivateNetwork: true, userAgent });
const publicOnly = createFetch({ allowPrivateNetwork: false, userAgent });

const page = '<!DOCTYPE html><html lang="ar"><head><title>مكتبة</title></head><body><p>نص</p></body></html>';
/** "مكتبة" in windows-1256. */
const word1256 = Buffer.from('e3dfcac8c9', 'hex');

describe('a page', () => {
  test('comes as text, with the address where it was found', async () => {
    server.on('/news/1', answer(page, { 'content-type': 'text/html; charset=utf-8' }));
    const outcome = await fetchPage(fetch, server.on('/?p=1', redirect('/news/1', 301)));
    expect(outcome).toEqual({ kind: 'page', html: page, url: server.url('/news/1') });
    expect(server.requests[0]?.headers['user-agent']).toBe(userAgent);
    expect(server.requests[0]?.headers.accept).toMatch(/^text\/html/);
  });

  test.each([
    ['XHTML', { 'content-type': 'application/xhtml+xml' }],
    ['without a type', {}],
  ])('may be %s', async (_what, headers: Record<string, string>) => {
    expect(await fetchPage(fetch, server.on('/', answer(page, headers)))).toMatchObject({ kind: 'page', html: page });
  });

  test('may come compressed', async () => {
    const url = server.on('/', answer(gzipSync(page), { 'content-encoding': 'gzip', 'content-type': 'text/html' }));
    expect(await fetchPage(fetch, url)).toMatchObject({ kind: 'page', html: page });
  });

  test.each([
    ['the header says so', '<p>', 'text/html; charset=windows-1256'],
    ['the page says so', '<meta charset="windows-1256"><p>', 'text/html'],
    ['nobody says so', '<p>', 'text/html'],
  ])('in windows-1256 is read when %s', async (_what, before, contentType) => {
    const url = server.on('/', answer(Buffer.concat([Buffer.from(before), word1256]), { 'content-type': contentType }));
    expect(await fetchPage(fetch, url)).toMatchObject({ kind: 'page', html: `${before}مكتبة` });
  });
});

test('a page has 5 MB and twenty seconds', () => {
  expect([pageMaxBytes, pageTimeoutMs]).toEqual([5 * 1024 * 1024, 20_000]);
});

describe('what is no page is named', () => {
  test.each([
    ['application/pdf', '%PDF-1.7'],
    ['image/jpeg', 'x'],
    ['application/json', '{}'],
  ])('%s', async (type, body) => {
    const outcome = await fetchPage(fetch, server.on('/', answer(body, { 'content-type': type })));
    expect(outcome).toEqual({ kind: 'not-a-page', reason: `The address gives ${type}, not a web page.` });
  });

  test('nothing', async () => {
    const outcome = await fetchPage(fetch, server.on('/', answer('', { 'content-type': 'text/html' })));
    expect(outcome).toMatchObject({ kind: 'not-a-page' });
  });

  test.each([
    [403, 'denied'],
    [404, 'missing'],
    [410, 'gone'],
    [429, 'slow-down'],
    [500, 'server-error'],
  ])('status %i is %s', async (status, kind) => {
    expect(await fetchPage(fetch, server.on('/', answer(page, {}, status)))).toMatchObject({ kind });
  });

  test('more than 5 MB', async () => {
    const url = server.on('/', endless(Buffer.alloc(256 * 1024, '<p>')));
    expect(await fetchPage(fetch, url)).toEqual({ kind: 'too-large', reason: 'The answer is larger than 5 MB.' });
  });

  test('a page that never answers', async () => {
    expect(
      await fetchPage(
        fetch,
        server.on('/', () => {}),
        { timeoutMs: 200 },
      ),
    ).toMatchObject({ kind: 'timeout' });
  });

  test('this machine', async () => {
    expect(await fetchPage(publicOnly, server.on('/', answer(page)))).toMatchObject({ kind: 'refused' });
    expect(server.requests).toEqual([]);
  });

  test('stopped by us', async () => {
    const stop = new AbortController();
    const url = server.on('/', () => stop.abort());
    expect(await fetchPage(fetch, url, { signal: stop.signal })).toMatchObject({ kind: 'aborted' });
  });
});
