// What people write: content as the driver is given it, turned into messages and the updates the bot is owed.
import type { Message, MessageEntity, User } from 'grammy/types';
import type { ChatRecord } from './chats.ts';
import type { FormattedText } from './entity.ts';
import type { MediaKind } from './files.ts';
import { formatText } from './formatted.ts';
import { originOf } from './methods/copy.ts';
import { captionContent, onWire, quoted, textContent, type Content, type MessageRecord } from './messages.ts';
import type { World } from './world.ts';

/** Bytes, or a URL to load them from. */
type FileSource = Uint8Array | string;

export interface UserContent {
  text?: string;
  /** Written in HTML instead of plain text, for text or caption. */
  html?: boolean;
  photo?: FileSource;
  video?: FileSource;
  document?: FileSource;
  fileName?: string;
  caption?: string;
  /** Messages with the same one make an album. */
  mediaGroupId?: string;
  replyTo?: Message;
  /** Forwards this message instead of writing something new. */
  forward?: Message;
  threadId?: number;
}

const mediaKinds = ['photo', 'video', 'document'] as const;

/** Writes `content` into `chat` as `from`, and owes the bot the update it would get. */
export async function writeAs(
  world: World,
  chat: ChatRecord,
  from: User | undefined,
  content: string | UserContent,
): Promise<Message> {
  const given = typeof content === 'string' ? { text: content } : content;
  if (given.forward) return deliver(world, chat, from, forwarded(world, given.forward));
  const kind = mediaKinds.find((known) => given[known] !== undefined);
  const extra = extraOf(chat, given);
  const format = (text: string): FormattedText =>
    formatText(text, { parseMode: given.html ? 'HTML' : '', entities: undefined });
  if (kind === undefined) {
    const text = format(given.text ?? '');
    if (text.text === '') throw new Error('a message needs a text or a file');
    return deliver(world, chat, from, { content: textContent(text), extra });
  }
  const media = await mediaOf(world, kind, given[kind] ?? '', given.fileName);
  const caption = format(given.caption ?? given.text ?? '');
  return deliver(world, chat, from, { content: { ...media, ...captionContent(caption) }, extra });
}

async function mediaOf(world: World, kind: MediaKind, source: FileSource, name = 'file'): Promise<Content> {
  if (typeof source !== 'string') return world.files.add({ kind, bytes: source, name }).content;
  const known = world.files.media(source);
  if (known) return known.content;
  const response = await world.fetch(source);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return world.files.add({ kind, bytes, name, contentType: response.headers.get('content-type') ?? '' }).content;
}

function extraOf(chat: ChatRecord, { replyTo, mediaGroupId, threadId }: UserContent): Content {
  const replied = replyTo ? chat.messages.get(replyTo.message_id) : undefined;
  if (replyTo && !replied) throw new Error(`there is no message ${replyTo.message_id} to reply to`);
  return {
    ...(threadId === undefined ? {} : { message_thread_id: threadId, is_topic_message: true }),
    ...(replied ? { reply_to_message: quoted(replied) as NonNullable<Message['reply_to_message']> } : {}),
    ...(mediaGroupId === undefined ? {} : { media_group_id: mediaGroupId }),
  };
}

function forwarded(world: World, message: Message): { content: Content; extra: Content } {
  const record = world.chat(message.chat.id).messages.get(message.message_id);
  if (!record) throw new Error(`there is no message ${message.message_id} to forward`);
  return { content: record.content, extra: originOf(record) };
}

function deliver(
  world: World,
  chat: ChatRecord,
  from: User | undefined,
  { content, extra }: { content: Content; extra: Content },
): Message {
  const record = world.addMessage(chat, { outgoing: false, from, content, extra });
  oweMessage(world, record, 'new');
  return onWire(record);
}

/** Owes the bot a message it may see: all in private, all as an admin, else what addresses it (privacy mode). */
export function oweMessage(world: World, record: MessageRecord, what: 'new' | 'edited'): void {
  const { chat } = record;
  const status = world.botMember(chat)?.status ?? 'left';
  if (chat.type === 'channel') {
    if (status !== 'administrator' && status !== 'creator') return;
    world.owe(what === 'new' ? 'channel_post' : 'edited_channel_post', onWire(record) as never);
    return;
  }
  if (chat.type !== 'private' && (status === 'left' || status === 'kicked')) return;
  if (chat.type !== 'private' && status !== 'administrator' && !isForBot(world, record)) return;
  world.owe(what === 'new' ? 'message' : 'edited_message', onWire(record) as never);
}

function isForBot(world: World, { content, extra, service }: MessageRecord): boolean {
  if (service || world.bot.can_read_all_group_messages) return true;
  if (extra.reply_to_message?.from?.id === world.bot.id) return true;
  const text = content.text ?? content.caption ?? '';
  const entities: MessageEntity[] = content.entities ?? content.caption_entities ?? [];
  const own = `@${world.bot.username.toLowerCase()}`;
  return entities.some(({ type, offset, length }) => {
    const value = text.slice(offset, offset + length).toLowerCase();
    if (type === 'mention') return value === own;
    return type === 'bot_command' && (!value.includes('@') || value.endsWith(own));
  });
}
