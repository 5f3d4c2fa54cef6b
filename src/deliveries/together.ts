// What chunks that are handed out at the same time ask of Postgres, or have to tell it, at once for all of them.
import type { Db } from '../db/database.ts';
import { inBatches } from '../lib/batches.ts';
import type { Clock } from '../lib/clock.ts';
import { chunksAtOnce, type HeldChunk, markHandedOut } from './chunk-store.ts';
import { startDeliveries, type Started, type StartingSlice, type StartOptions } from './delivery-store.ts';
import type { PaceSettings } from './pace.ts';
import { takeSlots } from './pace-store.ts';
import { type PictureClaim, claimPictures, markPictures, type PictureResult } from './picture-store.ts';
import { createSlotClock } from './slot-clock.ts';

/** Slots for calls: the first at `firstAt` (in the terms of `clock.now().getTime()`), the others `everyMs` apart. */
export interface GivenSlots {
  kind: 'slots';
  count: number;
  firstAt: number;
  everyMs: number;
  isPaid: boolean;
}

export interface Together {
  /** Up to `count` slots, or how long to wait before asking again. */
  slots(count: number, options: { canBePaid: boolean }): Promise<GivenSlots | { kind: 'wait'; forMs: number }>;
  /** As startDeliveries, for one slice. */
  start(slice: StartingSlice, options: StartOptions): Promise<Started>;
  /** As claimPictures, for one story; of several who ask at the same time one gets it. */
  claimPicture(storyId: number): Promise<PictureClaim>;
  markPicture(storyId: number, result: PictureResult): Promise<void>;
  /** As markHandedOut, for one chunk. */
  markHandedOut(chunk: HeldChunk): Promise<void>;
}

interface TogetherDeps {
  db: Db;
  clock: Clock;
  pace: PaceSettings;
}

/** How long a story's picture may keep its other readers waiting. */
export const pictureTryMs = 5_000;

export function createTogether({ db, clock, pace }: TogetherDeps): Together {
  const slotClock = createSlotClock();

  const slotsOf = (canBePaid: boolean) =>
    inBatches(chunksAtOnce, async (counts: readonly number[]) => {
      const askedAt = clock.now();
      const count = counts.reduce((sum, one) => sum + one, 0);
      const slots = await takeSlots(db, { count, pace, canBePaid, now: askedAt });
      if (slots.kind === 'wait') return counts.map(() => slots);
      const answered = { askedAtMs: askedAt.getTime(), answeredAtMs: clock.now().getTime() };
      return shared(counts, { ...slots, firstAt: slotClock.firstAt(slots, answered) });
    });
  const lanes = { paid: slotsOf(true), free: slotsOf(false) };

  const startUsual = inBatches(chunksAtOnce, (slices: readonly StartingSlice[]) =>
    startDeliveries(db, slices, { reaches: ['active'], rivals: [] }),
  );
  const claimPicture = inBatches(chunksAtOnce, async (storyIds: readonly number[]) => {
    const claims = await claimPictures(db, [...new Set(storyIds)], { now: clock.now(), tryMs: pictureTryMs });
    return storyIds.map((storyId, index) => {
      const claim = claims.get(storyId) ?? 'settled';
      return claim === 'mine' && storyIds.indexOf(storyId) < index ? 'wait' : claim;
    });
  });
  const markPicture = tellTogether((marks: readonly [storyId: number, result: PictureResult][]) =>
    markPictures(db, new Map(marks)),
  );

  return {
    slots: (count, { canBePaid }) => (canBePaid ? lanes.paid : lanes.free)(count),
    async start(slice, { reaches, rivals }) {
      if (rivals.length === 0 && reaches.join() === 'active') return startUsual(slice);
      const [started] = await startDeliveries(db, [slice], { reaches, rivals });
      return started as Started;
    },
    claimPicture,
    markPicture: (storyId, result) => markPicture([storyId, result]),
    markHandedOut: tellTogether((chunks: readonly HeldChunk[]) => markHandedOut(db, chunks)),
  };
}

/** For what is only told: nothing comes back. */
function tellTogether<Item>(tell: (items: readonly Item[]) => Promise<void>): (item: Item) => Promise<void> {
  return inBatches(chunksAtOnce, async (items: readonly Item[]) => {
    await tell(items);
    return items.map(() => undefined);
  });
}

/** In the order in which they asked; who gets none asks again when the others' slots are over. */
function shared(counts: readonly number[], slots: GivenSlots): (GivenSlots | { kind: 'wait'; forMs: number })[] {
  let given = 0;
  return counts.map((wanted) => {
    const count = Math.min(wanted, slots.count - given);
    if (count === 0) return { kind: 'wait', forMs: Math.max(1, slots.count * slots.everyMs) };
    const { everyMs, isPaid } = slots;
    const firstAt = slots.firstAt + given * everyMs;
    given += count;
    return { kind: 'slots', count, firstAt, everyMs, isPaid };
  });
}
