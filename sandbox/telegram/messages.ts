// Messages: kept as head, content and keyboard, and written in the order the server writes them.
import type { InlineKeyboardMarkup, LinkPreviewOptions, Message, MessageEntity, User } from 'grammy/types';
import { chatOnWire, type ChatRecord } from './chats.ts';
import type { FormattedText } from './entity.ts';

export type Content = Partial<Message>;

export interface MessageRecord {
  chat: ChatRecord;
  id: number;
  /** Sent by the bot. */
  outgoing: boolean;
  from: User | undefined;
  /** Seconds. */
  date: number;
  editDate: number | undefined;
  /** What stands between the date and the content: thread, origin, reply, album, protection. */
  extra: Content;
  content: Content;
  keyboard: InlineKeyboardMarkup | undefined;
  /** A forward, or a message with a reply keyboard: never editable. */
  frozen: boolean;
  service: boolean;
  reactions: string[];
}

export function onWire(record: MessageRecord): Message {
  return structuredClone(sharedOnWire(record));
}

/** The same for whoever writes it out at once: what is in it belongs to the record. */
export function sharedOnWire(record: MessageRecord): Message {
  const { chat, from, editDate, keyboard } = record;
  const wireChat = chatOnWire(chat);
  const sender = chat.type === 'channel' ? { sender_chat: wireChat } : from ? { from } : {};
  return {
    message_id: record.id,
    ...sender,
    chat: wireChat,
    date: record.date,
    ...(editDate === undefined ? {} : { edit_date: editDate }),
    ...record.extra,
    ...record.content,
    ...(keyboard ? { reply_markup: keyboard } : {}),
  };
}

/** As a reply quotes it: without the message it replies to itself. */
export function quoted(record: MessageRecord): Message {
  const { reply_to_message: _, ...message } = onWire(record);
  return message;
}

const contentKeys = [
  'photo',
  'video',
  'animation',
  'audio',
  'document',
  'voice',
  'sticker',
  'poll',
  'location',
] as const;

export type ContentKind = (typeof contentKeys)[number] | 'text' | 'service';

export function kindOf(content: Content): ContentKind {
  if (content.text !== undefined) return 'text';
  // An animation also carries a document, for old clients.
  return contentKeys.find((key) => content[key] !== undefined) ?? 'service';
}

export const canHaveCaption = (content: Content): boolean =>
  ['photo', 'video', 'animation', 'audio', 'document', 'voice'].includes(kindOf(content));

export function textContent({ text, entities }: FormattedText, preview?: LinkPreviewOptions): Content {
  return {
    text,
    ...(entities.length > 0 ? { entities: entities as MessageEntity[] } : {}),
    ...(preview ? { link_preview_options: preview } : {}),
  };
}

export function captionContent({ text, entities }: FormattedText, above = false): Content {
  if (text === '') return {};
  return {
    caption: text,
    ...(entities.length > 0 ? { caption_entities: entities as MessageEntity[] } : {}),
    ...(above ? { show_caption_above_media: true } : {}),
  };
}

/** The content without its caption. */
export function mediaOnly(content: Content): Content {
  const { caption: _, caption_entities: __, show_caption_above_media: ___, ...media } = content;
  return media;
}

/** The words of `not enough rights to send … to the chat`. */
export const rightsWords: Record<ContentKind, string> = {
  text: 'text messages',
  photo: 'photos',
  video: 'videos',
  animation: 'animations',
  audio: 'music',
  document: 'documents',
  voice: 'voice notes',
  sticker: 'stickers',
  poll: 'polls',
  location: 'text messages',
  service: 'text messages',
};
