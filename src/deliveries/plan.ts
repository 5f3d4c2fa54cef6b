// The fourth stage: writes down, before anything is sent, to whom each story, broadcast and correction is owed.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeywordMatcher } from '../lib/keywords.ts';
import { listKeywordsAmong } from '../recipients/keyword-store.ts';
import type { Audience } from '../recipients/recipient-store.ts';
import { findDueCorrection, markCorrectionPlanned } from '../stories/correction-store.ts';
import { getSearchedText } from '../stories/search-store.ts';
import {
  findBegunStory,
  getStoryRow,
  listStoryTopicIds,
  lockUnplannedStories,
  markStoriesPlanned,
  markStoryPlannedBy,
  type StoryRow,
  tryLockPlanning,
} from '../stories/story-store.ts';
import { type Found, headSize, planHead, planRest } from './audience-store.ts';
import { howOwed, staleBecause } from './backlog.ts';
import { lockUnplannedBroadcast, markBroadcastPlanned } from './broadcast-store.ts';
import { listUnlistedOf, lockUnlistedChunks, wakeSenders } from './chunk-store.ts';
import { collapseBacklog } from './collapse-backlog.ts';
import { lockCopies, planCorrection, stopEarlierCorrections } from './delivered-copy-store.ts';
import { lanes } from './delivery.ts';
import { hasRows, listRows } from './delivery-store.ts';
import { ensureSubject, getSubject, stopSubject } from './subject-store.ts';

export interface PlanDeps {
  db: Db;
  clock: Clock;
  /** Older stories are never pushed one by one. */
  freshHours: number;
}

/** Chunks whose rows are written in one statement. */
const chunksAtOnce = 50;
/** Stories that are planned in one transaction. */
const storiesAtOnce = 16;

/** Plans what is due; returns how many deliveries are new. */
export async function planDeliveries(deps: PlanDeps, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
  const { db, clock, freshHours } = deps;
  let planned = 0;
  while (!signal?.aborted) {
    const now = clock.now();
    const count =
      (await correctOne(db, now)) ??
      (await planStories(deps, now)) ??
      (await planRestOfStory(deps, now)) ??
      (await planBroadcast(db, now)) ??
      (await list(db));
    if (count === undefined) break;
    planned += count;
  }
  if (!signal?.aborted) planned += await collapseBacklog(db, { now: clock.now(), freshHours });
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
      await stopSubject(trx, { storyId }, { outcome: 'withdrawn', reason: 'the story was withdrawn', now });
    }
    await stopEarlierCorrections(trx, { ...correction, now });
    return planCorrection(trx, { ...correction, now });
  });
}

/** Undefined when no story waits. Several at a time: most are for few. */
async function planStories(deps: PlanDeps, now: Date): Promise<number | undefined> {
  return deps.db.transaction().execute(async (trx) => {
    const stories = await lockUnplannedStories(trx, { now, limit: storiesAtOnce });
    if (stories.length === 0) return undefined;
    const planned: number[] = [];
    let size = 0;
    for (const story of stories) {
      const part = await planStory({ ...deps, db: trx }, story, now);
      size += part.size;
      if (part.isWhole) planned.push(story.storyId);
      // Its readers need not wait for what comes after it.
      if (part.size >= headSize) break;
    }
    await markStoriesPlanned(trx, planned, now);
    if (size > 0) await wakeSenders(trx);
    return size;
  });
}

async function planStory(deps: PlanDeps, story: StoryRow, now: Date): Promise<Part> {
  const { db: trx, freshHours } = deps;
  const { subject, audience, owing } = await prepareStory(deps, story, now);
  const part = await planFirst(trx, subject, audience);
  if (owing === 'stale') {
    const { storyId } = story;
    await stopSubject(trx, { storyId }, { outcome: 'stale', reason: staleBecause({ freshHours }), now });
  }
  return part;
}

