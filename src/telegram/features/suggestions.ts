// /suggestions, for editors: topics that the model is not sure of, one message each, decided by a press.
import { type Composer as ComposerType, Composer } from 'grammy';
import { escapeAttribute, escapeHtml } from '../../lib/html.ts';
import { clip } from '../../lib/text.ts';
import {
  type Decision,
  decideSuggestion,
  listOpenSuggestions,
  type Suggestion,
  type SuggestionList,
  type SuggestionPlace,
} from '../../topics/suggestion-store.ts';
import { topicName } from '../../topics/topic.ts';
import { decode, encode } from '../callback-data.ts';
import { answerPress, type BotContext, type BotDeps, editInPlace, isOwner, languageOf } from '../context.ts';
import { directionOf, settle } from '../direction.ts';
import { html, type Locales } from '../i18n.ts';
import type { Keyboard } from '../topic-keyboard.ts';

/** Messages at a time: more would push each other out of sight, and Telegram slows down whoever writes so many. */
const shownAtOnce = 5;
const maxHeadline = 300;

interface Said {
  text: string;
  keyboard: Keyboard;
}

export function suggestions(deps: BotDeps): ComposerType<BotContext> {
  const { db, clock, locales } = deps;
  const composer = new Composer<BotContext>();
  const editors = composer.chatType('private').filter((ctx) => isOwner(ctx, deps));

  const list = (after?: SuggestionPlace) => listOpenSuggestions(db, { now: clock.now(), limit: shownAtOnce, after });
  const show = async (ctx: BotContext, language: string, { suggestions, more }: SuggestionList) => {
    const last = suggestions.at(-1);
    const messages = suggestions.map((suggestion) => question(locales, language, suggestion));
    if (last && more > 0) messages.push(moreMessage(locales, language, { more, last }));
    for (const { text, keyboard } of messages) {
      await ctx.reply(text, {
        parse_mode: 'HTML',
        reply_markup: keyboard,
        link_preview_options: { is_disabled: true },
      });
    }
  };

  editors.command('suggestions', async (ctx) => {
    const language = await languageOf(ctx, deps);
    const open = await list();
    if (open.suggestions.length === 0) {
      await ctx.reply(locales.t(language, 'suggestions-none'), { parse_mode: 'HTML' });
    } else {
      await show(ctx, language, open);
    }
  });

  editors.on('callback_query:data', async (ctx, next) => {
    const data = decode(ctx.callbackQuery.data);
    if (data?.kind === 'suggestions-more') {
      const language = await languageOf(ctx, deps);
      const open = await list(data);
      await answerPress(ctx);
      // The button goes, so that the same ones are not shown twice.
      await editInPlace(ctx, moreText(locales, language, open.suggestions.length + open.more));
      await show(ctx, language, open);
    } else if (data?.kind === 'suggestion') {
      const decision = await decideSuggestion(db, { ...data, editorId: ctx.from.id, now: clock.now() });
      const language = await languageOf(ctx, deps);
      if (!decision) {
        await answerPress(ctx, locales.plain(language, 'suggestion-gone-answer'), { alert: true });
        return;
      }
      await answerPress(ctx, decision.isNew ? undefined : locales.plain(language, 'suggestion-decided-answer'));
      await editInPlace(ctx, outcome(locales, language, decision));
      if (decision.isNew && decision.isTold) await deps.requestPublish();
    } else {
      await next();
    }
  });

  return composer;
}

function question(locales: Locales, language: string, suggestion: Suggestion): Said {
  const { storyId, topicId, confidence } = suggestion;
  const button = (key: string, accept: boolean) => ({
    text: locales.plain(language, key),
    callback_data: encode({ kind: 'suggestion', storyId, topicId, accept }),
  });
  return {
    text: locales.t(language, 'suggestion-question', {
      topic: topicName(suggestion.topic, language),
      headline: linkedHeadline(language, suggestion),
      percent: Math.round(confidence * 100),
    }),
    keyboard: {
      inline_keyboard: [[button('suggestion-accept-button', true), button('suggestion-dismiss-button', false)]],
    },
  };
}

function moreMessage(locales: Locales, language: string, { more, last }: { more: number; last: Suggestion }): Said {
  const { storyId, topicId } = last;
  return {
    text: moreText(locales, language, more),
    keyboard: {
      inline_keyboard: [
        [
          {
            text: locales.plain(language, 'suggestions-more-button'),
            callback_data: encode({ kind: 'suggestions-more', storyId, topicId }),
          },
        ],
      ],
    },
  };
}

function moreText(locales: Locales, language: string, count: number): string {
  return locales.t(language, 'suggestions-more', { count });
}

function outcome(locales: Locales, language: string, decision: Decision): string {
  const names = namesOf(language, decision);
  if (decision.state === 'dismissed') return locales.t(language, 'suggestion-dismissed', names);
  // Of an earlier decision it is not known whether its readers have been told by now.
  if (!decision.isNew) return locales.t(language, 'suggestion-accepted', names);
  return locales.t(language, decision.isTold ? 'suggestion-accepted-told' : 'suggestion-accepted-untold', names);
}

function namesOf(language: string, { headline, topic }: Suggestion): { headline: string; topic: string } {
  return { headline: clip(headline, maxHeadline), topic: topicName(topic, language) };
}

/** An editor who hesitates reads the article. */
function linkedHeadline(language: string, { headline, url }: Suggestion): ReturnType<typeof html> {
  const text = escapeHtml(settle(clip(headline, maxHeadline), directionOf(language)));
  return html(url === null ? text : `<a href="${escapeAttribute(url)}">${text}</a>`);
}
