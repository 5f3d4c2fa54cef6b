// Builds everything once, by hand, and runs what this process is there for: the bot, the collecting, the delivery.
import type { Bot } from 'grammy';
import type { Config, Role } from './config.ts';
import { holdLock } from './db/hold-lock.ts';
import { createKeyLocks } from './db/key-locks.ts';
import { listen, notify } from './db/listen.ts';
import { chunksChannel } from './deliveries/chunk-store.ts';
import { messagesPerSecond, type PaceSettings } from './deliveries/pace.ts';
import { startHealth } from './health.ts';
import { startJobs } from './jobs.ts';
import { endInTime } from './lib/end-in-time.ts';
import { createWake } from './lib/wake.ts';
import { createWorker } from './lib/worker.ts';
import {
  catchUp,
  collectRound,
  type PipelineDeps,
  publishRound,
  recheckRound,
  resumeAfterCrash,
  sendRound,
} from './pipeline.ts';
import { startSchedule } from './schedule.ts';
import { createStoryMemory } from './stories/story-memory.ts';
import { createBot } from './telegram/bot.ts';
import type { BotContext } from './telegram/context.ts';
import { purgeConversations } from './telegram/conversation-store.ts';
import { createDesk } from './telegram/desk.ts';
import { createFetchPicture } from './telegram/fetch-picture.ts';
import { poll } from './telegram/polling.ts';
import { setProfile } from './telegram/profile.ts';
import { createSender } from './telegram/sender.ts';
import { createWebhook, deriveSecret, type Webhook } from './telegram/webhook.ts';
import { createCurrentPredictor } from './topics/topic-model-store.ts';
import type { World } from './world.ts';

/** An unfinished conversation of an editor is kept for a day; it waits for half an hour. */
const forgottenAfterMs = 24 * 60 * 60 * 1000;

/** Processes that collect listen to this: something is to be told, though they did not collect it. */
const articlesChannel = 'nashra_articles';

/** Publishing and sending are woken by whoever has work for them, and look by themselves this often. */
const publishEveryMs = 60_000;
const sendEveryMs = 1_000;
/** A slow page must not keep other articles waiting. */
const publishRunsAtOnce = 3;

/** From the signal until the end: what takes longer is abandoned, which is as safe as a kill. */
const endWithinMs = 7_000;

export interface App {
  bot: Bot<BotContext>;
  pipeline: PipelineDeps;
  /** Runs until the signal; throws WrongTokenError when Telegram does not know the token. */
  run(signal: AbortSignal): Promise<void>;
}

interface AppOptions {
  /** Messages a second to all chats together; Telegram's allowance unless a test says otherwise. */
  perSecond?: number;
  /** All of the pace, instead of what the configuration says. */
  pace?: PaceSettings;
}

