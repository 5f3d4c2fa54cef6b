import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { type Download, download } from '../../src/lib/download.ts';
import { createFetch } from '../../src/lib/http.ts';
import { answer, endless, redirect, useWebServer } from '../support/web-server.ts';

const server = useWebServer();
const userAgent = 'Nashra/test';
const fetch = createFetch({ allowPrivateNetwork: true, userAgent });
const limits = { maxBytes: 100_000, timeoutMs: 20_000 };

const tcpServers: ReturnType<typeof createTcpServer>[] = [];
afterEach(() => {
  for (const tcp of tcpServers.splice(0)) tcp.close();
});

async function get(url: string, options: Partial<Parameters<typeof download>[2]> = {}): Promise<Download> {
  return download(fetch, url, { ...limits, ...options });
}

async function textOf(url: string): Promise<string> {
  const result = await get(url);
  return result.kind === 'answered' ? Buffer.from(result.bytes).toString() : result.kind;
}

describe('an answer', () => {
  test('comes with its status, headers and bytes', async () => {
    const url = server.on('/', answer('نشرة', { 'x-mark': 'yes' }));
    const result = await get(url);
    expect(result).toMatchObject({ kind: 'answered', status: 200, url, movedTo: null });
    expect(result.kind === 'answered' && Buffer.from(result.bytes).toString()).toBe('نشرة');
    expect(result.kind === 'answered' && result.headers.get('X-Mark')).toBe('yes');
  });

  test.each([
    ['gzip', gzipSync('whole')],
    ['br', brotliCompressSync('whole')],
    ['deflate', deflateSync('whole')],
  ])('is unpacked from %s', async (encoding, bytes) => {
    expect(await textOf(server.on('/', answer(bytes, { 'content-encoding': encoding })))).toBe('whole');
  });

  test('with an error keeps the beginning of its page', async () => {
    const url = server.on('/', answer('x'.repeat(1_000_000), {}, 500));
    const result = await get(url, { maxBytes: 10_000_000 });
    expect(result).toMatchObject({ kind: 'answered', status: 500 });
    expect(result.kind === 'answered' && result.bytes.length).toBe(64 * 1024);
  });

  test('may have nothing in it', async () => {
    expect(await textOf(server.on('/', answer('', {}, 204)))).toBe('');
  });
});

describe('redirects', () => {
  test('that all hold for good give the new address', async () => {
    server.on('/b', redirect('/c?x=1#part', 308));
    server.on('/c?x=1', answer('here'));
    const result = await get(server.on('/a', redirect('/b', 301)));
    expect(result).toMatchObject({
      kind: 'answered',
      url: server.url('/c?x=1#part'),
      movedTo: server.url('/c?x=1#part'),
    });
  });

  test.each([302, 303, 307])('are followed but not remembered when one of them is %i', async (status) => {
    server.on('/b', redirect('/c', status));
    server.on('/c', answer('here'));
    const result = await get(server.on('/a', redirect('/b', 301)));
    expect(result).toMatchObject({ kind: 'answered', url: server.url('/c'), movedTo: null });
  });

  test('carry the headers of the request', async () => {
    server.on('/b', answer('here'));
    await get(server.on('/a', redirect('/b')), { headers: { 'if-none-match': '"1"' } });
    expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual(['"1"', '"1"']);
  });

  test('in a loop end', async () => {
    server.on('/b', redirect('/a'));
    const result = await get(server.on('/a', redirect('/b')));
    expect(result).toEqual({ kind: 'redirect-loop', reason: '127.0.0.1 redirects in a loop.' });
    expect(server.requests).toHaveLength(2);
  });

  test('to ever new addresses end after the fifth', async () => {
    for (let n = 0; n < 10; n += 1) server.on(`/${n}`, redirect(`/${n + 1}`));
    expect(await get(server.url('/0'))).toMatchObject({ kind: 'redirect-loop' });
    expect(server.requests).toHaveLength(6);
  });

  test('of which five are allowed', async () => {
    for (let n = 0; n < 5; n += 1) server.on(`/${n}`, redirect(`/${n + 1}`));
    server.on('/5', answer('here'));
    expect(await textOf(server.url('/0'))).toBe('here');
  });

  test('to nowhere end', async () => {
    expect(await get(server.on('/', redirect('http://[')))).toMatchObject({ kind: 'redirect-loop' });
  });

  test('without an address are an answer', async () => {
    expect(await get(server.on('/', answer('', {}, 302)))).toMatchObject({ kind: 'answered', status: 302 });
  });

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'file:///etc/passwd',
    'http://a:b@news.example/',
  ])('to %s are refused', async (target) => {
    // The first address is public by name; the second is judged like the first.
    let asked = 0;
    const guarded = createFetch({ allowPrivateNetwork: false, userAgent });
    const url = server.on('/', redirect(target));
    const result = await download(
      (hop, init) => {
        asked += 1;
        return asked === 1 ? fetch(hop, init) : guarded(hop, init);
      },
      url,
      limits,
    );
    expect(result).toMatchObject({ kind: 'refused' });
    expect(asked).toBe(2);
  });
});

