// From `chat_id` to a chat the bot may use, or the refusal the server gives.
// Who says so: telegram-bot-api, Client.cpp (check_chat, get_chat_member); error strings as sent.
import { kindOfChat, type AdminRights, type ChatRecord } from './chats.ts';
import { badRequest, forbidden } from './errors.ts';
import type { MessageRecord } from './messages.ts';
import type { Params } from './params.ts';
import type { World } from './world.ts';

/** The chat of `chat_id`, whether or not the bot may write there. */
export function findChat(world: World, params: Params, name = 'chat_id'): ChatRecord {
  const given = params.string(name).trim();
  if (given === '') throw badRequest(`${name} is empty`);
  const chat = /^-?\d+$/.test(given)
    ? world.findChat(Number(given))
    : given.startsWith('@')
      ? world.chatByName(given.slice(1))
      : undefined;
  if (Number(given) === world.bot.id) throw forbidden("the bot can't send messages to the bot");
  if (!chat || (chat.person && !chat.person.known)) throw badRequest('Chat not found');
  if (chat.type !== 'private' && chat.username === undefined && !chat.members.has(world.bot.id)) {
    // The bot was never there, and no public name leads to it.
    throw badRequest('Chat not found');
  }
  if (chat.migratedTo !== undefined) {
    throw badRequest('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.migratedTo });
  }
  return chat;
}

/** Refuses a chat the bot has no place in. */
export function checkMember(world: World, chat: ChatRecord): void {
  if (chat.person) {
    if (chat.person.deactivated) throw forbidden('user is deactivated');
    if (chat.person.user.is_bot) throw forbidden("the bot can't send messages to the bot");
    if (!chat.person.started) throw forbidden("bot can't initiate conversation with a user");
    if (chat.person.blocked) throw forbidden('bot was blocked by the user');
    return;
  }
  if (chat.deleted) throw forbidden(`the ${kindOfChat(chat)} was deleted`);
  const status = world.botMember(chat)?.status ?? 'left';
  if (status === 'kicked') throw forbidden(`bot was kicked from the ${kindOfChat(chat)}`);
  if (status === 'left') throw forbidden(`bot is not a member of the ${kindOfChat(chat)}`);
}

export function botHasRight(world: World, chat: ChatRecord, right: keyof AdminRights): boolean {
  const member = world.botMember(chat);
  if (member?.status === 'creator') return true;
  return member?.status === 'administrator' && member.rights[right] === true;
}

const isAdmin = (world: World, chat: ChatRecord): boolean =>
  ['creator', 'administrator'].includes(world.botMember(chat)?.status ?? '');

/** Refuses to post `kind` (`photos`, `text messages`, …) where the bot may not. */
export function checkCanWrite(world: World, chat: ChatRecord, kind: string): void {
  checkMember(world, chat);
  if (chat.type === 'channel') {
    if (!botHasRight(world, chat, 'can_post_messages')) {
      throw badRequest('need administrator rights in the channel chat');
    }
    return;
  }
  if (chat.type === 'private' || isAdmin(world, chat)) return;
  if (chat.writeForbidden) throw badRequest(chat.writeForbidden);
  if (chat.denied.has(kind)) throw badRequest(`not enough rights to send ${kind} to the chat`);
}

/** The thread a message goes to, or undefined for the main one. */
export function findThread(chat: ChatRecord, params: Params): number | undefined {
  const id = params.integer('message_thread_id');
  if (id === 0) return undefined;
  const topic = chat.topics.get(id);
  if (!topic) throw badRequest('message thread not found');
  if (topic.closed) throw badRequest('TOPIC_CLOSED');
  return id;
}

export function findMessage(chat: ChatRecord, id: number, purpose: string): MessageRecord {
  const record = chat.messages.get(id);
  if (!record) throw badRequest(`message to ${purpose} not found`);
  return record;
}
