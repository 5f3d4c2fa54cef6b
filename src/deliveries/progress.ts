// Tells editors how far their broadcasts are, while they run and when they end.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { progressEveryMs } from './broadcast.ts';
import {
  closeBroadcast,
  countBroadcast,
  getBroadcast,
  listRunningBroadcasts,
  lockProgress,
  tryLockProgress,
} from './broadcast-store.ts';
import type { Desk } from './sender.ts';
import { findSubject } from './subject-store.ts';

interface ProgressDeps {
  db: Db;
  desk: Desk;
  clock: Clock;
}

export function createProgress(deps: ProgressDeps) {
  const { db, clock } = deps;
  let shownAt = 0;

  return {
    /** Shows where running broadcasts are, at most every few seconds unless `now`; ends those that are complete. */
    async show({ now: atOnce = false }: { now?: boolean } = {}): Promise<void> {
      const now = clock.now().getTime();
      if (!atOnce && now - shownAt < progressEveryMs) return;
      shownAt = now;
      for (const { broadcastId } of await listRunningBroadcasts(db)) {
        await db.transaction().execute(async (trx) => {
          // Whoever has it shows what is so at this moment.
          if (await tryLockProgress(trx, broadcastId)) await showBroadcast({ ...deps, db: trx }, broadcastId);
        });
      }
    },
  };
}

/** Tells the editor at once that Telegram refused what they wrote, after whoever is showing its progress. */
export async function reportBroadcast(deps: ProgressDeps, broadcastId: number): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    await lockProgress(trx, broadcastId);
    await showBroadcast({ ...deps, db: trx }, broadcastId);
  });
}

/**
 * Read and shown while the lock is held: what is newer is never replaced by what is older. A broadcast runs until its
 * editor has been told of its end: a report that did not come through is tried again with the next progress.
 */
async function showBroadcast({ db, desk, clock }: ProgressDeps, broadcastId: number): Promise<void> {
  const broadcast = await getBroadcast(db, broadcastId);
  if (broadcast.state !== 'running') return;
  const subject = await findSubject(db, { broadcastId });
  const counts = await countBroadcast(db, broadcastId);
  const reason = subject?.stoppedAt ? (subject.stoppedBecause ?? '') : null;
  const isPlanned = broadcast.plannedAt !== null;
  if (reason === null && (counts.open > 0 || !isPlanned)) await desk.broadcastProgress(broadcast, counts);
  else if (await desk.broadcastReport(broadcast, counts, reason)) {
    await closeBroadcast(db, broadcastId, { state: reason === null ? 'done' : 'stopped', reason, now: clock.now() });
  }
}
