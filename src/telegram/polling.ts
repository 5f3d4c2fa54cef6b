// Long polling, one update after the other: an update counts as read only when its handler has ended. Not grammY's own
// loop: that one waits for Telegram to be reachable without saying so, and without hearing the signal to stop.
import { type Bot, GrammyError } from 'grammy';
import type { Update } from 'grammy/types';
import { type Clock, deadline } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { BotContext } from './context.ts';
import { allowedUpdates, handle, meetBot, waitAfter } from './incoming.ts';

const pollSeconds = 30;
/** Between two tries when somebody else takes the updates. */
const conflictWaitMs = 5_000;
/** How long a handler may go on when the bot is to stop; its update comes again if that is not enough. */
const handlerGraceMs = 4_000;
/** How long the last word to Telegram, which updates are done, may take. */
const farewellMs = 1_500;

interface PollingOptions {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  /** Aborts when another process may poll already: then Telegram hears nothing of us any more. */
  lost?: AbortSignal;
}

/** Polls until one of the signals; throws WrongTokenError when Telegram does not know the token. */
export async function poll(
  bot: Bot<BotContext>,
  { clock, log, signal: stopped, lost = new AbortController().signal }: PollingOptions,
): Promise<void> {
  const signal = AbortSignal.any([stopped, lost]);
  // grammY's type is of another AbortSignal; it takes the one of the platform.
  const untilStopped = signal as never;
  let offset = 0;
  let isGreeted = false;

  const greet = async () => {
    await meetBot(bot, signal);
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
        if (signal.aborted || !(await handleInTime(update))) break;
        offset = update.update_id + 1;
      }
    } catch (error) {
      if (signal.aborted) break;
      await clock.sleep(conflictWait(error, log) ?? waitAfter(error, { isGreeted, log }), signal);
    }
  }
  if (offset > 0 && !lost.aborted) {
    await bot.api
      .getUpdates({ offset, limit: 1, timeout: 0 }, deadline(farewellMs, lost) as never)
      .catch(() => log.debug('the last updates were not confirmed; they will come again'));
  }

  /** Whether the handler has ended; a bot that is to stop does not wait for it for ever. */
  async function handleInTime(update: Update): Promise<boolean> {
    const ended = new AbortController();
    const { promise: isLate, resolve } = Promise.withResolvers<boolean>();
    const waitALittle = () => void clock.sleep(handlerGraceMs, ended.signal).then(() => resolve(false));
    signal.addEventListener('abort', waitALittle, { once: true });
    try {
      return await Promise.race([handle(bot, update, log).then(() => true), isLate]);
    } finally {
      ended.abort();
      signal.removeEventListener('abort', waitALittle);
    }
  }
}

/** Milliseconds until the next try when updates go elsewhere; undefined when the error says something else. */
function conflictWait(error: unknown, log: Log): number | undefined {
  if (!(error instanceof GrammyError) || error.error_code !== 409) return undefined;
  const { description: reason } = error;
  if (/webhook/i.test(reason)) {
    log.warn('a webhook was set for this bot token, so nothing is left to poll; trying again', { reason });
  } else {
    log.warn('another process polls Telegram with this bot token; only one may. Stop the other one; trying again', {
      reason,
    });
  }
  return conflictWaitMs;
}
