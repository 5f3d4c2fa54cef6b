import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  claimChunks,
  claimOf,
  closeChunks,
  countBacklog,
  countClosed,
  countSubject,
  insertChunk,
  isUrgentDue,
  markHandedOut,
  nextChunkAt,
  renewClaims,
} from '../../src/deliveries/chunk-store.ts';
import { lanes } from '../../src/deliveries/delivery.ts';
import { stopSubject } from '../../src/deliveries/subject-store.ts';
import { useDatabase } from '../support/database.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('chunks', () => {
  const database = useDatabase();
  let subjectId: number;

  beforeEach(async () => {
    await database.db.deleteFrom('chunk').execute();
    ({ subjectId } = await database.db
      .insertInto('subject')
      .values({ kind: 'digest', lane: lanes.digest, plannedAt: now })
      .returning('subjectId')
      .executeTakeFirstOrThrow());
  });

  const add = (
    lane: keyof typeof lanes,
    { tier = 0, dueAt = now, size = 1 }: Partial<{ tier: number; dueAt: Date | null; size: number }> = {},
  ) =>
    insertChunk(database.db, {
      subjectId,
      lane: lanes[lane],
      tier,
      dueAt,
      isListed: true,
      recipientIds: Array.from({ length: size }, (_, place) => place + 1),
    });
  const take = async (claim = 'ours', { leaseMs = 60_000, at = now } = {}) =>
    (
      await claimChunks(database.db, {
        sender: claim,
        claim: claimOf(claim, 1),
        leaseMs,
        recipientsAtOnce: 150,
        now: at,
        atMost: 1,
      })
    )[0];

  it('go out by their lanes, and in a lane the most recently active readers first', async () => {
    await add('correction');
    await add('broadcast');
    await add('story', { tier: 1 });
    await add('story', { tier: 0, dueAt: later(-1) });
    await add('story', { tier: 0, dueAt: later(-2) });
    await add('digest');
    await add('breaking', { tier: 3 });
    const order = [];
    for (let chunk = await take(); chunk; chunk = await take()) {
      order.push([chunk.lane, chunk.tier, chunk.dueAt]);
      await closeChunks(database.db, [{ ...chunk, claim: 'ours.1', remainders: [] }], now);
    }
    expect(order).toEqual([
      [1, 3, now],
      [3, 0, later(-2)],
      [3, 0, later(-1)],
      [3, 1, now],
      [4, 0, now],
      [5, 0, now],
      [6, 0, now],
    ]);
  });

  it('go out together where they are small, but never with those of another lane', async () => {
    for (const size of [100, 40, 30, 1]) await add('story', { size });
    await add('digest');
    const sizes = async (sender = 'theirs') =>
      (
        await claimChunks(database.db, {
          sender,
          claim: claimOf(sender, 1),
          leaseMs: 60_000,
          recipientsAtOnce: 150,
          now,
        })
      ).map(({ size }) => size);
    expect(await sizes()).toEqual([100, 40]);
    expect(await sizes()).toEqual([30, 1]);
    // Those are being handed out still.
    expect(await sizes('others')).toEqual([]);
    await database.db.updateTable('chunk').set({ closedAt: now }).execute();
    await add('broadcast', { size: 500 });
    await add('broadcast', { size: 500 });
    expect(await sizes()).toEqual([500]);
  });

  it('are each given to one of many who ask at the same time', async () => {
    for (let n = 0; n < 12; n += 1) await add('story');
    const taken = await Promise.all(Array.from({ length: 16 }, (_, n) => take(`process ${n}`)));
    const ids = taken.flatMap((chunk) => chunk?.chunkId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (let chunk = await take(); chunk; chunk = await take()) ids.push(chunk.chunkId);
    expect(new Set(ids).size).toBe(12);
  });

  it('are left alone before they are due, and while they are held', async () => {
    await add('story', { dueAt: later(60) });
    await add('story', { dueAt: null });
    expect(await take()).toBeUndefined();
    expect(await nextChunkAt(database.db)).toEqual(later(60));
    expect(await take('ours', { at: later(60) })).toBeDefined();
  });

  it('are taken from whoever does not renew them in time, who is told so', async () => {
    await add('story');
    const chunk = await take('lost', { leaseMs: 0 });
    if (!chunk) throw new Error('nothing to claim');
    expect(chunk.isAbandoned).toBe(false);
    expect(await take('finder')).toMatchObject({ chunkId: chunk.chunkId, isAbandoned: true });
    expect(await renewClaims(database.db, [chunk], { leaseMs: 60_000 })).toEqual([]);
    expect(await closeChunks(database.db, [{ ...chunk, claim: 'lost.1', remainders: [] }], now)).toEqual(new Set());
    expect(await renewClaims(database.db, [{ ...chunk, claim: 'finder.1' }], { leaseMs: 60_000 })).toEqual([
      chunk.chunkId,
    ]);
  });

  it('make way for what is more urgent, also while another process hands that out', async () => {
    await add('broadcast');
    const asked = { lane: lanes.broadcast, sender: 'ours', now };
    expect(await isUrgentDue(database.db, asked)).toBe(false);
    await add('breaking');
    expect(await isUrgentDue(database.db, asked)).toBe(true);
    const urgent = await take('theirs');
    if (!urgent) throw new Error('nothing to claim');
    expect(urgent.lane).toBe(lanes.breaking);
    expect(await isUrgentDue(database.db, asked)).toBe(true);
    expect(await take('ours')).toBeUndefined();
    await markHandedOut(database.db, [{ ...urgent, claim: 'theirs.1' }]);
    expect(await isUrgentDue(database.db, asked)).toBe(false);
    expect(await take('ours')).toMatchObject({ lane: lanes.broadcast });
  });

  it('are counted by what became of each recipient, once, also when an answer comes late', async () => {
    await add('story', { size: 5 });
    const chunk = await take();
    if (!chunk) throw new Error('nothing to claim');
    await countClosed(
      database.db,
      new Map([[chunk.chunkId, { sent: 2, blocked: 1, failed: 0, canceled: 0, unknown: 0 }]]),
    );
    expect(await countSubject(database.db, subjectId)).toMatchObject({ total: 5, open: 2, sent: 2, blocked: 1 });
    const remainders = [{ recipientIds: [4, 5], dueAt: later(25) }];
    const closed = await closeChunks(database.db, [{ ...chunk, claim: 'ours.1', remainders }], now);
    expect(closed).toEqual(new Set([chunk.chunkId]));
    expect(await countSubject(database.db, subjectId)).toMatchObject({ total: 5, open: 2, sent: 2, blocked: 1 });
    expect(await countBacklog(database.db)).toBe(2);

    // The answer for the fourth arrives at the first process when it waits in a new chunk already.
    await countClosed(
      database.db,
      new Map([[chunk.chunkId, { sent: 1, blocked: 0, failed: 0, canceled: 0, unknown: 0 }]]),
    );
    const rest = await take('ours', { at: later(25) });
    if (!rest) throw new Error('nothing to claim');
    expect(rest.recipientIds).toEqual([4, 5]);
    await countClosed(
      database.db,
      new Map([[rest.chunkId, { sent: 1, blocked: 0, failed: 0, canceled: 0, unknown: 0 }]]),
    );
    await closeChunks(database.db, [{ ...rest, claim: 'ours.1', remainders: [] }], now);
    expect(await countSubject(database.db, subjectId)).toMatchObject({ total: 5, open: 0, sent: 4, blocked: 1 });
  });

  it('of a subject that is stopped are due at once, so that each row says why', async () => {
    await add('story', { dueAt: null });
    await add('story', { dueAt: later(600) });
    await stopSubject(database.db, { subjectId }, { outcome: 'withdrawn', reason: 'the story was withdrawn', now });
    expect(await take('ours')).toBeDefined();
    expect(await take('ours')).toBeDefined();
  });

  it('do not need the clocks of two machines to agree', async () => {
    await add('story', { dueAt: later(-7200) });
    expect(await take('ours', { at: now })).toBeDefined();
    // A process whose clock is an hour ahead does not think the claim of another run out.
    expect(await take('theirs', { at: later(3600) })).toBeUndefined();
    const { rows } = await sql<{ isFuture: boolean }>`
      select claimed_until > clock_timestamp() as is_future from chunk
    `.execute(database.db);
    expect(rows).toEqual([{ isFuture: true }]);
  });
});
