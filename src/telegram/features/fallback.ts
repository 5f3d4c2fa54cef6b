// Answers what nothing else answered: free messages, and buttons of another time.
import { type Composer as ComposerType, Composer } from 'grammy';
import { decode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, languageOf } from '../context.ts';

export function fallback(deps: BotDeps): ComposerType<BotContext> {
  const { locales } = deps;
  const composer = new Composer<BotContext>();

  composer.on('callback_query', async (ctx) => {
    const data = decode(ctx.callbackQuery.data ?? '');
    const key = data?.kind.startsWith('broadcast-') ? 'broadcast-expired-answer' : 'stale-button-answer';
    await answerPress(ctx, locales.plain(await languageOf(ctx, deps), key), { alert: true });
  });

  composer.chatType('private').on('message', async (ctx) => {
    await ctx.reply(locales.t(await languageOf(ctx, deps), 'unknown-text'), { parse_mode: 'HTML' });
  });

  return composer;
}