/** Undefined when none is half planned, or others are at it. */
async function planRestOfStory(deps: PlanDeps, now: Date): Promise<number | undefined> {
  const { db } = deps;
  for (let afterId = 0; ;) {
    const begun = await findBegunStory(db, { now, afterId });
    if (!begun) return undefined;
    const { storyId } = begun;
    const size = await db.transaction().execute(async (trx) => {
      if (!(await tryLockPlanning(trx, storyId))) return undefined;
      const story = await getStoryRow(trx, storyId);
      // Another process may have been faster.
      if (story.plannedAt !== null) return 0;
      const { subject, audience } = await prepareStory({ ...deps, db: trx }, story, now);
      // Who is in a chunk already stands in the ledger then.
      await listRows(trx, subject, await listUnlistedOf(trx, subject.subjectId));
      const { size: more } = await planRest(trx, { ...audience, subjectId: subject.subjectId });
      await markStoryPlannedBy(trx, { storyId, topicIds: subject.topicIds, plannedAt: now });
      if (more > 0) await wakeSenders(trx);
      return more;
    });
    if (size !== undefined) return size;
    afterId = storyId;
  }
}

async function prepareStory({ db: trx, freshHours }: PlanDeps, story: StoryRow, now: Date) {
  const { storyId, language } = story;
  const owing = howOwed(story, { now, freshHours });
  const lane = owing !== 'push' ? lanes.digest : story.breaking ? lanes.breaking : lanes.story;
  const topicIds = await listStoryTopicIds(trx, storyId);
  const of: Found = { topicIds, keywords: await keywordsIn(trx, story), language };
  const subject = await ensureSubject(trx, {
    kind: 'story',
    storyId,
    lane,
    topicIds,
    keywords: [...of.keywords],
    isHeld: owing === 'hold',
    now,
  });
  return { subject, owing, audience: { of, lane, dueAt: owing === 'hold' ? null : now, now } };
}

/** Undefined when no broadcast waits. */
async function planBroadcast(db: Db, now: Date): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const broadcast = await lockUnplannedBroadcast(trx);
    if (!broadcast) return undefined;
    const { broadcastId, atMostOnce, audience, topicId } = broadcast;
    const lane = lanes.broadcast;
    const subject = await ensureSubject(trx, { kind: 'broadcast', broadcastId, lane, atMostOnce, now });
    const of = { audience, topicId } as Audience;
    const audienceOf = { of, lane, dueAt: now, now };
    const isBegun = !subject.isNew && (await hasRows(trx, subject.subjectId));
    const { size, isWhole } = isBegun
      ? { ...(await planRest(trx, { ...audienceOf, subjectId: subject.subjectId })), isWhole: true }
      : await planFirst(trx, subject, audienceOf);
    if (isWhole) await markBroadcastPlanned(trx, broadcastId, now);
    if (size > 0) await wakeSenders(trx);
    return size;
  });
}

type PlannedSubject = Awaited<ReturnType<typeof ensureSubject>>;
type PlannedAudience = Omit<Parameters<typeof planHead>[1], 'subjectId'>;

interface Part {
  size: number;
  /** Nobody else is to be looked for. */
  isWhole: boolean;
}

/**
 * Those who were active last are written down, and sent to, while the others are still being looked for: that is the next
 * step, for which the story or broadcast stays unplanned.
 */
async function planFirst(trx: Db, subject: PlannedSubject, audience: PlannedAudience): Promise<Part> {
  const { size, chunkIds } = await planHead(trx, { ...audience, subjectId: subject.subjectId });
  if (size > 0) await listRows(trx, subject, chunkIds);
  return { size, isWhole: size < headSize };
}

/** Writes the rows of chunks that nobody has sent yet, ahead of their turn; undefined when all are written. */
async function list(db: Db): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const chunks = await lockUnlistedChunks(trx, chunksAtOnce);
    if (chunks.length === 0) return undefined;
    for (const [subjectId, ofSubject] of Map.groupBy(chunks, (chunk) => chunk.subjectId)) {
      await listRows(
        trx,
        await getSubject(trx, subjectId),
        ofSubject.map(({ chunkId }) => chunkId),
      );
    }
    return 0;
  });
}

/** The keywords of readers that the story has; its text is looked at only when one of them may be there. */
async function keywordsIn(trx: Db, { storyId, searchTerms }: StoryRow): Promise<string[]> {
  const candidates = await listKeywordsAmong(trx, searchTerms);
  if (candidates.length === 0) return [];
  const match = createKeywordMatcher(candidates.map((keyword) => [keyword, keyword] as const));
  return match(await getSearchedText(trx, storyId)).map(({ keyword }) => keyword);
}
