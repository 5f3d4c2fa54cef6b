// The sample newsroom: a web server with feeds, pages and pictures, whose articles appear when they are published.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { type Article, type Language, readArticles } from './article.ts';
import { renderAtom, renderJsonFeed, renderRss } from './feeds.ts';
import { type ChannelOfFile, sampleNewsroomFile } from './newsroom-file.ts';
import { renderFrontPage, renderPage } from './page.ts';
import { publication, type PublishedArticle } from './publication.ts';
import { site } from './site.ts';

export interface NewsroomOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  clock?: Clock;
  /** How many articles are on the site at the start: the last of them published just now, the others hourly before. */
  published?: number;
}

export interface SampleNewsroom extends AsyncDisposable {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly origin: string;
  readonly feedUrl: string;
  readonly englishFeedUrl: string;
  /** Publishes the next of the newsroom's own articles, dated now; undefined when there is none left. */
  publishNext(): PublishedArticle | undefined;
  /** Publishes any article, dated now. Its slug must be new; its picture, if any, one of pictures/. */
  publish(article: Article): PublishedArticle;
  /** Oldest first. */
  published(): readonly PublishedArticle[];
  remaining(): number;
  /** The newsroom file that makes Nashra follow this newsroom. */
  newsroomFile(options?: { channels?: readonly ChannelOfFile[] }): string;
  close(): Promise<void>;
}

interface Resource {
  type: string;
  body: string | Buffer;
  modifiedAt: Date;
}

type Answer = Resource | { location: string } | undefined;

const hourMs = 60 * 60 * 1000;
const feedLength = 50;
const pictureFolder = new URL('./pictures/', import.meta.url);

export async function startNewsroom({
  port = 0,
  clock = systemClock,
  published: publishedAtStart = 0,
}: NewsroomOptions = {}): Promise<SampleNewsroom> {
  const startedAt = clock.now();
  const pictures = readPictures();
  const stylesheet = readFileSync(new URL('./site.css', import.meta.url));
  const waiting = readArticles();
  const published: PublishedArticle[] = [];

  const server = createServer((request, response) => reply(request, response, find(request.url ?? '/')));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function publishAt(article: Article, at: Date): PublishedArticle {
    if (published.some(({ slug }) => slug === article.slug)) throw new Error(`${article.slug} is published already.`);
    if (article.picture !== undefined && !pictures.has(article.picture)) {
      throw new Error(`${article.picture} is not in pictures/.`);
    }
    const result = publication(article, published.length + 1, at, origin);
    published.push(result);
    return result;
  }

  function newestFirst(language?: Language): PublishedArticle[] {
    return published
      .filter((article) => language === undefined || article.language === language)
      .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || b.number - a.number);
  }

  function feed(language: Language, type: string, render: typeof renderRss): Resource {
    const articles = newestFirst(language).slice(0, feedLength);
    const modifiedAt = articles[0]?.publishedAt ?? startedAt;
    const body = render({
      origin,
      articles,
      updatedAt: modifiedAt,
      pictureBytes: (picture) => pictures.get(picture)?.byteLength ?? 0,
    });
    return { type, body, modifiedAt };
  }

  function page(body: string): Resource {
    return { type: 'text/html; charset=utf-8', body, modifiedAt: newestFirst()[0]?.publishedAt ?? startedAt };
  }

  function find(target: string): Answer {
    const pathname = URL.parse(target, origin)?.pathname ?? '';
    if (pathname === site.ar.feedPath) return feed('ar', 'application/rss+xml; charset=UTF-8', renderRss);
    if (pathname === site.en.feedPath) return feed('en', 'application/atom+xml; charset=utf-8', renderAtom);
    if (pathname === '/feed.json') return feed('ar', 'application/feed+json', renderJsonFeed);
    if (pathname === '/feed') return { location: site.ar.feedPath };
    if (pathname === '/site.css') return { type: 'text/css; charset=utf-8', body: stylesheet, modifiedAt: startedAt };
    if (pathname === '/') return page(renderFrontPage(newestFirst()));

    const picture = pictures.get(pathname.replace(/^\/pictures\//, ''));
    if (picture && pathname.startsWith('/pictures/')) {
      return { type: 'image/jpeg', body: picture, modifiedAt: startedAt };
    }
    const article = published.find(({ path }) => path === pathname);
    return article && page(renderPage(article, newestFirst()));
  }

  for (let age = publishedAtStart - 1; age >= 0; age--) {
    const article = waiting.shift();
    if (article) publishAt(article, new Date(startedAt.getTime() - age * hourMs));
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve, reject) => {
      server.close((error) => (error ? reject(error) : resolve()));
    });
    server.closeAllConnections();
    await closed;
  }

  return {
    origin,
    feedUrl: origin + site.ar.feedPath,
    englishFeedUrl: origin + site.en.feedPath,
    publishNext() {
      const article = waiting.shift();
      return article && publishAt(article, clock.now());
    },
    publish: (article) => publishAt(article, clock.now()),
    published: () => [...published],
    remaining: () => waiting.length,
    newsroomFile: ({ channels = [] } = {}) => sampleNewsroomFile(origin, channels),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function readPictures(): Map<string, Buffer> {
  const names = readdirSync(pictureFolder).filter((name) => name.endsWith('.jpg'));
  return new Map(names.map((name) => [name, readFileSync(new URL(name, pictureFolder))]));
}

function reply(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  if (!answer) {
    const body =
      '<!DOCTYPE html><html lang="ar" dir="rtl"><title>غير موجود</title><h1>لم نعثر على هذه الصفحة</h1></html>';
    response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' }).end(body);
    return;
  }
  if ('location' in answer) {
    response.writeHead(301, { location: answer.location }).end();
    return;
  }

  const { type, modifiedAt } = answer;
  // Weak, because the same tag stands for the compressed and the plain form.
  const etag = `W/"${createHash('sha256').update(answer.body).digest('base64url').slice(0, 22)}"`;
  response.setHeader('etag', etag);
  response.setHeader('last-modified', modifiedAt.toUTCString());
  response.setHeader('vary', 'Accept-Encoding');
  response.setHeader('cache-control', 'max-age=0, must-revalidate');
  if (isUnchanged(request, etag, modifiedAt)) {
    response.writeHead(304).end();
    return;
  }

  response.setHeader('content-type', type);
  let body = Buffer.from(answer.body);
  if (!type.startsWith('image/') && acceptsGzip(request)) {
    response.setHeader('content-encoding', 'gzip');
    body = gzipSync(body);
  }
  response.setHeader('content-length', body.byteLength);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

/** RFC 9110, 13.2.2: the date counts only where no tag was given. */
function isUnchanged({ headers }: IncomingMessage, etag: string, modifiedAt: Date): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
    return tags.trim() === '*' || tags.split(',').some((tag) => opaque(tag) === opaque(etag));
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since;
}

function acceptsGzip({ headers }: IncomingMessage): boolean {
  const gzip = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(headers['accept-encoding'] ?? '');
  return gzip !== null && Number(gzip[1] ?? 1) > 0;
}
