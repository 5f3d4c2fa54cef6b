// Fetches an article's web page as text, within limits of size and time.
import { decodeText } from '../lib/charset.ts';
import { download } from '../lib/download.ts';
import { answerOrFailure, type HttpFailure } from '../lib/http-failure.ts';
import type { Fetch } from '../lib/http.ts';

export const pageMaxBytes = 5 * 1024 * 1024;
export const pageTimeoutMs = 20_000;

export type PageOutcome =
  /** `url` is where the page was found, after redirects: the base of its relative URLs. */
  | { kind: 'page'; html: string; url: string }
  /** The address answers with something else than a web page. */
  | { kind: 'not-a-page'; reason: string }
  | HttpFailure;

interface FetchPageOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  maxBytes?: number;
}

/** Never throws for what the world does; an aborted `signal` gives the outcome `aborted`. */
export async function fetchPage(
  fetch: Fetch,
  url: string,
  { signal, timeoutMs = pageTimeoutMs, maxBytes = pageMaxBytes }: FetchPageOptions = {},
): Promise<PageOutcome> {
  const downloaded = await download(fetch, url, {
    maxBytes,
    timeoutMs,
    headers: { accept: 'text/html, application/xhtml+xml, */*;q=0.1' },
    ...(signal ? { signal } : {}),
  });
  const answer = answerOrFailure(downloaded, undefined);
  if (answer.kind !== 'answered') return answer;

  const contentType = answer.headers.get('content-type');
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (mediaType !== '' && !/^(?:text\/html|application\/xhtml\+xml)$/.test(mediaType)) {
    return { kind: 'not-a-page', reason: `The address gives ${mediaType.slice(0, 100)}, not a web page.` };
  }
  const html = decodeText(answer.bytes, contentType);
  if (!html.includes('<')) {
    return { kind: 'not-a-page', reason: 'The address gives no web page: there is no markup in the answer.' };
  }
  return { kind: 'page', html, url: answer.url };
}
