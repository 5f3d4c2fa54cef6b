// The only way out to the web: a fetch that refuses private addresses, and a limiter that keeps us polite to each host.
import { lookup as lookupName } from 'node:dns/promises';
import type { LookupAddress, LookupOptions } from 'node:dns';
import type { ReadableStream } from 'node:stream/web';
import { callbackify } from 'node:util';
import ipaddr from 'ipaddr.js';
import { Agent, fetch as undiciFetch } from 'undici';
import type { Clock } from './clock.ts';

interface FetchInit {
  headers?: Record<string, string>;
  redirect?: 'manual';
  signal?: AbortSignal;
}

export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
}

/** What we need of the web's `fetch`; the global one fits too, though it guards nothing. */
export type Fetch = (url: string, init?: FetchInit) => Promise<FetchResponse>;

/** All addresses of a host name. */
type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** A URL we will not ask. The message names the host at most, never a path, a query or a password. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

interface CreateFetchOptions {
  /** Also loopback, private and link-local addresses: for a newsroom inside one network, and for tests. */
  allowPrivateNetwork: boolean;
  userAgent: string;
  resolve?: Resolve;
  connectTimeoutMs?: number;
  /** How long a server may stay silent, before its headers and between two pieces of its body. */
  idleTimeoutMs?: number;
}

/** Sockets to one server at most; the host limiter keeps the number of requests below it. */
const socketsPerOrigin = 4;
const maxHeaderBytes = 64 * 1024;
/**
 * A page is asked for right after its feed, and the feed again minutes later: of thousands of hosts most connections
 * would only be held, for as long as each server likes.
 */
const keepIdleMs = 2_000;

const resolveByDns: Resolve = (hostname) => lookupName(hostname, { all: true });

/**
 * A fetch that rejects with a RefusedError (often as the `cause` of undici's TypeError) for anything but http(s), for
 * credentials in the URL and, unless allowed, for addresses that are not on the public internet. Names are checked on
 * the very addresses that the socket gets, so a name that changes its answer in between (DNS rebinding) gains nothing.
 * Redirects are never followed here: each hop has to come through this function again.
 */
export function createFetch({
  allowPrivateNetwork,
  userAgent,
  resolve = resolveByDns,
  connectTimeoutMs = 10_000,
  idleTimeoutMs = 15_000,
}: CreateFetchOptions): Fetch {
  const agent = new Agent({
    connections: socketsPerOrigin,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    keepAliveTimeout: keepIdleMs,
    keepAliveMaxTimeout: keepIdleMs,
    connect: { timeout: connectTimeoutMs, lookup: guardedLookup(resolve, allowPrivateNetwork) },
  });

  return async (url, { headers = {}, signal } = {}) => {
    const target = checkedUrl(url, allowPrivateNetwork);
    return undiciFetch(target, {
      dispatcher: agent,
      redirect: 'manual',
      headers: { 'user-agent': userAgent, ...headers },
      ...(signal ? { signal } : {}),
    });
  };
}

/** `Nashra/1.2.3 (+contact)`: says who asks, and where to complain. */
export function honestUserAgent(version: string, contact?: string): string {
  return contact ? `Nashra/${version} (+${contact})` : `Nashra/${version}`;
}

function checkedUrl(url: string, allowPrivateNetwork: boolean): URL {
  const target = URL.parse(url);
  if (!target) throw new RefusedError('The address is not a valid URL.');
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new RefusedError(`Only http and https addresses are fetched, not ${target.protocol}`);
  }
  if (target.username !== '' || target.password !== '') {
    throw new RefusedError('Addresses with a user name or password in them are not fetched.');
  }
  // The URL parser has normalised every notation of an address (0x7f.1, 2130706433, [::ffff:7f00:1]).
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivateNetwork && ipaddr.isValid(host) && !isPublicAddress(host)) throw privateAddress(host);
  return target;
}

