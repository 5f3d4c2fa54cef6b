// What came late is told in one digest for each recipient; whoever misses only one fresh story gets that story.
import type { Db } from '../db/database.ts';
import { backlogOf, freshSince, lateBefore } from './backlog.ts';
import {
  type BacklogChunk,
  gatherIntoDigest,
  listWaiting,
  lockBacklogChunks,
  releaseChunks,
  tryLockBacklog,
} from './backlog-store.ts';
import { wakeSenders } from './chunk-store.ts';
import { listRows } from './delivery-store.ts';

/**
 * Turns a backlog that is complete into digests, all of it or nothing; returns how many recipients get one. To be asked
 * whenever something is planned, and from time to time: it costs little while nothing waits.
 */
export async function collapseBacklog(db: Db, { now, freshHours }: { now: Date; freshHours: number }): Promise<number> {
  const since = { lateBefore: lateBefore(now), freshSince: freshSince({ now, freshHours }) };
  const list = async (on: Db) => backlogOf(await listWaiting(on, since), { now, freshHours });
  if ((await list(db)).length === 0) return 0;
  return db.transaction().execute(async (trx) => {
    if (!(await tryLockBacklog(trx))) return 0;
    // Another process may have been faster.
    const backlog = await list(trx);
    if (backlog.length === 0) return 0;
    const chunks = await lockBacklogChunks(
      trx,
      backlog.map(({ subjectId }) => subjectId),
    );
    await listUnlisted(trx, chunks);
    const size = await gatherIntoDigest(
      trx,
      chunks.map(({ chunkId }) => chunkId),
      { ...since, now },
    );
    await releaseChunks(trx, chunks, now);
    await wakeSenders(trx);
    return size;
  });
}

/** What is told in a digest instead must stand in the ledger, to say so. */
async function listUnlisted(trx: Db, chunks: readonly BacklogChunk[]): Promise<void> {
  const unlisted = chunks.filter(({ isListed }) => !isListed).map(({ chunkId }) => chunkId);
  if (unlisted.length > 0) await listRows(trx, unlisted);
}
