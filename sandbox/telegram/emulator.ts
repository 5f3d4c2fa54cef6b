// A Telegram on your desk: starts the emulated Bot API and hands out the people and chats in it.
import type { AddressInfo } from 'node:net';
import type { Message, UserFromGetMe } from 'grammy/types';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import type { RecordedCall } from './calls.ts';
import { EmulatedChat, type ChannelOptions, type GroupOptions } from './chat-driver.ts';
import type { EmulatorEvent, Listener } from './events.ts';
import type { FaultRule } from './faults.ts';
import { createLimiter, telegramLimits, unlimited, type LimitNumbers } from './limits.ts';
import { createApiServer } from './server.ts';
import { dumpChat, EmulatedUser, type UserOptions } from './user.ts';
import { type IdRange, World } from './world.ts';

export interface EmulatorOptions {
  port?: number;
  token?: string;
  clock?: Clock;
  /** False: no limits; true: Telegram's; or some of the numbers. */
  limits?: boolean | Partial<LimitNumbers>;
  /** Loads photos given by URL. */
  fetch?: typeof fetch;
  /** Added to every call but getUpdates. */
  latencyMs?: number;
  botUser?: Partial<UserFromGetMe>;
  /** Keep all calls (true), none, or the last so many. */
  recordCalls?: boolean | number;
  /** As a Bot API server of one's own (--local) allows it: webhooks over http, and at any port. */
  local?: boolean;
  /** A crowd: whoever has one of these ids has begun a chat with the bot. */
  readers?: IdRange;
  /**
   * The server's brake on polls that repeat an offset within seconds: true as on the real server; false, the default,
   * spares every test the three seconds a bot that stops would wait.
   */
  throttlePolls?: boolean;
}

interface WaitOptions {
  timeoutMs?: number;
}

const defaultToken = '110201543:SANDBOX-nashra-desk-emulator-0123456';
const waitTimeoutMs = 10_000;

export class Emulator {
  readonly apiRoot: string;
  readonly #world: World;
  readonly #stop: () => Promise<void>;

  constructor(world: World, apiRoot: string, stop: () => Promise<void>) {
    this.#world = world;
    this.apiRoot = apiRoot;
    this.#stop = stop;
  }

  get token(): string {
    return this.#world.token;
  }

  get bot(): UserFromGetMe {
    return structuredClone(this.#world.bot);
  }

  createUser({ id, firstName, lastName, username, languageCode, hasStarted = false }: UserOptions): EmulatedUser {
    const record = this.#world.addUser({
      id: id ?? 500_000_000 + this.#world.number(),
      is_bot: false,
      first_name: firstName,
      ...(lastName === undefined ? {} : { last_name: lastName }),
      ...(username === undefined ? {} : { username }),
      ...(languageCode === undefined ? {} : { language_code: languageCode }),
    });
    record.started = hasStarted;
    record.known = hasStarted;
    return new EmulatedUser(this.#world, record);
  }

