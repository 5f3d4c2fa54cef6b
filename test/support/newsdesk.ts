// A whole newsroom for a scenario: the real app on a real database, against the emulated Telegram, on a clock we move.
import { afterAll, beforeAll } from 'vitest';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../sandbox/telegram/emulator.ts';
import type { UserContent } from '../../sandbox/telegram/posting.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import type { CallbackAnswer } from '../../sandbox/telegram/world.ts';
import { createPageReader } from '../../src/articles/page-reader.ts';
import { type App, createApp } from '../../src/app.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import type { Db } from '../../src/db/database.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createFetch, createHostLimiter } from '../../src/lib/http.ts';
import { createLog } from '../../src/lib/log.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { applyNewsroom } from '../../src/newsroom/apply.ts';
import { parseNewsroomFile } from '../../src/newsroom/newsroom-file.ts';
import { collectRound, publishRound, recheckRound, sendRound } from '../../src/pipeline.ts';
import type { ModelSummarizer } from '../../src/stories/summary-model.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { poll } from '../../src/telegram/polling.ts';
import { setProfile } from '../../src/telegram/profile.ts';
import { listTopics } from '../../src/topics/topic-store.ts';
import { languages, type World } from '../../src/world.ts';
import { useDatabase } from './database.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

export const ownerId = 4_001;

export interface NewsdeskOptions {
  emulator?: EmulatorOptions;
  env?: Record<string, string>;
  /** At Telegram's pace in real time, instead of on a clock that the test moves. */
  realTime?: boolean;
  /** For summaries. */
  model?: ModelSummarizer;
}

export interface Newsdesk {
  readonly db: Db;
  readonly telegram: Emulator;
  readonly app: App;
  readonly clock: TestClock;
  readonly world: World;
  readonly log: readonly string[];
  /** Applies a newsroom file; throws when it has faults. */
  apply(yaml: string): Promise<void>;
  /** One round through all stages, and the answers of the bot meanwhile. */
  round(): Promise<void>;
  send(): ReturnType<typeof sendRound>;
  /** What the bot has last said to `user` once it has dealt with their message. */
  says: (user: EmulatedUser, content: string | UserContent) => Promise<string>;
  /** Presses the newest such button, and waits until the bot has dealt with it. */
  press: (user: EmulatedUser, button: string | RegExp) => Promise<CallbackAnswer>;
}

/** The buttons below the bot's last message. */
export function buttons(user: EmulatedUser): string[] {
  return (user.lastFromBot()?.reply_markup?.inline_keyboard ?? []).flat().map((button) => button.text);
}

/** Called at the top of a test file; what it returns is usable from within tests and hooks. */
export function useNewsdesk({ emulator = {}, env = {}, realTime = false, model }: NewsdeskOptions = {}): Newsdesk {
  const database = useDatabase();
  const clock = realTime ? { ...systemClock, advance() {} } : createTestClock();
  const log: string[] = [];
  const stopping = new AbortController();
  let telegram: Emulator;
  let app: App;
  let world: World;
  let polling: Promise<void>;
  const pages = createPageReader();

  beforeAll(async () => {
    // Telegram tells the same time, but its long polls really wait.
    telegram = await startEmulator({ clock: { ...systemClock, now: () => clock.now() }, ...emulator });
    const config = parseConfig(
      {
        BOT_TOKEN: telegram.token,
        OWNER_IDS: String(ownerId),
        TELEGRAM_API_ROOT: telegram.apiRoot,
        ALLOW_PRIVATE_NETWORK: 'true',
        DATABASE_URL: database.connectionString,
        ...env,
      },
      { languages, isCron: () => true },
    ) as Config & { botToken: string };
    world = {
      db: database.db,
      connectionString: database.connectionString,
      embedded: undefined,
      migrated: [],
      fetch: createFetch({ allowPrivateNetwork: config.allowPrivateNetwork, userAgent: 'Nashra test' }),
      hosts: createHostLimiter({ perHost: 2, clock }),
      pages,
      model,
      clock,
      random: systemRandom,
      log: createLog({ level: 'info', now: () => clock.now(), write: (line) => void log.push(line) }),
      locales: await loadLocales(new URL('../../locales/', import.meta.url), config.defaultLanguage),
      async close() {},
    };
    app = createApp(config, world, realTime ? {} : { perSecond: 100_000 });
    await setProfile(app.bot.api, { ...config, locales: world.locales, log: world.log });
    polling = poll(app.bot, { clock, log: world.log, signal: stopping.signal });
  });

  afterAll(async () => {
    stopping.abort();
    await polling;
    await pages.close();
    await telegram.close();
  });

  return {
    get db() {
      return database.db;
    },
    get telegram() {
      return telegram;
    },
    get app() {
      return app;
    },
    get world() {
      return world;
    },
    clock,
    log,
    async apply(yaml) {
      const knownTopics = (await listTopics(database.db)).map((topic) => topic.slug);
      const parsed = parseNewsroomFile(yaml, { knownTopics });
      if ('faults' in parsed)
        throw new Error(parsed.faults.map((fault) => `${fault.line}: ${fault.message}`).join('\n'));
      await applyNewsroom(database.db, parsed.newsroom, { now: clock.now(), prune: false });
    },
    async round() {
      await telegram.idle();
      await collectRound(app.pipeline, { all: true });
      await recheckRound(app.pipeline);
      await publishRound(app.pipeline);
      await sendRound(app.pipeline);
      await telegram.idle();
    },
    send: () => sendRound(app.pipeline),
    async says(user, content) {
      await user.send(content);
      await telegram.idle();
      return user.lastFromBot()?.text ?? '';
    },
    async press(user, button) {
      const answer = await user.press(button);
      await telegram.idle();
      return answer;
    },
  };
}
