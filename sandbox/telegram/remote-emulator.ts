// Drives an emulator that runs in a process of its own (process.ts): people, faults, and what was told to whom.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmulatorOptions } from './emulator.ts';
import type { FaultRule } from './faults.ts';

export type StartOrder = Pick<EmulatorOptions, 'limits' | 'latencyMs' | 'throttlePolls'> & {
  /** A regular expression: what it finds in a message is counted for the message's chat. */
  marker: string;
};

export interface Report {
  /** To send, copy, edit or delete a message. */
  calls: number;
  /** By status; `no answer` where the bot got none, or a spoilt one. */
  refused: Record<string, number>;
  /** Each 429: when, the method, the chat. */
  floods: string[];
  pendingUpdates: number;
  isPolled: boolean;
  /** Of each chat, how many of its messages had each marker. A group counts as the one that it was at first. */
  told: [chatId: number, times: Record<string, number>][];
}

type May<T> = T | Promise<T>;

export interface Orders {
  /** Readers who have opened the chat, with ids in a row. */
  people(given: { count: number; firstId: number }): void;
  /** The ids of new channels, of which the bot is an administrator. */
  channels(given: { count: number }): number[];
  groups(given: { count: number }): number[];
  fail(given: { rules: FaultRule[] }): void;
  clearFaults(given: object): void;
  /** The id of the message. */
  write(given: { userId: number; text: string }): May<number>;
  /** Presses the newest button with such a text. */
  press(given: { userId: number; button: string }): May<void>;
  lastWords(given: { userId: number }): string;
  block(given: { userId: number }): void;
  unblock(given: { userId: number }): void;
  /** The new id. */
  migrate(given: { chatId: number }): number;
  /** Answers once the bot has made so many calls, with how many they are by then. */
  called(given: { calls: number }): May<number>;
  report(given: object): Report;
  close(given: object): May<void>;
}

export interface Request {
  id: number;
  order: keyof Orders | 'start';
  given: unknown;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

const script = fileURLToPath(new URL('process.ts', import.meta.url));

export interface RemoteEmulator extends AsyncDisposable {
  readonly apiRoot: string;
  readonly token: string;
  order<O extends keyof Orders>(
    order: O,
    ...given: object extends Parameters<Orders[O]>[0] ? [] : [Parameters<Orders[O]>[0]]
  ): Promise<Awaited<ReturnType<Orders[O]>>>;
  close(): Promise<void>;
}

export async function startRemoteEmulator(options: StartOrder): Promise<RemoteEmulator> {
  const child = fork(script, { serialization: 'advanced', execArgv: [] });
  const ended = once(child, 'exit').finally(() => {
    isOver = true;
    for (const asked of waiting.values()) asked.reject(new Error('the emulator has ended'));
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  let isOver = false;

  child.on('message', ({ id, result, error }: Answer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error));
  });

  function ask(order: Request['order'], given: unknown): Promise<unknown> {
    if (isOver) return Promise.reject(new Error('the emulator has ended'));
    const asked = Promise.withResolvers<unknown>();
    waiting.set(++lastId, asked);
    child.send({ id: lastId, order, given } satisfies Request);
    return asked.promise;
  }

  async function close(): Promise<void> {
    if (isOver) return;
    await ask('close', {});
    child.disconnect();
    await ended;
  }

  const started = (await ask('start', options)) as { apiRoot: string; token: string };
  return {
    ...started,
    order: (order, ...[given]) => ask(order, given ?? {}) as never,
    close,
    [Symbol.asyncDispose]: close,
  };
}
