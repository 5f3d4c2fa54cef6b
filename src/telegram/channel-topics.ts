// What an owner sees of a channel's topics: the question, and a toggle for each.
import type { Recipient } from '../recipients/recipient.ts';
import { listSubscribedTopics } from '../recipients/recipient-store.ts';
import { listTopics } from '../topics/topic-store.ts';
import type { BotDeps } from './context.ts';
import { type Keyboard, topicKeyboard } from './topic-keyboard.ts';

export function channelName({ title, username, chatId }: Pick<Recipient, 'title' | 'username' | 'chatId'>): string {
  return title ?? (username === null ? String(chatId) : `@${username}`);
}

export async function channelTopics(
  { db, locales }: Pick<BotDeps, 'db' | 'locales'>,
  { channel, language }: { channel: Recipient; language: string },
): Promise<{ text: string; keyboard: Keyboard | undefined }> {
  const topics = await listTopics(db);
  if (topics.length === 0) return { text: locales.t(language, 'topics-empty'), keyboard: undefined };
  const { recipientId } = channel;
  const chosen = await listSubscribedTopics(db, recipientId);
  return {
    text: locales.t(language, 'channel-topics-prompt', { title: channelName(channel), count: chosen.size }),
    keyboard: topicKeyboard({
      locales,
      language,
      topics,
      chosen,
      toggle: (topicId, on) => ({ kind: 'channel-topic', recipientId, topicId, on }),
      done: { kind: 'channel-done', recipientId },
    }),
  };
}
