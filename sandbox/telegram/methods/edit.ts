// The methods that change or take back what was sent: edits, deletions, pins, reactions.
// Who says so: TDLib, can_edit_message; an edit without reply_markup takes the keyboard away.
import { isDeepStrictEqual } from 'node:util';
import type { InlineKeyboardMarkup } from 'grammy/types';
import { botHasRight, checkMember, findChat, findMessage } from '../addressing.ts';
import { chatOnWire, isGroupLike, type ChatRecord } from '../chats.ts';
import { badRequest, tooManyRequests } from '../errors.ts';
import { captionOf, readText } from '../formatted.ts';
import { checkMarkup, readInlineMarkup } from '../markup.ts';
import { canHaveCaption, captionContent, mediaOnly, onWire, quoted, textContent } from '../messages.ts';
import type { Content, MessageRecord } from '../messages.ts';
import { isRecord, type Params } from '../params.ts';
import type { World } from '../world.ts';
import type { Call, Methods } from './method.ts';
import { readInputMedia, readPreview } from './send.ts';

const notModified =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message';

interface Editable {
  record: MessageRecord;
  keyboard: InlineKeyboardMarkup | undefined;
}

function findEditable({ world, params }: Call): Editable {
  const keyboard = readInlineMarkup(params);
  if (params.has('inline_message_id')) throw badRequest('MESSAGE_ID_INVALID');
  const chat = findChat(world, params);
  checkMember(world, chat);
  if (!params.has('message_id')) throw badRequest('Message identifier is not specified');
  const record = findMessage(chat, params.integer('message_id'), 'edit');
  if (record.frozen || record.service || !mayEdit(world, record)) throw badRequest("Message can't be edited");
  checkMarkup(keyboard ? { inline: keyboard } : {}, chat);
  return { record, keyboard };
}

function mayEdit(world: World, { chat, outgoing }: MessageRecord): boolean {
  if (chat.type !== 'channel') return outgoing;
  return botHasRight(world, chat, 'can_edit_messages') || (outgoing && botHasRight(world, chat, 'can_post_messages'));
}

function applyEdit({ world }: Call, { record, keyboard }: Editable, given: Content): unknown {
  const content = world.withPeople(given);
  if (isDeepStrictEqual(record.content, content) && isDeepStrictEqual(record.keyboard, keyboard)) {
    throw badRequest(notModified);
  }
  const wait = world.limiter.takeEdit({ chatId: record.chat.id, isGroup: isGroupLike(record.chat) });
  if (wait > 0) throw tooManyRequests(wait);
  record.content = content;
  record.keyboard = keyboard;
  world.edited(record);
  return onWire(record);
}

function editMessageText(call: Call): unknown {
  const preview = readPreview(call.params);
  const text = readText(call.params, preview?.url);
  const editable = findEditable(call);
  if (editable.record.content.text === undefined) throw badRequest('There is no text in the message to edit');
  return applyEdit(call, editable, textContent(text, preview));
}

function editMessageCaption(call: Call): unknown {
  const caption = captionOf(call.params);
  const editable = findEditable(call);
  const { content } = editable.record;
  if (!canHaveCaption(content)) throw badRequest('There is no caption in the message to edit');
  const above = call.params.boolean('show_caption_above_media');
  return applyEdit(call, editable, { ...mediaOnly(content), ...captionContent(caption, above) });
}

async function editMessageMedia(call: Call): Promise<unknown> {
  const given = call.params.json('media', "Can't parse input media JSON object");
  if (given === undefined) throw badRequest('media is empty');
  const content = await readInputMedia(call, given);
  return applyEdit(call, findEditable(call), content);
}

function editMessageReplyMarkup(call: Call): unknown {
  const editable = findEditable(call);
  return applyEdit(call, editable, editable.record.content);
}

const deletableSeconds = 48 * 3600;