describe('limits', () => {
  test('a body that says it is too large is not read', async () => {
    const url = server.on('/', answer('x'.repeat(200_000), { 'content-length': '200000' }));
    expect(await get(url)).toEqual({ kind: 'too-large', reason: 'The answer is larger than 0.1 MB.' });
  });

  test('a body that never ends is cut off at the limit', async () => {
    const url = server.on('/', endless(Buffer.alloc(64 * 1024, 'x')));
    expect(await get(url, { maxBytes: 50 * 64 * 1024 })).toMatchObject({ kind: 'too-large' });
  });

  test.each([
    ['gzip', () => gzipSync(Buffer.alloc(50 * 1024 * 1024))],
    ['br', () => brotliCompressSync(Buffer.alloc(50 * 1024 * 1024))],
  ])('a small body that unpacks to a large one (%s) is cut off at the limit', async (encoding, bomb) => {
    const bytes = bomb();
    expect(bytes.length).toBeLessThan(limits.maxBytes);
    expect(await get(server.on('/', answer(bytes, { 'content-encoding': encoding })))).toMatchObject({
      kind: 'too-large',
    });
  });

  test('exactly the limit is not too large', async () => {
    const result = await get(server.on('/', answer('x'.repeat(1000))), { maxBytes: 1000 });
    expect(result.kind === 'answered' && result.bytes.length).toBe(1000);
  });

  test('a body that drips for ever ends at the deadline', async () => {
    const url = server.on('/', endless('.', { everyMs: 10 }));
    const result = await get(url, { timeoutMs: 300 });
    expect(result).toEqual({ kind: 'timeout', reason: '127.0.0.1 did not finish its answer within 0.3 seconds.' });
  });

  test('a server that never answers ends at the deadline', async () => {
    const url = server.on('/', () => {});
    expect(await get(url, { timeoutMs: 200 })).toMatchObject({ kind: 'timeout' });
  });

  test('redirects share one deadline', async () => {
    server.on('/b', () => {});
    const url = server.on('/a', redirect('/b'));
    expect(await get(url, { timeoutMs: 300 })).toMatchObject({ kind: 'timeout' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/a', '/b']);
  });

  test('a server that falls silent in the middle is left before the deadline', async () => {
    const impatient = createFetch({ allowPrivateNetwork: true, userAgent, idleTimeoutMs: 100 });
    const url = server.on('/', (response) => response.writeHead(200).write('begin'));
    const result = await download(impatient, url, { ...limits, timeoutMs: 25_000 });
    expect(result).toEqual({ kind: 'timeout', reason: '127.0.0.1 stopped answering.' });
  });

  test('the caller’s signal ends a request that is under way', async () => {
    const stop = new AbortController();
    const url = server.on('/', () => stop.abort());
    expect(await get(url, { signal: stop.signal })).toMatchObject({ kind: 'aborted' });
  });

  test('a signal that was aborted before asks nobody', async () => {
    const url = server.on('/', answer('x'));
    expect(await get(url, { signal: AbortSignal.abort() })).toMatchObject({ kind: 'aborted' });
    expect(server.requests).toEqual([]);
  });
});

describe('failures', () => {
  async function tcp(onConnection: (socket: Socket) => void): Promise<string> {
    const listening = createTcpServer(onConnection).listen(0, '127.0.0.1');
    tcpServers.push(listening);
    await once(listening, 'listening');
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`;
  }

  test('nobody listens', async () => {
    const url = await tcp(() => {});
    tcpServers.pop()?.close();
    expect(await get(url)).toEqual({ kind: 'unreachable', reason: '127.0.0.1 refused the connection.' });
  });

  test.each([
    ['ENOTFOUND', 'The host name news.example is not known.'],
    ['EAI_AGAIN', 'The host name news.example could not be looked up.'],
  ])('the name is not found (%s)', async (code, reason) => {
    const lost = createFetch({
      allowPrivateNetwork: false,
      userAgent,
      resolve: () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code })),
    });
    expect(await download(lost, 'https://news.example/secret?key=1', limits)).toEqual({ kind: 'unreachable', reason });
  });

  test('the connection closes without an answer', async () => {
    expect(await get(await tcp((socket) => socket.end()))).toMatchObject({ kind: 'unreachable' });
  });

  test('the answer breaks off', async () => {
    const url = await tcp((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegin');
    });
    expect(await get(url)).toEqual({
      kind: 'broken',
      reason: '127.0.0.1 closed the connection in the middle of its answer.',
    });
  });

  test('the answer is not HTTP', async () => {
    const url = await tcp((socket) => {
      socket.end('220 mail.example ESMTP\r\n');
    });
    expect(await get(url)).toEqual({ kind: 'broken', reason: '127.0.0.1 does not answer in proper HTTP.' });
  });

  test.each(['gzip', 'br', 'deflate'])('the answer only claims to be %s', async (encoding) => {
    const url = server.on('/', answer('<rss version="2.0"></rss>', { 'content-encoding': encoding }));
    expect(await get(url)).toMatchObject({ kind: 'broken', reason: expect.stringMatching(/cannot be unpacked/) });
  });

  test('the server speaks no TLS', async () => {
    const url = await tcp((socket) => {
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    expect(await get(url.replace('http:', 'https:'))).toMatchObject({ kind: 'unreachable' });
  });

  test('the port is another service’s', async () => {
    expect(await get('http://127.0.0.1:25/')).toMatchObject({ kind: 'refused' });
  });

  test('a mistake of our own is thrown', async () => {
    const mistaken = () => Promise.reject(new TypeError('x is not a function'));
    await expect(download(mistaken, 'http://news.example/', limits)).rejects.toThrow('x is not a function');
  });
});
