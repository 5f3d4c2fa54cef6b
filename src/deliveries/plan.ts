// The fourth stage: writes down, before anything is sent, to whom each new story and each correction is owed.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeywordMatcher } from '../lib/keywords.ts';
import { listKeywordsAmong } from '../recipients/keyword-store.ts';
import { findDueCorrection, markCorrectionPlanned } from '../stories/correction-store.ts';
import { getSearchedText } from '../stories/search-store.ts';
import { lockUnplannedStory, markStoryPlanned, type StoryRow } from '../stories/story-store.ts';
import { closeEarlierCorrections, lockCopies, planCorrection } from './delivered-copy-store.ts';
import { priorities } from './delivery.ts';
import { closeDeliveries, planStory } from './delivery-store.ts';

/** Plans what is due; returns how many deliveries are new. */
export async function planDeliveries(
  { db, clock }: { db: Db; clock: Clock },
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  let planned = 0;
  while (!signal?.aborted) {
    const now = clock.now();
    const count = (await correctOne(db, now)) ?? (await planOne(db, now));
    if (count === undefined) break;
    planned += count;
  }
  return planned;
}

/** Undefined when no correction is due. First, so that nothing of a withdrawn story is sent meanwhile. */
async function correctOne(db: Db, now: Date): Promise<number | undefined> {
  const correction = await findDueCorrection(db, now);
  if (!correction) return undefined;
  const { storyId, kind } = correction;
  return db.transaction().execute(async (trx) => {
    await lockCopies(trx, storyId, 'planning');
    // Another process may have been faster.
    if (!(await markCorrectionPlanned(trx, correction, now))) return 0;
    if (kind === 'withdrawal') {
      await closeDeliveries(
        trx,
        { storyId },
        { state: 'canceled', outcome: 'withdrawn', reason: 'the story was withdrawn', now },
      );
    }
    await closeEarlierCorrections(trx, { ...correction, now });
    return planCorrection(trx, { ...correction, now });
  });
}

/** Undefined when no story waits. */
async function planOne(db: Db, now: Date): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const story = await lockUnplannedStory(trx, now);
    if (!story) return undefined;
    const priority = story.breaking ? priorities.breaking : priorities.article;
    const keywords = await keywordsIn(trx, story);
    const count = await planStory(trx, { storyId: story.storyId, keywords, priority, now });
    await markStoryPlanned(trx, story.storyId, now);
    return count;
  });
}

/** The keywords of readers that the story has; its text is looked at only when one of them may be there. */
async function keywordsIn(trx: Db, { storyId, searchTerms }: StoryRow): Promise<string[]> {
  const candidates = await listKeywordsAmong(trx, searchTerms);
  if (candidates.length === 0) return [];
  const match = createKeywordMatcher(candidates.map((keyword) => [keyword, keyword] as const));
  return match(await getSearchedText(trx, storyId)).map(({ keyword }) => keyword);
}
