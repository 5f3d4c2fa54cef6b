import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SendFailure } from '../../src/deliveries/sender.ts';
import { type BotApi, createBotApi } from '../../src/telegram/bot-api.ts';
import { classify } from '../../src/telegram/outcome.ts';

const token = '123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOpp';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(
    (request, response) => void request.resume().once('end', () => listener(request, response)),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = (apiRoot: string, timeoutMs = 20_000): BotApi =>
  createBotApi({ token, apiRoot, connections: 2, timeoutMs });

async function send({ api }: BotApi): Promise<SendFailure> {
  try {
    await api.sendMessage(1, 'news');
  } catch (error) {
    return classify(error);
  }
  throw new Error('The message was sent');
}

const says = (status: number, body: string): RequestListener => {
  return (_request, response) => response.writeHead(status).end(body);
};

const page = '<html><head><title>Error</title></head><body>nginx</body></html>';
const halfAnswer = '{"ok":true,"result":{"message_id":7,"da';

describe('what is answered', () => {
  test.each<[kind: SendFailure['kind'], status: number, body: string]>([
    ['retry', 500, page],
    ['retry', 502, page],
    ['retry', 502, ''],
    ['retry', 503, page],
    ['retry', 503, '{"error":"maintenance"}'],
    ['retry', 302, page],
    ['retry', 403, page],
    ['retry', 413, page],
    ['unknown', 504, page],
    ['unknown', 504, ''],
    ['unknown', 524, page],
    ['unknown', 200, page],
    ['unknown', 200, ''],
    ['unknown', 200, halfAnswer],
    ['unknown', 200, 'null'],
    ['unknown', 200, '[]'],
    ['unknown', 200, '"ok"'],
    ['unknown', 200, '{"result":{"message_id":7}}'],
    ['unknown', 200, '{"ok":true}'],
    ['unknown', 200, '{"ok":false}'],
    ['unknown', 200, '{"ok":"yes","result":{"message_id":7}}'],
    ['wait', 429, page],
    ['unauthorized', 401, page],
    ['unauthorized', 404, page],
    ['retry', 500, '{"ok":false,"error_code":500,"description":"Internal Server Error"}'],
    ['unknown', 504, '{"ok":false,"error_code":504,"description":"Gateway Timeout"}'],
    ['rejected', 400, '{"ok":false,"error_code":400}'],
    ['dead-reader', 403, '{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}'],
  ])('%s: %i %s', async (kind, status, body) => {
    const outcome = await send(open(await serve(says(status, body))));

    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('a page says so, with its status', async () => {
    expect(await send(open(await serve(says(502, page))))).toEqual({
      kind: 'retry',
      reason: "The answer (status 502) is not the Bot API's.",
    });
  });

  test('a proxy without words lets everybody wait', async () => {
    expect(await send(open(await serve(says(429, page))))).toMatchObject({ kind: 'wait', retryAfterMs: 30_000 });
  });
});

describe('what is not answered', () => {
  test.each<[name: string, kind: SendFailure['kind'], listener: RequestListener, timeoutMs?: number]>([
    ['the connection breaks', 'unknown', (request) => request.socket.destroy()],
    ['the answer breaks off', 'unknown', (request, response) => response.write('{', () => request.socket.destroy())],
    ['nobody answers', 'unknown', () => {}, 300],
  ])('%s: %s', async (_name, kind, listener, timeoutMs) => {
    const outcome = await send(open(await serve(listener), timeoutMs));

    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('nobody listens: surely not sent', async () => {
    const outcome = await send(open('http://127.0.0.1:9'));

    expect(outcome).toMatchObject({ kind: 'retry', reason: expect.stringContaining('ECONNREFUSED') as string });
    expect(JSON.stringify(outcome)).not.toContain(token);
  });

  test('calls that wait behind silent ones are surely not sent when their time is up', async () => {
    const botApi = open(await serve(() => {}), 300);

    const outcomes = await Promise.all([1, 2, 3, 4].map(() => send(botApi)));

    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['retry', 'retry', 'unknown', 'unknown']);
  });
});

test('the Bot API may stand in a folder of its server', async () => {
  const paths: string[] = [];
  const root = await serve((request, response) => {
    paths.push(request.url ?? '');
    response.end('{"ok":true,"result":{"message_id":7,"chat":{"id":1}}}');
  });

  await open(`${root}/telegram/api`).api.sendMessage(1, 'news');

  expect(paths).toEqual([`/telegram/api/bot${token}/sendMessage`]);
});
