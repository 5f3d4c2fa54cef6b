import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Bot } from 'grammy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../sandbox/telegram/emulator.ts';
import { createKeyLocks } from '../../src/db/key-locks.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import type { BotContext } from '../../src/telegram/context.ts';
import { poll } from '../../src/telegram/polling.ts';
import { createWebhook, deriveSecret } from '../../src/telegram/webhook.ts';
import { useDatabase } from '../support/database.ts';

const usualSecret = 'the-secret-of-these-tests';
const database = useDatabase();
const ends: (() => Promise<unknown>)[] = [];
const lines: string[] = [];
const log = createLog({ level: 'info', now: () => new Date(), write: (line) => void lines.push(line) });
let telegram: Emulator;
/** The processes in turn, as a load balancer gives requests to them. */
let turn = 0;
const processes: ReturnType<typeof createWebhook>[] = [];
let url: string;

beforeEach(async () => {
  telegram = await startEmulator({ local: true });
  const balancer = createServer((request, response) => {
    turn += 1;
    processes[turn % processes.length]?.answer(request, response);
  });
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}/telegram`;
  ends.push(
    () => telegram.close(),
    async () => {
      balancer.close();
      balancer.closeAllConnections();
      await once(balancer, 'close');
    },
  );
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  processes.length = 0;
  lines.length = 0;
});

/** A process of a bot that answers each message, once the test lets it. */
async function startProcess(
  answer: (text: string) => Promise<void>,
  { connectionString = database.connectionString, secret = usualSecret } = {},
) {
  const bot = new Bot<BotContext>(telegram.token, { client: { apiRoot: telegram.apiRoot } });
  bot.on('message:text', (ctx) => answer(ctx.message.text));
  const locks = createKeyLocks({ connectionString, name: 'chat', clock: systemClock });
  const stopping = new AbortController();
  const webhook = createWebhook(bot, { url, secret, locks, clock: systemClock, log, signal: stopping.signal });
  processes.push(webhook);
  const announced = webhook.announce();
  ends.push(async () => {
    stopping.abort();
    await announced;
    await locks.close();
  });
  await telegram.waitFor(() => telegram.calls('getWebhookInfo').length === processes.length && hasWebhook());
  return { bot, webhook, stopping };
}

const hasWebhook = () => telegram.calls('setWebhook').length > 0;

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
const withSecret = { 'x-telegram-bot-api-secret-token': usualSecret };

describe('the webhook', () => {
  it('is announced with the secret and the kinds of updates that the bot answers', async () => {
    await startProcess(async () => {});
    expect(telegram.calls('setWebhook')).toMatchObject([
      {
        params: {
          url: expect.stringContaining(`${url}?v=`) as string,
          secret_token: usualSecret,
          allowed_updates: ['message', 'callback_query', 'my_chat_member'],
          max_connections: 40,
        },
      },
    ]);
  });

  it('is announced once by all processes together, and again only with another secret', async () => {
    await startProcess(async () => {});
    await startProcess(async () => {});
    expect(telegram.calls('setWebhook')).toHaveLength(1);
    await startProcess(async () => {}, { secret: 'another-secret-of-these-tests' });
    await telegram.waitFor(() => telegram.calls('setWebhook').length === 2);
  });

  it('brings an update to the bot, which is done with it only when it was handled', async () => {
    const { promise: handled, resolve: finish } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<string>();
    await startProcess((text) => {
      begin(text);
      return handled;
    });
    await telegram.createUser({ firstName: 'ليلى' }).send('hello');
    expect(await begun).toBe('hello');
    expect(telegram.pendingUpdates).toBe(1);
    finish();
    await telegram.idle();
    expect(telegram.webhookDeliveries).toBe(1);
  });

  it('lets nobody in who does not know the secret, and says nothing of it', async () => {
    const texts: string[] = [];
    await startProcess(async (text) => void texts.push(text));
    const update = JSON.stringify({
      update_id: 1,
      message: { message_id: 1, date: 1, chat: { id: 1, type: 'private' }, text: 'forged' },
    });
    expect((await post(update)).status).toBe(403);
    expect((await post(update, { 'x-telegram-bot-api-secret-token': `${usualSecret}x` })).status).toBe(403);
    expect((await post(update, { 'x-telegram-bot-api-secret-token': '' })).status).toBe(403);
    expect(texts).toEqual([]);
    expect((await post(update, withSecret)).status).toBe(200);
    expect(texts).toEqual(['forged']);
    expect(lines.join()).not.toContain(usualSecret);
  });

  it.each([
    ['no update', 'nonsense', 400],
    ['an update without an id', '{"message":{}}', 400],
    ['far too much', 'x'.repeat(2 * 1024 * 1024), 413],
  ])('refuses %s', async (_what, body, status) => {
    await startProcess(async () => {});
    expect((await post(body, withSecret)).status).toBe(status);
  });

  it('takes only what is posted', async () => {
    await startProcess(async () => {});
    expect((await fetch(url, { headers: withSecret })).status).toBe(405);
  });

  it('handles what one person writes one after the other, at whichever process it arrives', async () => {
    let atOnce = 0;
    let mostAtOnce = 0;
    const handled: string[] = [];
    const answer = async (text: string) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      // Long enough for the others to come in meanwhile.
      for (let round = 0; round < 20; round += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
      handled.push(text);
      atOnce -= 1;
    };
    for (let count = 0; count < 3; count += 1) await startProcess(answer);
    // A press, and what else is not a message, comes beside it: here everything comes at once.
    const update = (id: number) =>
      JSON.stringify({
        update_id: id,
        message: { message_id: id, date: 1, chat: { id: 7, type: 'private' }, text: String(id) },
      });
    const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => post(update(index + 1), withSecret)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(12).fill(200));
    expect(handled).toHaveLength(12);
    expect(mostAtOnce).toBe(1);
  });

  it('handles once what Telegram brings twice', async () => {
    const handled: string[] = [];
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>();
    await startProcess(async (text) => {
      await goOn;
      handled.push(text);
    });
    const update = JSON.stringify({
      update_id: 5,
      message: { message_id: 1, date: 1, chat: { id: 7, type: 'private' }, text: 'twice' },
    });
    const both = [post(update, withSecret), post(update, withSecret)];
    letGo();
    expect((await Promise.all(both)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await post(update, withSecret)).status).toBe(200);
    expect(handled).toEqual(['twice']);
  });

  it('has an update brought again that came where the database is away', async () => {
    const handled: string[] = [];
    const answer = async (text: string) => void handled.push(text);
    await startProcess(answer, { connectionString: 'postgres://127.0.0.1:9/nobody' });
    await startProcess(answer);
    // The first of the two is asked first.
    turn = 1;
    await telegram.createUser({ firstName: 'ليلى' }).send('patience');
    await telegram.idle();
    expect(handled).toEqual(['patience']);
    expect(telegram.webhookDeliveries).toBe(2);
  });

  it('stays announced when a process ends, and is deleted when the bot polls again', async () => {
    const { stopping, bot } = await startProcess(async () => {});
    stopping.abort();
    expect(telegram.calls('deleteWebhook')).toEqual([]);
    const polling = new AbortController();
    const ended = poll(bot, { clock: systemClock, log, signal: polling.signal });
    await telegram.waitFor(() => telegram.isPolled);
    expect(telegram.calls('deleteWebhook')).toHaveLength(1);
    polling.abort();
    await ended;
  });
});

describe('the derived secret', () => {
  it('is one that Telegram takes, the same for everybody who knows the token, and tells nothing of it', () => {
    const derived = deriveSecret('123456:a-token');
    expect(derived).toMatch(/^[\w-]{43}$/);
    expect(deriveSecret('123456:a-token')).toBe(derived);
    expect(deriveSecret('123456:b-token')).not.toBe(derived);
  });
});