export function createApp(
  config: Config & { botToken: string },
  world: World,
  { perSecond = messagesPerSecond, pace: givenPace }: AppOptions = {},
): App {
  const { botToken: token, telegramApiRoot: apiRoot, timeZone, ownerIds, defaultLanguage } = config;
  const { db, connectionString, clock, log, locales } = world;
  const pace: PaceSettings = givenPace ?? { perSecond, timeZone, ...(config.paid ? { paid: config.paid } : {}) };

  const say = (channel: string) =>
    // Whoever asked is served by the next tick all the same.
    notify(db, channel).catch((error: unknown) => log.warn('could not ask for a run', { channel, error }));
  const botDeps = {
    db,
    clock,
    log,
    locales,
    ownerIds,
    defaultLanguage,
    timeZone,
    requestPublish: () => say(articlesChannel),
  };
  const bot = createBot({ token, apiRoot, pace, ...botDeps });
  const pipeline: PipelineDeps = {
    ...world,
    feedIntervalSeconds: config.feedIntervalSeconds,
    freshHours: config.freshHours,
    defaultLanguage,
    timeZone,
    sender: createSender({ token, apiRoot, locales, timeZone, fetchPicture: createFetchPicture(world.fetch) }),
    desk: createDesk(bot.api, botDeps),
    pace,
    memory: createStoryMemory(),
    currentPredictor: createCurrentPredictor(),
  };

  return { bot, pipeline, run };

  async function run(signal: AbortSignal): Promise<void> {
    const parts = new Parts(signal);
    const has = (role: Role) => config.roles.includes(role);
    try {
      // Whoever holds the embedded database's claim is alone; what was taken before belongs to nobody any more.
      if (world.embedded) await resumeAfterCrash(pipeline);
      const updates = has('bot') ? createUpdates(parts) : undefined;
      if (config.http) {
        const describe = () => ({ roles: config.roles, ...(updates ? { bot: updates.describe() } : {}) });
        const health = await startHealth({ db, clock, ...config.http, describe, webhook: updates?.webhook });
        parts.add('http', async () => {
          await health.stop();
          await updates?.close();
        });
      }
      const wakeSend = has('deliver') ? startSending(parts) : undefined;
      const wakePublish = has('collect') ? await startCollecting(parts, wakeSend) : undefined;
      const channels = {
        ...(wakeSend ? { [chunksChannel]: wakeSend } : {}),
        ...(wakePublish ? { [articlesChannel]: wakePublish } : {}),
      };
      if (Object.keys(channels).length > 0) {
        const listener = listen({ connectionString, channels, clock, log });
        parts.add('listener', () => listener.stop());
      }
      log.info('at work', { roles: config.roles });
      if (!updates) return await parts.signalled;
      await purgeConversations(db, new Date(clock.now().getTime() - forgottenAfterMs));
      const running = updates.run();
      parts.add('bot', () => running.catch(() => {}));
      await Promise.race([running, parts.signalled]);
      await parts.signalled;
    } finally {
      await endInTime(parts.end(), { clock, log, withinMs: endWithinMs });
    }
  }

  /** Sends what is due, whoever planned it; returns what wakes it. */
  function startSending(parts: Parts): () => void {
    const wake = createWake();
    let isCaughtUp = false;
    const worker = createWorker({
      name: 'send',
      clock,
      log,
      everyMs: sendEveryMs,
      async run(stop) {
        if (!isCaughtUp) await catchUp(pipeline);
        isCaughtUp = true;
        await sendRound(pipeline, { signal: stop, wake, isResident: true });
      },
    });
    parts.add('send', () => worker.stop());
    return () => {
      wake.poke();
      worker.wake();
    };
  }

  /** Collects when it is time, and publishes what that brought; returns what wakes the publishing. */
  async function startCollecting(parts: Parts, wakeSend: (() => void) | undefined): Promise<() => void> {
    const publishing = createWorker({
      name: 'publish',
      clock,
      log,
      everyMs: publishEveryMs,
      atOnce: publishRunsAtOnce,
      async run(stop) {
        // Other processes hear of it through the database.
        await publishRound(pipeline, { signal: stop, onPlanned: async () => wakeSend?.() });
      },
    });
    parts.add('publish', () => publishing.stop());
    const wake = () => publishing.wake();
    // While much is on its way, fewer feeds are asked (articles/collect.ts).
    const onNew = () => publishing.ran();
    const onChange = async () => wake();
    const jobs = await startJobs({
      connectionString,
      log,
      stages: {
        collect: async (stop) => void (await collectRound(pipeline, { signal: stop, onNew })),
        recheck: async (stop) => void (await recheckRound(pipeline, { signal: stop, onNew: onChange })),
      },
    });
    parts.add('jobs', () => jobs.stop());
    const schedule = startSchedule({ jobs, onTick: wake, collectCron: config.collectCron, timeZone, clock, log });
    parts.add('schedule', async () => schedule.stop());
    return wake;
  }

  /** How updates come: Telegram brings them to every such process, or one of them at a time fetches them. */
  function createUpdates({ signal }: Parts): {
    run(): Promise<void>;
    describe(): object;
    close(): Promise<void>;
    webhook?: Webhook;
  } {
    const { webhookUrl: url, webhookSecret: secret = deriveSecret(token) } = config;
    if (url !== undefined) {
      const locks = createKeyLocks({ connectionString, name: 'chat', clock });
      const webhook = createWebhook(bot, { url, secret, locks, clock, log, signal });
      return {
        webhook,
        describe: () => ({ updates: 'webhook', isActive: true }),
        close: () => locks.close(),
        async run() {
          void setProfile(bot.api, botDeps);
          await webhook.announce();
        },
      };
    }
    let isActive = false;
    return {
      describe: () => ({ updates: 'polling', isActive }),
      async close() {},
      run: () =>
        holdLock({ connectionString, name: 'poller', clock, log, signal }, async (lost) => {
          isActive = true;
          lost.addEventListener('abort', () => (isActive = false));
          void setProfile(bot.api, botDeps);
          await poll(bot, { clock, log, signal, lost }).finally(() => (isActive = false));
        }),
    };
  }
}

/** What runs, and how each of it is ended. */
class Parts {
  /** Aborts at the program's signal, and when it ends for another reason. */
  readonly signal: AbortSignal;
  readonly signalled: Promise<void>;
  readonly #ending = new AbortController();
  readonly #ends: [name: string, end: () => Promise<unknown>][] = [];

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.#ending.signal]);
    this.signalled = new Promise((resolve) => {
      if (this.signal.aborted) resolve();
      else this.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  add(name: string, end: () => Promise<unknown>): void {
    this.#ends.push([name, end]);
  }

  end(): readonly [name: string, end: () => Promise<unknown>][] {
    this.#ending.abort();
    return this.#ends;
  }
}
