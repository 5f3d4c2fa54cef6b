// Where a send goes and under which conditions: the chat, thread, reply, keyboard and limits every send shares.
import type { Message } from 'grammy/types';
import { checkCanWrite, findChat, findThread } from '../addressing.ts';
import { isGroupLike, type ChatRecord } from '../chats.ts';
import { badRequest, tooManyRequests } from '../errors.ts';
import { checkMarkup, readMarkup, type Markup } from '../markup.ts';
import { kindOf, quoted, rightsWords, sharedOnWire, type Content, type MessageRecord } from '../messages.ts';
import { isRecord, type Params } from '../params.ts';
import type { World } from '../world.ts';
import type { Call } from './method.ts';

export interface Target {
  chat: ChatRecord;
  markup: Markup;
  extra: Content;
}

interface Demand {
  /** How many messages count against the limits. */
  count?: number;
  /** Kinds of what is sent, in the words of the rights errors. */
  kinds: readonly string[];
  markup?: Markup;
}

export function readTarget(
  { world, params, at }: Call,
  { kinds, count = 1, markup = readMarkup(params) }: Demand,
): Target {
  const chat = findChat(world, params);
  for (const kind of kinds) checkCanWrite(world, chat, kind);
  checkMarkup(markup, chat);
  const threadId = findThread(chat, params);
  const reply = readReply(world, chat, params);

  const wait = world.limiter.take({
    chatId: chat.id,
    isGroup: isGroupLike(chat),
    count,
    paid: params.boolean('allow_paid_broadcast'),
    at,
  });
  if (wait > 0) throw tooManyRequests(wait);

  const extra: Content = {
    ...(threadId === undefined
      ? {}
      : { message_thread_id: threadId, ...(chat.isForum ? { is_topic_message: true } : {}) }),
    ...reply,
    ...(params.boolean('protect_content') ? { has_protected_content: true } : {}),
    ...(params.has('message_effect_id') ? { effect_id: params.string('message_effect_id') } : {}),
  };
  return { chat, markup, extra };
}

function readReply(world: World, chat: ChatRecord, params: Params): Content {
  const given = params.json('reply_parameters', "Can't parse reply parameters JSON object");
  const legacy = params.integer('reply_to_message_id');
  const options = isRecord(given) ? given : legacy === 0 ? undefined : { message_id: legacy };
  if (!options) return {};
  const lenient = options['allow_sending_without_reply'] === true || params.boolean('allow_sending_without_reply');
  const elsewhere = options['chat_id'];
  const source = elsewhere === undefined ? chat : world.chats.get(Number(elsewhere));
  const record = source?.messages.get(Number(options['message_id']));
  if (!record || !source) {
    if (lenient) return {};
    throw badRequest('message to be replied not found');
  }
  const quote = typeof options['quote'] === 'string' ? options['quote'] : '';
  const text = record.content.text ?? record.content.caption ?? '';
  if (quote !== '' && !text.includes(quote)) throw badRequest('QUOTE_TEXT_INVALID');
  const quotation =
    quote === '' ? {} : { quote: { text: quote, position: text.indexOf(quote), is_manual: true as const } };
  if (source !== chat) return quotation;
  return { reply_to_message: quoted(record), ...quotation } as Content;
}

/** Adds the bot's message to the chat and returns it as the answer of the call. */
export function post(world: World, target: Target, content: Content): Message {
  return sharedOnWire(postRecord(world, target, content));
}

export function postRecord(world: World, { chat, markup, extra }: Target, content: Content): MessageRecord {
  if (markup.reply) chat.replyKeyboard = markup.reply;
  return world.addMessage(chat, {
    outgoing: true,
    from: world.botUser,
    content,
    extra,
    keyboard: markup.inline,
    frozen: markup.reply !== undefined || markup.forceReply === true,
  });
}

export const rightsOf = (content: Content): string => rightsWords[kindOf(content)];
