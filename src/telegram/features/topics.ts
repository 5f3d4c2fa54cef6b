// /topics and its toggles: what a reader follows, in one message edited in place.
import { type Composer as ComposerType, Composer } from 'grammy';
import {
  activateSubscriber,
  ensureSubscriber,
  listSubscribedTopics,
  setSubscription,
} from '../../recipients/recipient-store.ts';
import { listTopics } from '../../topics/topic-store.ts';
import { topicName } from '../../topics/topic.ts';
import { decode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace } from '../context.ts';
import { readerTopics } from '../reader-topics.ts';

export function topics(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales, defaultLanguage } = deps;
  const composer = new Composer<BotContext>();
  const privately = composer.chatType('private');

  /** Looking at the topics changes nothing for who has stopped; following one again does. */
  const subscriberOf = async (ctx: BotContext, { follows = false } = {}) => {
    const facts = {
      chatId: ctx.chatId as number,
      language: locales.pick(ctx.from?.language_code, defaultLanguage),
      now: clock.now(),
    };
    const { recipientId, language } = follows
      ? (await activateSubscriber(db, facts)).subscriber
      : await ensureSubscriber(db, facts);
    return { recipientId, language: locales.pick(language ?? undefined, defaultLanguage) };
  };

  privately.command('topics', async (ctx) => {
    const { text, keyboard } = await readerTopics(deps, await subscriberOf(ctx));
    await ctx.reply(text, { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) });
  });

  privately.on('callback_query:data', async (ctx, next) => {
    const data = decode(ctx.callbackQuery.data);
    if (data?.kind === 'topic') {
      const subscriber = await subscriberOf(ctx, { follows: data.on });
      const topic = (await listTopics(db)).find(({ topicId }) => topicId === data.topicId);
      if (!topic) {
        await next();
        return;
      }
      const { recipientId, language } = subscriber;
      await setSubscription(db, { recipientId, topicId: data.topicId, on: data.on, now: clock.now() });
      const answer = data.on ? 'topic-on-answer' : 'topic-off-answer';
      await answerPress(ctx, locales.plain(language, answer, { topic: topicName(topic, language) }));
      const { text, keyboard } = await readerTopics(deps, subscriber);
      await editInPlace(ctx, text, keyboard);
    } else if (data?.kind === 'topics-done') {
      const { recipientId, language } = await subscriberOf(ctx);
      const chosen = await listSubscribedTopics(db, recipientId);
      await answerPress(ctx);
      await editInPlace(ctx, locales.t(language, 'topics-done', { count: chosen.size }));
    } else {
      await next();
    }
  });

  return composer;
}
