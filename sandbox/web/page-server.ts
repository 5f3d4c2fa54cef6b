// Serves the page "a Telegram on your desk" on this machine alone: its files, the chats as they change, and what it asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Desk } from '../desk.ts';
import { sniffImage } from '../telegram/images.ts';
import { stateOf, watch } from './desk-view.ts';

export interface Page {
  readonly url: string;
  close(): Promise<void>;
}

interface PageOptions {
  desk: Desk;
  port: number;
  /** Another port will do when this one is taken. */
  orAnyPort: boolean;
}

/** What was asked for cannot be had; the words are shown to whoever asked. */
class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const maxBodyBytes = 16 * 1024 * 1024;
const publicFolder = new URL('./public/', import.meta.url);

export async function servePage({ desk, port, orAnyPort }: PageOptions): Promise<Page> {
  const files = readFiles();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      const [status, message] = error instanceof Refusal ? [error.status, error.message] : [500, String(error)];
      if (response.headersSent) response.destroy();
      else sendJson(response, status, { error: message });
    });
  });
  const policy =
    `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; ` +
    `img-src 'self' ${desk.newsroom.origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('content-security-policy', policy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    checkSource(request);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'POST') {
      sendJson(response, 200, await act(pathname, await readJson(request)));
    } else if (request.method !== 'GET') {
      throw new Refusal(405, 'only GET and POST are answered here');
    } else if (pathname === '/state') {
      sendJson(response, 200, stateOf(desk));
    } else if (pathname === '/events') {
      sendEvents(response);
    } else if (pathname.startsWith('/photo/')) {
      sendPhoto(response, decodeURIComponent(pathname.slice('/photo/'.length)));
    } else {
      const name = pathname === '/' ? 'index.html' : pathname.slice(1);
      const body = files.get(name);
      if (!body) throw new Refusal(404, 'there is nothing here');
      response.writeHead(200, { 'content-type': types[extname(name)] }).end(body);
    }
  }

  async function act(pathname: string, given: Record<string, unknown>): Promise<object> {
    switch (pathname) {
      case '/send':
        await personOf(given).send(contentOf(given));
        return {};
      case '/press':
        return await press(given);
      case '/publish': {
        const article = desk.publishNext();
        if (!article) throw new Refusal(409, 'لم يبقَ خبر لم يُنشر');
        return { headline: article.headline };
      }
      case '/block':
        if (given['isBlocked'] === true) personOf(given).block();
        else personOf(given).unblock();
        return {};
      default:
        throw new Refusal(404, 'there is nothing here');
    }
  }

  function personOf({ chat }: Record<string, unknown>) {
    if (chat !== 'reader' && chat !== 'editor') throw new Refusal(400, 'chat must be reader or editor');
    return desk[chat];
  }

  async function press(given: Record<string, unknown>): Promise<object> {
    const { messageId, data } = given;
    const person = personOf(given);
    const message = person.messages().find((candidate) => candidate.message_id === messageId);
    if (!message || typeof data !== 'string') throw new Refusal(409, 'لم يعد هذا الزر موجودًا');
    return await person.press({ data }, message).catch((error: unknown) => {
      throw new Refusal(504, `لم يُجب البوت عن هذا الزر (${error instanceof Error ? error.message : ''})`);
    });
  }

  function sendEvents(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    const stop = watch(desk, (change) => void response.write(`data: ${JSON.stringify(change)}\n\n`));
    response.once('close', stop);
  }

  function sendPhoto(response: ServerResponse, fileId: string): void {
    const bytes = desk.telegram.fileBytes(fileId);
    const image = bytes && sniffImage(bytes);
    if (!bytes || !image) throw new Refusal(404, 'there is no such picture');
    response.writeHead(200, { 'content-type': image.mime, 'cache-control': 'max-age=86400, immutable' }).end(bytes);
  }

  await listen(server, port).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || !orAnyPort) throw error;
    await listen(server, 0);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/** A page of elsewhere must neither read nor drive this one, also when its name is made to lead here (DNS rebinding). */
function checkSource({ headers, method }: IncomingMessage): void {
  const { host = '', origin } = headers;
  if (!loopback.test(host)) throw new Refusal(403, 'this page is only for this machine');
  if (method !== 'POST') return;
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, 'this page takes no orders from elsewhere');
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) throw new Refusal(415, 'JSON is expected');
}

function readFiles(): Map<string, Buffer> {
  return new Map(readdirSync(publicFolder).map((name) => [name, readFileSync(new URL(name, publicFolder))]));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Refusal(413, 'هذا أكبر مما تحمله الصفحة');
    chunks.push(chunk);
  }
  try {
    const value = JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, together with what is JSON but no object.
  }
  throw new Refusal(400, 'a JSON object is expected');
}

function contentOf({ text, photo }: Record<string, unknown>): string | { photo: Uint8Array; caption: string } {
  const words = typeof text === 'string' ? text.trim() : '';
  if (typeof photo !== 'string') {
    if (words === '') throw new Refusal(400, 'الرسالة فارغة');
    return words;
  }
  const bytes = Buffer.from(photo, 'base64');
  if (!sniffImage(bytes)) throw new Refusal(400, 'هذا الملف ليس صورة يعرفها تيليغرام');
  return { photo: bytes, caption: words };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
