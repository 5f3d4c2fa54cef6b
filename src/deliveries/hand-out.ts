// Hands out a chunk: a slice at a time gets its slots, is marked as being sent, and is called for at its slots.
import { type ChunkContent, readContent } from './chunk-content.ts';
import type { ChunkRun } from './chunk-run.ts';
import type { OpenDelivery, Started, Starting } from './delivery-store.ts';
import { callsPerSecond, isBusy, nextSendAt } from './pace.ts';
import { pausedForMs } from './pace-store.ts';
import type { SendRun } from './send.ts';
import type { SendOutcome } from './sender.ts';
import { getSubject } from './subject-store.ts';
import { type GivenSlots, pictureTryMs } from './together.ts';

/** Deliveries that are begun together at most. */
const sliceAtMost = 60;
/** Fewer are begun together only where no more are left: each time costs two questions to Postgres. */
const leastSlice = 25;
/** What is in doubt is begun in so small slices, each when the last is written down: another kill leaves few unknown. */
const doubtfulSlice = 10;
/** Who missed their slot by more has been asleep: somebody else may have sent it by now. */
const latestMs = 8_000;
/** Slots further ahead are asked for again after so long. */
const longestSlotWaitMs = 1_000;
/** What could not be begun for a fault of ours is tried again after so long. */
const busyRetryMs = 1_000;
/** A chat to which somebody is just writing is asked for again after so long, so that nothing less urgent overtakes. */
const lockedRetryMs = 100;
/** Chats that are free by then are taken for the next slice. */
const sliceAheadMs = 300;
const pictureLookMs = 100;

/** Begins as much of the chunk as may be begun now; what it leaves in the queue, another run begins. */
export async function handOut(send: SendRun, run: ChunkRun): Promise<void> {
  const { db, clock } = send.deps;
  run.dropNeedless();
  while (run.queue.length > 0 && !send.isHalted && !run.isLost) {
    if (await send.mustYield(run)) return;
    const isInDoubt = run.isNextInDoubt;
    if ((isInDoubt && !run.isWrittenDown) || send.room < Math.min(run.queue.length, leastSlice)) {
      if (run.isDue) send.flushSoon();
      await send.wake.next();
      continue;
    }
    const askedAt = clock.now();
    const most = Math.min(send.room, isInDoubt ? doubtfulSlice : sliceAtMost);
    const free = run.takeFree(most, new Date(askedAt.getTime() + sliceAheadMs));
    if (free.length === 0) return;
    const turn = await pictureTurn(send, run);
    run.queue.unshift(...free.splice(turn === 'go' ? free.length : turn === 'mine' ? 1 : 0));
    if (turn === 'wait') continue;
    const { canBePaid } = run.content;
    const slots = await send.together.slots(free.length, { canBePaid }).catch((error: unknown) => {
      run.queue.unshift(...free);
      throw error;
    });
    if (slots.kind === 'wait') {
      run.queue.unshift(...free);
      // Whoever has a slot sooner tries it; nobody, this chunk neither, waits for a try that has not begun.
      if (turn === 'mine' && run.content.story) {
        await send.together.markPicture(run.content.story.storyId, { state: 'untried' });
      }
      // Many answers to people go first, or nobody is written to for now: then it is somebody else's to wait.
      if (slots.forMs > longestSlotWaitMs && (await pausedForMs(db)) > 0) return;
      await clock.sleep(Math.min(slots.forMs, longestSlotWaitMs), send.signal);
      continue;
    }
    run.queue.unshift(...free.splice(slots.count));
    const calls = await begin(send, run, free, slots);
    if (turn === 'mine') await tryPicture(send, run, calls);
  }
}

