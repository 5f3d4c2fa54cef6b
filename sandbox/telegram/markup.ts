// reply_markup: inline keyboards are kept and checked, other keyboards only change what the reader sees below.
// Who says so: Client.cpp (get_reply_markup, get_inline_keyboard_button) and TDLib's ReplyMarkup.cpp.
// Doubtful: the most buttons a keyboard may have on the server (public reports say 100).
import type { InlineKeyboardButton, InlineKeyboardMarkup } from 'grammy/types';
import type { ChatRecord } from './chats.ts';
import { codePoints } from './entity.ts';
import { badRequest } from './errors.ts';
import { checkLink } from './links.ts';
import { isRecord, textIn, type Params } from './params.ts';

const maxButtons = 100;
const maxRowButtons = 12;
const maxCallbackBytes = 64;

export interface Markup {
  inline?: InlineKeyboardMarkup;
  /** Rows of button texts; an empty list takes the keyboard away. */
  reply?: string[][];
  forceReply?: boolean;
}

export function readMarkup(params: Params): Markup {
  const given = params.json('reply_markup', "Can't parse reply keyboard markup JSON object");
  if (given === undefined) return {};
  if (!isRecord(given)) throw badRequest('Object expected as reply markup');
  if ('inline_keyboard' in given) return inlineKeyboard(given['inline_keyboard']);
  if ('keyboard' in given) return { reply: replyKeyboard(given['keyboard']) };
  if (given['remove_keyboard'] === true) return { reply: [] };
  if (given['force_reply'] === true) return { forceReply: true };
  return {};
}

/** For methods that take nothing but an inline keyboard (all edits). */
export function readInlineMarkup(params: Params): InlineKeyboardMarkup | undefined {
  const markup = readMarkup(params);
  if (markup.reply || markup.forceReply) throw badRequest('Inline keyboard expected');
  return markup.inline;
}

export function checkMarkup(markup: Markup, chat: ChatRecord): void {
  if (chat.type === 'channel' && (markup.reply || markup.forceReply)) throw badRequest('Inline keyboard expected');
  const webApp = markup.inline?.inline_keyboard.some((row) => row.some((button) => 'web_app' in button));
  if (webApp && chat.type !== 'private') throw badRequest('web App buttons can be used in private chats only');
}

function inlineKeyboard(rows: unknown): Markup {
  if (!Array.isArray(rows) || !rows.every((row): row is unknown[] => Array.isArray(row))) {
    throw badRequest('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays');
  }
  const kept = rows
    .map((row) => row.slice(0, maxRowButtons).map((button) => inlineButton(button)))
    .filter((row) => row.length > 0);
  if (kept.flat().length > maxButtons) throw badRequest('reply markup is too long');
  return kept.length > 0 ? { inline: { inline_keyboard: kept } } : {};
}

function cannotParse(reason: string): Error {
  return badRequest(`Can't parse inline keyboard button: ${reason}`);
}

const decorations = ['icon_custom_emoji_id', 'style'] as const;

function inlineButton(button: unknown): InlineKeyboardButton {
  if (typeof button === 'string') throw cannotParse('Text buttons are unallowed in the inline keyboard');
  if (!isRecord(button)) throw cannotParse('InlineKeyboardButton must be an Object');
  const { text } = button;
  if (typeof text !== 'string') throw cannotParse('Can\'t find field "text"');
  if (text.trim() === '') throw badRequest('BUTTON_TEXT_INVALID');
  const dress = Object.fromEntries(decorations.filter((key) => key in button).map((key) => [key, button[key]]));
  const face = { text, ...dress };

  if (button['url'] !== undefined) return { ...face, url: buttonUrl(textIn(button, 'url')) };
  if (button['callback_data'] !== undefined) {
    const data = textIn(button, 'callback_data');
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > maxCallbackBytes) throw badRequest('BUTTON_DATA_INVALID');
    return { ...face, callback_data: data };
  }
  const others = [
    'web_app',
    'login_url',
    'switch_inline_query',
    'switch_inline_query_current_chat',
    'switch_inline_query_chosen_chat',
    'copy_text',
    'callback_game',
    'pay',
    'disabled',
  ];
  const kind = others.find((key) => button[key] !== undefined);
  if (kind === undefined) throw cannotParse('Text buttons are unallowed in the inline keyboard');
  if (kind === 'copy_text') {
    const length = isRecord(button[kind]) ? codePoints(textIn(button[kind], 'text')) : 0;
    if (length < 1 || length > 256) throw badRequest('BUTTON_COPY_TEXT_INVALID');
  }
  return { ...face, [kind]: button[kind] } as unknown as InlineKeyboardButton;
}

function buttonUrl(given: string): string {
  const link = checkLink(given);
  if (!link.ok) throw badRequest(`inline keyboard button URL '${given}' is invalid: ${link.reason}`);
  return link.url;
}

function replyKeyboard(rows: unknown): string[][] {
  if (!Array.isArray(rows) || !rows.every((row): row is unknown[] => Array.isArray(row))) {
    throw badRequest('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays');
  }
  return rows.map((row) =>
    row.map((button) => {
      const text = typeof button === 'string' ? button : isRecord(button) ? button['text'] : undefined;
      if (typeof text !== 'string') {
        throw badRequest('Can\'t parse keyboard button: Can\'t find field "text"');
      }
      return text;
    }),
  );
}
