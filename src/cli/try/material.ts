// Where a trial's material comes from: a file or an address, named on the command line or in a field.
import { readFile } from 'node:fs/promises';
import packageJson from '../../../package.json' with { type: 'json' };
import { extractPage } from '../../articles/extract.ts';
import { fetchPage } from '../../articles/fetch-page.ts';
import type { Config } from '../../config.ts';
import { feedMaxBytes, feedTimeoutMs } from '../../feeds/fetch-feed.ts';
import { decodeText } from '../../lib/charset.ts';
import { download } from '../../lib/download.ts';
import { answerOrFailure } from '../../lib/http-failure.ts';
import { createFetch, type Fetch, honestUserAgent } from '../../lib/http.ts';
import { CommandError, type Shell } from '../context.ts';
import { fileProblem } from '../text-file.ts';

export interface Document {
  bytes: Uint8Array;
  contentType: string | null;
  url: string;
}

export interface Material {
  /** The bytes of a feed, from wherever it is. */
  feed(where: string): Promise<Document>;
  /** A page's HTML and its address. */
  page(where: string): Promise<{ html: string; url: string }>;
  /** An article's words: of a page, or of a text file whose first line is the headline. */
  article(where: string): Promise<PlainArticle>;
  /** The text of a file; what names no file is the text itself. */
  text(what: string): Promise<string>;
  bytesOf(path: string): Promise<Uint8Array>;
}

interface PlainArticle {
  title: string;
  text: string;
  publishedAt: Date | null;
  url: string | null;
  language: string | null;
}

/** Of a file there is no address: its relative links lead nowhere. */
export const noAddress = 'https://example.invalid/';

export function createMaterial({ signal, clock }: Shell, config: Config): Material {
  const fetch: Fetch = createFetch({
    allowPrivateNetwork: config.allowPrivateNetwork,
    userAgent: honestUserAgent(packageJson.version),
  });

  async function feed(where: string): Promise<Document> {
    if (!isAddress(where)) return { bytes: await bytesOf(where), contentType: null, url: noAddress };
    const limits = { maxBytes: feedMaxBytes, timeoutMs: feedTimeoutMs, signal };
    const answer = answerOrFailure(await download(fetch, where, limits), clock.now());
    if (answer.kind !== 'answered') throw new CommandError(`${where} cannot be had (${answer.kind}): ${answer.reason}`);
    return { bytes: answer.bytes, contentType: answer.headers.get('content-type'), url: answer.url };
  }

  async function page(where: string): Promise<{ html: string; url: string }> {
    if (!isAddress(where)) return { html: decodeText(await bytesOf(where), null), url: noAddress };
    const answer = await fetchPage(fetch, where, { signal });
    if (answer.kind === 'page') return { html: answer.html, url: answer.url };
    throw new CommandError(`${where} cannot be had (${answer.kind}): ${answer.reason}`);
  }

  async function article(where: string): Promise<PlainArticle> {
    const { html, url } = await page(where);
    if (!isAddress(where) && !/<[a-z!]/i.test(html)) return plainArticle(html);
    const found = extractPage(html, url, { timeZone: config.timeZone });
    if (!found) throw new CommandError(`No article was found in ${where}.`);
    const { headline: title, body: text, publishedAt, language } = found;
    return { title, text, publishedAt, language, url: url === noAddress ? null : url };
  }

  return {
    feed,
    page,
    article,
    bytesOf,
    text: async (what) => ((await isFile(what)) ? decodeText(await bytesOf(what), null) : what),
  };
}

function isAddress(where: string): boolean {
  return /^https?:\/\//i.test(where);
}

async function bytesOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new CommandError(`${path} cannot be read: ${fileProblem(error)}.`);
  });
}

async function isFile(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch {
    return false;
  }
}

function plainArticle(text: string): PlainArticle {
  const [title = '', ...rest] = text.trim().split('\n');
  return { title: title.trim(), text: rest.join('\n').trim(), publishedAt: null, url: null, language: null };
}
