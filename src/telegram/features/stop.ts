// /stop: really stops; what is owed to the reader already is not sent any more either.
import { type Composer as ComposerType, Composer } from 'grammy';
import { findRecipientByChat, setRecipientState } from '../../recipients/recipient-store.ts';
import { type BotContext, type BotDeps, languageOf } from '../context.ts';

export function stop(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').command('stop', async (ctx) => {
    const subscriber = await findRecipientByChat(db, ctx.chat.id);
    const stopped =
      subscriber !== undefined &&
      (await setRecipientState(db, subscriber.recipientId, {
        state: 'stopped',
        reason: 'the reader sent /stop',
        now: clock.now(),
      }));
    await ctx.reply(locales.t(await languageOf(ctx, deps), stopped ? 'stop-done' : 'stop-already'), {
      parse_mode: 'HTML',
    });
  });

  return composer;
}
