import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { longestGatherMs } from '../../src/deliveries/backlog.ts';
import { countSubject } from '../../src/deliveries/chunk-store.ts';
import { collapseBacklog } from '../../src/deliveries/collapse-backlog.ts';
import { listDigestCopies, listDigestStories } from '../../src/deliveries/digest-store.ts';
import { stopSubject } from '../../src/deliveries/subject-store.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-22T20:00:00Z');
const minuteMs = 60_000;
const ago = (minutes: number) => new Date(now.getTime() - minutes * minuteMs);
const hours = 60;

describe('a backlog', () => {
  const database = useDatabase();

  beforeEach(async () => {
    await sql`truncate subject, chunk, delivery, recipient, story restart identity cascade`.execute(database.db);
  });

  async function addRecipients(count: number, kind: 'subscriber' | 'channel' = 'subscriber'): Promise<number[]> {
    const { rows } = await sql<{ recipientId: number }>`
      insert into recipient (kind, chat_id, state, last_active_at, created_at)
      select ${kind}, (select count(*) from recipient) + n, 'active', ${now}::timestamptz - n * interval '1 day', ${now}
      from generate_series(1, ${count}::int) n
      returning recipient_id
    `.execute(database.db);
    return rows.map(({ recipientId }) => recipientId);
  }

  interface Owed {
    recipientIds: readonly number[];
    /** Minutes ago; undefined: the story was planned to be sent at once. */
    heldFor?: number;
    plannedFor?: number;
    publishedFor?: number;
    chunk?: { isListed?: boolean; claim?: string; claimedUntil?: Date };
  }

  async function owe({ recipientIds, heldFor, plannedFor = heldFor ?? 0, publishedFor = plannedFor, chunk }: Owed) {
    const { db } = database;
    const { storyId } = await db
      .insertInto('story')
      .values({ headline: 'خبر', summary: '', language: 'ar', publishedAt: ago(publishedFor), createdAt: ago(0) })
      .returning('storyId')
      .executeTakeFirstOrThrow();
    const heldSince = heldFor === undefined ? null : ago(heldFor);
    const { subjectId } = await db
      .insertInto('subject')
      .values({ kind: 'story', storyId, lane: 3, plannedAt: ago(plannedFor), heldSince })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    const isListed = chunk?.isListed ?? true;
    await db
      .insertInto('chunk')
      .values({
        subjectId,
        lane: 3,
        recipientIds: [...recipientIds],
        size: recipientIds.length,
        dueAt: heldSince ? null : ago(plannedFor),
        isListed,
        claim: chunk?.claim ?? null,
        claimedUntil: chunk?.claimedUntil ?? null,
      })
      .execute();
    if (isListed) {
      const rows = recipientIds.map((recipientId) => ({ subjectId, recipientId }));
      await db.insertInto('delivery').values(rows).execute();
    }
    return { storyId, subjectId };
  }

  const collapse = (at = now) => collapseBacklog(database.db, { now: at, freshHours: 12 });
  const rowsOf = (subjectId: number) =>
    database.db.selectFrom('delivery').selectAll().where('subjectId', '=', subjectId).orderBy('recipientId').execute();
  const openChunks = () =>
    database.db.selectFrom('chunk').selectAll().where('closedAt', 'is', null).orderBy('chunkId').execute();
  const digests = () => database.db.selectFrom('subject').selectAll().where('kind', '=', 'digest').execute();
  const setRow = (subjectId: number, recipientId: number, values: object) =>
    database.db
      .updateTable('delivery')
      .set(values)
      .where('subjectId', '=', subjectId)
      .where('recipientId', '=', recipientId)
      .execute();

  it('becomes one digest for who misses several stories, and the story itself for who misses one', async () => {
    const [one, two, three] = (await addRecipients(3)) as [number, number, number];
    const first = await owe({ recipientIds: [one, two], heldFor: 3, publishedFor: 4 * hours });
    const second = await owe({ recipientIds: [two, three], heldFor: 2, publishedFor: 3 * hours });

    expect(await collapse()).toBe(1);

    const [digest] = await digests();
    expect(digest).toMatchObject({ lane: 4, plannedAt: now, heldSince: null });
    expect(await rowsOf(first.subjectId)).toMatchObject([
      { recipientId: one, state: 'planned', closedAt: null },
      { recipientId: two, state: 'canceled', outcome: 'collapsed', digestId: digest?.subjectId, closedAt: now },
    ]);
    expect(await countSubject(database.db, first.subjectId)).toMatchObject({ total: 2, open: 1, canceled: 1 });
    expect(await openChunks()).toMatchObject([
      { subjectId: first.subjectId, lane: 4, dueAt: now },
      { subjectId: second.subjectId, lane: 4, dueAt: now },
      { subjectId: digest?.subjectId, lane: 4, dueAt: now, recipientIds: [two], size: 1 },
    ]);
    const stories = await listDigestStories(database.db, {
      digestId: digest?.subjectId as number,
      recipientIds: [one, two, three],
    });
    expect([...stories]).toEqual([[two, [second.storyId, first.storyId]]]);
    expect(await collapse(new Date(now.getTime() + minuteMs))).toBe(0);
  });

  it('tells an old story in a digest also where it is the only one', async () => {
    const [one] = (await addRecipients(1)) as [number];
    const { subjectId } = await owe({ recipientIds: [one], heldFor: 2, publishedFor: 20 * hours });
    expect(await collapse()).toBe(1);
    expect(await rowsOf(subjectId)).toMatchObject([{ state: 'canceled', outcome: 'collapsed' }]);
    const [chunk] = await openChunks();
    expect(chunk).toMatchObject({ recipientIds: [one] });
    expect(await countSubject(database.db, subjectId)).toMatchObject({ total: 1, open: 0, canceled: 1 });
  });

  it('is written into the ledger first, with what brought each story', async () => {
    const recipientIds = await addRecipients(2);
    const { subjectId } = await owe({ recipientIds, heldFor: 2, chunk: { isListed: false } });
    await owe({ recipientIds, heldFor: 2, chunk: { isListed: false } });
    expect(await collapse()).toBe(2);
    expect((await rowsOf(subjectId)).map(({ outcome }) => outcome)).toEqual(['collapsed', 'collapsed']);
  });

  it('orders a digest by activity, and channels come first', async () => {
    const readers = await addRecipients(3);
    const [channel] = (await addRecipients(1, 'channel')) as [number];
    const recipientIds = [...readers, channel].toReversed();
    await owe({ recipientIds, heldFor: 2 });
    await owe({ recipientIds, heldFor: 2 });
    expect(await collapse()).toBe(4);
    expect((await openChunks()).map((chunk) => chunk.recipientIds)).toEqual([[channel, ...readers]]);
  });

  it('leaves alone what may have been sent, and what a live process has', async () => {
    const recipientIds = await addRecipients(3);
    const [one, two, three] = recipientIds as [number, number, number];
    const first = await owe({ recipientIds, heldFor: 2 });
    const second = await owe({ recipientIds, heldFor: 2 });
    const claimed = await owe({
      recipientIds,
      plannedFor: 90,
      chunk: { claim: 'somebody', claimedUntil: new Date(Date.now() + hours * minuteMs) },
    });
    const abandoned = await owe({
      recipientIds: [one],
      plannedFor: 90,
      chunk: { claim: 'nobody', claimedUntil: ago(9) },
    });
    await setRow(first.subjectId, one, { state: 'sending', attempts: 1 });
    await setRow(first.subjectId, two, { state: 'doubtful', attempts: 1, doubts: 1 });
    await setRow(second.subjectId, two, { attempts: 2, doubts: 1 });

    expect(await collapse()).toBe(2);

    const states = async (subjectId: number) => (await rowsOf(subjectId)).map(({ state }) => state);
    expect(await states(first.subjectId)).toEqual(['sending', 'doubtful', 'canceled']);
    expect(await states(second.subjectId)).toEqual(['canceled', 'planned', 'canceled']);
    expect(await states(claimed.subjectId)).toEqual(['planned', 'planned', 'planned']);
    expect(await states(abandoned.subjectId)).toEqual(['canceled']);
    const [digest] = await digests();
    const told = await listDigestStories(database.db, { digestId: digest?.subjectId as number, recipientIds });
    expect([...told.keys()].toSorted((a, b) => a - b)).toEqual([one, three]);
    expect(await countSubject(database.db, first.subjectId)).toMatchObject({ total: 3, open: 2, canceled: 1 });
  });

  it('leaves who has left, and what was withdrawn, to their turn', async () => {
    const [one, two] = (await addRecipients(2)) as [number, number];
    const recipientIds = [one, two];
    const first = await owe({ recipientIds, heldFor: 3 });
    const second = await owe({ recipientIds, heldFor: 3 });
    const third = await owe({ recipientIds: [two], heldFor: 3 });
    // One has stopped and come back since; what was planned before is not owed.
    await database.db
      .updateTable('recipient')
      .set({ leftAt: ago(1) })
      .where('recipientId', '=', one)
      .execute();
    const stop = { outcome: 'withdrawn', reason: 'the story was withdrawn', now } as const;
    await stopSubject(database.db, { subjectId: second.subjectId }, stop);
    expect(await collapse()).toBe(1);
    const states = async (subjectId: number) => (await rowsOf(subjectId)).map(({ state }) => state);
    expect(await states(first.subjectId)).toEqual(['planned', 'canceled']);
    expect(await states(second.subjectId)).toEqual(['planned', 'planned']);
    expect(await states(third.subjectId)).toEqual(['canceled']);
    expect((await openChunks()).every(({ dueAt }) => dueAt !== null)).toBe(true);
  });

  it('takes up a digest that waits already: whoever waits gets one in the end', async () => {
    const [one, two] = (await addRecipients(2)) as [number, number];
    const recipientIds = [one, two];
    const before = [await owe({ recipientIds, plannedFor: 90 }), await owe({ recipientIds, plannedFor: 80 })];
    expect(await collapse()).toBe(2);
    const later = [
      await owe({ recipientIds: [one], plannedFor: 70 }),
      await owe({ recipientIds: [two], plannedFor: 0 }),
    ];
    const more = await owe({ recipientIds: [one], plannedFor: 70 });
    expect(await collapse()).toBe(1);

    const [first, second] = await digests();
    expect(await rowsOf(first?.subjectId as number)).toMatchObject([
      { recipientId: one, state: 'canceled', outcome: 'collapsed', digestId: second?.subjectId },
      { recipientId: two, state: 'planned' },
    ]);
    const storiesOf = async (digest: typeof first) => [
      ...(await listDigestStories(database.db, { digestId: digest?.subjectId as number, recipientIds })),
    ];
    expect(await storiesOf(first)).toEqual([[two, before.toReversed().map(({ storyId }) => storyId)]]);
    expect(await storiesOf(second)).toEqual([
      [one, [more, later[0], ...before.toReversed()].map((story) => story?.storyId)],
    ]);
    expect(await countSubject(database.db, first?.subjectId as number)).toMatchObject({
      total: 2,
      open: 1,
      canceled: 1,
    });
  });

  it('is never a broadcast or a correction, and takes nothing that is pushed in time', async () => {
    const recipientIds = await addRecipients(1);
    const { storyId } = await owe({ recipientIds, plannedFor: 10, publishedFor: 10 });
    await owe({ recipientIds, plannedFor: 20, publishedFor: 20 });
    const { correctionId } = await database.db
      .insertInto('correction')
      .values({ storyId, kind: 'update', storyRevision: 2, dueAt: ago(99), createdAt: ago(99) })
      .returning('correctionId')
      .executeTakeFirstOrThrow();
    const { subjectId } = await database.db
      .insertInto('subject')
      .values({ kind: 'correction', correctionId, lane: 6, plannedAt: ago(99) })
      .returning('subjectId')
      .executeTakeFirstOrThrow();
    await database.db
      .insertInto('chunk')
      .values({ subjectId, lane: 6, recipientIds, size: 1, dueAt: ago(99) })
      .execute();
    expect(await collapse()).toBe(0);
    expect((await openChunks()).map(({ lane }) => lane)).toEqual([3, 3, 6]);
  });

  it('names the digest that told a story, for whoever corrects it', async () => {
    const [one] = (await addRecipients(1)) as [number];
    const { storyId } = await owe({ recipientIds: [one], heldFor: 2 });
    await owe({ recipientIds: [one], heldFor: 2 });
    await collapse();
    const digestId = (await digests())[0]?.subjectId as number;
    const copies = () => listDigestCopies(database.db, { recipientIds: [one], storyId });
    await database.db
      .insertInto('delivery')
      .values({ subjectId: digestId, recipientId: one })
      .onConflict((c) => c.doNothing())
      .execute();
    expect(await copies()).toEqual([]);
    await setRow(digestId, one, { state: 'sent', messageId: 77, closedAt: now });
    expect(await copies()).toEqual([{ recipientId: one, digestId, messageId: 77, sentAt: now }]);
    await database.db.updateTable('story').set({ withdrawnAt: now }).where('storyId', '=', storyId).execute();
    const told = await listDigestStories(database.db, { digestId, recipientIds: [one] });
    expect(told.get(one)).toHaveLength(1);
  });

  it('is gathered once, whoever asks at the same time', async () => {
    const recipientIds = await addRecipients(5);
    for (let count = 0; count < 4; count += 1) await owe({ recipientIds, heldFor: 2 });
    const sizes = await Promise.all(Array.from({ length: 6 }, () => collapse()));
    expect(sizes.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 5]);
    expect(await digests()).toHaveLength(1);
  });

  it('loses nothing and tells nothing twice, whatever it is made of and however often it comes', async () => {
    const story = fc.record({
      readers: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1 }),
      heldFor: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
      plannedFor: fc.integer({ min: 0, max: 200 }),
      publishedFor: fc.integer({ min: 0, max: 20 * hours }),
      chunk: fc.record({ isListed: fc.boolean() }),
    });
    const rounds = fc.array(fc.array(story, { maxLength: 4 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rounds, async (each) => {
        await sql`truncate subject, chunk, delivery, recipient, story restart identity cascade`.execute(database.db);
        const recipients = await addRecipients(6);
        for (const stories of each) {
          for (const { readers, ...owed } of stories) {
            await owe({ ...owed, recipientIds: readers.map((reader) => recipients[reader] as number) } as Owed);
          }
          await collapse();
        }
        await collapse(new Date(now.getTime() + longestGatherMs));

        const { rows } = await sql<{ kind: string; size: number; inLedger: number; open: number; counted: number }>`
          select s.kind, sum(c.size) as size, sum(size - canceled) filter (where closed_at is null) as counted,
            (select count(*) from delivery d where d.subject_id = s.subject_id) as in_ledger,
            (select count(*) from delivery d where d.subject_id = s.subject_id and state = 'planned') as open
          from chunk c join subject s using (subject_id)
          group by s.subject_id having bool_and(is_listed)
        `.execute(database.db);
        for (const { size, inLedger, open, counted } of rows) {
          expect(inLedger).toBe(size);
          expect(open).toBe(counted ?? 0);
        }
        // Each collapsed story is in a digest that is to be sent to the same recipient, and each has one at most.
        const { rows: lost } = await sql`
          select d.subject_id from delivery d join subject s using (subject_id)
          where d.outcome = 'collapsed' and s.kind = 'story' and not exists (
            select from chunk c where c.subject_id = d.digest_id and c.closed_at is null and c.due_at is not null
              and d.recipient_id = any(c.recipient_ids)
          )
        `.execute(database.db);
        expect(lost).toEqual([]);
        const { rows: twice } = await sql`
          select d.recipient_id from delivery d join subject s using (subject_id)
          where d.outcome = 'collapsed' and s.kind = 'story' group by d.recipient_id having count(distinct digest_id) > 1
        `.execute(database.db);
        expect(twice).toEqual([]);
        expect((await openChunks()).every(({ dueAt }) => dueAt !== null)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
