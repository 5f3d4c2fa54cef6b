// nashra try feed: what a feed's bytes are understood as.
import type { Entry } from '../../feeds/feed.ts';
import { readFeed } from '../../feeds/read-feed.ts';
import { CommandError } from '../context.ts';
import { counted, isolated, printable } from '../output.ts';
import { type Document, type Material, noAddress } from './material.ts';
import { type Fields, optionalAddressIn, optionalTextIn, textIn, type Trial } from './trial.ts';

interface FeedAnswer {
  title: string | null;
  link: string | null;
  language: string | null;
  entries: EntryAnswer[];
}

interface EntryAnswer {
  id: string;
  title: string;
  link: string | null;
  publishedAt: Date | null;
  updatedAt: Date | null;
  authors: string[];
  categories: string[];
  summary: string | null;
  content: string | null;
  enclosures: Entry['enclosures'];
}

interface FeedTrialOptions {
  material: Material;
  now: Date;
  timeZone: string;
}

export function createFeedTrial({ material, now, timeZone }: FeedTrialOptions): Trial {
  return {
    async answer(fields): Promise<FeedAnswer> {
      const { bytes, contentType, url } = await documentOf(fields, material);
      const outcome = readFeed(bytes, { contentType, url, now, timeZone });
      if (outcome.kind !== 'feed') throw new CommandError(outcome.reason);
      const { title, link, language, entries } = outcome.feed;
      return { title, link, language, entries: entries.map(entryAnswer) };
    },
  };
}

async function documentOf(fields: Fields, material: Material): Promise<Document> {
  const base64 = optionalTextIn(fields, 'base64');
  const document =
    base64 === undefined
      ? await material.feed(textIn(fields, 'file'))
      : { bytes: Buffer.from(base64, 'base64'), contentType: null, url: noAddress };
  return {
    bytes: document.bytes,
    contentType: optionalTextIn(fields, 'contentType') ?? document.contentType,
    url: optionalAddressIn(fields, 'url') ?? document.url,
  };
}

function entryAnswer(entry: Entry): EntryAnswer {
  const { guid, title, url, publishedAt, updatedAt, authors, categories, summaryHtml, contentHtml, enclosures } = entry;
  return {
    id: guid,
    title,
    link: url,
    publishedAt,
    updatedAt,
    authors,
    categories,
    summary: summaryHtml,
    content: contentHtml,
    enclosures,
  };
}

export function showFeed({ title, link, language, entries }: FeedAnswer): string {
  const head = [title === null ? 'A feed without a title' : isolated(printable(title)), link, language].filter(
    (part) => part !== null,
  );
  const lines = entries.flatMap((entry) => [
    '',
    isolated(printable(entry.title)),
    `  ${entry.publishedAt?.toISOString() ?? 'no date'}  ${entry.link ?? 'no link'}`,
    ...(entry.authors.length > 0 ? [`  by ${entry.authors.map((name) => isolated(printable(name))).join(', ')}`] : []),
    ...(entry.categories.length > 0
      ? [`  in ${entry.categories.map((name) => isolated(printable(name))).join(', ')}`]
      : []),
  ]);
  return `${head.join(' · ')}\n${counted(entries.length, 'entry')}\n${lines.join('\n')}\n`;
}
