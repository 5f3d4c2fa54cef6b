// /language: in which language the bot speaks with a reader.
import { type Composer as ComposerType, Composer } from 'grammy';
import { ensureSubscriber, setRecipientLanguage } from '../../recipients/recipient-store.ts';
import { decode, encode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace, languageOf } from '../context.ts';

export function language(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales } = deps;
  const composer = new Composer<BotContext>();
  const privately = composer.chatType('private');

  privately.command('language', async (ctx) => {
    const buttons = locales.languages.map((choice) => ({
      text: locales.plain(choice, 'language-name'),
      callback_data: encode({ kind: 'language', language: choice }),
    }));
    await ctx.reply(locales.t(await languageOf(ctx, deps), 'language-prompt'), {
      parse_mode: 'HTML',
      reply_markup: { inline_keyboard: [buttons] },
    });
  });

  privately.on('callback_query:data', async (ctx, next) => {
    const data = decode(ctx.callbackQuery.data);
    if (data?.kind !== 'language' || !locales.languages.includes(data.language)) {
      await next();
      return;
    }
    const subscriber = await ensureSubscriber(db, {
      chatId: ctx.chat.id,
      language: data.language,
      now: clock.now(),
    });
    await setRecipientLanguage(db, subscriber.recipientId, data.language);
    await answerPress(ctx);
    await editInPlace(ctx, locales.t(data.language, 'language-changed'));
  });

  return composer;
}
