// The fourth stage: writes down, before anything is sent, to whom each new story is owed.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { lockUnplannedStory, markStoryPlanned } from '../stories/story-store.ts';
import { priorities } from './delivery.ts';
import { planStory } from './delivery-store.ts';

/** Plans what is due; returns how many deliveries are new. */
export async function planDeliveries(
  { db, clock }: { db: Db; clock: Clock },
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  let planned = 0;
  while (!signal?.aborted) {
    const count = await planOne(db, clock.now());
    if (count === undefined) break;
    planned += count;
  }
  return planned;
}

/** Undefined when no story waits. */
async function planOne(db: Db, now: Date): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const story = await lockUnplannedStory(trx);
    if (!story) return undefined;
    const priority = story.breaking ? priorities.breaking : priorities.article;
    const count = await planStory(trx, { storyId: story.storyId, priority, now });
    await markStoryPlanned(trx, story.storyId, now);
    return count;
  });
}
