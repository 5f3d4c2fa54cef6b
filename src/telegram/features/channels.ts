// The toggles with which an owner, in the private chat, chooses what a channel carries.
import { type Composer as ComposerType, Composer } from 'grammy';
import { findRecipient, listSubscribedTopics, setSubscription } from '../../recipients/recipient-store.ts';
import { listTopics } from '../../topics/topic-store.ts';
import { topicName } from '../../topics/topic.ts';
import { decode } from '../callback-data.ts';
import { channelName, channelTopics } from '../channel-topics.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace, isOwner, languageOf } from '../context.ts';

export function channels(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales } = deps;
  const composer = new Composer<BotContext>();

  composer
    .chatType('private')
    .filter((ctx) => isOwner(ctx, deps))
    .on('callback_query:data', async (ctx, next) => {
      const data = decode(ctx.callbackQuery.data);
      if (data?.kind !== 'channel-topic' && data?.kind !== 'channel-done') {
        await next();
        return;
      }
      const channel = await findRecipient(db, data.recipientId);
      const topic =
        data.kind === 'channel-topic'
          ? (await listTopics(db)).find(({ topicId }) => topicId === data.topicId)
          : undefined;
      if (channel?.kind !== 'channel' || (data.kind === 'channel-topic' && !topic)) {
        await next();
        return;
      }
      const language = await languageOf(ctx, deps);
      const title = channelName(channel);
      if (data.kind === 'channel-done' || !topic) {
        const chosen = await listSubscribedTopics(db, channel.recipientId);
        await answerPress(ctx);
        await editInPlace(ctx, locales.t(language, 'channel-topics-done', { title, count: chosen.size }));
        return;
      }
      await setSubscription(db, { ...data, now: clock.now() });
      const answer = data.on ? 'channel-topic-on-answer' : 'channel-topic-off-answer';
      await answerPress(ctx, locales.plain(language, answer, { topic: topicName(topic, language), title }));
      const { text, keyboard } = await channelTopics(deps, { channel, language });
      await editInPlace(ctx, text, keyboard);
    });

  return composer;
}
