// A real web server on this machine for tests of fetching: each test says what its paths answer.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from 'vitest';

export type Handler = (response: ServerResponse, request: IncomingMessage) => void;

interface WebServer {
  /** What GET `path` answers during this test. */
  on(path: string, handler: Handler): string;
  /** `path` as a URL; the host is 127.0.0.1. */
  url(path: string): string;
  readonly port: number;
  readonly requests: readonly { path: string; headers: IncomingHttpHeaders }[];
}

/** Called once at the top of a test file. */
export function useWebServer(): WebServer {
  const handlers = new Map<string, Handler>();
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, headers: request.headers });
    const handler = handlers.get(path);
    if (handler) handler(response, request);
    else response.writeHead(404).end('not found');
  });
  const port = () => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    handlers.clear();
    requests.length = 0;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  const url = (path: string) => `http://127.0.0.1:${port()}${path}`;
  return {
    on(path, handler) {
      handlers.set(path, handler);
      return url(path);
    },
    url,
    get port() {
      return port();
    },
    requests,
  };
}

/** Answers with `body` and stays out of the way. */
export function answer(body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Handler {
  return (response) => response.writeHead(status, headers).end(body);
}

export function redirect(location: string, status = 302): Handler {
  return answer('moved', { location }, status);
}

/** Begins an answer and sends `piece` again and again until the other side has enough. */
export function endless(piece: Uint8Array | string, { everyMs = 0 }: { everyMs?: number } = {}): Handler {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    const timer = setInterval(() => response.write(piece), everyMs);
    response.on('close', () => clearInterval(timer));
  };
}
