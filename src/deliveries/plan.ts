// The fourth stage: writes down, before anything is sent, to whom each story, broadcast and correction is owed.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { createKeywordMatcher } from '../lib/keywords.ts';
import { listKeywordsAmong, termsOf } from '../recipients/keyword-store.ts';
import type { Audience } from '../recipients/recipient-store.ts';
import { findDueCorrection, markCorrectionPlanned } from '../stories/correction-store.ts';
import { getSearchedText } from '../stories/search-store.ts';
import {
  findBegunStory,
  getStoryRow,
  listTopicIdsOfStories,
  lockUnplannedStories,
  markStoriesPlanned,
  markStoryPlannedBy,
  type StoryRow,
  tryLockPlanning,
} from '../stories/story-store.ts';
import {
  type Found,
  headSize,
  listCrowdedKeywords,
  listCrowdedTopics,
  type PlanAudience,
  planHead,
  planHeads,
  planRest,
} from './audience-store.ts';
import { howOwed, type Owing, staleBecause } from './backlog.ts';
import { lockUnplannedBroadcast, markBroadcastPlanned } from './broadcast-store.ts';
import { listUnlistedOf, lockUnlistedChunks, wakeSenders } from './chunk-store.ts';
import { collapseBacklog } from './collapse-backlog.ts';
import { lockCopies, planCorrection, stopEarlierCorrections } from './delivered-copy-store.ts';
import { lanes } from './delivery.ts';
import { hasRows, listRows } from './delivery-store.ts';
import { type Due, whatIsDue } from './due-store.ts';
import { type EnsuredSubject, ensureSubject, ensureSubjects, stopSubject } from './subject-store.ts';

export interface PlanDeps {
  db: Db;
  clock: Clock;
  /** Older stories are never pushed one by one. */
  freshHours: number;
}

/** Chunks whose rows are written in one statement. */
const chunksAtOnce = 50;
/** Stories that are planned in one transaction, by statements for all of them. */
const storiesAtOnce = 16;

/** Plans what is due; returns how many deliveries are new. */
export async function planDeliveries(deps: PlanDeps, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
  const { db, clock, freshHours } = deps;
  let planned = 0;
  while (!signal?.aborted) {
    const now = clock.now();
    const count = await planNext(deps, await whatIsDue(db, now), now);
    if (count === undefined) break;
    planned += count;
  }
  if (!signal?.aborted) planned += await collapseBacklog(db, { now: clock.now(), freshHours });
  return planned;
}

/** The most urgent of what is due; undefined when nothing is, or others are at all of it. */
async function planNext(deps: PlanDeps, due: Due, now: Date): Promise<number | undefined> {
  const { db } = deps;
  let count: number | undefined;
  if (due.corrections) count = await correctOne(db, now);
  if (due.stories) count ??= (await planStories(deps, now)) ?? (await planRestOfStory(deps, now));
  if (due.broadcasts) count ??= await planBroadcast(db, now);
  if (due.chunks) count ??= await list(db);
  return count;
}

/** Undefined when no correction is due. First, so that nothing of a withdrawn story is sent meanwhile. */
async function correctOne(db: Db, now: Date): Promise<number | undefined> {
  const correction = await findDueCorrection(db, now);
  if (!correction) return undefined;
  const { storyId, kind } = correction;
  return db.transaction().execute(async (trx) => {
    await lockCopies(trx, [storyId], 'planning');
    // Another process may have been faster.
    if (!(await markCorrectionPlanned(trx, correction, now))) return 0;
    if (kind === 'withdrawal') {
      await stopSubject(trx, { storyId }, { outcome: 'withdrawn', reason: 'the story was withdrawn', now });
    }
    await stopEarlierCorrections(trx, { ...correction, now });
    return planCorrection(trx, { ...correction, now });
  });
}

