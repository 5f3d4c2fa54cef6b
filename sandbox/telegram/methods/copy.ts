// copyMessage(s) and forwardMessage(s): the content again, with or without its origin.
import type { Message } from 'grammy/types';
import { checkMember, findChat, findMessage } from '../addressing.ts';
import { chatOnWire, type ChatRecord } from '../chats.ts';
import { badRequest } from '../errors.ts';
import { captionOf } from '../formatted.ts';
import { canHaveCaption, captionContent, mediaOnly, onWire, type Content, type MessageRecord } from '../messages.ts';
import type { World } from '../world.ts';
import { readMessageIds } from './edit.ts';
import type { Call, Methods } from './method.ts';
import { postRecord, readTarget, rightsOf, type Target } from './target.ts';

const isProtected = (record: MessageRecord): boolean => record.extra.has_protected_content === true;

function source(world: World, call: Call): ChatRecord {
  const chat = findChat(world, call.params, 'from_chat_id');
  if (!chat.person) checkMember(world, chat);
  return chat;
}

function copyMessage(call: Call): unknown {
  const { world, params } = call;
  const caption = params.values['caption'] === undefined ? undefined : captionOf(params);
  const record = findMessage(source(world, call), params.integer('message_id'), 'copy');
  if (record.service || isProtected(record)) throw badRequest("message can't be copied");
  const above = params.boolean('show_caption_above_media');
  const content =
    caption && canHaveCaption(record.content)
      ? { ...mediaOnly(record.content), ...captionContent(caption, above) }
      : record.content;
  const target = readTarget(call, { kinds: [rightsOf(content)] });
  return { message_id: postRecord(world, target, content).id };
}

/** Where a forward says it comes from, in the new field and the old ones. */
export function originOf(record: MessageRecord): Content {
  if (record.extra.forward_origin) {
    const kept = Object.entries(record.extra).filter(([key]) => key.startsWith('forward_'));
    return Object.fromEntries(kept);
  }
  const { chat, date, from } = record;
  if (chat.type === 'channel') {
    const wire = chatOnWire(chat);
    return {
      forward_origin: { type: 'channel', chat: wire, message_id: record.id, date },
      forward_from_chat: wire,
      forward_from_message_id: record.id,
      forward_date: date,
    } as unknown as Content;
  }
  return {
    forward_origin: { type: 'user', sender_user: from, date },
    forward_from: from,
    forward_date: date,
  } as unknown as Content;
}

function forwardOne(world: World, target: Target, record: MessageRecord, group: Content): MessageRecord {
  const forwarded = postRecord(
    world,
    { ...target, markup: {}, extra: { ...originOf(record), ...target.extra, ...group } },
    record.content,
  );
  forwarded.frozen = true;
  return forwarded;
}

function forwardMessage(call: Call): Message {
  const { world, params } = call;
  const record = findMessage(source(world, call), params.integer('message_id'), 'forward');
  if (record.service || isProtected(record)) throw badRequest("message can't be forwarded");
  const target = readTarget(call, { kinds: [rightsOf(record.content)], markup: {} });
  return onWire(forwardOne(world, target, record, {}));
}

/** Those of a batch that can go, with the albums they belonged to kept together under new names. */
function batch(call: Call): { record: MessageRecord; group: Content }[] {
  const ids = readMessageIds(call.params, true);
  const chat = source(call.world, call);
  const albums = new Map<string, string>();
  return ids
    .flatMap((id) => chat.messages.get(id) ?? [])
    .filter((record) => !record.service && !isProtected(record))
    .map((record) => {
      const album = record.extra.media_group_id;
      if (album === undefined) return { record, group: {} };
      const renamed = albums.get(album) ?? String(13_000_000_000_000_000n + BigInt(call.world.number()));
      albums.set(album, renamed);
      return { record, group: { media_group_id: renamed } };
    });
}

function copyMessages(call: Call): unknown {
  const { world, params } = call;
  const items = batch(call);
  const kinds = items.map(({ record }) => rightsOf(record.content));
  const target = readTarget(call, { kinds, count: items.length, markup: {} });
  return items.map(({ record, group }) => {
    const bare = params.boolean('remove_caption') && canHaveCaption(record.content);
    const content = bare ? mediaOnly(record.content) : record.content;
    return { message_id: postRecord(world, { ...target, extra: { ...target.extra, ...group } }, content).id };
  });
}

function forwardMessages(call: Call): unknown {
  const items = batch(call);
  const kinds = items.map(({ record }) => rightsOf(record.content));
  const target = readTarget(call, { kinds, count: items.length, markup: {} });
  return items.map(({ record, group }) => ({ message_id: forwardOne(call.world, target, record, group).id }));
}

export const copyMethods: Methods = { copyMessage, copyMessages, forwardMessage, forwardMessages };
