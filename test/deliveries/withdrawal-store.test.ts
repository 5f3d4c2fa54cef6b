import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { lanes } from '../../src/deliveries/delivery.ts';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { findWithdrawable, withdraw, type Withdrawable } from '../../src/deliveries/withdrawal-store.ts';
import { silentLog } from '../../src/lib/log.ts';
import { groupStories } from '../../src/stories/group.ts';
import { lockGrouping, markArticlesGrouped } from '../../src/stories/grouping-store.ts';
import { createStoryMemory } from '../../src/stories/story-memory.ts';
import { createCurrentPredictor } from '../../src/topics/topic-model-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const bridge = {
  headline: 'انهيار جزء من جسر قيد الإنشاء في ضاحية المدينة الجنوبية',
  body: 'انهار صباح اليوم جزء من جسر قيد الإنشاء في ضاحية المدينة الجنوبية، وأصيب سبعة عمال نقلوا إلى المستشفى الوطني، بحسب الدفاع المدني.',
};
const bridgeElsewhere = {
  headline: 'إصابة سبعة عمال بانهيار جسر قيد الإنشاء جنوبي المدينة',
  body: 'أصيب سبعة عمال بانهيار جزء من جسر قيد الإنشاء في الضاحية الجنوبية للمدينة صباح اليوم، ونقلوا إلى المستشفى الوطني، وفق الدفاع المدني.',
};

describe('an editor who withdraws what is told', () => {
  const database = useDatabase();
  let clock: ReturnType<typeof createTestClock>;
  let articles = 0;

  beforeEach(async () => {
    for (const table of ['correction', 'story', 'article', 'feed', 'recipient'] as const) {
      await database.db.deleteFrom(table).execute();
    }
    clock = createTestClock();
  });

  const group = () =>
    groupStories({
      db: database.db,
      clock,
      log: silentLog,
      memory: createStoryMemory(),
      model: undefined,
      currentPredictor: createCurrentPredictor(),
    });

  async function give(text: typeof bridge, publishedAt = clock.now()): Promise<number> {
    articles += 1;
    const url = `https://paper${articles}.example/${articles}`;
    const { feedId } = await database.db
      .insertInto('feed')
      .values({ url: `${url}/feed`, title: `صحيفة ${articles}`, nextCheckAt: clock.now() })
      .returning('feedId')
      .executeTakeFirstOrThrow();
    const { articleId } = await database.db
      .insertInto('article')
      .values({ ...text, url, canonicalUrl: url, state: 'read', language: 'ar', publishedAt, createdAt: clock.now() })
      .returning('articleId')
      .executeTakeFirstOrThrow();
    await database.db.insertInto('articleSource').values({ feedId, guid: url, articleId, categories: [] }).execute();
    return articleId;
  }

  const found = async (articleId: number) => (await findWithdrawable(database.db, articleId)) as Withdrawable;
  const take = (withdrawable: Withdrawable) =>
    withdraw(database.db, withdrawable, { because: 'by the editor 4001', now: clock.now() });
  const stories = () =>
    database.db.selectFrom('story').select(['headline', 'withdrawnAt', 'revision']).orderBy('storyId').execute();

  it('takes it back from its readers at once, without waiting for the next grouping', async () => {
    const articleId = await give(bridge);
    await group();
    const { storyId } = await found(articleId);
    const { recipientId } = await database.db
      .insertInto('recipient')
      .values({ kind: 'subscriber', chatId: 1000, createdAt: clock.now() })
      .returning('recipientId')
      .executeTakeFirstOrThrow();
    const { subjectId } = await database.db
      .insertInto('subject')
      .values({ kind: 'story', storyId, lane: lanes.story, plannedAt: clock.now() })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    const sent = { state: 'sent', messageId: 7, storyRevision: 1, closedAt: clock.now() } as const;
    await database.db
      .insertInto('delivery')
      .values({ subjectId, recipientId, ...sent })
      .execute();
    const counts = { recipientIds: [], size: 1, sent: 1, dueAt: clock.now(), isListed: true, closedAt: clock.now() };
    await database.db
      .insertInto('chunk')
      .values({ subjectId, lane: lanes.story, ...counts })
      .execute();
    await database.db.updateTable('story').set({ plannedAt: clock.now() }).execute();
    expect(await found(articleId)).toMatchObject({ copies: 1, isWithdrawn: false });

    await take(await found(articleId));
    expect(await stories()).toMatchObject([{ withdrawnAt: clock.now(), revision: 2 }]);
    expect(await planDeliveries({ db: database.db, clock, freshHours: 12 })).toBe(1);
    await take(await found(articleId));
    expect(await stories()).toMatchObject([{ revision: 2 }]);
    expect(await found(articleId)).toMatchObject({ isWithdrawn: true });
  });

  it('does not see it told on by another source that waited for its story meanwhile', async () => {
    const articleId = await give(bridge);
    await group();
    await give(bridgeElsewhere, new Date(clock.now().getTime() - 3_600_000));
    await take(await found(articleId));
    await group();
    expect(await stories()).toEqual([{ headline: bridge.headline, withdrawnAt: clock.now(), revision: 2 }]);
    expect(await database.db.selectFrom('correction').select('kind').execute()).toEqual([{ kind: 'withdrawal' }]);
  });

  it('takes back also the story that the article gets in this very moment', async () => {
    const articleId = await give(bridge);
    const before = await found(articleId);
    expect(before.storyId).toBe(null);
    const { db } = database;
    const grouped = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const grouping = db.transaction().execute(async (trx) => {
      await lockGrouping(trx);
      held.resolve();
      await grouped.promise;
      const now = clock.now();
      const { headline } = bridge;
      const { storyId } = await trx
        .insertInto('story')
        .values({ headline, summary: '', language: 'ar', publishedAt: now, createdAt: now })
        .returning('storyId')
        .executeTakeFirstOrThrow();
      await trx.insertInto('storyArticle').values({ articleId, storyId, addedAt: now }).execute();
      await markArticlesGrouped(trx, [articleId]);
    });
    await held.promise;
    const taken = take(before);
    await expect
      .poll(
        async () => {
          const { rows } = await sql`select from pg_locks where locktype = 'advisory' and not granted`.execute(db);
          return rows.length;
        },
        { timeout: 10_000 },
      )
      .toBe(1);
    grouped.resolve();
    await Promise.all([grouping, taken]);
    expect(await stories()).toMatchObject([{ withdrawnAt: clock.now() }]);
  });

  it('keeps an article from being told that is in no story yet', async () => {
    const articleId = await give(bridge);
    await take(await found(articleId));
    await group();
    expect(await stories()).toEqual([]);
  });
});
