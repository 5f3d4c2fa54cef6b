// Long polling, one update after the other: an update counts as read only when its handler has ended.
import { type Bot, GrammyError } from 'grammy';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { BotContext } from './context.ts';

/** Only what the bot answers; always sent, because Telegram keeps the last list otherwise. */
const allowedUpdates = ['message', 'callback_query', 'my_chat_member'] as const;

/** Between two tries when another process polls with the same token. */
const conflictWaitMs = 5_000;
const failureWaitMs = 3_000;

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
  const stop = () => void bot.stop().catch(() => log.debug('the last offset was not confirmed'));
  signal.addEventListener('abort', stop, { once: true });
  while (!signal.aborted) {
    try {
      await bot.start({
        allowed_updates: allowedUpdates,
        onStart: ({ username }) => log.info('listening to Telegram', { bot: `@${username}` }),
      });
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof GrammyError)) {
        log.warn('Telegram cannot be reached; trying again', { reason: error instanceof Error ? error.message : '' });
        await clock.sleep(failureWaitMs, signal);
      } else if (error.error_code === 401 || (error.error_code === 404 && error.method === 'getMe')) {
        throw new WrongTokenError(`Telegram does not accept the bot token: ${error.description}`);
      } else if (error.error_code === 409) {
        log.warn('another process polls Telegram with this bot token; only one may. Stop the other one; trying again', {
          reason: error.description,
        });
        await clock.sleep(conflictWaitMs, signal);
      } else {
        log.warn('Telegram refused to be polled; trying again', { reason: error.description });
        await clock.sleep(failureWaitMs, signal);
      }
    }
  }
  signal.removeEventListener('abort', stop);
}
