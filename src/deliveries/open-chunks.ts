// Reads chunks that were taken: their open rows, less those that are not owed any more, and what is to be said to them.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { getStories } from '../stories/story-store.ts';
import { readContent } from './chunk-content.ts';
import { ChunkRun } from './chunk-run.ts';
import { type ClaimedChunk, renewClaims } from './chunk-store.ts';
import { listOpenDeliveries, listRows } from './delivery-store.ts';
import type { Sender } from './sender.ts';
import { getSubjects, type Subject } from './subject-store.ts';

interface OpenDeps {
  db: Db;
  sender: Sender;
  clock: Clock;
  log: Log;
  defaultLanguage: string;
}

/** Chunks of several subjects at once. Those are left out that are not ours any more: they waited for their turn too long. */
export async function openChunks(
  deps: OpenDeps,
  chunks: readonly ClaimedChunk[],
  { leaseMs }: { leaseMs: number },
): Promise<ChunkRun[]> {
  const { db, clock, log } = deps;
  // Whoever opens a chunk takes what is being sent of it for abandoned: so it must be ours, now.
  const renewed = new Set(await renewClaims(db, chunks, { leaseMs }));
  const ours = chunks.filter(({ chunkId }) => renewed.has(chunkId));
  if (ours.length === 0) return [];
  const subjects = await getSubjects(
    db,
    ours.map(({ subjectId }) => subjectId),
  );
  const subjectOf = ({ subjectId }: ClaimedChunk) => subjects.get(subjectId) as Subject;
  const unlisted = ours.filter(({ isListed }) => !isListed).map(({ chunkId }) => chunkId);
  if (unlisted.length > 0) await listRows(db, unlisted);
  const open = await listOpenDeliveries(db, ours);
  const stories = await getStories(
    db,
    ours.flatMap((chunk) => subjectOf(chunk).storyId ?? []),
  );
  const runs: ChunkRun[] = [];
  for (const chunk of ours) {
    const subject = subjectOf(chunk);
    const deliveries = open.get(chunk.chunkId) ?? [];
    const story = stories.get(subject.storyId ?? 0);
    const content = await readContent({ ...deps, now: clock.now(), ...(story ? { story } : {}) }, subject, deliveries);
    const run = new ChunkRun(chunk, subject, { content, open: deliveries });
    run.doubtAbandoned(clock.now());
    if (chunk.isAbandoned) log.warn('took over what another process was sending', { chunkId: chunk.chunkId });
    if (subject.stoppedAt !== null) {
      const { stoppedOutcome, stoppedBecause } = subject;
      run.dropQueue({ outcome: stoppedOutcome ?? 'withdrawn', reason: stoppedBecause ?? '' });
    }
    run.dropUnwanted();
    runs.push(run);
  }
  return runs;
}
