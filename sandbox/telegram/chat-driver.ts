// A channel or group of the emulated Telegram, as tests and the demo page move it.
import type { Message, User } from 'grammy/types';
import { channelRights, groupRights, type AdminRights, type ChatRecord, type MemberStatus } from './chats.ts';
import { oweMessage, writeAs, type UserContent } from './posting.ts';
import { waitForMessage, type EmulatedUser, type MessageChoice, type WaitOptions } from './user.ts';
import type { World } from './world.ts';

export interface ChannelOptions {
  id?: number;
  title: string;
  username?: string;
}

export interface GroupOptions extends ChannelOptions {
  /** A forum is always a supergroup. */
  forum?: boolean;
  supergroup?: boolean;
}

interface By {
  /** Who does it; by default someone of the chat. */
  by?: EmulatedUser;
}

interface BotPlace extends By {
  rights?: AdminRights;
}

export class EmulatedChat {
  readonly #world: World;
  readonly #chat: ChatRecord;

  constructor(world: World, chat: ChatRecord) {
    this.#world = world;
    this.#chat = chat;
  }

  get id(): number {
    return this.#chat.id;
  }

  get title(): string {
    return this.#chat.title;
  }

  get username(): string | undefined {
    return this.#chat.username;
  }

  /** Adds the bot: in a channel as an administrator, in a group as a member unless rights are given. */
  addBot({ by, rights }: BotPlace = {}): void {
    const actor = this.#actor(by);
    const isChannel = this.#chat.type === 'channel';
    if (!isChannel && rights === undefined) {
      this.#world.setBotMember(this.#chat, actor, { status: 'member', rights: {} });
      return;
    }
    this.promoteBot({ rights: rights ?? channelRights, ...(by ? { by } : {}) });
  }

  promoteBot({ by, rights }: BotPlace = {}): void {
    const actor = this.#actor(by);
    const usual = this.#chat.type === 'channel' ? channelRights : groupRights;
    this.#world.setBotMember(this.#chat, actor, { status: 'administrator', rights: rights ?? usual });
  }

  /** Takes the administrator's rights; in a channel a bot can then no longer stay. */
  demoteBot({ by }: By = {}): void {
    const status = this.#chat.type === 'channel' ? 'left' : 'member';
    this.#world.setBotMember(this.#chat, this.#actor(by), { status, rights: {} });
  }

  removeBot({ by }: By = {}): void {
    this.#world.setBotMember(this.#chat, this.#actor(by), { status: 'kicked', rights: {} });
  }

  addMember(user: EmulatedUser, status: 'creator' | 'administrator' | 'member' = 'member'): void {
    const rights = this.#chat.type === 'channel' ? channelRights : groupRights;
    this.#chat.members.set(user.id, { status, rights: status === 'administrator' ? rights : {} });
    this.#meet(user, status);
  }

  removeMember(user: EmulatedUser): void {
    this.#chat.members.set(user.id, { status: 'left', rights: {} });
  }

  /** Writes into the chat: a channel post, or `by` writing in a group. */
  async post(content: string | UserContent, { by }: { by?: EmulatedUser } = {}): Promise<Message> {
    if (by) this.#meet(by, 'member');
    return await writeAs(this.#world, this.#chat, by?.user, content);
  }

  /** Members may not write (a boolean), or the exact words the server refuses with. */
  setWriteForbidden(forbidden: boolean | 'CHAT_WRITE_FORBIDDEN'): void {
    if (forbidden === false) delete this.#chat.writeForbidden;
    else this.#chat.writeForbidden = forbidden === true ? 'have no write access to the chat' : forbidden;
  }

  /** Kinds of messages members may not send, as the error names them: `photos`, `text messages`, `polls`, … */
  deny(...kinds: string[]): void {
    this.#chat.denied = new Set(kinds);
  }

  /** Turns a group into a supergroup with a new id; the old id answers with where it went. */
  migrate(): EmulatedChat {
    const world = this.#world;
    const old = this.#chat;
    if (old.type !== 'group') throw new Error('only a basic group becomes a supergroup');
    const id = -1_000_000_000_000 - 2_000_000 - world.number();
    const next = world.addChat({ id, type: 'supergroup', title: old.title });
    next.members = new Map(old.members);
    const leave = world.addMessage(old, {
      outgoing: false,
      from: this.#anyone(),
      content: { migrate_to_chat_id: id },
      service: true,
    });
    oweMessage(world, leave, 'new');
    const enter = world.addMessage(next, {
      outgoing: false,
      from: this.#anyone(),
      content: { migrate_from_chat_id: old.id },
      service: true,
    });
    oweMessage(world, enter, 'new');
    old.migratedTo = id;
    return new EmulatedChat(world, next);
  }

  /** Opens a topic of a forum and returns its thread id. */
  createTopic(name: string): number {
    const record = this.#world.addMessage(this.#chat, {
      outgoing: false,
      from: this.#anyone(),
      content: { forum_topic_created: { name, icon_color: 7_322_096 } },
      service: true,
    });
    this.#chat.topics.set(record.id, { name, closed: false });
    return record.id;
  }

  closeTopic(threadId: number): void {
    const topic = this.#chat.topics.get(threadId);
    if (!topic) throw new Error(`there is no topic ${threadId} in ${this.title}`);
    topic.closed = true;
  }

  deleteTopic(threadId: number): void {
    this.#chat.topics.delete(threadId);
  }

  /** The owner deletes the chat. */
  delete(): void {
    this.#chat.deleted = true;
  }

  /** A reader or admin takes a message back. */
  deleteMessage(message: Message): void {
    const record = this.#chat.messages.get(message.message_id);
    if (record) this.#world.deleteMessage(record);
  }

  messages(): Message[] {
    return this.#world.messages(this.#chat);
  }

  async waitForMessage(choice: MessageChoice, { timeoutMs = 10_000, after = 0 }: WaitOptions = {}): Promise<Message> {
    return await waitForMessage(this.#world, this.#chat, choice, { timeoutMs, after });
  }

  /** The bot gets to know whoever acts where it is. */
  #meet(user: EmulatedUser, joinsAs: MemberStatus): void {
    const record = this.#world.users.get(user.id);
    if (record) record.known = true;
    if (!this.#chat.members.has(user.id)) this.#chat.members.set(user.id, { status: joinsAs, rights: {} });
  }

  #actor(by: EmulatedUser | undefined): User {
    if (by) this.#meet(by, 'creator');
    const actor = by?.user ?? this.#anyone();
    if (!actor) throw new Error(`nobody is in ${this.title} to do it: name someone with { by }`);
    return actor;
  }

  #anyone(): User | undefined {
    const ids = [...this.#chat.members.keys()].filter((id) => id !== this.#world.bot.id);
    return ids.map((id) => this.#world.users.get(id)?.user).find((user) => user !== undefined);
  }
}
