// Notes that a reader is there: whatever they write or press in their private chat is a sign of life.
import { type Composer as ComposerType, Composer } from 'grammy';
import { markActive } from '../recipients/recipient-store.ts';
import type { BotContext, BotDeps } from './context.ts';

/** To be mounted behind the error boundary, before everything that answers. */
export function activity({ db, clock, log }: Pick<BotDeps, 'db' | 'clock' | 'log'>): ComposerType<BotContext> {
  const composer = new Composer<BotContext>();

  composer.chatType('private').on(['message', 'callback_query'], async (ctx, next) => {
    // They are answered first; and whoever writes for the first time is known only then.
    await next();
    try {
      await markActive(db, { chatId: ctx.chat.id, now: clock.now() });
    } catch (error) {
      log.warn('a sign of life was not noted', { error });
    }
  });

  return composer;
}
