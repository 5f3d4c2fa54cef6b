// Tells editors how far their broadcasts are, while they run and when they end.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { progressEveryMs } from './broadcast.ts';
import { closeBroadcast, countBroadcast, listRunningBroadcasts } from './broadcast-store.ts';
import type { Desk } from './sender.ts';

export function createProgress({ db, desk, clock }: { db: Db; desk: Desk; clock: Clock }) {
  let shownAt = 0;

  return {
    /** Shows where running broadcasts are, at most every few seconds unless `now`; ends those that are complete. */
    async show({ now: atOnce = false }: { now?: boolean } = {}): Promise<void> {
      const now = clock.now();
      if (!atOnce && now.getTime() - shownAt < progressEveryMs) return;
      shownAt = now.getTime();
      for (const broadcast of await listRunningBroadcasts(db)) {
        const counts = await countBroadcast(db, broadcast.broadcastId);
        if (counts.open > 0) await desk.broadcastProgress(broadcast, counts);
        else if (await closeBroadcast(db, broadcast.broadcastId, { state: 'done', reason: null, now })) {
          await desk.broadcastReport(broadcast, counts, null);
        }
      }
    },
  };
}
