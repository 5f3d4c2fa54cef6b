// The state of one emulated Telegram with one bot in it: who there is, what was written, what the bot is owed.
import type { InlineKeyboardMarkup, Message, MessageEntity, Update, User, UserFromGetMe } from 'grammy/types';
import type { Clock } from '../../src/lib/clock.ts';
import { CallLog } from './calls.ts';
import { chatOnWire, memberOnWire, type ChatRecord, type Member, type UserRecord } from './chats.ts';
import { ApiError } from './errors.ts';
import { Events } from './events.ts';
import { Faults } from './faults.ts';
import { FileStore } from './files.ts';
import type { Limiter } from './limits.ts';
import { onWire, type Content, type MessageRecord } from './messages.ts';
import { Profile } from './profile.ts';
import { UpdateQueue, type UpdateType } from './updates.ts';
import { Webhook } from './webhook.ts';

interface WorldOptions {
  bot: UserFromGetMe;
  token: string;
  clock: Clock;
  limiter: Limiter;
  fetch: typeof fetch;
  recordCalls: boolean | number;
  throttlePolls: boolean;
  readers: IdRange | undefined;
  isLocal: boolean;
}

/** So many ids, one after the other. */
export interface IdRange {
  from: number;
  count: number;
}

export interface OpenQuery {
  userId: number;
  chatId: number;
  askedAt: number;
  answer: ((answer: CallbackAnswer) => void) | undefined;
}

export interface CallbackAnswer {
  text?: string;
  showAlert?: boolean;
  url?: string;
}

export interface NewMessage {
  outgoing: boolean;
  from?: User | undefined;
  content: Content;
  extra?: Content;
  keyboard?: InlineKeyboardMarkup | undefined;
  frozen?: boolean;
  service?: boolean;
}

/** How long a press may be answered (TDLib holds a callback query this long). */
const queryLifeMs = 150_000;

export class World {
  readonly bot: UserFromGetMe;
  readonly token: string;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly fetch: typeof fetch;
  readonly events = new Events();
  readonly faults = new Faults();
  readonly files = new FileStore();
  readonly profile = new Profile();
  readonly calls: CallLog;
  readonly updates: UpdateQueue;
  readonly users = new Map<number, UserRecord>();
  readonly chats = new Map<number, ChatRecord>();
  readonly queries = new Map<string, OpenQuery>();
  readonly webhook: Webhook;
  /** A Bot API server of one's own (--local): webhooks over http, and at any port. */
  readonly isLocal: boolean;
  readonly #readers: IdRange | undefined;
  /** What a URL was loaded as: Telegram, too, fetches the same URL only once. */
  readonly loaded = new Map<string, { kind: string; content: Content }>();
  #lastSharedMessageId = 0;
  #lastNumber = 0;

