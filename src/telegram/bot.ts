// The bot: who answers what. The order of this list is its behaviour.
import { autoRetry } from '@grammyjs/auto-retry';
import { Bot, type Transformer } from 'grammy';
import { messagesPerSecond, nextSendAt } from '../deliveries/pace.ts';
import { countAnswer } from '../deliveries/pace-store.ts';
import { holdChat } from '../recipients/recipient-store.ts';
import type { BotContext, BotDeps } from './context.ts';
import { broadcast } from './features/broadcast.ts';
import { channels } from './features/channels.ts';
import { errors } from './features/errors.ts';
import { fallback } from './features/fallback.ts';
import { help } from './features/help.ts';
import { keywords } from './features/keywords.ts';
import { language } from './features/language.ts';
import { membership } from './features/membership.ts';
import { search } from './features/search.ts';
import { start } from './features/start.ts';
import { status } from './features/status.ts';
import { stop } from './features/stop.ts';
import { suggestions } from './features/suggestions.ts';
import { topics } from './features/topics.ts';
import { withdraw } from './features/withdraw.ts';

/** Longer than a long poll may take; grammY's own limit is minutes. */
const timeoutSeconds = 60;

export interface BotOptions extends BotDeps {
  token: string;
  apiRoot: string;
}

export function createBot({ token, apiRoot, ...deps }: BotOptions): Bot<BotContext> {
  const bot = new Bot<BotContext>(token, { client: { apiRoot, timeoutSeconds } });
  // Answers to people only: one more try after a short wait, and no blind repetition of what may have arrived.
  bot.api.config.use(
    autoRetry({ maxRetryAttempts: 1, maxDelaySeconds: 5, rethrowHttpErrors: true, rethrowInternalServerErrors: true }),
  );
  bot.api.config.use(answersCount(deps));

  bot.use(
    errors(deps),
    membership(deps),
    start(deps),
    help(deps),
    stop(deps),
    topics(deps),
    keywords(deps),
    search(deps),
    language(deps),
    channels(deps),
    status(deps),
    suggestions(deps),
    withdraw(deps),
    broadcast(deps),
    fallback(deps),
  );
  return bot;
}

/** Answers go out at once, but they are part of the chat's and the bot's pace: what is sent next makes room for them. */
function answersCount({ db, clock, log }: BotDeps): Transformer {
  return async (prev, method, payload, signal) => {
    const result = await prev(method, payload, signal);
    if (result.ok && /^(send(?!ChatAction)|copy|forward)/.test(method)) {
      try {
        const chatId = 'chat_id' in payload ? payload.chat_id : undefined;
        const until = nextSendAt('subscriber', [clock.now()]);
        if (typeof chatId === 'number' && until !== null) await holdChat(db, chatId, until);
        await countAnswer(db, { perSecond: messagesPerSecond });
      } catch (error) {
        // The answer has arrived: that it was not counted is no reason to apologise for it.
        log.warn('an answer was not counted', { error });
      }
    }
    return result;
  };
}
