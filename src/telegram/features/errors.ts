// The error boundary: a handler that fails is logged once, and whoever waits for an answer is told.
import { type Composer as ComposerType, Composer, GrammyError } from 'grammy';
import { answerPress, type BotContext, type BotDeps, languageOf } from '../context.ts';

export function errors(deps: BotDeps): ComposerType<BotContext> {
  const { locales, log } = deps;
  const composer = new Composer<BotContext>();

  composer.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      log.error('handler failed', { updateId: ctx.update.update_id, error });
      // A reader who has blocked the bot meanwhile cannot be told, nor anyone while Telegram asks for silence.
      if (error instanceof GrammyError && [403, 429].includes(error.error_code)) return;
      await apologise(ctx).catch((failure: unknown) => log.warn('could not say that it failed', { error: failure }));
    }
  });

  async function apologise(ctx: BotContext): Promise<void> {
    if (ctx.chat?.type !== 'private') return;
    const language = await languageOf(ctx, deps);
    if (ctx.callbackQuery) {
      await answerPress(ctx, locales.plain(language, 'error-internal'), { alert: true });
    } else if (ctx.message) {
      await ctx.reply(locales.t(language, 'error-internal'), { parse_mode: 'HTML' });
    }
  }

  return composer;
}
