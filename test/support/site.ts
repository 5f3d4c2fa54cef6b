// A newsroom's site for scenarios: a feed, its articles' pages and pictures, changed by the test as it goes.
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { escapeHtml } from '../../src/lib/html.ts';

interface SiteEntry {
  slug: string;
  title: string;
  summary?: string;
  content?: string;
  categories?: string[];
  image?: string;
  publishedAt: Date;
  guid?: string;
}

interface Site {
  readonly feedUrl: string;
  url(path: string): string;
  /** Adds an entry at the top of the feed. */
  publish(entry: SiteEntry): void;
  /** What `path` answers from now on, before anything else. */
  on(path: string, handler: (response: ServerResponse) => void): void;
  readonly requests: string[];
}

/** Called at the top of a test file; `host` is one of this machine's names. */
export function useSite(title = 'صحيفة الميناء', host = '127.0.0.1'): Site {
  const entries: SiteEntry[] = [];
  const handlers = new Map<string, (response: ServerResponse) => void>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://site').pathname;
    requests.push(path);
    const handler = handlers.get(path);
    if (handler) handler(response);
    else if (path === '/feed/') {
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(feed());
    } else response.writeHead(404).end();
  });
  const url = (path: string) => `http://${host}:${(server.address() as AddressInfo).port}${path}`;

  function feed(): string {
    const items = entries.map(
      (entry) => `<item>
        <title>${escapeHtml(entry.title)}</title>
        <link>${url(`/${entry.slug}/`)}?utm_source=rss</link>
        <guid isPermaLink="false">${entry.guid ?? entry.slug}</guid>
        <pubDate>${entry.publishedAt.toUTCString()}</pubDate>
        ${(entry.categories ?? []).map((category) => `<category>${escapeHtml(category)}</category>`).join('')}
        <description>${escapeHtml(entry.summary ?? '')}</description>
        ${entry.content === undefined ? '' : `<content:encoded>${escapeHtml(entry.content)}</content:encoded>`}
        ${entry.image === undefined ? '' : `<enclosure url="${url(entry.image)}" type="image/jpeg" length="1"/>`}
      </item>`,
    );
    return `<?xml version="1.0" encoding="utf-8"?>
      <rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
      <title>${escapeHtml(title)}</title><link>${url('/')}</link><language>ar</language>
      ${items.join('\n')}</channel></rss>`;
  }

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  return {
    get feedUrl() {
      return url('/feed/');
    },
    url,
    publish: (entry) => void entries.unshift(entry),
    on: (path, handler) => void handlers.set(path, handler),
    requests,
  };
}
