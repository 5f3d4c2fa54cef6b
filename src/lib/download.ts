// Downloads one URL within limits of size and time, follows its redirects, and says in words why it could not.
import { alarm } from './clock.ts';
import { type Fetch, type FetchResponse, RefusedError } from './http.ts';

export type Download =
  | Answer
  /** We do not ask such addresses: ask again only when the configuration or the address changes. */
  | { kind: 'refused'; reason: string }
  | { kind: 'too-large'; reason: string }
  | { kind: 'timeout'; reason: string }
  /** Nobody answered: it may just as well be our own network. */
  | { kind: 'unreachable'; reason: string }
  /** Somebody answered, but not whole, or not in HTTP. */
  | { kind: 'broken'; reason: string }
  | { kind: 'redirect-loop'; reason: string }
  /** The caller's signal aborted: nothing is known. */
  | { kind: 'aborted'; reason: string };

export interface Answer {
  kind: 'answered';
  /** Any status; the body of an error is cut off at `errorBodyBytes`. */
  status: number;
  headers: { get(name: string): string | null };
  bytes: Uint8Array;
  /** After redirects. */
  url: string;
  /** The new address, when every redirect on the way said that it holds for good (301, 308). */
  movedTo: string | null;
}

interface DownloadOptions {
  /** After decompression. */
  maxBytes: number;
  /** For everything together: names, connections, redirects, the body. */
  timeoutMs: number;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const maxRedirects = 5;
/** Enough of an error's page to tell what it is. */
const errorBodyBytes = 64 * 1024;

const permanentRedirects: ReadonlySet<number> = new Set([301, 308]);
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Never throws for what the world does. Reasons are English sentences for operators and name hosts, never whole URLs. */
export async function download(fetch: Fetch, url: string, options: DownloadOptions): Promise<Download> {
  // Not AbortSignal.timeout, which would hold everything for all of its time, of thousands of answers.
  const late = new AbortController();
  const inTime = alarm(options.timeoutMs, () => late.abort());
  const limit = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;
  const place = { url, hasAnswered: false };
  try {
    return await follow(fetch, place, options, limit);
  } catch (error) {
    if (options.signal?.aborted) return { kind: 'aborted', reason: 'The request was stopped.' };
    if (limit.aborted) return tooSlow(place.url, options.timeoutMs);
    return explain(error, place);
  } finally {
    inTime();
  }
}

async function follow(
  fetch: Fetch,
  place: { url: string; hasAnswered: boolean },
  { maxBytes, headers = {} }: DownloadOptions,
  signal: AbortSignal,
): Promise<Download> {
  const visited = new Set<string>();
  let movedForGood = true;
  for (let hop = 0; ; hop += 1) {
    visited.add(withoutFragment(place.url));
    place.hasAnswered = false;
    const response = await fetch(place.url, { headers, redirect: 'manual', signal });
    place.hasAnswered = true;
    const location = redirects.has(response.status) ? response.headers.get('location') : null;
    if (location === null) {
      const body = await readBody(response, maxBytes);
      if (body === 'too-large') {
        return { kind: 'too-large', reason: `The answer is larger than ${megabytes(maxBytes)} MB.` };
      }
      return {
        kind: 'answered',
        status: response.status,
        headers: response.headers,
        bytes: body,
        url: place.url,
        movedTo: hop > 0 && movedForGood ? place.url : null,
      };
    }

    await response.body?.cancel();
    const target = URL.parse(location, place.url)?.href;
    if (target === undefined) {
      return { kind: 'redirect-loop', reason: `${hostOf(place.url)} redirects to an address that is not valid.` };
    }
    if (visited.has(withoutFragment(target))) {
      return { kind: 'redirect-loop', reason: `${hostOf(place.url)} redirects in a loop.` };
    }
    if (hop >= maxRedirects) {
      return { kind: 'redirect-loop', reason: `The address redirects more than ${maxRedirects} times.` };
    }
    if (!permanentRedirects.has(response.status)) movedForGood = false;
    place.url = target;
  }
}

async function readBody(response: FetchResponse, maxBytes: number): Promise<Uint8Array | 'too-large'> {
  const isError = response.status >= 400;
  const limit = isError ? Math.min(maxBytes, errorBodyBytes) : maxBytes;
  if (!isError && Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    return 'too-large';
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the stream and with it the connection.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > limit) {
      if (!isError) return 'too-large';
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

function explain(error: unknown, { url, hasAnswered }: { url: string; hasAnswered: boolean }): Download {
  const host = hostOf(url);
  const causes = causesOf(error);
  const refused = causes.find((cause) => cause instanceof RefusedError);
  if (refused) return { kind: 'refused', reason: refused.message };
  if (causes.some((cause) => cause.message === 'bad port')) {
    return { kind: 'refused', reason: 'The address has a port that belongs to another service than the web.' };
  }

  const codes = causes.map(codeOf).filter((code) => code !== '');
  if (codes.some((code) => code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')) {
    return { kind: 'timeout', reason: `${host} stopped answering.` };
  }
  if (codes.some((code) => /^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT|ERR_PADDING|ZSTD_)/.test(code))) {
    return { kind: 'broken', reason: `${host} sent a compressed answer that cannot be unpacked.` };
  }
  if (causes.some(({ name }) => name === 'HTTPParserError' || name === 'HeadersOverflowError')) {
    return { kind: 'broken', reason: `${host} does not answer in proper HTTP.` };
  }
  // Without a code or a cause it is not the network that failed, but our own code.
  if (codes.length === 0 && causes.length < 2) throw error;
  if (hasAnswered) return { kind: 'broken', reason: `${host} closed the connection in the middle of its answer.` };
  return { kind: 'unreachable', reason: connectionReason(host, codes) };
}

function connectionReason(host: string, codes: readonly string[]): string {
  const has = (pattern: RegExp) => codes.some((code) => pattern.test(code));
  if (has(/^ENOTFOUND$/)) return `The host name ${host} is not known.`;
  if (has(/^EAI_/)) return `The host name ${host} could not be looked up.`;
  if (has(/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/)) return `${host} did not accept a connection in time.`;
  if (has(/^ECONNREFUSED$/)) return `${host} refused the connection.`;
  if (has(/^(ENETUNREACH|EHOSTUNREACH|ENETDOWN|EADDRNOTAVAIL)$/)) return `There is no way to ${host} from here.`;
  if (has(/^(CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO)/)) {
    return `${host} has no valid certificate (${codes.at(-1)}).`;
  }
  if (has(/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/)) return `${host} closed the connection without an answer.`;
  return `${host} could not be reached${codes.length > 0 ? ` (${codes.join(', ')})` : ''}.`;
}

function tooSlow(url: string, timeoutMs: number): Download {
  return { kind: 'timeout', reason: `${hostOf(url)} did not finish its answer within ${timeoutMs / 1000} seconds.` };
}

/** An error, what caused it, and the attempts it sums up. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const attempts = error instanceof AggregateError ? error.errors.flatMap(causesOf) : [];
  return [error, ...attempts, ...causesOf(error.cause)];
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname || 'The address';
}

function withoutFragment(url: string): string {
  return url.replace(/#.*$/s, '');
}

function megabytes(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 10) / 10;
}
