// /why, for editors: why a story reached a chat, or did not, and what was last owed to a chat.
import { type Composer as ComposerType, Composer } from 'grammy';
import type { Message } from 'grammy/types';
import { findStoryOfMessage } from '../../deliveries/copy-search-store.ts';
import { explain, explainOwed } from '../../deliveries/explain.ts';
import {
  type AskedChat,
  type AskedStory,
  findAskedChat,
  findAskedStory,
  gatherFacts,
  listOwed,
} from '../../deliveries/explain-store.ts';
import { clip, codePoints } from '../../lib/text.ts';
import { type BotContext, type BotDeps, isOwner, languageOf } from '../context.ts';
import { chatLabel, saidOf, thingLabel, type Wording } from '../explanation.ts';
import { html } from '../i18n.ts';
import { maxTextLength } from '../render.ts';

const shownThings = 10;
const maxHeadline = 300;

export function why(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales, timeZone } = deps;
  const composer = new Composer<BotContext>();

  composer
    .chatType('private')
    .filter((ctx) => isOwner(ctx, deps))
    .command('why', async (ctx) => {
      const wording = { locales, timeZone, language: await languageOf(ctx, deps), format: 'html' } as const;
      const text = await answer(ctx.match, { message: ctx.message, own: ctx.chat.id, wording });
      await ctx.reply(text, { parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
    });

  async function answer(
    asked: string,
    { message, own, wording }: { message: Message; own: number; wording: Wording },
  ): Promise<string> {
    const { language } = wording;
    const { chat: named, story: told } = readQuestion(asked);
    const original = message.reply_to_message;
    const post = original && postOf(original, own);
    if (named === undefined && told === undefined && !original) return locales.t(language, 'why-ask');
    const address = named ?? post?.chatId ?? own;
    const chat = await findAskedChat(db, address);
    if (!chat) return locales.t(language, 'why-chat-unknown', { chat: clip(String(address), maxHeadline) });
    if (told === undefined && !original) return whatWasOwed(chat, wording);
    const story =
      told !== undefined ? await findAskedStory(db, told) : original && post && (await storyOf(original, post));
    if (!story) return locales.t(language, 'why-story-unknown');
    return whyOf(chat, story, wording);
  }

  /** By our message itself; where Telegram does not say which it was, by the links that it carries. */
  async function storyOf(message: Message, post: Post): Promise<AskedStory | undefined> {
    const storyId =
      post.messageId === undefined ? undefined : await findStoryOfMessage(db, { ...post, messageId: post.messageId });
    if (storyId !== undefined) return findAskedStory(db, storyId);
    for (const link of linksOf(message)) {
      const story = await findAskedStory(db, link);
      if (story) return story;
    }
    return undefined;
  }

  async function whyOf(chat: AskedChat, story: AskedStory, wording: Wording): Promise<string> {
    const now = clock.now();
    const statements = explain(await gatherFacts(db, chat, story, now), now);
    const heading = locales.t(wording.language, 'why-story', {
      headline: clip(story.headline, maxHeadline),
      chat: html(chatLabel(chat, wording)),
    });
    return [heading, ...saidOf(statements, wording)].join('\n\n');
  }

  async function whatWasOwed(chat: AskedChat, wording: Wording): Promise<string> {
    const now = clock.now();
    const things = await listOwed(db, { recipientId: chat.recipientId, now }, shownThings);
    if (things.length === 0) return locales.t(wording.language, 'why-nothing');
    const parts = [locales.t(wording.language, 'why-owed', { chat: html(chatLabel(chat, wording)) })];
    let length = codePoints(parts[0] as string);
    for (const thing of things) {
      const lines = saidOf(explainOwed(thing.owed, chat, now), wording);
      const part = [`<b>${thingLabel(thing, wording)}</b>`, ...lines].join('\n');
      // Tags and entities count too here: a little less is shown, and never too much.
      length += codePoints(part) + 2;
      if (length > maxTextLength) break;
      parts.push(part);
    }
    return parts.join('\n\n');
  }

  return composer;
}

/** `<chat> <story>`, `<chat>`, or the link of a story. */
function readQuestion(text: string): { chat?: number | string; story?: number | string } {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const [first, second] = words;
  if (first !== undefined && second === undefined && isLink(first)) return { story: first };
  return {
    ...(first === undefined ? {} : { chat: numbered(first) }),
    ...(second === undefined ? {} : { story: numbered(second) }),
  };
}

const isLink = (word: string) => /^https?:\/\//i.test(word);

function numbered(word: string): number | string {
  return /^-?\d{1,16}$/.test(word) ? Number(word) : word;
}

interface Post {
  chatId: number;
  /** Undefined for what was forwarded from a private chat. */
  messageId: number | undefined;
}

/** Where the message that is asked about stands: a forwarded one, in the channel that it comes from. */
function postOf({ forward_origin: origin, message_id }: Message['reply_to_message'] & object, own: number): Post {
  if (origin?.type === 'channel') return { chatId: origin.chat.id, messageId: origin.message_id };
  return { chatId: own, messageId: origin ? undefined : message_id };
}

function linksOf(message: Message): string[] {
  const entities = [...(message.entities ?? []), ...(message.caption_entities ?? [])];
  const buttons = (message.reply_markup?.inline_keyboard ?? []).flat();
  return [
    ...buttons.flatMap((button) => ('url' in button ? [button.url] : [])),
    ...entities.flatMap((entity) => (entity.type === 'text_link' ? [entity.url] : [])),
  ];
}
