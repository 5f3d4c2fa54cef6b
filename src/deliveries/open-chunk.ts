// Reads a chunk that was taken: its open rows, less those that are not owed any more, and what is to be said to them.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { readContent } from './chunk-content.ts';
import { ChunkRun } from './chunk-run.ts';
import { type ClaimedChunk, renewClaims } from './chunk-store.ts';
import { listOpenDeliveries, listRows } from './delivery-store.ts';
import type { Sender } from './sender.ts';
import { getSubject } from './subject-store.ts';

interface OpenDeps {
  db: Db;
  sender: Sender;
  clock: Clock;
  log: Log;
  defaultLanguage: string;
}

/** Undefined when it is not ours any more: it waited for its turn too long. */
export async function openChunk(
  deps: OpenDeps,
  chunk: ClaimedChunk,
  { leaseMs }: { leaseMs: number },
): Promise<ChunkRun | undefined> {
  const { db, clock, log } = deps;
  // Whoever opens a chunk takes what is being sent of it for abandoned: so it must be ours, now.
  if ((await renewClaims(db, [chunk], { leaseMs })).length === 0) return undefined;
  const subject = await getSubject(db, chunk.subjectId);
  if (!chunk.isListed) await listRows(db, subject, [chunk.chunkId]);
  const open = await listOpenDeliveries(db, chunk);
  const content = await readContent({ ...deps, now: clock.now() }, subject, open);
  const run = new ChunkRun(chunk, subject, { content, open });
  run.doubtAbandoned(clock.now());
  if (chunk.isAbandoned) log.warn('took over what another process was sending', { chunkId: chunk.chunkId });
  if (subject.stoppedAt !== null) {
    const { stoppedOutcome, stoppedBecause } = subject;
    run.dropQueue({ outcome: stoppedOutcome ?? 'withdrawn', reason: stoppedBecause ?? '' });
  }
  run.dropUnwanted();
  return run;
}
