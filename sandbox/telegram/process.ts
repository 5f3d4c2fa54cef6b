// The emulator in a process of its own, so that whoever drives it shares no thread with it; remote-emulator.ts talks to it.
import process from 'node:process';
import { type Emulator, startEmulator } from './emulator.ts';
import type { EmulatedChat } from './chat-driver.ts';
import type { EmulatedUser } from './user.ts';
import type { Orders, Report, Request, StartOrder } from './remote-emulator.ts';

class Desk {
  readonly #emulator: Emulator;
  readonly #marker: RegExp;
  readonly #users = new Map<number, EmulatedUser>();
  readonly #chats = new Map<number, EmulatedChat>();
  /** A group's id is that which it had at first. */
  readonly #first = new Map<number, number>();
  readonly #told = new Map<number, Map<string, number>>();
  readonly #refused: Record<string, number> = {};
  readonly #floods: string[] = [];
  readonly #waiting: { calls: number; resolve: (calls: number) => void }[] = [];
  #calls = 0;

  constructor(emulator: Emulator, marker: RegExp) {
    this.#emulator = emulator;
    this.#marker = marker;
    emulator.on((event) => {
      if (event.type === 'message' && isOwn(event.message, emulator.bot.id)) {
        this.#tell(event.chatId, event.message.text ?? event.message.caption ?? '');
      }
      if (event.type !== 'call' || !/^(send|copy|edit|delete)/.test(event.call.method)) return;
      this.#calls += 1;
      const refusal = event.call.answer as { error_code?: number } | undefined;
      if (refusal?.error_code === 429) {
        const { method, params, at } = event.call;
        this.#floods.push(`${at.toISOString()} ${method} ${String(params['chat_id'])}`);
      }
      if (!event.call.ok) count(this.#refused, String(refusal?.error_code ?? 'no answer'));
      this.#wake();
    });
  }

  readonly orders: Orders = {
    people: ({ count: many, firstId }) => {
      for (let id = firstId; id < firstId + many; id++) {
        this.#users.set(id, this.#emulator.createUser({ id, firstName: `قارئ ${id}`, hasStarted: true }));
      }
    },
    channels: ({ count: many }) => {
      const founder = this.#founder();
      return Array.from({ length: many }, (_, n) => {
        const channel = this.#emulator.createChannel({ title: `قناة ${n}` });
        channel.addBot({ by: founder });
        this.#chats.set(channel.id, channel);
        return channel.id;
      });
    },
    groups: ({ count: many }) => {
      const founder = this.#founder();
      return Array.from({ length: many }, (_, n) => {
        const group = this.#emulator.createGroup({ title: `مجموعة ${n}` });
        group.addMember(founder, 'creator');
        group.addBot({ by: founder });
        this.#chats.set(group.id, group);
        return group.id;
      });
    },
    fail: ({ rules }) => {
      for (const rule of rules) this.#emulator.fail(rule);
    },
    clearFaults: () => this.#emulator.clearFaults(),
    write: async ({ userId, text }) => (await this.#user(userId).send(text)).message_id,
    press: async ({ userId, button }) => {
      await this.#user(userId).press(new RegExp(button, 'u'));
    },
    lastWords: ({ userId }) => this.#user(userId).lastFromBot()?.text ?? '',
    block: ({ userId }) => this.#user(userId).block(),
    unblock: ({ userId }) => this.#user(userId).unblock(),
    migrate: ({ chatId }) => {
      const group = this.#chats.get(chatId);
      if (!group) throw new Error(`there is no group ${chatId}`);
      const next = group.migrate();
      this.#chats.set(next.id, next);
      this.#first.set(next.id, this.#first.get(chatId) ?? chatId);
      return next.id;
    },
    called: ({ calls }) =>
      new Promise((resolve) => {
        this.#waiting.push({ calls, resolve });
        this.#wake();
      }),
    report: () => this.#report(),
    close: () => this.#emulator.close(),
  };

  #founder(): EmulatedUser {
    return this.#emulator.createUser({ firstName: 'هبة', hasStarted: true });
  }

  #user(userId: number): EmulatedUser {
    const user = this.#users.get(userId);
    if (!user) throw new Error(`there is no reader ${userId}`);
    return user;
  }

  #tell(chatId: number, text: string): void {
    const found = new Set(text.match(this.#marker));
    if (found.size === 0) return;
    const first = this.#first.get(chatId) ?? chatId;
    const told = this.#told.get(first) ?? new Map<string, number>();
    this.#told.set(first, told);
    for (const marker of found) told.set(marker, (told.get(marker) ?? 0) + 1);
  }

  #wake(): void {
    for (const waiting of this.#waiting.filter(({ calls }) => this.#calls >= calls)) {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
      waiting.resolve(this.#calls);
    }
  }

  #report(): Report {
    return {
      calls: this.#calls,
      refused: this.#refused,
      floods: this.#floods,
      pendingUpdates: this.#emulator.pendingUpdates,
      isPolled: this.#emulator.isPolled,
      told: [...this.#told].map(([chatId, told]) => [chatId, Object.fromEntries(told)]),
    };
  }
}

function isOwn(message: { from?: { id: number }; sender_chat?: unknown }, botId: number): boolean {
  // In a channel only the bot writes here.
  return message.from?.id === botId || message.sender_chat !== undefined;
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

let desk: Desk | undefined;

async function obey({ order, given }: Pick<Request, 'order' | 'given'>): Promise<unknown> {
  if (order !== 'start') return desk?.orders[order](given as never);
  const { marker, ...options } = given as StartOrder;
  const emulator = await startEmulator({ recordCalls: 100, ...options });
  desk = new Desk(emulator, new RegExp(marker, 'gu'));
  return { apiRoot: emulator.apiRoot, token: emulator.token };
}

process.on('message', ({ id, order, given }: Request) => {
  void obey({ order, given }).then(
    (result) => process.send?.({ id, result }),
    (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }),
  );
});
// Whoever started us is gone.
process.on('disconnect', () => process.exit());
