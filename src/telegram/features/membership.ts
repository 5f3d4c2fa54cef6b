// Readers who block and unblock the bot, and channels that give or take the right to post.
import { type Composer as ComposerType, Composer } from 'grammy';
import type { Chat, ChatMember } from 'grammy/types';
import { moveRecipient } from '../../deliveries/delivered-copy-store.ts';
import {
  activateChannel,
  findChannel,
  findRecipientByChat,
  setRecipientState,
} from '../../recipients/recipient-store.ts';
import { channelTopics } from '../channel-topics.ts';
import type { BotContext, BotDeps } from '../context.ts';
import { tellOwners } from '../desk.ts';

export function membership(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').on('my_chat_member', async (ctx) => {
    const reader = await findRecipientByChat(db, ctx.chat.id);
    if (!reader) return;
    const { recipientId } = reader;
    const now = clock.now();
    if (ctx.myChatMember.new_chat_member.status === 'kicked') {
      const reason = 'the reader blocked the bot';
      await setRecipientState(db, recipientId, { state: 'blocked', reason, only: ['active'], now });
    } else {
      // Who had sent /stop before blocking stays stopped.
      await setRecipientState(db, recipientId, { state: 'active', only: ['blocked'], now });
    }
  });

  composer.chatType('channel').on('my_chat_member', async (ctx) => {
    const { old_chat_member: before, new_chat_member: member, from } = ctx.myChatMember;
    if (canPost(member)) await channelGained(ctx, deps, { by: from.id, isNews: !canPost(before) });
    else await channelLost(ctx, deps, member.status === 'administrator' ? 'without-rights' : 'removed');
  });

  composer.on('message:migrate_to_chat_id', async (ctx) => {
    const group = await findRecipientByChat(db, ctx.chat.id);
    if (!group) return;
    const { migrate_to_chat_id: chatId } = ctx.message;
    await db.transaction().execute((trx) => moveRecipient(trx, group.recipientId, chatId, clock.now()));
  });

  return composer;
}

function canPost(member: ChatMember): boolean {
  return member.status === 'creator' || (member.status === 'administrator' && member.can_post_messages === true);
}

/**
 * Only the newsroom's people make a channel a recipient: anyone may add a bot to a channel of theirs. A channel of the
 * newsroom file is one already, whoever gives the rights.
 */
async function channelGained(
  ctx: BotContext & { chat: Chat.ChannelChat },
  deps: BotDeps,
  { by, isNews }: { by: number; isNews: boolean },
): Promise<void> {
  const { db, clock, ownerIds, log, defaultLanguage } = deps;
  const chat = ctx.chat;
  const known = await findChannel(db, { chatId: chat.id, username: chat.username ?? null });
  // Other rights than before, and nothing that concerns us.
  if (!isNews && known?.state === 'active') return;
  if (!ownerIds.includes(by) && !known) {
    log.warn('the bot was added to a channel by a stranger', { chatId: chat.id });
    return;
  }
  const channel = await activateChannel(db, {
    chatId: chat.id,
    username: chat.username ?? null,
    title: chat.title,
    language: known ? known.language : null,
    now: clock.now(),
  });
  const owners = ownerIds.includes(by) ? [by] : ownerIds;
  await tellOwners(ctx.api, deps, owners, async (language) => {
    const topics = await channelTopics(deps, { channel, language: language || defaultLanguage });
    return {
      text: [deps.locales.t(language, 'channel-added', { title: chat.title }), topics.text].join('\n\n'),
      ...(topics.keyboard ? { keyboard: topics.keyboard } : {}),
    };
  });
}

async function channelLost(
  ctx: BotContext & { chat: Chat.ChannelChat },
  deps: BotDeps,
  why: 'without-rights' | 'removed',
): Promise<void> {
  const { db, clock, locales, ownerIds } = deps;
  const { id, title, username } = ctx.chat;
  const by = ctx.myChatMember?.from.id;
  const channel = await findChannel(db, { chatId: id, username: username ?? null });
  if (!channel && !(by !== undefined && ownerIds.includes(by) && why === 'without-rights')) return;
  if (channel) {
    const reason = why === 'removed' ? 'the bot was removed' : 'the bot has no right to post';
    await setRecipientState(db, channel.recipientId, { state: 'disabled', reason, now: clock.now() });
  }
  const key = why === 'removed' ? 'channel-removed' : 'channel-added-without-rights';
  await tellOwners(ctx.api, deps, ownerIds, (language) => ({ text: locales.t(language, key, { title }) }));
}