/** Undefined when no story waits. */
async function planStories(deps: PlanDeps, now: Date): Promise<number | undefined> {
  return deps.db.transaction().execute(async (trx) => {
    const waiting = await lockUnplannedStories(trx, { now, limit: storiesAtOnce });
    if (waiting.length === 0) return undefined;
    const stories = await prepareStories({ ...deps, db: trx }, await findNext(trx, waiting), now);
    const parts = await planFirstOfEach(trx, stories);
    await stopStale({ ...deps, db: trx }, stories, now);
    const planned = stories.filter((_, index) => parts[index]?.isWhole).map(({ storyId }) => storyId);
    await markStoriesPlanned(trx, planned, now);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if (size > 0) await wakeSenders(trx);
    return size;
  });
}

async function stopStale({ db: trx, freshHours }: PlanDeps, stories: readonly PlannedStory[], now: Date) {
  for (const { storyId, owing } of stories) {
    if (owing !== 'stale') continue;
    await stopSubject(trx, { storyId }, { outcome: 'stale', reason: staleBecause({ freshHours }), now });
  }
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
      const found = await findBy(trx, [story], await listTopicIds(trx, [story]));
      const [prepared] = await prepareStories({ ...deps, db: trx }, found, now);
      const { audience } = prepared as PlannedStory;
      // Who is in a chunk already stands in the ledger then.
      await listRows(trx, await listUnlistedOf(trx, audience.subjectId));
      const { size: more } = await planRest(trx, audience);
      await markStoryPlannedBy(trx, { storyId, topicIds: audience.of.topicIds, plannedAt: now });
      if (more > 0) await wakeSenders(trx);
      return more;
    });
    if (size !== undefined) return size;
    afterId = storyId;
  }
}

/** A story, and what brings it to readers and channels. */
interface FoundStory {
  story: StoryRow;
  of: Found;
}

/**
 * Those that are planned together, in their order. Most stories are for few. One for many is planned by itself, when it is
 * the first: its thousands need not wait for what comes after it, nor the few before it for them.
 */
async function findNext(trx: Db, waiting: readonly StoryRow[]): Promise<readonly FoundStory[]> {
  const topicIds = await listTopicIds(trx, waiting);
  if (waiting.length === 1) return findBy(trx, waiting, topicIds);
  const topics = await listCrowdedTopics(trx, new Set([...topicIds.values()].flat()));
  const isByMany = ({ storyId }: StoryRow) => topicIds.get(storyId)?.some((topicId) => topics.has(topicId)) ?? false;
  const found = await findBy(trx, upToFirst(waiting, isByMany), topicIds);
  if (found.every(({ of }) => of.keywords.length === 0)) return found;
  const keywords = await listCrowdedKeywords(trx, new Set(found.flatMap(({ of }) => of.keywords)));
  return upToFirst(found, ({ of }) => of.keywords.some((keyword) => keywords.has(keyword)));
}

/** Those before the first that `isAlone`, or only that one. */
function upToFirst<T>(all: readonly T[], isAlone: (one: T) => boolean): readonly T[] {
  const index = all.findIndex(isAlone);
  return index === -1 ? all : all.slice(0, Math.max(index, 1));
}

function listTopicIds(trx: Db, stories: readonly StoryRow[]): Promise<Map<number, number[]>> {
  return listTopicIdsOfStories(
    trx,
    stories.map(({ storyId }) => storyId),
  );
}

async function findBy(
  trx: Db,
  stories: readonly StoryRow[],
  topicIds: ReadonlyMap<number, number[]>,
): Promise<FoundStory[]> {
  const keywords = await keywordsIn(trx, stories);
  return stories.map((story) => {
    const { storyId, language } = story;
    return { story, of: { topicIds: topicIds.get(storyId) ?? [], keywords: keywords.get(storyId) ?? [], language } };
  });
}

interface PlannedStory {
  storyId: number;
  owing: Owing;
  audience: PlanAudience & { of: Found };
}

