import { beforeAll, describe, expect, it } from 'vitest';
import { countDeliveredCopies, findStoryOfMessage } from '../../src/deliveries/copy-search-store.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-22T12:00:00Z');

describe('a message that tells a story', () => {
  const database = useDatabase();
  const stories: number[] = [];

  beforeAll(async () => {
    const { db } = database;
    const recipients = await db
      .insertInto('recipient')
      .values([1001, 1002].map((chatId) => ({ kind: 'subscriber' as const, chatId, createdAt: now })))
      .returning('recipientId')
      .execute();
    for (const headline of ['أول', 'ثانٍ', 'ثالث']) {
      const told = { headline, summary: '', language: 'ar', publishedAt: now, createdAt: now };
      const { storyId } = await db.insertInto('story').values(told).returning('storyId').executeTakeFirstOrThrow();
      stories.push(storyId);
      const { subjectId } = await db
        .insertInto('subject')
        .values({ kind: 'story', storyId, lane: lanes.story, plannedAt: now })
        .returning('subjectId')
        .executeTakeFirstOrThrow();
      // The two chats count their messages by themselves.
      const rows = recipients.map(({ recipientId }, index) => ({
        subjectId,
        recipientId,
        state: 'sent' as const,
        messageId: stories.length * 10 + index,
        closedAt: now,
      }));
      await db.insertInto('delivery').values(rows).execute();
      const counts = { recipientIds: [], size: 2, sent: 2, isListed: true, dueAt: now, closedAt: now };
      await db
        .insertInto('chunk')
        .values({ subjectId, lane: lanes.story, ...counts })
        .execute();
    }
  });

  it('is found by its chat and its number', async () => {
    const { db } = database;
    expect(await findStoryOfMessage(db, { chatId: 1001, messageId: 20 })).toBe(stories[1]);
    expect(await findStoryOfMessage(db, { chatId: 1002, messageId: 31 })).toBe(stories[2]);
    expect(await findStoryOfMessage(db, { chatId: 1002, messageId: 20 })).toBeUndefined();
    expect(await findStoryOfMessage(db, { chatId: 1003, messageId: 20 })).toBeUndefined();
  });

  it('is counted with the other copies', async () => {
    expect(await countDeliveredCopies(database.db, stories[0] as number)).toBe(2);
    expect(await countDeliveredCopies(database.db, 999_999)).toBe(0);
  });
});
