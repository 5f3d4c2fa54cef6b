// Pressing buttons: finds the button, asks the bot, and hands back what the bot answers.
import type { InlineKeyboardButton, Message } from 'grammy/types';
import type { UserRecord, ChatRecord } from './chats.ts';
import { onWire, type MessageRecord } from './messages.ts';
import { writeAs } from './posting.ts';
import type { CallbackAnswer, World } from './world.ts';

/** A button by its visible text (whole, or a part of it), or by its callback data. */
export type ButtonChoice = string | RegExp | { data: string };

interface Found {
  record: MessageRecord;
  button: InlineKeyboardButton;
}

export async function press(
  world: World,
  person: UserRecord,
  chat: ChatRecord,
  choice: ButtonChoice,
  message: Message | undefined,
  timeoutMs: number,
): Promise<CallbackAnswer> {
  const found = find(message ? world.chat(message.chat.id) : chat, choice, message);
  if (!found) {
    const below = chat.replyKeyboard.flat().find((text) => matches(choice, text));
    if (below === undefined) throw new Error(`there is no button ${describe(choice)}; there are ${listButtons(chat)}`);
    await writeAs(world, chat, person.user, below);
    return {};
  }
  const { record, button } = found;
  if ('url' in button) return { url: button.url };
  if (!('callback_data' in button)) throw new Error(`the button «${button.text}» asks nothing of the bot`);
  return await ask(world, person, record, button.callback_data, timeoutMs);
}

/** Asks the bot as the button with `data` would. */
async function ask(
  world: World,
  person: UserRecord,
  record: MessageRecord,
  data: string,
  timeoutMs: number,
): Promise<CallbackAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<CallbackAnswer>();
  person.known = true;
  const id = String(4_000_000_000_000_000_000n + BigInt(world.number()));
  const chatId = record.chat.id;
  const answer = resolve;
  world.queries.set(id, { userId: person.user.id, chatId, askedAt: world.clock.now().getTime(), answer });
  const stillThere = record.chat.messages.has(record.id);
  const inaccessible = { message_id: record.id, chat: onWire(record).chat, date: 0 as const };
  world.owe('callback_query', {
    id,
    from: person.user,
    message: stillThere ? onWire(record) : inaccessible,
    chat_instance: String(-1_000_000_000_000n - BigInt(Math.abs(chatId))),
    data,
  });
  const timer = setTimeout(() => {
    reject(new Error(`the bot did not answer the button «${data}» within ${timeoutMs} ms`));
  }, timeoutMs);
  timer.unref();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function find(chat: ChatRecord, choice: ButtonChoice, message: Message | undefined): Found | undefined {
  const records = [...chat.messages.values()].sort((a, b) => b.id - a.id);
  if (message) {
    const record = chat.messages.get(message.message_id);
    // A message taken back may still be on a reader's screen: its buttons work, the message itself is gone.
    const gone = record ?? deletedRecord(chat, message);
    return buttonOf(gone, choice);
  }
  for (const record of records) {
    const found = buttonOf(record, choice);
    if (found) return found;
  }
  return undefined;
}

function deletedRecord(chat: ChatRecord, message: Message): MessageRecord {
  return {
    chat,
    id: message.message_id,
    outgoing: true,
    from: message.from,
    date: message.date,
    editDate: undefined,
    extra: {},
    content: {},
    keyboard: message.reply_markup,
    frozen: true,
    service: false,
    reactions: [],
  };
}

function buttonOf(record: MessageRecord, choice: ButtonChoice): Found | undefined {
  const buttons = record.keyboard?.inline_keyboard.flat() ?? [];
  const exact = buttons.find((button) =>
    typeof choice === 'object' && 'data' in choice
      ? 'callback_data' in button && button.callback_data === choice.data
      : button.text === choice,
  );
  const button = exact ?? buttons.find((candidate) => matches(choice, candidate.text));
  return button && { record, button };
}

function matches(choice: ButtonChoice, text: string): boolean {
  if (typeof choice === 'string') return text.includes(choice);
  return choice instanceof RegExp && choice.test(text);
}

function describe(choice: ButtonChoice): string {
  return typeof choice === 'object' && 'data' in choice ? `with the data «${choice.data}»` : `«${String(choice)}»`;
}

function listButtons(chat: ChatRecord): string {
  const inline = [...chat.messages.values()].flatMap((record) => record.keyboard?.inline_keyboard.flat() ?? []);
  const texts = [...inline.map((button) => button.text), ...chat.replyKeyboard.flat()];
  return texts.length > 0 ? texts.map((text) => `«${text}»`).join(', ') : 'no buttons at all';
}
