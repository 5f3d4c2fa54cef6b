// Long polling, one update after the other: an update counts as read only when its handler has ended. Not grammY's own
// loop: that one waits for Telegram to be reachable without saying so, and without hearing the signal to stop.
import { type Bot, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import { type Clock, deadline } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { BotContext } from './context.ts';

/** Only what the bot answers; always sent, because Telegram keeps the last list otherwise. */
const allowedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

const pollSeconds = 30;
/** Between two tries when another process polls with the same token. */
const conflictWaitMs = 5_000;
const failureWaitMs = 3_000;
/** How long the last word to Telegram, which updates are done, may take. */
const farewellMs = 3_000;

/** The token is wrong or revoked: no waiting helps. */
export class WrongTokenError extends Error {
  override name = 'WrongTokenError';
}

interface PollingOptions {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

/** Polls until the signal; throws WrongTokenError when Telegram does not know the token. */
export async function poll(bot: Bot<BotContext>, { clock, log, signal }: PollingOptions): Promise<void> {
  // grammY's type is of another AbortSignal; it takes the one of the platform.
  const untilStopped = signal as never;
  let offset = 0;
  let isGreeted = false;

  const greet = async () => {
    bot.botInfo = await bot.api.getMe(untilStopped);
    await bot.api.deleteWebhook({}, untilStopped).catch((error: unknown) => {
      if (!(error instanceof GrammyError) || error.error_code === 401) throw error;
      log.info('could not delete the webhook', { reason: error.description });
    });
    log.info('listening to Telegram', { bot: `@${bot.botInfo.username}` });
    isGreeted = true;
  };

  while (!signal.aborted) {
    try {
      if (!isGreeted) await greet();
      const updates = await bot.api.getUpdates(
        { offset, timeout: pollSeconds, allowed_updates: allowedUpdates },
        untilStopped,
      );
      for (const update of updates) {
        if (signal.aborted) break;
        await handle(bot, update, log);
        offset = update.update_id + 1;
      }
    } catch (error) {
      if (signal.aborted) break;
      await clock.sleep(waitAfter(error, isGreeted, log), signal);
    }
  }
  if (offset > 0) {
    await bot.api
      .getUpdates({ offset, limit: 1, timeout: 0 }, deadline(farewellMs) as never)
      .catch(() => log.debug('the last updates were not confirmed; they will come again'));
  }
}

/** The bot's own error boundary has answered already; what is left must not come again for ever. */
async function handle(bot: Bot<BotContext>, update: Update, log: Log): Promise<void> {
  try {
    await bot.handleUpdate(update);
  } catch (error) {
    log.error('update failed', { updateId: update.update_id, error });
  }
}

/** Milliseconds until the next try; throws where none helps. */
function waitAfter(error: unknown, isGreeted: boolean, log: Log): number {
  if (!(error instanceof GrammyError)) {
    log.warn('Telegram cannot be reached; trying again', { reason: error instanceof Error ? error.message : '' });
    return failureWaitMs;
  }
  const { error_code: code, description: reason, parameters } = error;
  if (code === 401 || (code === 404 && !isGreeted)) {
    throw new WrongTokenError(`Telegram does not accept the bot token: ${reason}`);
  }
  if (code === 409) {
    log.warn('another process polls Telegram with this bot token; only one may. Stop the other one; trying again', {
      reason,
    });
    return conflictWaitMs;
  }
  log.warn('Telegram refused to be polled; trying again', { reason });
  return (parameters.retry_after ?? 0) * 1000 || failureWaitMs;
}
