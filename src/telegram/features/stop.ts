// /stop: really stops; what was already on its way to the reader is withdrawn too.
import { type Composer as ComposerType, Composer } from 'grammy';
import { closeDeliveries } from '../../deliveries/delivery-store.ts';
import { findRecipientByChat, setRecipientState } from '../../recipients/recipient-store.ts';
import { type BotContext, type BotDeps, languageOf } from '../context.ts';

export function stop(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').command('stop', async (ctx) => {
    const subscriber = await findRecipientByChat(db, ctx.chat.id);
    const stopped =
      subscriber !== undefined &&
      (await db.transaction().execute(async (trx) => {
        const { recipientId } = subscriber;
        const changed = await setRecipientState(trx, recipientId, {
          state: 'stopped',
          reason: 'the reader sent /stop',
        });
        await closeDeliveries(
          trx,
          { recipientId },
          { state: 'canceled', outcome: 'stopped', reason: 'the reader sent /stop', now: clock.now() },
        );
        return changed;
      }));
    await ctx.reply(locales.t(await languageOf(ctx, deps), stopped ? 'stop-done' : 'stop-already'), {
      parse_mode: 'HTML',
    });
  });

  return composer;
}
