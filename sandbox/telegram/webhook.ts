// Brings updates to the bot's own address: one after the other in each queue, again and again until it answers 200.
// Who says so: telegram-bot-api, WebhookActor.cpp (create_webhook_update, on_webhook_error), Client.cpp (set_webhook).
import type { Update } from 'grammy/types';
import { type Clock, deadline } from '../../src/lib/clock.ts';
import { isRecord, Params, textIn } from './params.ts';
import type { UpdateQueue } from './updates.ts';

/** What the bot may ask for in its answer, instead of in a call of its own; what it would learn from is not for it. */
const notInAnswers = /^(deletewebhook|setwebhook|close|logout|get.*)$/i;

const answerWithinMs = 60_000;
const longestRetryAfterSeconds = 3_600;
/** A bot whose address says for so long that it is gone has its webhook removed. */
const goneMs = 23 * 60 * 60 * 1000;

export interface WebhookSettings {
  url: string;
  secret: string;
  maxConnections: number;
}

interface WebhookOptions {
  queue: UpdateQueue;
  clock: Clock;
  /** Carries out what the bot asks for in its answer; what fails it never hears of. */
  execute: (method: string, params: Params) => Promise<void>;
}

export class Webhook {
  readonly #queue: UpdateQueue;
  readonly #clock: Clock;
  readonly #execute: WebhookOptions['execute'];
  #settings: WebhookSettings | undefined;
  #stopped = new AbortController();
  /** Queues whose first update is on its way, or waits to be tried again. */
  #busy = new Set<string>();
  #goneSince: number | undefined;
  #lastError: { at: number; message: string } | undefined;
  /** Updates that were brought, each as often as it was tried. */
  deliveries = 0;

  constructor({ queue, clock, execute }: WebhookOptions) {
    this.#queue = queue;
    this.#clock = clock;
    this.#execute = execute;
    queue.onAdd = () => this.#bring();
  }

  get url(): string {
    return this.#settings?.url ?? '';
  }

  get info(): object {
    if (!this.#settings) return {};
    return {
      max_connections: this.#settings.maxConnections,
      ...(this.#lastError
        ? { last_error_date: Math.floor(this.#lastError.at / 1000), last_error_message: this.#lastError.message }
        : {}),
    };
  }

  /** Undefined: updates wait to be fetched. */
  set(settings: WebhookSettings | undefined): void {
    this.#stopped.abort();
    this.#stopped = new AbortController();
    this.#busy = new Set();
    this.#settings = settings;
    this.#goneSince = undefined;
    this.#lastError = undefined;
    this.#bring();
  }

  #bring(): void {
    const { signal } = this.#stopped;
    if (!this.#settings) return;
    for (const update of this.#queue.waiting()) {
      if (this.#busy.size >= this.#settings.maxConnections) return;
      const name = queueOf(update);
      if (this.#busy.has(name)) continue;
      this.#busy.add(name);
      void this.#deliverNext(name, update, this.#settings, signal);
    }
  }

  async #deliverNext(name: string, update: Update, settings: WebhookSettings, signal: AbortSignal): Promise<void> {
    await this.#deliver(update, settings, signal);
    if (signal.aborted) return;
    this.#busy.delete(name);
    this.#bring();
  }

  /** Ends when the bot has taken it, when it has expired, or when the webhook is another. */
  async #deliver(update: Update, settings: WebhookSettings, signal: AbortSignal): Promise<void> {
    let delayMs = 0;
    for (;;) {
      const answer = await this.#post(update, settings, signal);
      if (signal.aborted) return;
      if (answer.isTaken) {
        this.#goneSince = undefined;
        this.#queue.remove(update.update_id);
        await this.#answerCall(answer.body);
        return;
      }
      this.#lastError = { at: this.#now(), message: answer.problem };
      if (this.#isGone(answer.status)) {
        this.set(undefined);
        return;
      }
      const longestMs = 60_000 + Math.random() * 60_000;
      await this.#clock.sleep(answer.retryAfterMs ?? Math.min(delayMs, longestMs), signal);
      delayMs = delayMs === 0 ? 1_000 : delayMs * 2;
      if (signal.aborted || !this.#queue.has(update.update_id)) return;
    }
  }

  #isGone(status: number): boolean {
    if (status !== 410) {
      this.#goneSince = undefined;
      return false;
    }
    this.#goneSince ??= this.#now();
    return this.#now() - this.#goneSince >= goneMs;
  }

  async #post(update: Update, { url, secret }: WebhookSettings, signal: AbortSignal) {
    this.deliveries += 1;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(secret === '' ? {} : { 'X-Telegram-Bot-Api-Secret-Token': secret }),
        },
        body: JSON.stringify(update),
        redirect: 'manual',
        signal: deadline(answerWithinMs, signal),
      });
      const body = await response.text();
      const { status } = response;
      const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
      return {
        isTaken: status >= 200 && status < 300,
        status,
        body,
        problem: `Wrong response from the webhook: ${status} ${response.statusText}`,
        retryAfterMs:
          Number.isFinite(retryAfter) && retryAfter > 0
            ? Math.min(retryAfter, longestRetryAfterSeconds) * 1000
            : undefined,
      };
    } catch (error) {
      const problem =
        error instanceof Error && error.name === 'TimeoutError' ? 'Read timeout expired' : 'Connection refused';
      return { isTaken: false, status: 0, body: '', problem, retryAfterMs: undefined };
    }
  }

  async #answerCall(body: string): Promise<void> {
    const call = parsed(body);
    if (!isRecord(call)) return;
    const { method: _, ...params } = call;
    const method = textIn(call, 'method');
    if (method !== '' && !notInAnswers.test(method)) await this.#execute(method, new Params(params));
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Messages of a chat keep their order, and so do the presses of a person; the two do not wait for each other. */
function queueOf(update: Update): string {
  const { message, edited_message: edited, channel_post: post, edited_channel_post: editedPost } = update;
  const written = message ?? edited ?? post ?? editedPost;
  if (written) return `chat ${written.chat.id}`;
  if (update.callback_query) return `press ${update.callback_query.from.id}`;
  if (update.inline_query) return `inline ${update.inline_query.from.id}`;
  if (update.my_chat_member) return `my member ${update.my_chat_member.chat.id}`;
  if (update.chat_member) return `member ${update.chat_member.from.id}`;
  return `other ${update.update_id}`;
}
