import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpPool, type HttpPool, UnwrittenError } from '../../src/lib/http-pool.ts';

/** A server of this test, and the requests that came whole. */
async function serve(listener: RequestListener): Promise<{ origin: string; server: Server; came: string[] }> {
  const came: string[] = [];
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      came.push(request.url ?? '');
      listener(request, response);
      server.emit('arrived');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, came };
}

function open(origin: string, options: Partial<Parameters<typeof createHttpPool>[1]> = {}): HttpPool {
  return createHttpPool(origin, { connections: 4, timeoutMs: 20_000, ...options });
}

const post = (pool: HttpPool, path: string, signal?: AbortSignal) =>
  pool.post(path, { headers: { 'content-type': 'text/plain' }, body: 'news', ...(signal ? { signal } : {}) });

const failure = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('calls that end well', () => {
  test('bring the status and the whole answer, in any number of pieces', async () => {
    const { origin } = await serve((_request, response) => {
      response.writeHead(203);
      response.write(Buffer.from('خبر').subarray(0, 3));
      response.end(Buffer.from('خبر').subarray(3));
    });
    expect(await post(open(origin), '/a')).toEqual({ status: 203, text: 'خبر' });
  });

  test('use no more connections than allowed', async () => {
    const { origin, server } = await serve((_request, response) => response.end('ok'));
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const pool = open(origin, { connections: 2 });

    await Promise.all(Array.from({ length: 20 }, (_, index) => post(pool, `/${index}`)));

    expect(connections).toBeLessThanOrEqual(2);
  });

  test('need not know that the server has closed the connection meanwhile', async () => {
    const { origin, server, came } = await serve((_request, response) => response.end('ok'));
    const pool = open(origin, { connections: 1 });
    for (const path of ['/1', '/2', '/3']) {
      const closed = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
      expect(await post(pool, path)).toEqual({ status: 200, text: 'ok' });
      server.closeIdleConnections();
      await closed;
    }
    expect(came).toEqual(['/1', '/2', '/3']);
  });

  test('are waited for when the pool is closed', async () => {
    const { origin, server } = await serve((_request, response) => void server.once('later', () => response.end('ok')));
    const pool = open(origin);
    const arrived = once(server, 'arrived');
    const answer = post(pool, '/a');
    await arrived;

    const closed = pool.close();
    server.emit('later');

    expect(await answer).toEqual({ status: 200, text: 'ok' });
    await closed;
  });
});

describe('calls of which surely nothing was sent', () => {
  test('nobody listens', async () => {
    const { origin, server } = await serve(() => {});
    server.close();
    await once(server, 'close');

    const error = await failure(post(open(origin), '/a'));

    expect(error).toBeInstanceOf(UnwrittenError);
    expect((error as UnwrittenError).cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('no connection came free in time; nothing is sent later, and the others keep their connection', async () => {
    const { origin, server, came } = await serve((request, response) => {
      if (request.url !== '/slow') response.end('ok');
      else server.once('later', () => response.end('ok'));
    });
    let connections = 0;
    server.on('connection', () => (connections += 1));
    const pool = open(origin, { connections: 1 });
    const slow = post(pool, '/slow');
    const stop = new AbortController();
    const queued = [1, 2, 3].map((number) => failure(post(pool, `/${number}`, stop.signal)));
    await once(server, 'arrived');
    stop.abort();

    for (const error of await Promise.all(queued)) expect(error).toBeInstanceOf(UnwrittenError);
    server.emit('later');
    expect(await slow).toMatchObject({ status: 200 });
    expect(await post(pool, '/last')).toMatchObject({ status: 200 });
    expect(came).toEqual(['/slow', '/last']);
    expect(connections).toBe(1);
  });

  test('the wait for a connection counts towards the time limit', async () => {
    const { origin } = await serve(() => {});
    const pool = open(origin, { connections: 1, timeoutMs: 300 });

    const [first, second] = await Promise.all([failure(post(pool, '/1')), failure(post(pool, '/2'))]);

    expect(first).not.toBeInstanceOf(UnwrittenError);
    expect(second).toBeInstanceOf(UnwrittenError);
  });

  test('the pool is closed', async () => {
    const { origin } = await serve((_request, response) => response.end('ok'));
    const pool = open(origin);
    await pool.close();

    expect(await failure(post(pool, '/a'))).toBeInstanceOf(UnwrittenError);
  });

  test('the caller has given up before', async () => {
    const { origin, came } = await serve((_request, response) => response.end('ok'));

    expect(await failure(post(open(origin), '/a', AbortSignal.abort()))).toBeInstanceOf(UnwrittenError);
    expect(came).toEqual([]);
  });
});

describe('calls that may have arrived', () => {
  const cases: [name: string, listener: RequestListener, options?: Partial<Parameters<typeof createHttpPool>[1]>][] = [
    ['the connection breaks', (request) => request.socket.destroy()],
    ['the answer breaks off', (request, response) => response.write('o', () => request.socket.destroy())],
    ['nobody answers', () => {}, { timeoutMs: 300 }],
    ['the answer drips', (_request, response) => drip(response), { timeoutMs: 300 }],
    ['the answer has no end', (_request, response) => drip(response, 0), { maxBytes: 100 }],
    ['what answers is not HTTP', (request) => request.socket.end('220 smtp.example ESMTP\r\n')],
  ];

  test.each(cases)('%s', async (_name, listener, options) => {
    const { origin } = await serve(listener);

    const error = await failure(post(open(origin, options), '/a'));

    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnwrittenError);
  });

  test('the caller gives up', async () => {
    const stop = new AbortController();
    const { origin } = await serve(() => stop.abort());

    expect(await failure(post(open(origin), '/a', stop.signal))).not.toBeInstanceOf(UnwrittenError);
  });
});

function drip(response: ServerResponse, everyMs = 20): void {
  const timer = setInterval(() => response.write('x'), everyMs);
  response.on('close', () => clearInterval(timer));
}
