// /broadcast and /cancel, for editors.
import { conversations, createConversation } from '@grammyjs/conversations';
import { type Composer as ComposerType, Composer } from 'grammy';
import { broadcastConversation } from '../broadcast-conversation.ts';
import { type BotContext, type BotDeps, isOwner, languageOf } from '../context.ts';
import { conversationStore } from '../conversation-store.ts';

/** Raised when the conversation's steps change: editors in the middle of an older one begin again. */
const version = 2;
const waitAtMostMs = 30 * 60_000;

export function broadcast(deps: BotDeps): ComposerType<BotContext> {
  const { locales } = deps;
  const composer = new Composer<BotContext>();
  const editors = composer.chatType('private').filter((ctx) => isOwner(ctx, deps));

  editors.use(
    conversations({
      storage: {
        type: 'key',
        version,
        getStorageKey: (ctx) => (ctx.chatId === undefined ? undefined : String(ctx.chatId)),
        adapter: conversationStore(deps),
      },
    }),
  );

  editors.command('cancel', async (ctx) => {
    const language = await languageOf(ctx, deps);
    const active = Object.values(ctx.conversation.active()).some((count) => count > 0);
    await ctx.conversation.exitAll();
    await ctx.reply(locales.t(language, active ? 'cancel-done' : 'cancel-nothing'), { parse_mode: 'HTML' });
  });

  editors.command('broadcast', async (ctx, next) => {
    await ctx.conversation.exitAll();
    await next();
  });

  editors.use(
    createConversation(broadcastConversation(deps), { id: 'broadcast', maxMillisecondsToWait: waitAtMostMs }),
  );
  editors.command('broadcast', (ctx) => ctx.conversation.enter('broadcast'));

  return composer;
}
