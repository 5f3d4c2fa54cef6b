// What happened in the emulated Telegram, told to whoever listens, and waiting for it without sleeping.
import type { Message } from 'grammy/types';
import type { RecordedCall } from './calls.ts';

export type EmulatorEvent =
  | { type: 'message' | 'edit' | 'delete' | 'pin' | 'unpin'; chatId: number; message: Message }
  | {
      type: 'callback-answer';
      chatId: number;
      userId: number;
      queryId: string;
      text?: string;
      showAlert: boolean;
      url?: string;
    }
  | { type: 'chat-action'; chatId: number; action: string }
  | { type: 'reaction'; chatId: number; messageId: number; reactions: string[] }
  | { type: 'member'; chatId: number; userId: number; status: string }
  | { type: 'commands' }
  | { type: 'call'; call: RecordedCall }
  /** Updates were confirmed, or a call ended: the bot may have become idle. */
  | { type: 'confirmed' }
  /** The bot has begun to wait for updates. */
  | { type: 'poll' };

export type Listener = (event: EmulatorEvent) => void;

export class Events {
  /** Who listens, and to which type of event alone. */
  readonly #listeners = new Map<Listener, EmulatorEvent['type'] | undefined>();

  on(listener: Listener, only?: EmulatorEvent['type']): () => void {
    this.#listeners.set(listener, only);
    return () => void this.#listeners.delete(listener);
  }

  /** Whether anybody listens to it: what nobody hears need not be put into words. */
  isHeard(type: EmulatorEvent['type']): boolean {
    for (const only of this.#listeners.values()) if (only === undefined || only === type) return true;
    return false;
  }

  emit(event: EmulatorEvent): void {
    for (const [listener, only] of this.#listeners) if (only === undefined || only === event.type) listener(event);
  }

  /** Resolves with the first truthy answer of `check`, asked now and after each event. */
  async waitFor<T>(
    check: (event: EmulatorEvent | undefined) => T,
    { timeoutMs, describe }: { timeoutMs: number; describe: () => string },
  ): Promise<NonNullable<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T>>();
    let settled = false;
    const ask = (event: EmulatorEvent | undefined): void => {
      if (settled) return;
      try {
        const answer = check(event);
        if (!answer) return;
        settled = true;
        resolve(answer);
      } catch (error) {
        settled = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const off = this.on(ask);
    const timer = setTimeout(() => {
      settled = true;
      reject(new Error(`nothing came within ${timeoutMs} ms; there was:\n${describe()}`));
    }, timeoutMs);
    ask(undefined);
    try {
      return await promise;
    } finally {
      off();
      clearTimeout(timer);
    }
  }
}
