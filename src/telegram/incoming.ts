// What long polling and the webhook have in common: the first words with Telegram, and what an update is handed to.
import { type Bot, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import type { Log } from '../lib/log.ts';
import type { BotContext } from './context.ts';

/** Only what the bot answers; always sent, because Telegram keeps the last list otherwise. */
export const allowedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

const failureWaitMs = 3_000;

/** The token is wrong or revoked: no waiting helps. */
export class WrongTokenError extends Error {
  override name = 'WrongTokenError';
}

/** Asks Telegram who the bot is; its handlers need to know. */
export async function meetBot(bot: Bot<BotContext>, signal: AbortSignal): Promise<void> {
  // grammY's type is of another AbortSignal; it takes the one of the platform.
  bot.botInfo = await bot.api.getMe(signal as never);
}

/** Milliseconds until the next try; throws a WrongTokenError where none helps. */
export function waitAfter(error: unknown, { isGreeted, log }: { isGreeted: boolean; log: Log }): number {
  if (!(error instanceof GrammyError)) {
    log.warn('Telegram cannot be reached; trying again', { reason: error instanceof Error ? error.message : '' });
    return failureWaitMs;
  }
  const { error_code: code, description: reason, parameters } = error;
  if (code === 401 || (code === 404 && !isGreeted)) {
    throw new WrongTokenError(`Telegram does not accept the bot token: ${reason}`);
  }
  log.warn('Telegram refused; trying again', { reason });
  return (parameters.retry_after ?? 0) * 1000 || failureWaitMs;
}

/** The bot's own error boundary has answered already; what is left must not come again for ever. */
export async function handle(bot: Bot<BotContext>, update: Update, log: Log): Promise<void> {
  try {
    await bot.handleUpdate(update);
  } catch (error) {
    log.error('update failed', { updateId: update.update_id, error });
  }
}