/** Marks the slice as being sent and has it called for at its slots. */
async function begin(
  send: SendRun,
  run: ChunkRun,
  slice: readonly OpenDelivery[],
  slots: GivenSlots,
): Promise<Promise<void>[]> {
  const { db, clock, pace } = send.deps;
  const { firstAt } = slots;
  const giveAllBack = () => {
    const dueAt = new Date(clock.now().getTime() + busyRetryMs);
    for (const delivery of slice) run.giveBack(delivery, { dueAt, reason: 'the database was away' });
  };
  const now = clock.now().getTime();
  const starting = slice.map((delivery, place) =>
    startingAt(delivery, new Date(Math.max(now, firstAt + place * slots.everyMs))),
  );
  let started: Started;
  try {
    const { chunk, claim } = run;
    started = await send.together.start({ chunk, claim, starting }, run.content);
  } catch (error) {
    // Whether the marks were set, nobody knows: what is found being sent and was not is only sent later.
    for (const delivery of slice) run.begin(delivery, delivery.attempts + 1);
    giveAllBack();
    throw error;
  }
  if (!started.isOurs) {
    run.isLost = true;
    return [];
  }
  if (started.isStopped) {
    run.queue.unshift(...slice);
    const { stoppedOutcome, stoppedBecause } = await getSubject(db, run.subject.subjectId);
    run.dropQueue({ outcome: stoppedOutcome ?? 'withdrawn', reason: stoppedBecause ?? 'the story was withdrawn' });
    return [];
  }
  const calls: Promise<void>[] = [];
  const perSecond = callsPerSecond(pace, slots);
  const metronome = slots.isPaid ? send.metronomes.paid : send.metronomes.free;
  for (const delivery of slice) {
    const attempts = started.attempts.get(delivery.recipientId);
    if (attempts === undefined) run.waitUntilFree(delivery, freeAgainAt(delivery, started, clock.now()));
    else run.begin(delivery, attempts);
  }
  try {
    if (isChanged(run, started)) await refresh(send, run);
  } catch (error) {
    giveAllBack();
    throw error;
  }
  for (const [place, delivery] of slice.entries()) {
    if (!started.attempts.has(delivery.recipientId)) continue;
    const at = firstAt + place * slots.everyMs;
    const beat = () => metronome.beat(at, perSecond);
    const call = callAt(send, run, { delivery, at, isPaid: slots.isPaid, beat });
    calls.push(call.catch((error: unknown) => send.fail(error)));
  }
  return calls;
}

function freeAgainAt({ recipientId }: OpenDelivery, { freeAt }: Started, now: Date): Date {
  const at = freeAt.get(recipientId);
  return at && isBusy(at, now) ? at : new Date(now.getTime() + lockedRetryMs);
}

/** What is said has changed since it was read. */
function isChanged({ content }: ChunkRun, { storyRevision, newestCorrectionId }: Started): boolean {
  if (storyRevision !== (content.story?.revision ?? null)) return true;
  return content.newestCorrectionId !== undefined && content.newestCorrectionId !== newestCorrectionId;
}

function startingAt({ recipientId }: OpenDelivery, at: Date): Starting {
  return { recipientId, at, nextSendAt: nextSendAt('subscriber', [at]) ?? at };
}

interface DueCall {
  delivery: OpenDelivery;
  at: number;
  isPaid: boolean;
  beat: () => Promise<void>;
}

async function callAt(send: SendRun, run: ChunkRun, { delivery, at, isPaid, beat }: DueCall): Promise<void> {
  await beat();
  const { clock } = send.deps;
  const { content } = run;
  const call = content.callFor(delivery);
  if (send.isHalted || run.isLost) {
    run.giveBack(delivery, { dueAt: clock.now(), reason: 'sending was paused' });
  } else if (clock.now().getTime() - at > latestMs) {
    run.giveBack(delivery, { dueAt: clock.now(), reason: 'its slot was missed' });
  } else if ('needless' in call) {
    run.giveBack(delivery, { dueAt: clock.now(), reason: call.needless.reason });
  } else {
    await answered(send, run, delivery, { sent: await called(send, run, () => call({ isPaid })), content });
  }
  send.noteAnswered();
}

