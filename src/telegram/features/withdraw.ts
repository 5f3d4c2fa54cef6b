// /withdraw, for editors: takes a story back from everyone who has received it, after asking whether it is meant.
import { type Composer as ComposerType, Composer } from 'grammy';
import { findArticleByUrl } from '../../articles/article-store.ts';
import { findStoryOfMessage } from '../../deliveries/copy-search-store.ts';
import {
  findFirstArticle,
  findWithdrawable,
  withdraw as withdrawFrom,
  type Withdrawable,
} from '../../deliveries/withdrawal-store.ts';
import { clip } from '../../lib/text.ts';
import { decode, encode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace, isOwner, languageOf } from '../context.ts';

const maxHeadline = 300;

export function withdraw(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales, requestPublish } = deps;
  const composer = new Composer<BotContext>();
  const editors = composer.chatType('private').filter((ctx) => isOwner(ctx, deps));
  const said = (language: string, key: string, { headline }: Withdrawable) =>
    locales.t(language, key, { headline: clip(headline, maxHeadline) });

  editors.command('withdraw', async (ctx) => {
    const language = await languageOf(ctx, deps);
    const [link] = ctx.match.split(/\s/, 1);
    const original = ctx.message.reply_to_message?.message_id;
    if (!link && original === undefined) {
      await ctx.reply(locales.t(language, 'withdraw-ask'), { parse_mode: 'HTML' });
      return;
    }
    const articleId = link ? await articleOfLink(link) : await articleOfMessage(ctx.chat.id, original as number);
    const found = articleId === undefined ? undefined : await findWithdrawable(db, articleId);
    if (!found) {
      await ctx.reply(locales.t(language, 'withdraw-unknown'), { parse_mode: 'HTML' });
    } else if (found.isWithdrawn) {
      await ctx.reply(said(language, 'withdraw-already', found), { parse_mode: 'HTML' });
    } else {
      const headline = clip(found.headline, maxHeadline);
      await ctx.reply(locales.t(language, 'withdraw-confirm', { headline, count: found.copies }), {
        parse_mode: 'HTML',
        reply_markup: { inline_keyboard: [[button(true), button(false)]] },
      });
    }

    function button(on: boolean) {
      return {
        text: locales.plain(language, on ? 'withdraw-yes-button' : 'withdraw-no-button'),
        callback_data: encode({ kind: 'withdraw', articleId: articleId as number, on }),
      };
    }
  });

  editors.on('callback_query:data', async (ctx, next) => {
    const data = decode(ctx.callbackQuery.data);
    const found = data?.kind === 'withdraw' ? await findWithdrawable(db, data.articleId) : undefined;
    if (data?.kind !== 'withdraw' || !found) {
      await next();
      return;
    }
    const language = await languageOf(ctx, deps);
    await answerPress(ctx);
    if (!data.on) {
      await editInPlace(ctx, said(language, found.isWithdrawn ? 'withdraw-already' : 'withdraw-kept', found));
      return;
    }
    await withdrawFrom(db, found, { because: `by the editor ${ctx.from.id}`, now: clock.now() });
    await editInPlace(ctx, said(language, 'withdraw-done', found));
    await requestPublish();
  });

  async function articleOfLink(link: string): Promise<number | undefined> {
    return (await findArticleByUrl(db, link))?.articleId;
  }

  async function articleOfMessage(chatId: number, messageId: number): Promise<number | undefined> {
    const storyId = await findStoryOfMessage(db, { chatId, messageId });
    return storyId === undefined ? undefined : findFirstArticle(db, storyId);
  }

  return composer;
}
