// The queue of updates and getUpdates: offsets, long polling, retention, and the 409 of a second poller; webhook.ts
// brings them instead.
// Who says so: telegram-bot-api, Client.cpp (process_get_updates_query, do_get_updates, abort_long_poll).
import type { Update } from 'grammy/types';
import type { Clock } from '../../src/lib/clock.ts';
import { conflict } from './errors.ts';

export type UpdateType = Exclude<keyof Update, 'update_id'>;

const allTypes = (
  'message edited_message channel_post edited_channel_post business_connection business_message ' +
  'edited_business_message deleted_business_messages guest_message stopped_message_generation message_reaction ' +
  'message_reaction_count inline_query chosen_inline_result callback_query shipping_query pre_checkout_query ' +
  'purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost ' +
  'managed_bot subscription'
).split(' ');

const notByDefault = new Set(['chat_member', 'message_reaction', 'message_reaction_count']);
const defaultTypes = allTypes.filter((type) => !notByDefault.has(type));

/** Seconds an update waits for its reader; everything else waits a day. */
const retentionSeconds: Partial<Record<string, number>> = {
  callback_query: 150,
  inline_query: 30,
  chosen_inline_result: 600,
  pre_checkout_query: 150,
  shipping_query: 150,
};

const maxTimeoutSeconds = 50;
const terminated = 'terminated by other getUpdates request; make sure that only one bot instance is running';

/** Told when updates were confirmed, and when a poll begins to wait. */
type Hear = (what: 'confirmed' | 'waiting') => void;

interface QueueOptions {
  clock: Clock;
  firstId: number;
  /** The server's brake on polls that repeat an offset; a bot that stops at once would wait three seconds for it. */
  throttled: boolean;
  hear: Hear;
}

interface Waiting {
  limit: number;
  resolve(updates: Update[]): void;
  reject(error: Error): void;
}

export class UpdateQueue {
  readonly #clock: Clock;
  readonly #hear: Hear;
  readonly #throttled: boolean;
  #queue: { update: Update; expiresAt: number }[] = [];
  #lastId: number;
  #allowed = new Set(defaultTypes);
  #waiting: Waiting | undefined;
  #previous = { offset: -1, startedAt: 0 };
  #nextConflictAt = 0;
  /** Told after an update came. */
  onAdd: () => void = () => {};

  constructor({ clock, firstId, throttled, hear }: QueueOptions) {
    this.#clock = clock;
    this.#lastId = firstId - 1;
    this.#hear = hear;
    this.#throttled = throttled;
  }

  get pending(): number {
    this.#expire();
    return this.#queue.length;
  }

  /** A poll waits for the next update. */
  get isPolled(): boolean {
    return this.#waiting !== undefined;
  }

  get allowed(): string[] | undefined {
    const custom = this.#allowed.size !== defaultTypes.length || defaultTypes.some((type) => !this.#allowed.has(type));
    return custom ? [...this.#allowed] : undefined;
  }

  /** `undefined` keeps the previous choice; an empty list, or one of only unknown names, is the default. */
  allow(types: readonly string[] | undefined): void {
    if (types === undefined) return;
    const known = types.filter((type) => allTypes.includes(type));
    this.#allowed = new Set(known.length === 0 ? defaultTypes : known);
  }

  add<T extends UpdateType>(type: T, body: NonNullable<Update[T]>): void {
    if (!this.#allowed.has(type)) return;
    const update = { update_id: ++this.#lastId, [type]: structuredClone(body) } as unknown as Update;
    const expiresAt = this.#now() + (retentionSeconds[type] ?? 86_400) * 1000;
    this.#queue.push({ update, expiresAt });
    // After the current turn, so that the parts of an album travel together.
    setImmediate(() => {
      this.#wake();
      this.onAdd();
    });
  }

  /** What nobody has taken yet, oldest first. */
  waiting(): Update[] {
    this.#expire();
    return this.#queue.map(({ update }) => update);
  }

  has(updateId: number): boolean {
    this.#expire();
    return this.#queue.some(({ update }) => update.update_id === updateId);
  }

  /** The bot has taken it. */
  remove(updateId: number): void {
    this.#queue = this.#queue.filter(({ update }) => update.update_id !== updateId);
    this.#hear('confirmed');
  }

  clear(): void {
    this.#queue = [];
    this.#hear('confirmed');
  }

  async poll(offset: number, limit: number, timeoutSeconds: number, signal: AbortSignal): Promise<Update[]> {
    const now = this.#now();
    let timeout = Math.min(Math.max(timeoutSeconds, 0), maxTimeoutSeconds);
    let most = limit < 1 || limit > 100 ? 100 : limit;
    const sinceLast = now - this.#previous.startedAt;
    if (this.#throttled && offset === this.#previous.offset) {
      if (timeout < 3 && sinceLast < 3000) timeout = 3;
      if (sinceLast < 500) most = 1;
    }
    this.#previous = { offset, startedAt: now };

    this.#forget(offset);
    if (this.#queue.length > 0 || timeout === 0) return this.#first(most);
    this.endLongPoll(terminated);
    return await this.#wait(most, timeout, signal);
  }

  /** Ends a waiting poll with a 409: the first at once, further ones within three seconds only after three. */
  endLongPoll(reason: string): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    const now = this.#now();
    const refuse = (): void => waiting.reject(conflict(reason));
    if (now < this.#nextConflictAt) {
      void this.#clock.sleep(3000).then(refuse);
      return;
    }
    this.#nextConflictAt = now + 3000;
    refuse();
  }

  async #wait(limit: number, timeoutSeconds: number, signal: AbortSignal): Promise<Update[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Update[]>();
    const waiting: Waiting = { limit, resolve, reject };
    this.#waiting = waiting;
    this.#hear('waiting');
    const over = new AbortController();
    const giveUp = async (): Promise<void> => {
      await this.#clock.sleep(timeoutSeconds * 1000, AbortSignal.any([signal, over.signal]));
      if (this.#waiting === waiting) this.#waiting = undefined;
      resolve([]);
    };
    void giveUp();
    try {
      return await promise;
    } finally {
      over.abort();
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    if (!waiting || this.#queue.length === 0) return;
    this.#waiting = undefined;
    waiting.resolve(this.#first(waiting.limit));
  }

  #forget(offset: number): void {
    const before = this.#queue.length;
    this.#expire();
    if (offset < 0) this.#queue = this.#queue.slice(offset);
    else if (offset > 0) this.#queue = this.#queue.filter(({ update }) => update.update_id >= offset);
    if (this.#queue.length !== before) this.#hear('confirmed');
  }

  #first(limit: number): Update[] {
    return this.#queue.slice(0, limit).map(({ update }) => update);
  }

  #expire(): void {
    const now = this.#now();
    if (this.#queue.some(({ expiresAt }) => expiresAt <= now)) {
      this.#queue = this.#queue.filter(({ expiresAt }) => expiresAt > now);
    }
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
