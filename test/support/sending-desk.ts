// A desk without feeds and bot: readers, channels and stories are written into a real database, and sent to the emulated
// Telegram by the real sender.
import { beforeAll, afterAll } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import type { PaceSettings } from '../../src/deliveries/pace.ts';
import { type SendDeps, sendDeliveries, type SendOptions } from '../../src/deliveries/send.ts';
import type { Desk } from '../../src/deliveries/sender.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';
import { createSender, type TelegramSender } from '../../src/telegram/sender.ts';
import { useDatabase } from './database.ts';
import { createTestClock } from './test-clock.ts';

interface SendingDeskOptions {
  emulator?: EmulatorOptions;
  clock?: Clock;
  pace?: PaceSettings;
}

const nobody: Desk = {
  async broadcastProgress() {},
  broadcastReport: async () => true,
  async channelLost() {},
  async storyRefused() {},
  async correctionRefused() {},
};

/** Called at the top of a test file; what it returns is usable from within tests and hooks. */
export function useSendingDesk({ emulator = {}, clock = createTestClock(), pace }: SendingDeskOptions = {}) {
  const database = useDatabase();
  let telegram: Emulator;
  let sender: TelegramSender;
  let topicId: number;

  beforeAll(async () => {
    telegram = await startEmulator(emulator);
    const locales = await loadLocales(new URL('../../locales/', import.meta.url), 'ar');
    sender = createSender({ token: telegram.token, apiRoot: telegram.apiRoot, locales, timeZone: 'Asia/Damascus' });
    ({ topicId } = await database.db
      .insertInto('topic')
      .values({ slug: 'local', name: JSON.stringify({ ar: 'محليات' }), keywords: '{}', position: 0 })
      .returning('topicId')
      .executeTakeFirstOrThrow());
  });
  afterAll(async () => {
    await sender.close();
    await telegram.close();
  });

  const deps = (): SendDeps => ({
    db: database.db,
    sender,
    desk: nobody,
    clock,
    random: systemRandom,
    log: silentLog,
    pace: pace ?? { perSecond: 100_000 },
    defaultLanguage: 'ar',
  });

  return {
    get db() {
      return database.db;
    },
    get telegram() {
      return telegram;
    },
    get topicId() {
      return topicId;
    },
    connectionString: database.connectionString,
    clock,
    deps,
    /** Readers who follow the topic, and the users they are. */
    async addReaders(count: number, { topic = topicId } = {}): Promise<{ recipientId: number; user: EmulatedUser }[]> {
      const users = Array.from({ length: count }, () =>
        telegram.createUser({ firstName: 'ليلى', languageCode: 'ar', hasStarted: true }),
      );
      const rows = await database.db
        .insertInto('recipient')
        .values(
          users.map((user) => ({
            kind: 'subscriber' as const,
            chatId: user.id,
            language: 'ar',
            createdAt: clock.now(),
          })),
        )
        .returning('recipientId')
        .execute();
      await database.db
        .insertInto('subscription')
        .values(rows.map(({ recipientId }) => ({ recipientId, topicId: topic, createdAt: clock.now() })))
        .execute();
      return rows.map(({ recipientId }, place) => ({ recipientId, user: users[place] as EmulatedUser }));
    },
    async addTopic(slug: string): Promise<number> {
      const added = await database.db
        .insertInto('topic')
        .values({ slug, name: JSON.stringify({ ar: slug }), keywords: '{}', position: 1 })
        .returning('topicId')
        .executeTakeFirstOrThrow();
      return added.topicId;
    },
    async addStory(headline: string, { breaking = false, topic = topicId } = {}): Promise<number> {
      const { storyId } = await database.db
        .insertInto('story')
        .values({
          headline,
          summary: 'نص الخبر.',
          language: 'ar',
          breaking,
          publishedAt: clock.now(),
          createdAt: clock.now(),
        })
        .returning('storyId')
        .executeTakeFirstOrThrow();
      await database.db.insertInto('storyTopic').values({ storyId, topicId: topic, why: 'feed' }).execute();
      return storyId;
    },
    /** The rows of a story, by recipient. */
    ledger: (storyId: number) =>
      database.db
        .selectFrom('delivery')
        .innerJoin('subject', 'subject.subjectId', 'delivery.subjectId')
        .selectAll('delivery')
        .where('subject.storyId', '=', storyId)
        .orderBy('recipientId')
        .execute(),
    plan: () => planDeliveries({ db: database.db, clock, freshHours: 12 }),
    send: (options?: SendOptions) => sendDeliveries(deps(), options),
  };
}
