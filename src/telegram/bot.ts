// The bot: who answers what. The order of this list is its behaviour.
import { autoRetry } from '@grammyjs/auto-retry';
import { Bot } from 'grammy';
import type { PaceSettings } from '../deliveries/pace.ts';
import { activity } from './activity.ts';
import { answerPace } from './answer-pace.ts';
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
import { why } from './features/why.ts';
import { withdraw } from './features/withdraw.ts';

/** Longer than a long poll may take; grammY's own limit is minutes. */
const timeoutSeconds = 60;

export interface BotOptions extends BotDeps {
  token: string;
  apiRoot: string;
  pace: PaceSettings;
}

export function createBot({ token, apiRoot, ...deps }: BotOptions): Bot<BotContext> {
  const bot = new Bot<BotContext>(token, { client: { apiRoot, timeoutSeconds } });
  // Innermost, so that a call that is tried again takes a slot again.
  bot.api.config.use(answerPace(deps));
  // Answers to people only: tried again after short waits, and no blind repetition of what may have arrived.
  bot.api.config.use(
    autoRetry({ maxRetryAttempts: 3, maxDelaySeconds: 5, rethrowHttpErrors: true, rethrowInternalServerErrors: true }),
  );

  bot.use(
    errors(deps),
    activity(deps),
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
    why(deps),
    broadcast(deps),
    fallback(deps),
  );
  return bot;
}
