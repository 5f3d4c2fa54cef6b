// How others send many messages, each as its documentation says: loops and pools around grammY, and a job per message.
import { setTimeout as sleep } from 'node:timers/promises';
import { autoRetry } from '@grammyjs/auto-retry';
import { apiThrottler } from '@grammyjs/transformer-throttler';
import { Api, GrammyError } from 'grammy';
import { PgBoss } from 'pg-boss';
import { Pool } from 'undici';

export interface PeerTask {
  apiRoot: string;
  token: string;
  /** For those who keep their jobs in it. */
  connectionString: string;
  messages: readonly { chatId: number; text: string }[];
}

const extra = { parse_mode: 'HTML' } as const;

export const peers = {
  'grammY loop': async ({ apiRoot, token, messages }) => {
    const api = new Api(token, { apiRoot });
    for (const { chatId, text } of messages) await patiently(() => api.sendMessage(chatId, text, extra));
  },

  'grammY, 30 at a time': async ({ apiRoot, token, messages }) => {
    const api = new Api(token, { apiRoot });
    await inParallel(30, messages, ({ chatId, text }) => api.sendMessage(chatId, text, extra));
  },

  'grammY, 30 at a time, auto-retry': async ({ apiRoot, token, messages }) => {
    const api = new Api(token, { apiRoot });
    api.config.use(autoRetry());
    await inParallel(30, messages, ({ chatId, text }) => api.sendMessage(chatId, text, extra));
  },

  'grammY, transformer-throttler, auto-retry': async ({ apiRoot, token, messages }) => {
    const api = new Api(token, { apiRoot });
    // What is tried again is throttled again.
    api.config.use(apiThrottler());
    api.config.use(autoRetry());
    await Promise.all(messages.map(({ chatId, text }) => api.sendMessage(chatId, text, extra)));
  },

  'pg-boss, a job per message': async ({ apiRoot, token, connectionString, messages }) => {
    const api = new Api(token, { apiRoot });
    const boss = new PgBoss({ connectionString });
    boss.on('error', () => {});
    await boss.start();
    await boss.createQueue('message', { retryLimit: 20, retryBackoff: true });
    for (let from = 0; from < messages.length; from += 1000) {
      const jobs = messages.slice(from, from + 1000).map((data) => ({ data }));
      await boss.insert('message', jobs);
    }
    const { promise: done, resolve } = Promise.withResolvers<void>();
    let open = messages.length;
    // Two at a time reach the allowance at a latency of 50 ms; each takes the next ten as soon as it has ended ten.
    const options = { localConcurrency: 2, batchSize: 10, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true };
    await boss.work<{ chatId: number; text: string }>('message', options, async (jobs) => {
      for (const { data } of jobs) await patiently(() => api.sendMessage(data.chatId, data.text, extra));
      open -= jobs.length;
      if (open === 0) resolve();
    });
    await done;
    await boss.stop({ graceful: false });
  },

  'bare undici': async ({ apiRoot, token, messages }) => {
    await using pool = await openPool(apiRoot);
    await inParallel(connections, messages, async ({ chatId, text }) => {
      const { body } = await pool.request({
        method: 'POST',
        path: `/bot${token}/sendMessage`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ chat_id: chatId, text, ...extra }),
      });
      await body.json();
    });
  },
} satisfies Record<string, (task: PeerTask) => Promise<void>>;

export type Peer = keyof typeof peers;

const connections = 64;

async function openPool(apiRoot: string) {
  const pool = new Pool(apiRoot, { connections });
  return Object.assign(pool, { [Symbol.asyncDispose]: () => pool.close() });
}

/** On a 429 waits as long as it says, and calls again. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const seconds = error instanceof GrammyError ? error.parameters.retry_after : undefined;
      if (seconds === undefined) throw error;
      await sleep(seconds * 1000);
    }
  }
}

async function inParallel<T>(width: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  const worker = async () => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