function checkDeletable(world: World, record: MessageRecord): void {
  const { chat, outgoing } = record;
  const isOld = world.now() - record.date > deletableSeconds;
  if (chat.type === 'private') {
    if (isOld) throw badRequest("Message can't be deleted for everyone");
    return;
  }
  if (botHasRight(world, chat, 'can_delete_messages')) return;
  const isOwn = outgoing && (chat.type !== 'channel' || botHasRight(world, chat, 'can_post_messages'));
  if (!isOwn) throw badRequest("Message can't be deleted");
  if (isOld) throw badRequest("Message can't be deleted for everyone");
}

function deleteMessage({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMember(world, chat);
  const record = findMessage(chat, params.integer('message_id'), 'delete');
  checkDeletable(world, record);
  world.deleteMessage(record);
  return true;
}

/** The ids of a batch; copy and forward also want them in order. */
export function readMessageIds(params: Params, inOrder: boolean): number[] {
  const given = params.json('message_ids', "Can't parse message identifiers JSON object");
  if (!Array.isArray(given) || given.length === 0) throw badRequest('Message identifiers are not specified');
  if (given.length > 100) throw badRequest('Too many message identifiers specified');
  const ids = given.map(Number);
  if (inOrder && ids.some((id, index) => index > 0 && id <= (ids[index - 1] ?? 0))) {
    throw badRequest('message identifiers must be in a strictly increasing order');
  }
  return ids;
}

function deleteMessages({ world, params }: Call): unknown {
  const ids = readMessageIds(params, false);
  const chat = findChat(world, params);
  checkMember(world, chat);
  const records = ids.flatMap((id) => chat.messages.get(id) ?? []);
  for (const record of records) checkDeletable(world, record);
  for (const record of records) world.deleteMessage(record);
  return true;
}

function checkMayPin(world: World, chat: ChatRecord): void {
  checkMember(world, chat);
  if (chat.type === 'private') return;
  const right = chat.type === 'channel' ? 'can_edit_messages' : 'can_pin_messages';
  if (!botHasRight(world, chat, right)) throw badRequest('not enough rights to manage pinned messages in the chat');
}

function pinChatMessage({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMayPin(world, chat);
  const record = findMessage(chat, params.integer('message_id'), 'pin');
  chat.pinned = [...chat.pinned.filter((id) => id !== record.id), record.id];
  world.events.emit({ type: 'pin', chatId: chat.id, message: onWire(record) });
  world.addMessage(chat, {
    outgoing: true,
    from: world.botUser,
    content: { pinned_message: quoted(record) },
    service: true,
  });
  return true;
}

function unpinChatMessage({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMayPin(world, chat);
  const id = params.has('message_id') ? params.integer('message_id') : chat.pinned.at(-1);
  const record = id === undefined ? undefined : chat.messages.get(id);
  if (!record || !chat.pinned.includes(record.id)) throw badRequest('message to unpin not found');
  chat.pinned = chat.pinned.filter((pinned) => pinned !== record.id);
  world.events.emit({ type: 'unpin', chatId: chat.id, message: onWire(record) });
  return true;
}

function unpinAllChatMessages({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMayPin(world, chat);
  chat.pinned = [];
  return true;
}

function setMessageReaction({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMember(world, chat);
  const record = findMessage(chat, params.integer('message_id'), 'react');
  const given = params.json('reaction', "Can't parse reaction types JSON object") ?? [];
  if (!Array.isArray(given)) throw badRequest('Expected an Array of ReactionType');
  if (given.length > 1) throw badRequest('REACTIONS_TOO_MANY');
  const reactions = given.map((reaction: unknown) => {
    const emoji = isRecord(reaction) ? reaction['emoji'] : undefined;
    if (typeof emoji !== 'string' || emoji === '') throw badRequest('REACTION_INVALID');
    return emoji;
  });
  world.react(record, reactions);
  return true;
}

/** Read by getChat. */
export function pinnedMessage(chat: ChatRecord): unknown {
  const record = chat.messages.get(chat.pinned.at(-1) ?? 0);
  return record ? { ...quoted(record), chat: chatOnWire(chat) } : undefined;
}

export const editMethods: Methods = {
  editMessageText,
  editMessageCaption,
  editMessageMedia,
  editMessageReplyMarkup,
  deleteMessage,
  deleteMessages,
  pinChatMessage,
  unpinChatMessage,
  unpinAllChatMessages,
  setMessageReaction,
};
