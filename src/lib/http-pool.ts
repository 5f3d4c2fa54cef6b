// A bounded number of connections to one server, for calls of which we must know whether they were made when they fail.
import type { Readable } from 'node:stream';
import { Pool, type Dispatcher } from 'undici';
import { alarm } from './clock.ts';

export interface HttpPool {
  /** Rejects with an UnwrittenError when surely nothing was sent; after any other error it may have been. */
  post(path: string, request: PostRequest): Promise<HttpAnswer>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

interface PostRequest {
  headers: Record<string, string>;
  body: string | Uint8Array | Readable;
  /** Ends the call, like its time limit. */
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

/** Not a byte of the request was written to a connection; the cause says why. */
export class UnwrittenError extends Error {
  override name = 'UnwrittenError';
}

interface HttpPoolOptions {
  connections: number;
  /** For everything together: the wait for a connection, the request, the whole answer. */
  timeoutMs: number;
  /** Of an answer; more is not read. */
  maxBytes?: number;
  connectTimeoutMs?: number;
}

/** A call that has waited for its turn this part of its time is not begun any more: the rest is needed for an answer. */
const waitingPart = 0.75;

export function createHttpPool(
  origin: string,
  { connections, timeoutMs, maxBytes = 4 * 1024 * 1024, connectTimeoutMs = 10_000 }: HttpPoolOptions,
): HttpPool {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    connectTimeout: connectTimeoutMs,
    // The call's own limit includes these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // A redirect is never followed: nothing is sent anywhere else.
  return {
    post: (path, request) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange({ timeoutMs, maxBytes, resolve, reject }, request.signal);
        const { headers, body } = request;
        pool.dispatch({ path, method: 'POST', headers, body }, exchange);
      }),
    close: () => pool.close(),
  };
}

interface ExchangeOptions {
  timeoutMs: number;
  maxBytes: number;
  resolve: (answer: HttpAnswer) => void;
  reject: (error: Error) => void;
}

/** One request and its answer, and how far they came. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #signal: AbortSignal | undefined;
  readonly #giveUp = () => this.#stop(new Error('The call was stopped.'));
  #disarm: () => void;
  /** Set when the request is about to be written. */
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #status = 0;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(options: ExchangeOptions, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#signal = signal;
    const waitingMs = options.timeoutMs * waitingPart;
    this.#disarm = alarm(waitingMs, () => {
      if (this.#controller === undefined) this.#timeOut();
      else this.#disarm = alarm(options.timeoutMs - waitingMs, () => this.#timeOut());
    });
    if (signal?.aborted) this.#giveUp();
    else signal?.addEventListener('abort', this.#giveUp);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, it ends this request before it is written, and leaves its connection to others.
    if (this.#isSettled) throw new Error('Nobody waits for this call any more.');
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.byteLength;
    if (this.#size > this.#options.maxBytes) {
      controller.abort(new Error(`The answer is larger than ${this.#options.maxBytes} bytes.`));
    } else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    const [first] = this.#chunks;
    const bytes = first && this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#options.resolve({ status: this.#status, text: bytes.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #timeOut(): void {
    this.#stop(new Error(`The call was not answered within ${this.#options.timeoutMs / 1000} seconds.`));
  }

  #stop(error: Error): void {
    this.#fail(error);
    this.#controller?.abort(error);
  }

  #fail(error: Error): void {
    if (!this.#settle()) return;
    const isWritten = this.#controller !== undefined;
    this.#options.reject(isWritten ? error : new UnwrittenError('The call was not made.', { cause: error }));
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.#disarm();
    this.#signal?.removeEventListener('abort', this.#giveUp);
    return true;
  }
}
