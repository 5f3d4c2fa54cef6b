// What a failed request means for whoever asked: named by what to do next, with a sentence for the operator.
import type { Answer, Download } from './download.ts';

export type HttpFailure =
  | Exclude<Download, Answer>
  /** 429, or 503 that says how long; null when it does not say. */
  | { kind: 'slow-down'; retryAfterMs: number | null; reason: string }
  | { kind: 'gone'; reason: string }
  | { kind: 'missing'; reason: string }
  /** Refused to us: a login, a block, or a page that tests whether a person is asking. */
  | { kind: 'denied'; reason: string }
  | { kind: 'server-error'; reason: string };

/**
 * The answer, when its status is 2xx or 304 and its page is no challenge; else what is wrong with it. Without `now`, a
 * Retry-After that is a date is not read.
 */
export function answerOrFailure(download: Download, now: Date | undefined): Answer | HttpFailure {
  if (download.kind !== 'answered') return download;
  const { status, headers } = download;
  const host = new URL(download.url).hostname;
  if (isChallenge(download)) {
    return { kind: 'denied', reason: `${host} shows a check for browsers instead of its content (status ${status}).` };
  }
  if ((status >= 200 && status < 300) || status === 304) return download;

  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), now);
  if (status === 429 || (status === 503 && retryAfterMs !== null)) {
    const wait = retryAfterMs === null ? '' : `, in ${Math.ceil(retryAfterMs / 1000)} seconds`;
    return { kind: 'slow-down', retryAfterMs, reason: `${host} asks us to come back later${wait} (status ${status}).` };
  }
  if (status === 410) return { kind: 'gone', reason: `${host} says that this address is gone for good (status 410).` };
  if (status === 404) return { kind: 'missing', reason: `${host} has nothing at this address (status 404).` };
  if (status === 401 || status === 407)
    return { kind: 'denied', reason: `${host} asks for a login (status ${status}).` };
  if ([402, 403, 451].includes(status))
    return { kind: 'denied', reason: `${host} does not let us in (status ${status}).` };
  return { kind: 'server-error', reason: `${host} answered with an error (status ${status}).` };
}

/** Milliseconds from `now`, from seconds or an HTTP date (RFC 9110, 10.2.3); null when there is nothing to obey. */
export function parseRetryAfter(value: string | null, now: Date | undefined): number | null {
  const text = value?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (now === undefined || !/^[A-Z][a-z]+, /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

/** Marks of the pages that protection services show to robots. */
const challengeTitles =
  /<title>\s*(?:just a moment|attention required! \| cloudflare|ddos-guard|one moment, please|checking your browser)/i;
const challengeScripts = /_incapsula_resource|\/\.well-known\/sgcaptcha\/|sucuri_cloudproxy_js/i;
/** The same scripts are part of ordinary pages too; a page that small has nothing else. */
const bareBytes = 4096;

function isChallenge({ headers, bytes }: Answer): boolean {
  if (headers.get('cf-mitigated') === 'challenge') return true;
  const head = Buffer.from(bytes.subarray(0, bareBytes)).toString('latin1');
  if (!/^[^<]{0,9}<(?:!doctype html|html)/i.test(head)) return false;
  return challengeTitles.test(head) || (bytes.byteLength <= bareBytes && challengeScripts.test(head));
}