/** A fault of ours in one message stops no other: it is said in the log, and tried again later. */
async function called(send: SendRun, run: ChunkRun, call: () => Promise<SendOutcome>): Promise<SendOutcome> {
  try {
    return await call();
  } catch (error) {
    send.deps.log.error('a message could not be made', { subjectId: run.subject.subjectId, error });
    return { kind: 'retry', reason: 'the message could not be made; the log says why' };
  }
}

async function answered(
  send: SendRun,
  run: ChunkRun,
  delivery: OpenDelivery,
  { sent, content }: { sent: SendOutcome; content: ChunkContent },
): Promise<void> {
  send.count(sent.kind);
  // First of all: whatever else fails, what Telegram answered is kept.
  const decision = run.answer(delivery, sent, { content, now: send.deps.clock.now() });
  if (decision?.pauseMs !== undefined) await send.pause(decision.pauseMs, { isFlood: decision.isFlood ?? false });
  const { story } = run.content;
  if (sent.kind === 'sent' && sent.photo && story && isPictureNews(story, sent)) {
    const { storyId, imageUrl } = story;
    await send.throughOutage(() =>
      send.together.markPicture(storyId, { state: sent.photo ?? 'refused', fileId: sent.photoFileId, imageUrl }),
    );
    run.isPictureKnown = true;
    if (run.waiting.length > 0) await send.throughOutage(() => refresh(send, run));
  }
}

/** Everyone's picture after the first says what is known. */
function isPictureNews(
  { imageState, imageFileId }: NonNullable<ChunkRun['content']['story']>,
  { photo, photoFileId }: Extract<SendOutcome, { kind: 'sent' }>,
): boolean {
  return imageState !== photo || (photoFileId !== undefined && photoFileId !== imageFileId);
}

async function refresh(send: SendRun, run: ChunkRun): Promise<void> {
  const deps = { ...send.deps, now: send.deps.clock.now(), withoutPicture: run.isWithoutPicture };
  run.content = await readContent(deps, run.subject, run.waiting);
  run.dropNeedless();
}

/**
 * Whether the next message tries the story's picture (mine), waits for another's try (wait), or goes out as it may
 * (go): a picture is fetched by Telegram once, and everyone after gets it by Telegram's own name for it.
 */
async function pictureTurn(send: SendRun, run: ChunkRun): Promise<'mine' | 'wait' | 'go'> {
  const { story } = run.content;
  const isUnknown = story && story.imageUrl !== null && ['untried', 'trying'].includes(story.imageState);
  if (!isUnknown || run.isWithoutPicture) return 'go';
  const { clock } = send.deps;
  const claim = await send.together.claimPicture(story.storyId);
  if (claim === 'mine') return 'mine';
  if (claim === 'wait') await clock.sleep(pictureLookMs, send.signal);
  await refresh(send, run);
  return 'wait';
}

/** Waits for what came of the picture; when that takes too long, the others get the story without it. */
async function tryPicture(send: SendRun, run: ChunkRun, calls: readonly Promise<void>[]): Promise<void> {
  const { clock } = send.deps;
  const late = Promise.withResolvers<false>();
  const timer = clock.every(pictureTryMs, () => late.resolve(false));
  const isTried = await Promise.race([Promise.all(calls).then(() => true), late.promise]);
  timer.stop();
  const { story } = run.content;
  if (!story) return;
  if (isTried) {
    // Where nothing came of it (nobody was called, or the reader is gone), the next one tries.
    if (!run.isPictureKnown) await send.together.markPicture(story.storyId, { state: 'untried' });
    if (run.queue.length > 0) await refresh(send, run);
  } else {
    run.isWithoutPicture = true;
    // Nobody waits for it again; when it arrives after all, whoever is left gets it.
    await send.together.markPicture(story.storyId, { state: 'refused' });
    await refresh(send, run);
  }
}
