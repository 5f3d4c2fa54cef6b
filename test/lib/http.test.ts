import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/lib/clock.ts';
import { createFetch, createHostLimiter, honestUserAgent, isPublicAddress, RefusedError } from '../../src/lib/http.ts';
import { answer, redirect, useWebServer } from '../support/web-server.ts';

const server = useWebServer();
const userAgent = honestUserAgent('1.2.3', 'https://desk.example/about');

const publicOnly = createFetch({ allowPrivateNetwork: false, userAgent });
const anywhere = createFetch({ allowPrivateNetwork: true, userAgent });

/** The error's own refusal or the one that caused it. */
async function refusalOf(asked: Promise<unknown>): Promise<string | undefined> {
  const error = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  const cause = error instanceof Error && !(error instanceof RefusedError) ? error.cause : error;
  return cause instanceof RefusedError ? cause.message : undefined;
}

describe('createFetch', () => {
  test('says who asks, and keeps the headers of the caller', async () => {
    const url = server.on('/', answer('hello'));
    const response = await anywhere(url, { headers: { accept: 'text/plain' } });
    expect(await new Response(response.body as never).text()).toBe('hello');
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'Nashra/1.2.3 (+https://desk.example/about)',
      accept: 'text/plain',
    });
  });

  test('names itself without a contact when there is none', () => {
    expect(honestUserAgent('1.2.3')).toBe('Nashra/1.2.3');
  });

  test.each([
    ['loopback', 'http://127.0.0.1/'],
    ['loopback, as one number', 'http://2130706433/'],
    ['loopback, hexadecimal and short', 'http://0x7f.1/'],
    ['loopback, octal', 'http://0177.0.0.1/'],
    ['loopback, with a final dot', 'http://127.0.0.1./'],
    ['loopback in IPv6', 'http://[::1]/'],
    ['loopback, IPv4-mapped', 'http://[::ffff:127.0.0.1]/'],
    ['loopback, IPv4-mapped in hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['loopback behind NAT64', 'http://[64:ff9b::7f00:1]/'],
    ['loopback behind 6to4', 'http://[2002:7f00:1::1]/'],
    ['the unspecified address', 'http://0/'],
    ['the unspecified address in IPv6', 'http://[::]/'],
    ['cloud metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['cloud metadata in IPv6', 'http://[fd00:ec2::254]/'],
    ['cloud metadata on a public address', 'http://168.63.129.16/'],
    ['a private network', 'https://10.1.2.3/'],
    ['a private network', 'https://172.31.255.255/'],
    ['a private network', 'https://192.168.1.1/'],
    ['a carrier network', 'http://100.64.0.1/'],
    ['multicast', 'http://224.0.0.1/'],
    ['broadcast', 'http://255.255.255.255/'],
    ['link-local IPv6', 'http://[fe80::1]/'],
  ])('refuses %s: %s', async (_what, url) => {
    expect(await refusalOf(publicOnly(url))).toMatch(/not on the public internet/);
  });

  test('refuses a name that resolves to this machine', async () => {
    server.on('/', answer('secret'));
    expect(await refusalOf(publicOnly(`http://localhost:${server.port}/`))).toMatch(/^localhost is not on the public/);
    expect(server.requests).toEqual([]);
  });

  test('judges a name by the very answer that the socket gets, so that a second answer cannot slip in', async () => {
    let asked = 0;
    const fetch = createFetch({
      allowPrivateNetwork: false,
      userAgent,
      async resolve() {
        asked += 1;
        return asked === 1
          ? [
              { address: '127.0.0.1', family: 4 },
              { address: '::ffff:10.0.0.1', family: 6 },
            ]
          : [{ address: '127.0.0.1', family: 4 }];
      },
    });
    server.on('/', answer('secret'));
    expect(await refusalOf(fetch(`http://rebinding.example:${server.port}/`))).toMatch(/rebinding\.example/);
    expect(asked).toBe(1);
    expect(server.requests).toEqual([]);
  });

  test('connects with what the name resolves to', async () => {
    const fetch = createFetch({
      allowPrivateNetwork: true,
      userAgent,
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    });
    server.on('/', answer('hello'));
    const response = await fetch(`http://news.example:${server.port}/`);
    await response.body?.cancel();
    expect(response.status).toBe(200);
    expect(server.requests[0]?.headers.host).toBe(`news.example:${server.port}`);
  });

  test.each([
    ['file:///etc/passwd', /Only http and https/],
    ['ftp://news.example/feed', /Only http and https/],
    ['data:text/xml,<rss/>', /Only http and https/],
    ['not a URL', /not a valid URL/],
  ])('refuses %s even where private networks are allowed', async (url, reason) => {
    expect(await refusalOf(anywhere(url))).toMatch(reason);
  });

  test('refuses credentials in a URL and does not repeat them', async () => {
    const refusal = await refusalOf(anywhere('https://editor:hunter2@news.example/feed'));
    expect(refusal).toMatch(/user name or password/);
    expect(refusal).not.toMatch(/hunter2|editor/);
  });

  test('follows no redirect by itself', async () => {
    const url = server.on('/old', redirect(server.url('/new')));
    const response = await anywhere(url);
    await response.body?.cancel();
    expect(response.status).toBe(302);
    expect(server.requests.map(({ path }) => path)).toEqual(['/old']);
  });
});

