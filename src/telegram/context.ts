// What the bot's handlers are given: grammY's context, and the newsroom through a closure.
import type { ConversationFlavor } from '@grammyjs/conversations';
import type { Context } from 'grammy';
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { clip } from '../lib/text.ts';
import { findRecipientByChat } from '../recipients/recipient-store.ts';
import type { Locales } from './i18n.ts';

export type BotContext = ConversationFlavor<Context>;

export interface BotDeps {
  db: Db;
  clock: Clock;
  log: Log;
  locales: Locales;
  ownerIds: readonly number[];
  defaultLanguage: string;
  timeZone: string;
  /** Asks for what was just withdrawn to be struck. */
  requestPublish: () => Promise<void>;
}

/** The language we speak with whoever wrote: chosen by the reader, else that of their Telegram, else the default. */
export async function languageOf(ctx: Context, { db, locales, defaultLanguage }: BotDeps): Promise<string> {
  const chosen = ctx.chat ? (await findRecipientByChat(db, ctx.chat.id))?.language : undefined;
  return locales.pick(chosen ?? ctx.from?.language_code, defaultLanguage);
}

export function isOwner(ctx: Context, { ownerIds }: Pick<BotDeps, 'ownerIds'>): boolean {
  return ctx.from !== undefined && ownerIds.includes(ctx.from.id);
}

/** Telegram's limit for what pops up after a press. */
const maxAnswerLength = 200;

/** Answers a pressed button, in a passing note or (`alert`) in a window that wants to be closed. */
export async function answerPress(ctx: Context, text?: string, { alert = false } = {}): Promise<void> {
  try {
    if (text === undefined) await ctx.answerCallbackQuery();
    else await ctx.answerCallbackQuery({ text: clip(text, maxAnswerLength), show_alert: alert });
  } catch (error) {
    // Whoever pressed has long looked away; what they asked for is done all the same.
    if (!(error instanceof Error && /query is too old|query ID is invalid/.test(error.message))) throw error;
  }
}

/** Edits the message under a pressed button; pressing what is already so is no error. */
export async function editInPlace(
  ctx: Context,
  text: string,
  keyboard?: { inline_keyboard: { text: string; callback_data: string }[][] },
): Promise<void> {
  try {
    await ctx.editMessageText(text, { parse_mode: 'HTML', ...(keyboard ? { reply_markup: keyboard } : {}) });
  } catch (error) {
    if (!(error instanceof Error && /message is not modified/.test(error.message))) throw error;
  }
}
