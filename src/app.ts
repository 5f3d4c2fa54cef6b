// Builds everything once, by hand: the bot, the pipeline, the jobs that run it and the bell that rings for them.
import type { Bot } from 'grammy';
import type { Config } from './config.ts';
import { messagesPerSecond } from './deliveries/pace.ts';
import { startHealth } from './health.ts';
import { startJobs } from './jobs.ts';
import {
  collectRound,
  type PipelineDeps,
  publishRound,
  recheckRound,
  resumeAfterCrash,
  sendRound,
} from './pipeline.ts';
import { startSchedule } from './schedule.ts';
import type { Stage } from './status/status-store.ts';
import { createStoryMemory } from './stories/story-memory.ts';
import { createBot } from './telegram/bot.ts';
import type { BotContext } from './telegram/context.ts';
import { purgeConversations } from './telegram/conversation-store.ts';
import { createDesk } from './telegram/desk.ts';
import { poll } from './telegram/polling.ts';
import { setProfile } from './telegram/profile.ts';
import { createSender } from './telegram/sender.ts';
import { createCurrentPredictor } from './topics/topic-model-store.ts';
import type { World } from './world.ts';

/** An unfinished conversation of an editor is kept for a day; it waits for half an hour. */
const forgottenAfterMs = 24 * 60 * 60 * 1000;

export interface App {
  bot: Bot<BotContext>;
  pipeline: PipelineDeps;
  /** Runs until the signal; throws WrongTokenError when Telegram does not know the token. */
  run(signal: AbortSignal): Promise<void>;
}

interface AppOptions {
  /** Messages a second to all chats together; Telegram's allowance unless a test says otherwise. */
  perSecond?: number;
}

export function createApp(
  config: Config & { botToken: string },
  world: World,
  { perSecond = messagesPerSecond }: AppOptions = {},
): App {
  const { botToken: token, telegramApiRoot: apiRoot, timeZone, ownerIds, defaultLanguage } = config;
  const { db, clock, log, locales } = world;
  let request = async (_stage: Stage): Promise<void> => {};

  const botDeps = {
    db,
    clock,
    log,
    locales,
    ownerIds,
    defaultLanguage,
    timeZone,
    requestSend: () => request('send'),
    requestPublish: () => request('publish'),
  };
  const bot = createBot({ token, apiRoot, ...botDeps });
  const pipeline: PipelineDeps = {
    ...world,
    feedIntervalSeconds: config.feedIntervalSeconds,
    defaultLanguage,
    timeZone,
    sender: createSender({ token, apiRoot, locales, timeZone }),
    desk: createDesk(bot.api, botDeps),
    perSecond,
    memory: createStoryMemory(),
    currentPredictor: createCurrentPredictor(),
  };

  return {
    bot,
    pipeline,
    async run(signal) {
      // Whoever holds the embedded database's claim is alone; what was taken before belongs to nobody any more.
      if (world.embedded) await resumeAfterCrash(pipeline);
      await using closing = new AsyncDisposableStack();
      if (config.http) {
        const health = await startHealth({ db, ...config.http });
        closing.defer(() => health.stop());
      }
      await purgeConversations(db, new Date(clock.now().getTime() - forgottenAfterMs));
      const jobs = await startJobs({
        connectionString: world.connectionString,
        log,
        stages: {
          collect: async (stop) => {
            await collectRound(pipeline, { signal: stop, onNew: () => jobs.enqueue('publish') });
          },
          recheck: async (stop) => {
            await recheckRound(pipeline, { signal: stop, onNew: () => jobs.enqueue('publish') });
          },
          publish: async (stop) => {
            await publishRound(pipeline, { signal: stop, onPlanned: () => jobs.enqueue('send') });
          },
          send: async (stop) => {
            await sendRound(pipeline, { signal: stop });
          },
        },
      });
      request = (stage) =>
        // Whoever asked is served by the next tick all the same.
        jobs.enqueue(stage).catch((error: unknown) => log.warn('could not ask for a run', { stage, error }));
      closing.defer(() => jobs.stop());
      const schedule = startSchedule({ jobs, collectCron: config.collectCron, timeZone, log });
      closing.defer(() => schedule.stop());
      void setProfile(bot.api, botDeps);
      await poll(bot, { clock, log, signal });
    },
  };
}