  createChannel({ id, title, username }: ChannelOptions): EmulatedChat {
    const chatId = id ?? -1_001_000_000_000 - this.#world.number();
    return new EmulatedChat(this.#world, this.#world.addChat({ id: chatId, type: 'channel', title, username }));
  }

  createGroup({ id, title, username, forum = false, supergroup = false }: GroupOptions): EmulatedChat {
    const type = forum || supergroup || username !== undefined ? 'supergroup' : 'group';
    const base = type === 'group' ? -700_000_000 : -1_002_000_000_000;
    const chatId = id ?? base - this.#world.number();
    return new EmulatedChat(this.#world, this.#world.addChat({ id: chatId, type, title, username, isForum: forum }));
  }

  /** The calls the bot made, oldest first. */
  calls(method?: string): RecordedCall[] {
    return this.#world.calls.list(method);
  }

  clearCalls(): void {
    this.#world.calls.clear();
  }

  /** Makes the next `times` matching calls fail. */
  fail(rule: FaultRule): void {
    this.#world.faults.add(rule);
  }

  clearFaults(): void {
    this.#world.faults.clear();
  }

  /** `only`: tells of this type of event alone. */
  on(listener: Listener, only?: EmulatorEvent['type']): () => void {
    return this.#world.events.on(listener, only);
  }

  /** Resolves with the first truthy answer of `check`, asked now and after each event. */
  async waitFor<T>(
    check: (event: EmulatorEvent | undefined) => T,
    { timeoutMs = waitTimeoutMs }: WaitOptions = {},
  ): Promise<NonNullable<T>> {
    return await this.#world.events.waitFor(check, { timeoutMs, describe: () => this.dump() });
  }

  /** Resolves when the bot has confirmed every update and no call but getUpdates is under way. */
  async idle({ timeoutMs = waitTimeoutMs }: WaitOptions = {}): Promise<void> {
    const { updates, calls } = this.#world;
    const isQuiet = (): boolean => updates.pending === 0 && calls.underWay === 0;
    do {
      await this.waitFor(isQuiet, { timeoutMs });
      // One turn for an answer on its way to become the next call.
      await new Promise<void>((resolve) => void setImmediate(resolve));
    } while (!isQuiet());
  }

  /** Updates the bot has not confirmed yet. */
  get pendingUpdates(): number {
    return this.#world.updates.pending;
  }

  /** The bot is waiting for updates: it runs. */
  get isPolled(): boolean {
    return this.#world.updates.isPolled;
  }

  /** How often updates were brought to the bot's webhook. */
  get webhookDeliveries(): number {
    return this.#world.webhook.deliveries;
  }

  /** Messages sent over the free lane with allow_paid_broadcast. */
  get paidMessages(): number {
    return this.#world.limiter.paidMessages();
  }

  messages(chatId: number): Message[] {
    return this.#world.messages(this.#world.chat(chatId));
  }

  reactions(chatId: number, messageId: number): string[] {
    return [...(this.#world.chat(chatId).messages.get(messageId)?.reactions ?? [])];
  }

  /** The URL a file can be downloaded from, without asking getFile first. */
  fileUrl(fileId: string): string {
    const file = this.#world.files.file(fileId);
    if (!file) throw new Error(`there is no file ${fileId} in this emulator`);
    return `${this.apiRoot}/file/bot${this.token}/${file.path}`;
  }

  fileBytes(fileId: string): Uint8Array | undefined {
    return this.#world.files.file(fileId)?.bytes;
  }

  /** Everything a puzzled person wants to see: chats, pending updates, the last calls. */
  dump(): string {
    const world = this.#world;
    const chats = [...world.chats.values()].filter((chat) => chat.messages.size > 0).slice(-10);
    const calls = world.calls.list().slice(-10);
    return [
      ...chats.map((chat) => `${chat.type} ${chat.id} «${chat.title}»\n${dumpChat(world, chat)}`),
      `updates not confirmed: ${world.updates.pending}, calls under way: ${world.calls.underWay}`,
      'last calls:',
      ...calls.map(({ method, ok, answer }) => `  ${method} ${ok ? 'ok' : JSON.stringify(answer)}`),
    ].join('\n');
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { token = defaultToken, clock = systemClock, limits = false } = options;
  const numbers = limits === true ? telegramLimits : { ...telegramLimits, ...(limits === false ? {} : limits) };
  const world = new World({
    bot: botUser(token, options.botUser),
    token,
    clock,
    limiter: limits === false ? unlimited : createLimiter(numbers, clock),
    fetch: options.fetch ?? fetch,
    recordCalls: options.recordCalls ?? true,
    throttlePolls: options.throttlePolls ?? false,
    readers: options.readers,
    isLocal: options.local ?? false,
  });
  const server = createApiServer(world, options.latencyMs ?? 0);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    world.webhook.set(undefined);
    stopped ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  };
  return new Emulator(world, `http://127.0.0.1:${port}`, stop);
}

function botUser(token: string, given: Partial<UserFromGetMe> = {}): UserFromGetMe {
  return {
    id: Number(token.split(':')[0]),
    is_bot: true,
    first_name: 'Nashra',
    username: 'nashra_desk_bot',
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
    allows_users_to_create_topics: false,
    ...given,
  } as UserFromGetMe;
}
