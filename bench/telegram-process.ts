// The emulated Telegram in a process of its own, which writes down what arrived, when, and what was refused.
import { type Emulator, startEmulator } from '../sandbox/telegram/emulator.ts';
import type { EmulatorEvent } from '../sandbox/telegram/events.ts';
import type { LimitNumbers } from '../sandbox/telegram/limits.ts';
import type { EmulatedUser } from '../sandbox/telegram/user.ts';
import { answer } from './child.ts';

export interface TelegramOptions {
  latencyMs: number;
  limits: boolean | Partial<LimitNumbers>;
  /** Readers who have begun a chat with the bot, by their ids. */
  readers: { from: number; count: number };
}

/** Messages in the order in which they were accepted; the columns belong together by their place. */
export interface Arrivals {
  /** Milliseconds since the Unix epoch. */
  at: Float64Array;
  chatIds: Float64Array;
  /** What it was: the number behind № in its text, or minus the number of the message that was copied; 0 of others. */
  subjects: Int32Array;
}

interface Seen {
  arrivals: Arrivals;
  /** 429s, by when they were given. */
  floodsAt: Float64Array;
  /** What else was refused, and how often. */
  refusals: Record<string, number>;
}

let telegram: Emulator | undefined;
const at: number[] = [];
const chatIds: number[] = [];
const subjects: number[] = [];
const floodsAt: number[] = [];
const refusals: Record<string, number> = {};
let waiting: { subject: number | undefined; count: number; resolve: () => void }[] = [];
const people = new Map<number, EmulatedUser>();

function note(event: EmulatorEvent): void {
  if (event.type !== 'call') return;
  const { method, params, at: date, ok, answer: result } = event.call;
  if (!/^(send|copy)/.test(method) || method === 'sendChatAction') return;
  if (!ok) {
    const { error_code: code = 0, description = 'cut' } = (result ?? {}) as {
      error_code?: number;
      description?: string;
    };
    if (code === 429) floodsAt.push(date.getTime());
    else refusals[description] = (refusals[description] ?? 0) + 1;
    return;
  }
  const text = params['text'] ?? params['caption'];
  const number = typeof text === 'string' ? /№(\d+)/.exec(text)?.[1] : undefined;
  at.push(date.getTime());
  chatIds.push(Number(params['chat_id']));
  subjects.push(number === undefined ? 0 - Number(params['message_id'] ?? 0) : Number(number));
  const subject = subjects.at(-1);
  waiting = waiting.filter((one) => {
    if (one.subject === undefined || one.subject === subject) one.count -= 1;
    if (one.count <= 0) one.resolve();
    return one.count > 0;
  });
}

function person(id: number): EmulatedUser {
  const known = people.get(id);
  if (known) return known;
  if (!telegram) throw new Error('it was not started');
  const user = telegram.createUser({ id, firstName: 'ليلى', languageCode: 'ar', hasStarted: true });
  people.set(id, user);
  return user;
}

const handlers = {
  async start({ latencyMs, limits, readers }: TelegramOptions): Promise<{ apiRoot: string; token: string }> {
    telegram = await startEmulator({ latencyMs, limits, readers, recordCalls: false });
    telegram.on(note, 'call');
    return { apiRoot: telegram.apiRoot, token: telegram.token };
  },
  seen(): Seen {
    return {
      arrivals: {
        at: Float64Array.from(at),
        chatIds: Float64Array.from(chatIds),
        subjects: Int32Array.from(subjects),
      },
      floodsAt: Float64Array.from(floodsAt),
      refusals,
    };
  },
  /** Resolves once so many messages have arrived, be they of one subject or all together. */
  async arrived({ count, subject }: { count: number; subject?: number }): Promise<void> {
    const have = subject === undefined ? at.length : subjects.filter((one) => one === subject).length;
    if (have >= count) return;
    await new Promise<void>((resolve) => void waiting.push({ subject, count: count - have, resolve }));
  },
  /** A person writes to the bot; returns the message's id. */
  async write({ userId, text }: { userId: number; text: string }): Promise<number> {
    return (await person(userId).send(text)).message_id;
  },
  /** The same, and waits for the answer; returns after how many milliseconds it came. */
  async ask({ userId, text }: { userId: number; text: string }): Promise<number> {
    const user = person(userId);
    const askedAt = performance.now();
    const { message_id: after } = await user.send(text);
    await user.waitForMessage(() => true, { after, timeoutMs: 60_000 });
    return performance.now() - askedAt;
  },
};

export type TelegramHandlers = typeof handlers;

answer(handlers, async () => telegram?.close());
