// The topics as toggles, one message that readers and owners see change under their finger.
import type { Topic } from '../topics/topic.ts';
import { topicName } from '../topics/topic.ts';
import { type CallbackData, encode } from './callback-data.ts';
import type { Locales } from './i18n.ts';

export interface Keyboard {
  inline_keyboard: { text: string; callback_data: string }[][];
}

/** Names up to this many letters share a row with another. */
const shortName = 14;

interface TopicKeyboardOptions {
  locales: Locales;
  language: string;
  topics: readonly Topic[];
  chosen: ReadonlySet<number>;
  toggle: (topicId: number, on: boolean) => CallbackData;
  done: CallbackData;
}

export function topicKeyboard({ locales, language, topics, chosen, toggle, done }: TopicKeyboardOptions): Keyboard {
  const rows: Keyboard['inline_keyboard'] = [];
  let previousIsShort = false;
  for (const topic of topics) {
    const name = topicName(topic, language);
    const on = chosen.has(topic.topicId);
    const button = {
      text: locales.plain(language, on ? 'topic-on-button' : 'topic-off-button', { topic: name }),
      callback_data: encode(toggle(topic.topicId, !on)),
    };
    const last = rows.at(-1);
    const isShort = name.length <= shortName;
    if (last?.length === 1 && previousIsShort && isShort) last.push(button);
    else rows.push([button]);
    previousIsShort = isShort;
  }
  return {
    inline_keyboard: [...rows, [{ text: locales.plain(language, 'done-button'), callback_data: encode(done) }]],
  };
}
