// /start: greets, says what will come, and shows the topics; also by a link to one topic, and after a break.
import { type Composer as ComposerType, Composer } from 'grammy';
import { activateSubscriber, listSubscribedTopics, setSubscription } from '../../recipients/recipient-store.ts';
import { findTopicBySlug } from '../../topics/topic-store.ts';
import { topicName } from '../../topics/topic.ts';
import { type BotContext, type BotDeps, isOwner } from '../context.ts';
import { setMenus } from '../profile.ts';
import { readerTopics } from '../reader-topics.ts';

const topicLink = /^topic_([a-z0-9][a-z0-9_-]*)$/;

export function start(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales, defaultLanguage } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').command('start', async (ctx) => {
    const { subscriber, before } = await activateSubscriber(db, {
      chatId: ctx.chat.id,
      language: locales.pick(ctx.from.language_code, defaultLanguage),
      now: clock.now(),
    });
    const { recipientId } = subscriber;
    const language = locales.pick(subscriber.language ?? undefined, defaultLanguage);
    const parts: string[] = [];

    const chosenBefore = await listSubscribedTopics(db, recipientId);
    if (before === undefined) parts.push(locales.t(language, 'start-greeting'));
    else if (before !== 'active') parts.push(locales.t(language, 'start-welcome-back', { count: chosenBefore.size }));

    const slug = topicLink.exec(ctx.match)?.[1];
    if (slug !== undefined) {
      const topic = await findTopicBySlug(db, slug);
      if (topic) {
        await setSubscription(db, { recipientId, topicId: topic.topicId, on: true, now: clock.now() });
        parts.push(locales.t(language, 'topic-followed', { topic: topicName(topic, language) }));
      } else {
        parts.push(locales.t(language, 'topic-unknown'));
      }
    }
    if (parts.length === 0) parts.push(locales.t(language, 'start-greeting'));

    const { text, keyboard } = await readerTopics(deps, { recipientId, language });
    await ctx.reply([...parts, text].join('\n\n'), {
      parse_mode: 'HTML',
      ...(keyboard ? { reply_markup: keyboard } : {}),
    });
    if (isOwner(ctx, deps) && before !== 'active') await setMenus(ctx.api, deps, [ctx.from.id]);
  });

  return composer;
}
