// A web server with thousands of feeds, each on a host of its own: a process apart, so that its work counts for nobody.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from './child.ts';

export interface FeedServerOptions {
  feeds: number;
  entriesEach: number;
  /** `feed`: the feeds have whole texts and pictures, so that no page is opened; `page`: only teasers. */
  textIn: 'feed' | 'page';
}

/** Since the last report. */
export interface FeedReport {
  /** Requests for feeds that were answered with 304, with the feed, and those among all that named no version. */
  unchanged: number;
  whole: number;
  unconditional: number;
  pages: number;
  /** When each entry that was published since was first given out: [its number, milliseconds since the Unix epoch]. */
  served: [number: number, at: number][];
}

interface ServedFeed {
  /** The newest first. */
  entries: { number: number; at: Date }[];
  version: number;
}

const picture = readFileSync(new URL('../sandbox/newsroom/pictures/bridge.jpg', import.meta.url));

let options: FeedServerOptions;
let feeds: ServedFeed[] = [];
let entries = 0;
let report = emptyReport();
const unserved = new Set<number>();

const handlers = {
  async start(given: FeedServerOptions): Promise<{ port: number }> {
    options = given;
    const startedAt = Date.now();
    feeds = Array.from({ length: options.feeds }, () => ({
      // Older than what a feed that is new to the program is told of.
      entries: Array.from({ length: options.entriesEach }, (_, index) => ({
        number: (entries += 1),
        at: new Date(startedAt - (index + 2) * 3_600_000),
      })),
      version: 1,
    }));
    const server = createServer(respond);
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => {
      server.listen({ port: 0, host: '0.0.0.0', backlog: 4_096 }, resolve);
    });
    return { port: (server.address() as AddressInfo).port };
  },

  /** One new entry in each of these feeds. */
  publish(indexes: readonly number[]): void {
    const at = new Date();
    for (const index of indexes) {
      const feed = feeds[index];
      if (!feed) continue;
      const number = (entries += 1);
      unserved.add(number);
      feed.entries = [{ number, at }, ...feed.entries.slice(0, -1)];
      feed.version += 1;
    }
  },

  report(): FeedReport {
    const reported = report;
    report = emptyReport();
    return reported;
  },
};

export type FeedServerHandlers = typeof handlers;

function respond(request: IncomingMessage, response: ServerResponse): void {
  const host = request.headers.host ?? '';
  const [, a = '1', b = '0', c = '0'] = host.split(':', 1)[0]?.split('.') ?? [];
  const feed = feeds[((Number(a) - 1) << 16) + (Number(b) << 8) + Number(c)];
  if (!feed) {
    response.writeHead(404).end();
  } else if (request.url === '/feed.xml') {
    sendFeed(feed, host, request.headers['if-none-match'], response);
  } else if (request.url?.startsWith('/picture/')) {
    response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture);
  } else {
    report.pages += 1;
    const number = Number(/\d+$/.exec(request.url ?? '')?.[0] ?? 0);
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(pageOf(number, host));
  }
}

function sendFeed(feed: ServedFeed, host: string, known: string | undefined, response: ServerResponse): void {
  const etag = `"${feed.version}"`;
  if (known === undefined) report.unconditional += 1;
  if (known === etag) {
    report.unchanged += 1;
    response.writeHead(304, { etag }).end();
    return;
  }
  report.whole += 1;
  const body = feed.entries.map((entry) => itemOf(entry, host)).join('');
  response.writeHead(200, { etag, 'content-type': 'application/rss+xml; charset=utf-8' });
  for (const { number } of feed.entries) {
    if (unserved.delete(number)) report.served.push([number, Date.now()]);
  }
  response.end(`${feedStart(host)}${body}</channel></rss>`);
}

function emptyReport(): FeedReport {
  return { unchanged: 0, whole: 0, unconditional: 0, pages: 0, served: [] };
}

function feedStart(host: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:media="http://search.yahoo.com/mrss/"><channel><title>صحيفة ${host.split(':', 1)[0]}</title>
<link>http://${host}/</link><language>ar</language>`;
}

const items = new Map<number, string>();
const maxKeptItems = 20_000;

function itemOf({ number, at }: ServedFeed['entries'][number], host: string): string {
  const kept = items.get(number);
  if (kept !== undefined) return kept;
  const link = `http://${host}/story/${number}`;
  const whole =
    options.textIn === 'feed'
      ? `<content:encoded><![CDATA[${paragraphsOf(number).join('\n')}]]></content:encoded>
<media:content url="http://${host}/picture/${number}.jpg" medium="image" type="image/jpeg"/>`
      : '';
  const item = `<item><title>${headlineOf(number)}</title><link>${link}</link><guid isPermaLink="false">${number}</guid>
<pubDate>${at.toUTCString()}</pubDate><category>أخبار</category>
<description><![CDATA[<p>${sentenceOf(number, 0)}</p>]]></description>${whole}</item>`;
  if (items.size < maxKeptItems) items.set(number, item);
  return item;
}

function pageOf(number: number, host: string): string {
  return `<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>${headlineOf(number)}</title>
<meta property="og:image" content="http://${host}/picture/${number}.jpg"><meta property="og:title" content="${headlineOf(number)}"></head>
<body><header><nav><a href="/">الرئيسية</a></nav></header><main><article><h1>${headlineOf(number)}</h1>
${paragraphsOf(number).join('\n')}</article></main><footer><p>جميع الحقوق محفوظة</p></footer></body></html>`;
}

// No two entries have a word in common, so that none is taken for another's story.
const letters = 'بتثجحخدذرزسشصضطظعغفقكلمن';
const lettersOfOne = 6;
const allWords = letters.length ** lettersOfOne;
const wordsOfOne = 12;
const sentencesOfOne = 9;
const paragraphsOfOne = 3;

function headlineOf(number: number): string {
  return `${wordsOf(number, sentencesOfOne).slice(0, 6).join(' ')} №${number}`;
}

function paragraphsOf(number: number): string[] {
  const sentences = Array.from({ length: sentencesOfOne }, (_, index) => sentenceOf(number, index));
  const each = sentencesOfOne / paragraphsOfOne;
  return Array.from(
    { length: paragraphsOfOne },
    (_, index) => `<p>${sentences.slice(index * each, (index + 1) * each).join(' ')}</p>`,
  );
}

function sentenceOf(number: number, sentence: number): string {
  return `${wordsOf(number, sentence).join(' ')}.`;
}

function wordsOf(number: number, sentence: number): string[] {
  const first = (number * (sentencesOfOne + 1) + sentence) * wordsOfOne;
  // Scattered by a factor that shares none with the number of words: neighbours look nothing like each other.
  return Array.from({ length: wordsOfOne }, (_, index) => word(((first + index) * 48_271) % allWords));
}

function word(number: number): string {
  let rest = number;
  return Array.from({ length: lettersOfOne }, () => {
    const letter = letters[rest % letters.length] ?? '';
    rest = Math.floor(rest / letters.length);
    return letter;
  }).join('');
}

answer(handlers);