  constructor({ bot, token, clock, limiter, fetch, recordCalls, throttlePolls, readers, isLocal }: WorldOptions) {
    this.bot = bot;
    this.token = token;
    this.clock = clock;
    this.limiter = limiter;
    this.fetch = fetch;
    this.#readers = readers;
    this.calls = new CallLog(recordCalls);
    this.updates = new UpdateQueue({
      clock,
      firstId: 100_000_001,
      throttled: throttlePolls,
      hear: (what) => this.events.emit({ type: what === 'confirmed' ? 'confirmed' : 'poll' }),
    });
    this.isLocal = isLocal;
    this.webhook = new Webhook({
      queue: this.updates,
      clock,
      execute: async (method, params) => {
        // Not at the top: the methods, too, know the world.
        const { findMethod } = await import('./methods/table.ts');
        try {
          await findMethod(method)?.run({ world: this, params, signal: new AbortController().signal });
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
      },
    });
  }

  get botUser(): User {
    const { id, is_bot, first_name, username } = this.bot;
    return { id, is_bot, first_name, username };
  }

  /** Unix time in seconds. */
  now(): number {
    return Math.floor(this.clock.now().getTime() / 1000);
  }

  /** A number no one had before: for ids of users, chats, queries, albums. */
  number(): number {
    return ++this.#lastNumber;
  }

  chat(id: number): ChatRecord {
    const chat = this.chats.get(id);
    if (!chat) throw new Error(`there is no chat ${id} in this emulator`);
    return chat;
  }

  /** The chat with this id; a reader of the crowd's is made when first asked for. */
  findChat(id: number): ChatRecord | undefined {
    return this.chats.get(id) ?? this.#meetReader(id);
  }

  #meetReader(id: number): ChatRecord | undefined {
    if (!this.#readers || id < this.#readers.from || id >= this.#readers.from + this.#readers.count) return undefined;
    const reader = this.addUser({ id, is_bot: false, first_name: `Reader ${id}`, language_code: 'ar' });
    reader.started = true;
    reader.known = true;
    return this.chats.get(id);
  }

  addUser(user: User): UserRecord {
    if (this.users.has(user.id)) throw new Error(`there is already a user ${user.id} in this emulator`);
    const record: UserRecord = { user, started: false, known: false, blocked: false, deactivated: false };
    this.users.set(user.id, record);
    const chat = this.addChat({ id: user.id, type: 'private', title: user.first_name });
    chat.person = record;
    return record;
  }

  addChat({
    id,
    type,
    title,
    username,
    isForum = false,
  }: Pick<ChatRecord, 'id' | 'type' | 'title'> & { username?: string | undefined; isForum?: boolean }): ChatRecord {
    if (this.chats.has(id)) throw new Error(`there is already a chat ${id} in this emulator`);
    const chat: ChatRecord = {
      id,
      type,
      title,
      ...(username === undefined ? {} : { username }),
      isForum,
      members: new Map(),
      messages: new Map(),
      lastMessageId: 0,
      topics: new Map(),
      pinned: [],
      deleted: false,
      denied: new Set(),
      replyKeyboard: [],
      description: '',
    };
    this.chats.set(id, chat);
    return chat;
  }

  chatByName(name: string): ChatRecord | undefined {
    const wanted = name.toLowerCase();
    return [...this.chats.values()].find((chat) => chat.username?.toLowerCase() === wanted);
  }

  addMessage(chat: ChatRecord, message: NewMessage): MessageRecord {
    const shared = chat.type === 'private' || chat.type === 'group';
    const id = shared ? ++this.#lastSharedMessageId : ++chat.lastMessageId;
    const record: MessageRecord = {
      chat,
      id,
      outgoing: message.outgoing,
      from: message.from,
      date: this.now(),
      editDate: undefined,
      extra: message.extra ?? {},
      content: this.withPeople(message.content),
      keyboard: message.keyboard,
      frozen: message.frozen ?? false,
      service: message.service ?? false,
      reactions: [],
    };
    chat.messages.set(id, record);
    this.#tell('message', record);
    return record;
  }

  /** Mentions by id, with the person in full; people the bot has never met cannot be mentioned. */
  withPeople(content: Content): Content {
    const key = content.entities ? 'entities' : 'caption_entities';
    if (!content[key]?.some((entity) => entity.type === 'text_mention')) return content;
    const entities = content[key].flatMap((entity): MessageEntity[] => {
      if (entity.type !== 'text_mention') return [entity];
      const person = this.users.get(entity.user.id);
      return person?.known ? [{ ...entity, user: person.user }] : [];
    });
    const { [key]: _, ...rest } = content;
    return entities.length > 0 ? { ...content, [key]: entities } : rest;
  }

  edited(record: MessageRecord): void {
    record.editDate = this.now();
    this.#tell('edit', record);
  }

  deleteMessage(record: MessageRecord): void {
    record.chat.messages.delete(record.id);
    record.chat.pinned = record.chat.pinned.filter((id) => id !== record.id);
    this.#tell('delete', record);
  }

  #tell(type: 'message' | 'edit' | 'delete', record: MessageRecord): void {
    if (this.events.isHeard(type)) this.events.emit({ type, chatId: record.chat.id, message: onWire(record) });
  }

  /** Queues an update for the bot. */
  owe<T extends UpdateType>(type: T, body: NonNullable<Update[T]>): void {
    this.updates.add(type, body);
  }

  messages(chat: ChatRecord): Message[] {
    return [...chat.messages.values()].sort((a, b) => a.id - b.id).map(onWire);
  }

  /** Changes the bot's place in a chat and tells it by my_chat_member. */
  setBotMember(chat: ChatRecord, by: User, next: Member): void {
    const before = memberOnWire(chat, this.botUser, this.botMember(chat));
    if (chat.person) chat.person.blocked = next.status === 'kicked';
    else chat.members.set(this.bot.id, next);
    const after = memberOnWire(chat, this.botUser, next);
    this.events.emit({ type: 'member', chatId: chat.id, userId: this.bot.id, status: next.status });
    this.owe('my_chat_member', {
      chat: chatOnWire(chat),
      from: by,
      date: this.now(),
      old_chat_member: before,
      new_chat_member: after,
    } as unknown as NonNullable<Update['my_chat_member']>);
  }

  botMember(chat: ChatRecord): Member | undefined {
    if (!chat.person) return chat.members.get(this.bot.id);
    return { status: chat.person.blocked ? 'kicked' : 'member', rights: {} };
  }

  openQuery(id: string): OpenQuery | undefined {
    const query = this.queries.get(id);
    if (!query || this.clock.now().getTime() - query.askedAt > queryLifeMs) return undefined;
    return query;
  }

  react(record: MessageRecord, reactions: string[]): void {
    record.reactions = reactions;
    this.events.emit({ type: 'reaction', chatId: record.chat.id, messageId: record.id, reactions });
  }
}
