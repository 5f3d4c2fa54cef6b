import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Update } from 'grammy/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../../sandbox/telegram/user.ts';
import { handClock, rawCall } from './support.ts';

/** What the bot's own server is asked, answered when the test says so. */
interface Visit {
  update: Update;
  headers: IncomingMessage['headers'];
  answer(status: number, body?: string, headers?: Record<string, string>): void;
}

const clock = handClock();
const visits: Visit[] = [];
let came: (() => void)[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    visits.push({
      update: JSON.parse(Buffer.concat(chunks).toString()) as Update,
      headers: request.headers,
      answer: (status, body = '', headers = {}) => void response.writeHead(status, headers).end(body),
    });
    for (const tell of came.splice(0)) tell();
  });
});
let emulator: Emulator;
let layla: EmulatedUser;
let sami: EmulatedUser;

beforeEach(async () => {
  visits.length = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  emulator = await startEmulator({ local: true, clock });
  layla = emulator.createUser({ firstName: 'ليلى' });
  sami = emulator.createUser({ firstName: 'سامي' });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await rawCall(emulator, 'setWebhook', { url, secret_token: 'a-secret' });
});
afterEach(async () => {
  await emulator.close();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

async function visit(number: number): Promise<Visit> {
  for (;;) {
    const found = visits[number - 1];
    if (found) return found;
    await new Promise<void>((resolve) => (came = [...came, resolve]));
  }
}

const texts = () => visits.map(({ update }) => update.message?.text);

describe('a webhook', () => {
  it('gets each update with the secret, and is done with it when it answers 200', async () => {
    await layla.send('one');
    const first = await visit(1);
    expect(first.update.message?.text).toBe('one');
    expect(first.headers['x-telegram-bot-api-secret-token']).toBe('a-secret');
    expect(emulator.pendingUpdates).toBe(1);
    first.answer(200);
    await emulator.idle();
    expect(emulator.pendingUpdates).toBe(0);
  });

  it('gets the messages of one chat one after the other, those of others meanwhile', async () => {
    await layla.send('one');
    await layla.send('two');
    await sami.send('three');
    await visit(2);
    expect(new Set(texts())).toEqual(new Set(['one', 'three']));
    for (const visited of visits.slice()) visited.answer(200);
    const third = await visit(3);
    expect(third.update.message?.text).toBe('two');
    third.answer(200);
    await emulator.idle();
  });

  it('gets the press of a person while their message is still on its way', async () => {
    const reply_markup = { inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] };
    await layla.send('/start');
    (await visit(1)).answer(200);
    await rawCall(emulator, 'sendMessage', { chat_id: layla.id, text: 'a', reply_markup });
    await layla.send('two');
    void layla.press('x').catch(() => {});
    const [second, third] = [await visit(2), await visit(3)];
    expect([second.update.message?.text, third.update.callback_query?.data]).toEqual(['two', 'x']);
    second.answer(200);
    third.answer(200);
    await emulator.idle();
  });

  it('gets an update again at once when it fails, then after ever longer waits', async () => {
    await layla.send('one');
    (await visit(1)).answer(500);
    (await visit(2)).answer(502);
    await emulator.waitFor(() => emulator.webhookDeliveries === 2);
    await settle();
    expect(visits).toHaveLength(2);
    clock.advance(1_000);
    (await visit(3)).answer(503, '', { 'retry-after': '30' });
    await settle();
    clock.advance(29_000);
    await settle();
    expect(visits).toHaveLength(3);
    clock.advance(1_000);
    (await visit(4)).answer(200);
    await emulator.idle();
    const info = (await rawCall(emulator, 'getWebhookInfo')).body.result;
    expect(info).toMatchObject({ pending_update_count: 0, max_connections: 40 });
    expect(info).toHaveProperty('last_error_message', 'Wrong response from the webhook: 503 Service Unavailable');
  });

  it('has what it asks for in its answer carried out', async () => {
    await layla.send('one');
    const answer = { method: 'sendMessage', chat_id: layla.id, text: 'an answer' };
    (await visit(1)).answer(200, JSON.stringify(answer));
    await layla.waitForMessage('an answer');
  });

  it('leaves what it did not take to polling when it is deleted', async () => {
    await layla.send('one');
    await visit(1);
    await rawCall(emulator, 'deleteWebhook');
    const updates = (await rawCall(emulator, 'getUpdates')).body.result as unknown as Update[];
    expect(updates.map((update) => update.message?.text)).toEqual(['one']);
  });
});

/** What was answered has been heard. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await rawCall(emulator, 'getMe');
}
