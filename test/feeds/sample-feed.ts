// A feed of three items for tests of damage, which hits the first of them, if it hits any.
import { readFeed } from '../../src/feeds/read-feed.ts';

const now = new Date('2026-05-02T00:00:00Z');

export const prolog = '<?xml version="1.0" encoding="UTF-8"?>\n';
export const open =
  '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel><title>نشرة المدينة</title><link>https://news.example/</link>\n';
export const close = '</channel></rss>\n';
export const title = 'مكتبة جديدة في الحي القديم';
export const text = '<p>افتتحت البلدية مكتبة جديدة في الحي القديم.</p>';

export interface Parts {
  title?: string;
  link?: string;
  guid?: string;
  date?: string;
  description?: string;
  end?: string;
}

export function item(number: number, parts: Parts = {}): string {
  return `<item>
${parts.title ?? `<title>${title}</title>`}
${parts.link ?? `<link>https://news.example/a/${number}</link>`}
${parts.guid ?? `<guid isPermaLink="false">id-${number}</guid>`}
${parts.date ?? '<pubDate>Fri, 01 May 2026 10:30:00 +0300</pubDate>'}
${parts.description ?? `<description><![CDATA[${text}]]></description>`}
${parts.end ?? '</item>'}\n`;
}

export const feed = (parts: Parts) => prolog + open + item(1, parts) + item(2) + item(3) + close;
export const whole = feed({});

export function read(bytes: string | Uint8Array, contentType: string | null = null) {
  const outcome = readFeed(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, {
    contentType,
    url: 'https://news.example/feed',
    now,
  });
  return outcome.kind === 'feed' ? outcome.feed : undefined;
}

export const expectedFirst = {
  guid: 'id-1',
  url: 'https://news.example/a/1',
  title,
  publishedAt: new Date('2026-05-01T07:30:00Z'),
  text,
};

export function firstOf(parsed: ReturnType<typeof read>) {
  const entry = parsed?.entries[0];
  return entry && { ...entry, text: entry.contentHtml ?? entry.summaryHtml };
}
