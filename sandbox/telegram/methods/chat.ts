// The methods about chats: what they are, who is in them, topics, leaving.
import type { User } from 'grammy/types';
import { botHasRight, checkMember, findChat } from '../addressing.ts';
import { chatOnWire, memberOnWire, type ChatRecord } from '../chats.ts';
import { badRequest } from '../errors.ts';
import { codePoints } from '../entity.ts';
import type { World } from '../world.ts';
import { pinnedMessage } from './edit.ts';
import type { Call, Methods } from './method.ts';

function getChat({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  if (!chat.person && chat.username === undefined) checkMember(world, chat);
  const pinned = pinnedMessage(chat);
  return {
    ...chatOnWire(chat),
    ...(chat.username === undefined ? {} : { active_usernames: [chat.username] }),
    ...(chat.description === '' ? {} : { description: chat.description }),
    ...(pinned === undefined ? {} : { pinned_message: pinned }),
    max_reaction_count: 11,
    accent_color_id: 0,
  };
}

function userOf(world: World, id: number): User | undefined {
  return id === world.bot.id ? world.botUser : world.users.get(id)?.user;
}

function getChatMember({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  if (!params.has('user_id')) throw badRequest('invalid user_id specified');
  const id = params.integer('user_id');
  const user = userOf(world, id);
  if (!user) throw badRequest('user not found');
  checkReadable(world, chat);
  if (chat.person) return memberOnWire(chat, user, { status: 'member', rights: {} });
  if (chat.type === 'channel' && id !== world.bot.id && !isAdmin(world, chat)) {
    throw badRequest('member list is inaccessible');
  }
  return memberOnWire(chat, user, chat.members.get(id));
}

function checkReadable(world: World, chat: ChatRecord): void {
  if (!chat.person && chat.username === undefined) checkMember(world, chat);
}

const isAdmin = (world: World, chat: ChatRecord): boolean =>
  ['creator', 'administrator'].includes(world.botMember(chat)?.status ?? '');

function getChatAdministrators({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  if (chat.person) throw badRequest('there are no administrators in the private chat');
  checkMember(world, chat);
  if (chat.type === 'channel' && !isAdmin(world, chat)) throw badRequest('member list is inaccessible');
  return [...chat.members]
    .filter(([, member]) => member.status === 'creator' || member.status === 'administrator')
    .flatMap(([id, member]) => {
      const user = userOf(world, id);
      return user ? [memberOnWire(chat, user, member)] : [];
    });
}

function getChatMemberCount({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  if (chat.person) return 2;
  checkReadable(world, chat);
  return [...chat.members.values()].filter(({ status }) => status !== 'left' && status !== 'kicked').length;
}

function leaveChat({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  if (chat.person) throw badRequest("Can't leave private chats");
  checkMember(world, chat);
  world.setBotMember(chat, world.botUser, { status: 'left', rights: {} });
  return true;
}

function createForumTopic({ world, params }: Call): unknown {
  const chat = findChat(world, params);
  checkMember(world, chat);
  const name = params.string('name').trim();
  if (name === '') throw badRequest('TOPIC_NAME_EMPTY');
  if (codePoints(name) > 128) throw badRequest('TOPIC_TITLE_TOO_LONG');
  const allowed = chat.person ? world.bot.has_topics_enabled : chat.isForum;
  if (!allowed) throw badRequest('the chat is not a forum');
  if (!chat.person && !botHasRight(world, chat, 'can_manage_topics')) {
    throw badRequest('not enough rights to create a topic');
  }
  const record = world.addMessage(chat, {
    outgoing: true,
    from: world.botUser,
    content: { forum_topic_created: { name, icon_color: 7_322_096 } },
    service: true,
  });
  chat.topics.set(record.id, { name, closed: false });
  return { message_thread_id: record.id, name, icon_color: 7_322_096 };
}

function topicMethod(change: (chat: ChatRecord, id: number) => void) {
  return ({ world, params }: Call): unknown => {
    const chat = findChat(world, params);
    checkMember(world, chat);
    const id = params.integer('message_thread_id');
    if (!chat.topics.has(id)) throw badRequest('message thread not found');
    change(chat, id);
    return true;
  };
}

const setClosed =
  (closed: boolean) =>
  (chat: ChatRecord, id: number): void => {
    const topic = chat.topics.get(id);
    if (topic?.closed === closed) throw badRequest('TOPIC_NOT_MODIFIED');
    if (topic) topic.closed = closed;
  };

export const chatMethods: Methods = {
  getChat,
  getChatMember,
  getChatAdministrators,
  getChatMemberCount,
  leaveChat,
  createForumTopic,
  closeForumTopic: topicMethod(setClosed(true)),
  reopenForumTopic: topicMethod(setClosed(false)),
  deleteForumTopic: topicMethod((chat, id) => {
    chat.topics.delete(id);
    for (const record of chat.messages.values()) {
      if (record.extra.message_thread_id === id) chat.messages.delete(record.id);
    }
  }),
};