async function prepareStories(
  { db: trx, freshHours }: PlanDeps,
  found: readonly FoundStory[],
  now: Date,
): Promise<PlannedStory[]> {
  const owed = found.map(({ story, of }) => {
    const owing = howOwed(story, { now, freshHours });
    const lane = owing !== 'push' ? lanes.digest : story.breaking ? lanes.breaking : lanes.story;
    return { storyId: story.storyId, owing, audience: { of, lane, dueAt: owing === 'hold' ? null : now, now } };
  });
  const subjects = await ensureSubjects(
    trx,
    owed.map(({ storyId, owing, audience: { of, lane } }) => ({
      kind: 'story',
      storyId,
      lane,
      topicIds: [...of.topicIds],
      keywords: [...of.keywords],
      isHeld: owing === 'hold',
      now,
    })),
  );
  return owed.map(({ audience, ...story }, index) => {
    const { subjectId } = subjects[index] as EnsuredSubject;
    return { ...story, audience: { ...audience, subjectId } };
  });
}

/** Undefined when no broadcast waits. */
async function planBroadcast(db: Db, now: Date): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const broadcast = await lockUnplannedBroadcast(trx);
    if (!broadcast) return undefined;
    const { broadcastId, atMostOnce, audience, topicId } = broadcast;
    const lane = lanes.broadcast;
    const { subjectId, isNew } = await ensureSubject(trx, { kind: 'broadcast', broadcastId, lane, atMostOnce, now });
    const of = { audience, topicId } as Audience;
    const audienceOf = { of, subjectId, lane, dueAt: now, now };
    const isBegun = !isNew && (await hasRows(trx, subjectId));
    const { size, isWhole } = isBegun
      ? { ...(await planRest(trx, audienceOf)), isWhole: true }
      : await planFirst(trx, audienceOf);
    if (isWhole) await markBroadcastPlanned(trx, broadcastId, now);
    if (size > 0) await wakeSenders(trx);
    return size;
  });
}

interface Part {
  size: number;
  /** Nobody else is to be looked for. */
  isWhole: boolean;
}

/**
 * Those who were active last are written down, and sent to, while the others are still being looked for: that is the next
 * step, for which the story or broadcast stays unplanned.
 */
async function planFirst(trx: Db, audience: PlanAudience): Promise<Part> {
  const { size, chunkIds } = await planHead(trx, audience);
  if (size > 0) await listRows(trx, chunkIds);
  return partOf(size);
}

const partOf = (size: number): Part => ({ size, isWhole: size < headSize });

/** The same of one story, or of several that are for few. */
async function planFirstOfEach(trx: Db, stories: readonly PlannedStory[]): Promise<Part[]> {
  const [only, ...others] = stories;
  if (only && others.length === 0) return [await planFirst(trx, only.audience)];
  const heads = await planHeads(
    trx,
    stories.map(({ audience }) => audience),
  );
  const chunkIds = heads.flatMap((head) => head.chunkIds);
  if (chunkIds.length > 0) await listRows(trx, chunkIds);
  return heads.map(({ size }) => partOf(size));
}

/** Writes the rows of chunks that nobody has sent yet, ahead of their turn; undefined when all are written. */
async function list(db: Db): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const chunks = await lockUnlistedChunks(trx, chunksAtOnce);
    if (chunks.length === 0) return undefined;
    await listRows(
      trx,
      chunks.map(({ chunkId }) => chunkId),
    );
    return 0;
  });
}

/** The keywords of readers that each story has; its text is looked at only when one of them may be there. */
async function keywordsIn(trx: Db, stories: readonly StoryRow[]): Promise<Map<number, string[]>> {
  const terms = new Set(stories.flatMap(({ searchTerms }) => searchTerms));
  const candidates = (await listKeywordsAmong(trx, [...terms])).map((keyword) => [keyword, termsOf(keyword)] as const);
  const keywords = new Map<number, string[]>();
  for (const { storyId, searchTerms } of stories) {
    const own = new Set(searchTerms);
    const among = candidates.filter(([, keywordTerms]) => keywordTerms.some((term) => own.has(term)));
    if (among.length === 0) continue;
    const match = createKeywordMatcher(among.map(([keyword]) => [keyword, keyword] as const));
    keywords.set(
      storyId,
      match(await getSearchedText(trx, storyId)).map(({ keyword }) => keyword),
    );
  }
  return keywords;
}
