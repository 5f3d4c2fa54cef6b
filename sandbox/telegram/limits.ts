// Telegram's sending limits: 30 messages a second overall, one a second in a chat, 20 a minute in a group or channel.
// Who says so: the Bots FAQ ("My bot is hitting limits"); 20 edits a minute in a group: Levin, t.me/tdlibchat/146123.
// Doubtful: the real server allows short bursts and often asks for longer waits than the window's rest.
import type { Clock } from '../../src/lib/clock.ts';

export interface LimitNumbers {
  perSecond: number;
  perChatPerSecond: number;
  perGroupPerMinute: number;
  /** With allow_paid_broadcast. */
  paidPerSecond: number;
}

export const telegramLimits: LimitNumbers = {
  perSecond: 30,
  perChatPerSecond: 1,
  perGroupPerMinute: 20,
  paidPerSecond: 1000,
};

interface LimiterUse {
  chatId: number;
  /** Groups, supergroups and channels have the limit per minute. */
  isGroup: boolean;
  count: number;
  paid: boolean;
  /** When it arrived, in milliseconds since the Unix epoch; now unless said. */
  at?: number | undefined;
}

export interface Limiter {
  /** Seconds to wait, or 0 when the messages may go. */
  take(use: LimiterUse): number;
  /** An edit in a group or channel counts towards that chat's minute. */
  takeEdit(use: Pick<LimiterUse, 'chatId' | 'isGroup'>): number;
  /** Messages over the free lane, each a tenth of a Star. */
  paidMessages(): number;
}

/** The times of the last hits within `windowMs`. */
class Window {
  #hits: number[] = [];
  /** So many of them are over. */
  #stale = 0;
  readonly #windowMs: number;
  readonly #most: number;

  constructor(windowMs: number, most: number) {
    this.#windowMs = windowMs;
    this.#most = most;
  }

  /** Milliseconds until `count` more fit; a batch larger than the window waits for an empty one. */
  waitMs(now: number, count: number): number {
    const since = now - this.#windowMs;
    while (this.#stale < this.#hits.length && (this.#hits[this.#stale] ?? now) <= since) this.#stale++;
    // Dropping in batches keeps a busy window cheap.
    if (this.#stale > this.#most) {
      this.#hits = this.#hits.slice(this.#stale);
      this.#stale = 0;
    }
    const over = this.#hits.length - this.#stale + Math.min(count, this.#most) - this.#most;
    if (over <= 0) return 0;
    return (this.#hits[this.#stale + over - 1] ?? now) + this.#windowMs - now;
  }

  hit(now: number, count: number): void {
    for (let n = 0; n < count; n++) this.#hits.push(now);
  }
}

export function createLimiter(limits: LimitNumbers, clock: Clock): Limiter {
  const free = new Window(1000, limits.perSecond);
  const paidLane = new Window(1000, limits.paidPerSecond);
  const chats = new Map<number, Window>();
  const groups = new Map<number, Window>();
  let paidCount = 0;

  const windowOf = (windows: Map<number, Window>, chatId: number, windowMs: number, most: number): Window => {
    const known = windows.get(chatId);
    if (known) return known;
    const fresh = new Window(windowMs, most);
    windows.set(chatId, fresh);
    return fresh;
  };
  const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

  return {
    take({ chatId, isGroup, count, paid, at: now = clock.now().getTime() }) {
      const freeWait = free.waitMs(now, count);
      const lane = paid && freeWait > 0 ? paidLane : free;
      const chat = windowOf(chats, chatId, 1000, limits.perChatPerSecond);
      const windows = [lane, chat];
      if (isGroup) windows.push(windowOf(groups, chatId, 60_000, limits.perGroupPerMinute));
      const waitMs = Math.max(...windows.map((window) => window.waitMs(now, count)));
      if (waitMs > 0) return seconds(waitMs);
      for (const window of windows) window.hit(now, count);
      if (lane === paidLane) paidCount += count;
      return 0;
    },
    takeEdit({ chatId, isGroup }) {
      if (!isGroup) return 0;
      const now = clock.now().getTime();
      const window = windowOf(groups, chatId, 60_000, limits.perGroupPerMinute);
      const waitMs = window.waitMs(now, 1);
      if (waitMs > 0) return seconds(waitMs);
      window.hit(now, 1);
      return 0;
    },
    paidMessages: () => paidCount,
  };
}

export const unlimited: Limiter = { take: () => 0, takeEdit: () => 0, paidMessages: () => 0 };