function privateAddress(host: string): RefusedError {
  return new RefusedError(`${host} is not on the public internet (ALLOW_PRIVATE_NETWORK would allow it).`);
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** The lookup that sockets connect with: private addresses are struck out of the answer. */
function guardedLookup(resolve: Resolve, allowPrivateNetwork: boolean) {
  const resolveAllowed = callbackify(async (hostname: string, family: LookupOptions['family']) => {
    const all = await resolve(hostname);
    const wanted = family === 4 || family === 6 ? all.filter((address) => address.family === family) : [...all];
    if (wanted.length === 0) throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
    const allowed = allowPrivateNetwork ? wanted : wanted.filter(({ address }) => isPublicAddress(address));
    if (allowed.length === 0) throw privateAddress(hostname);
    return allowed;
  });

  return (hostname: string, options: LookupOptions, callback: LookupCallback): void =>
    resolveAllowed(hostname, options.family, (error, addresses) => {
      if (error) callback(error, []);
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 0);
    });
}

/** Azure's metadata and platform service answers on a public address: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
const publicMetadataAddresses: ReadonlySet<string> = new Set(['168.63.129.16']);

/**
 * Whether an address belongs to the public internet. Everything else is refused by what it is not: only unicast
 * IPv4, only the global unicast block of IPv6 (2000::/3, https://www.iana.org/assignments/ipv6-address-space), and of
 * the forms that carry an IPv4 address only the two that a system really connects with, IPv4-mapped and the
 * well-known NAT64 prefix, judged by the address inside. 6to4 and Teredo are refused whole.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === 'ipv4') return parsed.range() === 'unicast' && !publicMetadataAddresses.has(parsed.toString());
  const isNat64 = parsed.match(ipaddr.parse('64:ff9b::'), 96);
  if (parsed.range() === 'ipv4Mapped' || isNat64) {
    return isPublicAddress(ipaddr.fromByteArray(parsed.toByteArray().slice(12)).toString());
  }
  return parsed.range() === 'unicast' && parsed.match(ipaddr.parse('2000::'), 3);
}

export interface HostLimiter {
  /** Runs `work` when the host of `url` may be asked again; an aborted `signal` ends the wait and `work` sees it itself. */
  run<T>(url: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface HostLimiterOptions {
  clock: Clock;
  /** Requests at the same time. */
  perHost?: number;
  /** Between the starts of two requests. */
  minimumGapMs?: number;
}

interface HostState {
  active: number;
  nextStartAt: number;
  /** Those who wait for one of the places, in order. */
  waiting: (() => void)[];
}

/** At most `perHost` requests to one host at a time, and their starts `minimumGapMs` apart. */
export function createHostLimiter({ clock, perHost = 2, minimumGapMs = 0 }: HostLimiterOptions): HostLimiter {
  const hosts = new Map<string, HostState>();

  function stateOf(host: string): HostState {
    const now = clock.now().getTime();
    for (const [name, state] of hosts) {
      if (name !== host && state.active === 0 && state.nextStartAt <= now) hosts.delete(name);
    }
    const state = hosts.get(host) ?? { active: 0, nextStartAt: 0, waiting: [] };
    hosts.set(host, state);
    return state;
  }

  async function enter(state: HostState, signal: AbortSignal | undefined): Promise<void> {
    if (state.active < perHost) state.active += 1;
    else await handedOver(state, signal);
    const now = clock.now().getTime();
    const startAt = Math.max(now, state.nextStartAt);
    state.nextStartAt = startAt + minimumGapMs;
    if (startAt > now) await clock.sleep(startAt - now, signal);
  }

  /** Waits until somebody who leaves hands over the place, or the wait is aborted. */
  function handedOver(state: HostState, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const enterNow = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        state.waiting = state.waiting.filter((other) => other !== enterNow);
        // Leaving counts down again: the aborted work ends at once.
        state.active += 1;
        resolve();
      };
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });
      state.waiting.push(enterNow);
    });
  }

  function leave(state: HostState): void {
    const next = state.waiting.shift();
    if (next) next();
    else state.active -= 1;
  }

  return {
    async run(url, work, signal) {
      const state = stateOf(URL.parse(url)?.hostname ?? '');
      await enter(state, signal);
      try {
        return await work();
      } finally {
        leave(state);
      }
    },
  };
}