describe('isPublicAddress', () => {
  test.each([
    ['1.1.1.1', true],
    ['203.0.114.1', true],
    ['2606:4700::1111', true],
    ['::ffff:1.1.1.1', true],
    ['64:ff9b::101:101', true],
    ['64:ff9b::a00:1', false],
    ['64:ff9b:1::101:101', false],
    ['::127.0.0.1', false],
    ['::ffff:0:127.0.0.1', false],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', false],
    ['2002:101:101::1', false],
    ['2001:db8::1', false],
    ['fc00::1', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['4000::1', false],
    ['fe80::1%eth0', false],
    ['0.1.2.3', false],
    ['192.0.2.1', false],
    ['198.18.0.1', false],
    ['240.0.0.1', false],
    ['', false],
    ['news.example', false],
  ])('%s is public: %s', (address, isPublic) => {
    expect(isPublicAddress(address)).toBe(isPublic);
  });
});

/** A clock that stands still until it is moved. */
function standingClock() {
  let time = 0;
  let sleepers: { until: number; wake: () => void }[] = [];
  const clock: Clock = {
    now: () => new Date(time),
    sleep: (ms, signal) =>
      new Promise((wake) => {
        if (signal?.aborted) return wake();
        sleepers.push({ until: time + ms, wake });
        signal?.addEventListener('abort', () => wake());
      }),
    every: () => ({ stop() {} }),
  };
  return {
    clock,
    move: async (ms: number) => {
      time += ms;
      const due = sleepers.filter(({ until }) => until <= time);
      sleepers = sleepers.filter(({ until }) => until > time);
      for (const { wake } of due) wake();
      await settled();
    },
  };
}

/** All work that waits for nothing but promises is done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Pieces of work that note their start and end when they are told to. */
function work() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    started,
    start: (name: string) => () =>
      new Promise<string>((resolve) => {
        started.push(name);
        ends.set(name, () => resolve(name));
      }),
    end: async (name: string) => {
      ends.get(name)?.();
      await settled();
    },
  };
}

describe('createHostLimiter', () => {
  test('lets two requests to a host run at a time, the others in order, and other hosts at once', async () => {
    const limiter = createHostLimiter({ clock: standingClock().clock, perHost: 2 });
    const { start, started, end } = work();
    const all = [
      ...['a1', 'a2', 'a3', 'a4'].map((name) => limiter.run(`https://a.example/${name}`, start(name))),
      limiter.run('https://b.example/', start('b1')),
    ];
    await settled();
    expect(started).toEqual(['a1', 'a2', 'b1']);
    await end('a2');
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
    await end('a1');
    for (const name of ['a3', 'a4', 'b1']) await end(name);
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'a4', 'b1']);
  });

  test('keeps the starts of two requests to a host apart', async () => {
    const { clock, move } = standingClock();
    const limiter = createHostLimiter({ clock, perHost: 2, minimumGapMs: 1000 });
    const { start, started, end } = work();
    const all = ['a1', 'a2', 'a3'].map((name) => limiter.run('https://a.example/', start(name)));
    await settled();
    expect(started).toEqual(['a1']);
    await move(999);
    expect(started).toEqual(['a1']);
    await move(1);
    expect(started).toEqual(['a1', 'a2']);
    await move(5000);
    await end('a1');
    expect(started).toEqual(['a1', 'a2', 'a3']);
    await end('a2');
    await end('a3');
    await Promise.all(all);
  });

  test('frees the place of work that failed', async () => {
    const limiter = createHostLimiter({ clock: standingClock().clock, perHost: 1 });
    await expect(limiter.run('https://a.example/', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await limiter.run('https://a.example/', async () => 'next')).toBe('next');
  });

  test('lets aborted work out of the queue without taking anybody else’s place', async () => {
    const limiter = createHostLimiter({ clock: standingClock().clock, perHost: 1 });
    const { start, started, end } = work();
    const stop = new AbortController();
    const first = limiter.run('https://a.example/', start('first'));
    const aborted = limiter.run('https://a.example/', async () => stop.signal.aborted, stop.signal);
    const last = limiter.run('https://a.example/', start('last'));
    await settled();
    stop.abort();
    expect(await aborted).toBe(true);
    expect(started).toEqual(['first']);
    await end('first');
    expect(started).toEqual(['first', 'last']);
    await end('last');
    expect(await Promise.all([first, last])).toEqual(['first', 'last']);
  });
});
