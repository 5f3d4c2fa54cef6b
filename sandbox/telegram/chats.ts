// The people and chats of the emulated Telegram, and how they are written on the wire.
import type { Chat, ChatAdministratorRights, User } from 'grammy/types';
import { defined } from './params.ts';
import type { MessageRecord } from './messages.ts';

export interface UserRecord {
  user: User;
  /** The private chat with the bot has begun: the user has written, or pressed start. */
  started: boolean;
  /** The bot has met the user anywhere, so that it may name them by id. */
  known: boolean;
  blocked: boolean;
  deactivated: boolean;
}

export type MemberStatus = 'creator' | 'administrator' | 'member' | 'restricted' | 'left' | 'kicked';

export type AdminRights = Partial<Omit<ChatAdministratorRights, 'is_anonymous'>>;

export interface Member {
  status: MemberStatus;
  rights: AdminRights;
}

export interface ChatRecord {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  title: string;
  username?: string;
  isForum: boolean;
  /** Set in a private chat. */
  person?: UserRecord;
  members: Map<number, Member>;
  messages: Map<number, MessageRecord>;
  lastMessageId: number;
  topics: Map<number, { name: string; closed: boolean }>;
  pinned: number[];
  migratedTo?: number;
  deleted: boolean;
  /** Members may not write at all, and the words the refusal uses. */
  writeForbidden?: 'have no write access to the chat' | 'CHAT_WRITE_FORBIDDEN';
  /** Kinds of messages members may not send, in the words of the error: `photos`, `text messages`, … */
  denied: Set<string>;
  /** Buttons under the text field, from the newest message that set them. */
  replyKeyboard: string[][];
  description: string;
}

export const channelRights: AdminRights = {
  can_manage_chat: true,
  can_post_messages: true,
  can_edit_messages: true,
  can_delete_messages: true,
  can_invite_users: true,
  can_change_info: true,
};

export const groupRights: AdminRights = {
  can_manage_chat: true,
  can_delete_messages: true,
  can_restrict_members: true,
  can_invite_users: true,
  can_pin_messages: true,
  can_change_info: true,
};

export function chatOnWire(chat: ChatRecord): Chat {
  if (chat.person) {
    const { id, first_name, last_name, username } = chat.person.user;
    return defined<Chat.PrivateChat>({ id, first_name, last_name, username, type: 'private' });
  }
  return defined<Chat>({
    id: chat.id,
    title: chat.title,
    username: chat.username,
    type: chat.type,
    is_forum: chat.isForum ? true : undefined,
  } as Chat);
}

export const isGroupLike = (chat: ChatRecord): boolean => chat.type !== 'private';

/** `group chat`, `supergroup chat` or `channel chat`, as the errors say it. */
export const kindOfChat = (chat: ChatRecord): string => `${chat.type} chat`;

const everyRight = [
  'can_manage_chat',
  'can_change_info',
  'can_delete_messages',
  'can_invite_users',
  'can_restrict_members',
  'can_manage_video_chats',
  'can_promote_members',
  'can_post_stories',
  'can_edit_stories',
  'can_delete_stories',
] as const;

/** A ChatMember as getChatMember and my_chat_member carry it. */
export function memberOnWire(chat: ChatRecord, user: User, member: Member | undefined): Record<string, unknown> {
  const status = member?.status ?? 'left';
  const base = { user, status };
  if (status === 'creator') return { ...base, is_anonymous: false };
  if (status === 'kicked') return { ...base, until_date: 0 };
  if (status !== 'administrator') return base;
  const extra: readonly string[] =
    chat.type === 'channel' ? ['can_post_messages', 'can_edit_messages'] : ['can_pin_messages', 'can_manage_topics'];
  const rights = (member?.rights ?? {}) as Record<string, boolean | undefined>;
  const flags = Object.fromEntries([...everyRight, ...extra].map((right) => [right, rights[right] ?? false]));
  return { ...base, can_be_edited: false, is_anonymous: false, ...flags, can_manage_chat: true };
}
