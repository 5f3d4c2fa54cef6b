// The Bot API over a bounded pool of connections; an answer that is not the Bot API's is an error that keeps its status.
import { Api, HttpError, InputFile, type Transformer } from 'grammy';
import type { Readable } from 'node:stream';
import { createHttpPool, type HttpAnswer, type HttpPool } from '../lib/http-pool.ts';

interface BotApiOptions {
  token: string;
  apiRoot: string;
  /** Calls at a time, at most; more wait for their turn. */
  connections: number;
  /** Of a call, the wait for its turn included. */
  timeoutMs: number;
}

export interface BotApi {
  api: Api;
  /** Waits for the calls that are under way. */
  close(): Promise<void>;
}

/** Somebody answered, but not in the words of the Bot API: a proxy on the way, or a server that broke off. */
export class UnreadableAnswerError extends Error {
  override name = 'UnreadableAnswerError';
  readonly status: number;

  constructor(status: number) {
    super(`The answer (status ${status}) is not the Bot API's.`);
    this.status = status;
  }
}

/** What grammY gives to its `fetch` for a call. */
interface Init {
  headers: Record<string, string>;
  body: string | Readable;
  signal?: AbortSignal;
}

/** For what is uploaded: grammY's own limit, which cannot tell what was written, only backs up the pool's. */
const spareMs = 5_000;

export function createBotApi({ token, apiRoot, connections, timeoutMs }: BotApiOptions): BotApi {
  const root = new URL(apiRoot);
  const folder = root.pathname.replace(/\/$/, '');
  const pool = createHttpPool(root.origin, { connections, timeoutMs });
  const fetch = async (url: string, init: Init) => {
    const answer = await pool.post(folder + url.slice(apiRoot.length), init);
    return { json: () => read(answer) };
  };
  const api = new Api(token, {
    apiRoot,
    timeoutSeconds: (timeoutMs + spareMs) / 1000,
    fetch,
  });
  api.config.use(plainCalls(`${folder}/bot${token}`, pool));
  return { api, close: () => pool.close() };
}

const jsonHeaders = { 'content-type': 'application/json' };

/**
 * Takes calls that upload nothing past what grammY does for those that may: streams, a time limit and a signal of its own
 * for each call cost as much as the call itself.
 */
function plainCalls(folder: string, pool: HttpPool): Transformer {
  return async (prev, method, payload, signal) => {
    if (uploads(payload)) return prev(method, payload, signal);
    try {
      const body = JSON.stringify(payload);
      // The signal is grammY's own kind, and is asked for nothing that the usual kind has not.
      const request = { headers: jsonHeaders, body, ...(signal ? { signal: signal as AbortSignal } : {}) };
      return read(await pool.post(`${folder}/${method}`, request)) as never;
    } catch (error) {
      throw new HttpError(`Network request for '${method}' failed!`, error);
    }
  };
}

/** A file stands in a call itself, or in its `media`. */
function uploads(payload: object): boolean {
  return 'media' in payload || Object.values(payload).some((value) => value instanceof InputFile);
}

/** Throws for anything else than a result or a refusal. */
function read({ status, text }: HttpAnswer): object {
  const answer = parsed(text);
  if (answer?.ok === true && answer.result !== undefined) return answer;
  if (answer?.ok === false && typeof answer.error_code === 'number') {
    return { ...answer, description: typeof answer.description === 'string' ? answer.description : '' };
  }
  throw new UnreadableAnswerError(status);
}

interface Answer {
  ok?: unknown;
  result?: unknown;
  error_code?: unknown;
  description?: unknown;
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
