import { beforeAll, describe, expect, it } from 'vitest';
import { lanes } from '../../src/deliveries/delivery.ts';
import { useDatabase } from '../support/database.ts';
import { databaseOf, nashraInside } from './nashra.ts';

const at = new Date('2026-11-22T10:00:00Z');
const url = 'https://paper.example/2026/bridge';
const joinedUrl = 'https://other.example/2026/bridge';
const oldUrl = 'https://paper.example/2020/old';

describe('nashra delivery explain', () => {
  const database = useDatabase();
  const run = (...args: string[]) =>
    nashraInside(['delivery', 'explain', ...args], databaseOf(database.connectionString));
  const told = { language: 'ar', publishedAt: at, createdAt: at };
  let storyId: number;
  let sportId: number;

  async function insertStory(headline: string, topicId: number): Promise<number> {
    const { db } = database;
    const inserted = await db
      .insertInto('story')
      .values({ headline, summary: '', ...told, plannedAt: at })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    await db.insertInto('storyTopic').values({ storyId: inserted.storyId, topicId, why: 'feed' }).execute();
    return inserted.storyId;
  }

  async function insertSubject(told: number, lane: number): Promise<number> {
    const { subjectId } = await database.db
      .insertInto('subject')
      .values({ kind: 'story', storyId: told, lane, plannedAt: at })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    return subjectId;
  }

  beforeAll(async () => {
    const { db } = database;
    const [local, sport] = await db
      .insertInto('topic')
      .values(
        ['local', 'sport'].map((slug, position) => ({
          slug,
          name: JSON.stringify({ en: slug === 'local' ? 'Local news' : 'Sport' }),
          keywords: '{}',
          position,
        })),
      )
      .returning('topicId')
      .execute();
    const [localId, otherId] = [local?.topicId as number, sport?.topicId as number];
    const [reader, channel] = await db
      .insertInto('recipient')
      .values([
        { kind: 'subscriber', chatId: 123, language: 'ar', createdAt: new Date(0) },
        { kind: 'channel', chatId: -1001, username: 'mina', title: 'الميناء', language: 'ar', createdAt: new Date(0) },
      ])
      .returning('recipientId')
      .execute();
    const recipientId = reader?.recipientId as number;
    await db
      .insertInto('subscription')
      .values({ recipientId, topicId: localId, createdAt: new Date(0) })
      .execute();
    storyId = await insertStory('انهيار جسر', localId);
    sportId = await insertStory('كأس الساحل', otherId);
    const subjectId = await insertSubject(storyId, lanes.breaking);
    await insertSubject(sportId, lanes.story);
    await db
      .insertInto('delivery')
      .values([
        { subjectId, recipientId, state: 'sent', messageId: 88, topicIds: [localId], attempts: 1, closedAt: at },
        { subjectId, recipientId: channel?.recipientId as number },
      ])
      .execute();
    await db
      .insertInto('chunk')
      .values({
        subjectId,
        lane: lanes.breaking,
        recipientIds: [recipientId, channel?.recipientId as number],
        size: 2,
        sent: 1,
        dueAt: at,
        isListed: true,
      })
      .execute();
    const articles = await db
      .insertInto('article')
      .values([
        { headline: 'انهيار جسر', body: '', url, canonicalUrl: url, state: 'grouped', ...told },
        { headline: 'جسر ينهار', body: '', url: joinedUrl, canonicalUrl: joinedUrl, state: 'grouped', ...told },
        { headline: 'من الماضي', body: '', url: oldUrl, canonicalUrl: oldUrl, state: 'old', ...told },
      ])
      .returning('articleId')
      .execute();
    await db
      .insertInto('storyArticle')
      .values([
        { articleId: articles[0]?.articleId as number, storyId, addedAt: at },
        { articleId: articles[1]?.articleId as number, storyId, relation: 'same', addedAt: at },
      ])
      .execute();
  });

  it('says when a story was sent, as which message, and why', async () => {
    const { code, stdout } = await run('123', String(storyId));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Reader, chat 123\n.*انهيار جسر/);
    expect(stdout).toContain('Sent on 22 November 2026, 13:00, as message 88 of the chat.');
    expect(stdout).toContain('Because the chat follows the topics “Local news”.');
    expect(stdout).toContain('Its turn comes with breaking news; planned on 22 November 2026, 13:00.');
  });

  it('knows a story by the address of each of its articles, and says that one joined it', async () => {
    expect((await run('123', url)).stdout).toContain('Sent on');
    const { stdout } = await run('123', `${joinedUrl}?utm_source=x`);
    expect(stdout).toContain(`it joined story ${storyId}`);
    expect(stdout).toContain('Sent on');
    expect((await run('123', oldUrl)).stdout).toContain('first round of its feed');
  });

  it('says where in line a waiting one is', async () => {
    const { stdout } = await run('@Mina', String(storyId), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      chat: { kind: 'channel', chat: -1001, username: 'mina' },
      story: storyId,
      says: [{ says: 'next' }, { says: 'lane', lane: 'breaking', at: at.toJSON() }],
    });
    expect((await run('-1001', String(storyId))).stdout).toContain('Channel \u2068الميناء (@mina)\u2069');
  });

  it('names the topics of both when nothing was owed', async () => {
    const { stdout } = await run('123', String(sportId));
    expect(stdout).toContain(
      "The story's topics are “Sport”, and the chat follows none of them; it follows “Local news”.",
    );
  });

  it('lists what was last owed to a chat', async () => {
    const { stdout } = await run('123');
    expect(stdout).toMatch(/^Reader, chat 123\nWhat was last owed to it, the newest first:\n\nStory: .*انهيار جسر/);
    expect(stdout).toContain('  Sent on');
    expect(JSON.parse((await run('123', '--json')).stdout)).toMatchObject({
      owed: [
        {
          kind: 'story',
          story: storyId,
          says: [{ says: 'sent', message: '88' }, { says: 'by-topics', topics: ['local'] }, {}],
        },
      ],
    });
  });

  it('says which chat or story it does not know', async () => {
    expect(await run('999')).toMatchObject({ code: 1, stderr: expect.stringContaining('No chat 999 is known') });
    expect(await run('@nobody')).toMatchObject({ code: 1 });
    expect(await run('123', '999')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No story 999 is known'),
    });
    expect(await run('123', 'not-an-address')).toMatchObject({ code: 1 });
  });
});
