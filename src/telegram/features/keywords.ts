// /keywords: words and phrases of a reader's own; every story that has one of them is sent to them too.
import { type Composer as ComposerType, Composer } from 'grammy';
import { clip } from '../../lib/text.ts';
import { checkKeyword, keywordMark, maxKeywordLength, maxKeywords } from '../../recipients/keyword.ts';
import { deleteKeyword, insertKeyword, listKeywords } from '../../recipients/keyword-store.ts';
import { activateSubscriber, ensureSubscriber } from '../../recipients/recipient-store.ts';
import { decode, encode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace } from '../context.ts';
import type { Keyboard } from '../topic-keyboard.ts';

interface Reader {
  recipientId: number;
  language: string;
}

export function keywords(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales, defaultLanguage } = deps;
  const composer = new Composer<BotContext>();
  const privately = composer.chatType('private');

  privately.command('keywords', async (ctx) => {
    const subscriber = await subscriberOf(ctx);
    const outcomes = [];
    for (const part of partsOf(ctx.match)) outcomes.push(await add(subscriber.recipientId, part));
    // Looking at the keywords changes nothing for who has stopped; following one does.
    if (outcomes.some(({ kind }) => kind === 'added' || kind === 'known')) await activateSubscriber(db, factsOf(ctx));
    const { text, keyboard } = await show(subscriber);
    const answers = outcomes.map(({ kind, keyword }) => locales.t(subscriber.language, `keyword-${kind}`, { keyword }));
    await ctx.reply(answers.length > 0 ? `${answers.join('\n')}\n\n${text}` : text, {
      parse_mode: 'HTML',
      reply_markup: keyboard,
    });
  });

  privately.on('callback_query:data', async (ctx, next) => {
    const data = decode(ctx.callbackQuery.data);
    if (data?.kind !== 'keyword-remove') {
      await next();
      return;
    }
    const subscriber = await subscriberOf(ctx);
    const { recipientId, language } = subscriber;
    const keyword = (await listKeywords(db, recipientId)).find((each) => keywordMark(each) === data.mark);
    if (keyword !== undefined && (await deleteKeyword(db, recipientId, keyword))) {
      await answerPress(ctx, locales.plain(language, 'keyword-removed-answer', { keyword }));
    } else {
      await answerPress(ctx, locales.plain(language, 'keyword-gone-answer'));
    }
    const { text, keyboard } = await show(subscriber);
    await editInPlace(ctx, text, keyboard);
  });

  function factsOf(ctx: BotContext) {
    const language = locales.pick(ctx.from?.language_code, defaultLanguage);
    return { chatId: ctx.chatId as number, language, now: clock.now() };
  }

  async function subscriberOf(ctx: BotContext): Promise<Reader> {
    const { recipientId, language } = await ensureSubscriber(db, factsOf(ctx));
    return { recipientId, language: locales.pick(language ?? undefined, defaultLanguage) };
  }

  async function add(recipientId: number, text: string) {
    const checked = checkKeyword(text);
    if (checked.kind !== 'keyword') return { kind: checked.kind, keyword: clip(text, maxKeywordLength) };
    const { keyword } = checked;
    return { kind: await insertKeyword(db, { recipientId, keyword, now: clock.now() }), keyword };
  }

  async function show({ recipientId, language }: Reader): Promise<{ text: string; keyboard: Keyboard }> {
    const own = await listKeywords(db, recipientId);
    return {
      text: locales.t(language, 'keywords-prompt', { count: own.length, max: maxKeywords }),
      keyboard: {
        inline_keyboard: own.map((keyword) => [
          {
            text: locales.plain(language, 'keyword-remove-button', { keyword }),
            callback_data: encode({ kind: 'keyword-remove', mark: keywordMark(keyword) }),
          },
        ]),
      },
    };
  }

  return composer;
}

/** Several may be given at once, on lines of their own or with commas between them. */
function partsOf(text: string): string[] {
  return text
    .split(/[،,؛;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, maxKeywords);
}
