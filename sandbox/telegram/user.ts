// A person of the emulated Telegram, as tests and the demo page move them.
import type { Message, User } from 'grammy/types';
import { chatOnWire, memberOnWire } from './chats.ts';
import type { UserRecord, ChatRecord } from './chats.ts';
import type { Content } from './messages.ts';
import { onWire } from './messages.ts';
import { oweMessage, writeAs, type UserContent } from './posting.ts';
import { press, type ButtonChoice } from './pressing.ts';
import type { BotCommandEntry } from './profile.ts';
import type { CallbackAnswer, World } from './world.ts';

export interface UserOptions {
  id?: number;
  firstName: string;
  lastName?: string;
  username?: string;
  languageCode?: string;
  /** Has opened the chat before, so that the bot may write there at once. */
  hasStarted?: boolean;
}

export interface WaitOptions {
  timeoutMs?: number;
  /** Only messages with a larger id. */
  after?: number;
}

/** A text the message holds, a pattern, or a question asked of it. */
export type MessageChoice = string | RegExp | ((message: Message) => boolean);

const pressTimeoutMs = 20_000;
const waitTimeoutMs = 10_000;

export class EmulatedUser {
  readonly #world: World;
  readonly #record: UserRecord;
  readonly #chat: ChatRecord;

  constructor(world: World, record: UserRecord) {
    this.#world = world;
    this.#record = record;
    this.#chat = world.chat(record.user.id);
  }

  get id(): number {
    return this.#record.user.id;
  }

  /** The private chat with the bot has the user's own id. */
  get chatId(): number {
    return this.#record.user.id;
  }

  get user(): User {
    return structuredClone(this.#record.user);
  }

  get isBlocked(): boolean {
    return this.#record.blocked;
  }

  /** Writes to the bot; it opens the private chat, and takes back a block, as the app does. */
  async send(content: string | UserContent): Promise<Message> {
    this.#open();
    return await writeAs(this.#world, this.#chat, this.#record.user, content);
  }

  /** Sends several photos or files as one album. */
  async sendAlbum(items: UserContent[]): Promise<Message[]> {
    const mediaGroupId = String(13_000_000_000_000_000n + BigInt(this.#world.number()));
    const sent: Message[] = [];
    for (const item of items) sent.push(await this.send({ ...item, mediaGroupId }));
    return sent;
  }

  /** Changes the text of a message this user wrote. */
  edit(message: Message, text: string): void {
    const record = this.#world.chat(message.chat.id).messages.get(message.message_id);
    if (!record || record.outgoing) throw new Error(`message ${message.message_id} is not this user's`);
    record.content = { text };
    this.#world.edited(record);
    oweMessage(this.#world, record, 'edited');
  }

  /** Answers a `request_chat` button with the chat the user picked. */
  shareChat(requestId: number, chat: { id: number; title: string }): void {
    this.#open();
    const content = { chat_shared: { request_id: requestId, chat_id: chat.id, title: chat.title } } as Content;
    const record = this.#world.addMessage(this.#chat, {
      outgoing: false,
      from: this.#record.user,
      content,
      service: true,
    });
    oweMessage(this.#world, record, 'new');
  }

  /**
   * Presses a button and resolves with the bot's answer to it. Without `message` it is the newest message that has
   * the button; a button of a reply keyboard sends its text.
   */
  press(choice: ButtonChoice, message?: Message, { timeoutMs = pressTimeoutMs } = {}): Promise<CallbackAnswer> {
    const answer = press(this.#world, this.#record, this.#chat, choice, message, timeoutMs);
    // Whoever presses without waiting for the answer must not be struck by its absence.
    answer.catch(() => {});
    return answer;
  }

  block(): void {
    if (this.#record.blocked) return;
    this.#record.blocked = true;
    this.#tellMembership('member', 'kicked');
  }

  unblock(): void {
    if (!this.#record.blocked) return;
    this.#record.blocked = false;
    this.#tellMembership('kicked', 'member');
  }

  /** Deletes the account: sends to it are refused from now on. */
  deactivate(): void {
    this.#record.deactivated = true;
  }

  /** All messages of the private chat, of both sides, as they stand now. */
  messages(): Message[] {
    return this.#world.messages(this.#chat);
  }

  /** The newest message of the bot. */
  lastFromBot(): Message | undefined {
    return this.messages().findLast((message) => message.from?.id === this.#world.bot.id);
  }

  /** A message of the bot, there already or still to come. */
  async waitForMessage(choice: MessageChoice, { timeoutMs = waitTimeoutMs, after = 0 }: WaitOptions = {}) {
    return await waitForMessage(this.#world, this.#chat, choice, { timeoutMs, after });
  }

  /** The rows of the reply keyboard below the text field. */
  replyKeyboard(): string[][] {
    return structuredClone(this.#chat.replyKeyboard);
  }

  /** The command list this user's app shows in the private chat. */
  commands(): BotCommandEntry[] {
    return this.#world.profile.commandsSeenBy({
      chatId: this.chatId,
      isPrivate: true,
      userId: this.id,
      isAdmin: false,
      language: this.#record.user.language_code?.slice(0, 2) ?? '',
    });
  }

  #open(): void {
    if (this.#record.deactivated) throw new Error('a deactivated account cannot write');
    this.unblock();
    this.#record.started = true;
    this.#record.known = true;
  }

  #tellMembership(before: 'member' | 'kicked', after: 'member' | 'kicked'): void {
    const world = this.#world;
    const member = (status: 'member' | 'kicked') => memberOnWire(this.#chat, world.botUser, { status, rights: {} });
    world.events.emit({ type: 'member', chatId: this.chatId, userId: world.bot.id, status: after });
    world.owe('my_chat_member', {
      chat: chatOnWire(this.#chat),
      from: this.#record.user,
      date: world.now(),
      old_chat_member: member(before),
      new_chat_member: member(after),
    } as never);
  }
}

export async function waitForMessage(
  world: World,
  chat: ChatRecord,
  choice: MessageChoice,
  { timeoutMs, after }: Required<WaitOptions>,
): Promise<Message> {
  const fits = (message: Message): boolean => {
    if (typeof choice === 'function') return choice(message);
    const text = message.text ?? message.caption ?? '';
    return typeof choice === 'string' ? text.includes(choice) : choice.test(text);
  };
  const look = (): Message | undefined =>
    [...chat.messages.values()]
      .filter((record) => record.outgoing && record.id > after)
      .sort((a, b) => b.id - a.id)
      .map(onWire)
      .find(fits);
  const describe = (): string => `a wish for ${String(choice)} in ${chat.title}:\n${dumpChat(world, chat)}`;
  return await world.events.waitFor(look, { timeoutMs, describe });
}

/** The last messages of a chat, for a person who wonders why a wait failed. */
export function dumpChat(world: World, chat: ChatRecord): string {
  const lines = world
    .messages(chat)
    .slice(-12)
    .map((message) => {
      const who = message.from?.is_bot ? 'bot' : (message.from?.first_name ?? chat.title);
      const body = message.text ?? message.caption ?? Object.keys(message).at(-1) ?? '';
      const buttons = message.reply_markup?.inline_keyboard.flat().map((button) => `[${button.text}]`) ?? [];
      return `  ${message.message_id} ${who}: ${body.replaceAll('\n', ' ⏎ ')} ${buttons.join(' ')}`.trimEnd();
    });
  return lines.length > 0 ? lines.join('\n') : '  (no messages)';
}
