// What a reader sees of the topics: the question, and a toggle for each.
import { listSubscribedTopics } from '../recipients/recipient-store.ts';
import { listTopics } from '../topics/topic-store.ts';
import type { BotDeps } from './context.ts';
import { type Keyboard, topicKeyboard } from './topic-keyboard.ts';

export async function readerTopics(
  { db, locales }: Pick<BotDeps, 'db' | 'locales'>,
  { recipientId, language }: { recipientId: number; language: string },
): Promise<{ text: string; keyboard: Keyboard | undefined }> {
  const topics = await listTopics(db);
  if (topics.length === 0) return { text: locales.t(language, 'topics-empty'), keyboard: undefined };
  const chosen = await listSubscribedTopics(db, recipientId);
  return {
    text: locales.t(language, 'topics-prompt', { count: chosen.size }),
    keyboard: topicKeyboard({
      locales,
      language,
      topics,
      chosen,
      toggle: (topicId, on) => ({ kind: 'topic', topicId, on }),
      done: { kind: 'topics-done' },
    }),
  };
}
