// The last stage, and the only place that writes to many chats: sends what is owed, the most urgent first, at the bot's pace.
import { type Db, isDeadlock, isDisconnected, isExhausted } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import { forEachConcurrently } from '../lib/concurrency.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { createWake, type Wake } from '../lib/wake.ts';
import { type Beside, createBeside } from './beside.ts';
import type { ChunkRun } from './chunk-run.ts';
import {
  type ClaimedChunk,
  claimChunks,
  claimOf,
  deferChunk,
  isUrgentDue,
  nextChunkAt,
  renewClaims,
  splitChunk,
} from './chunk-store.ts';
import { handOut } from './hand-out.ts';
import { createMetronome } from './metronome.ts';
import { openChunks } from './open-chunks.ts';
import { noteFlood, type PaceSettings, pausedForMs, pauseSending } from './pace-store.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { Desk, Sender, SendOutcome } from './sender.ts';
import { createTogether, type Together } from './together.ts';

/** A killed process' share is taken by others after so long; a living one renews its claims three times as often. */
const leaseMs = 10_000;
/** Begun and not yet answered: at 1000 a second a hundred wait for their slots while as many are under way. */
export const inFlightAtMost = 250;
/** Whoever waits for room looks again after so many answers: a divisor of all the room, so that the last one counts. */
const answersPerWake = 10;
/** A run waits so long for what is not due yet, unless told otherwise. */
const defaultPatienceMs = 30_000;
/** How often a run that waits looks whether something became due that nobody told it of. */
const lookEveryMs = 250;
const urgentLookMs = 50;
/** What cannot be sent for a fault of ours is tried again after so long. */
const brokenRetryMs = 60_000;
/** Between two tries while Postgres is away, and for how long a run goes on trying. */
const outageWaitMs = 500;
const outagePatienceMs = 40_000;
/** What is under way when the program is to end is waited for so long. */
const graceMs = 5_000;
/** Added to every pause that Telegram asks for: a message that arrives a moment early earns a longer one. */
const pauseJitterMs = 500;

/** Whether the same question to Postgres may be answered a little later: it was away, full, or chose us to end a deadlock. */
const passes = (error: unknown) => isDisconnected(error) || isDeadlock(error) || isExhausted(error);

export interface SendDeps {
  db: Db;
  sender: Sender;
  desk: Desk;
  clock: Clock;
  random: Random;
  log: Log;
  pace: PaceSettings;
  defaultLanguage: string;
}

export type SendResult = Partial<Record<SendOutcome['kind'], number>>;

export interface SendOptions {
  signal?: AbortSignal;
  /** How long the run waits for what is not due yet. */
  patienceMs?: number;
  /** Poked when something became due meanwhile. */
  wake?: Wake;
}

/** Sends what is due, and what becomes due soon; ends when nothing is left, on a long pause, or on the signal. */
export async function sendDeliveries(deps: SendDeps, options: SendOptions = {}): Promise<SendResult> {
  const run = new SendRun(deps, options);
  return run.run();
}

/** About a second's work at once, so that waits for Postgres overlap where the pace is fast. */
function recipientsFor({ perSecond, paid }: PaceSettings): number {
  return Math.min(Math.max(perSecond, paid?.perSecond ?? 0, 150), 2_000);
}

export class SendRun {
  readonly deps: SendDeps;
  readonly signal: AbortSignal;
  /** Who we are to other processes. */
  readonly #sender: string;
  readonly wake: Wake;
  /** Each lane's calls are spaced by themselves: Telegram counts them so. */
  readonly metronomes;
  readonly together: Together;
  readonly #recorder: Recorder;
  readonly #patienceMs: number;
  /** Taken and not closed; and of those, what was opened. */
  readonly #taken = new Map<number, ClaimedChunk>();
  readonly #open = new Set<ChunkRun>();
  readonly #beside: Beside;
  #takings = 0;
  readonly #counts: SendResult = {};
  #lookedAt = 0;
  #isUrgentDue = false;
  /** Set by an answer that concerns the whole bot: nothing more is begun for now. */
  #isHalted = false;
  #pausing: Promise<unknown> = Promise.resolve();
  #failure: unknown;

  constructor(deps: SendDeps, { signal, patienceMs = defaultPatienceMs, wake = createWake() }: SendOptions) {
    this.deps = deps;
    this.signal = signal ?? new AbortController().signal;
    this.#sender = deps.random.token(9);
    this.wake = wake;
    this.metronomes = { free: createMetronome(deps.clock), paid: createMetronome(deps.clock) };
    this.together = createTogether(deps);
    this.#beside = createBeside(deps);
    this.#recorder = createRecorder(deps, {
      open: this.#open,
      wake,
      // What Telegram answered is known only here: it is kept for as long as the program lives.
      patiently: (work) => this.throughOutage(work, { patienceMs: Number.POSITIVE_INFINITY }),
      onClosed: (run) => {
        this.#open.delete(run);
        this.#taken.delete(run.chunk.chunkId);
      },
      onFailure: (error) => this.fail(error),
      onNews: (telling) => this.#beside.do(telling),
    });
    this.#patienceMs = patienceMs;
  }

  async run(): Promise<SendResult> {
    const { clock } = this.deps;
    const stopped = () => this.wake.poke();
    this.signal.addEventListener('abort', stopped);
    const upkeep = [
      clock.every(leaseMs / 3, () => void this.#renewClaims()),
      clock.every(lookEveryMs, () => this.wake.poke()),
    ];
    try {
      while (this.isGoingOn) {
        if (!(await this.throughOutage(() => this.#step()))) break;
      }
      await this.#settle();
      this.#beside.showProgress({ now: true });
      await this.#beside.end();
    } finally {
      this.signal.removeEventListener('abort', stopped);
      for (const each of upkeep) each.stop();
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.#counts;
  }

  get isGoingOn(): boolean {
    return !this.signal.aborted && this.#failure === undefined;
  }

  /** Nothing more is begun: the run ends, or the bot is paused. */
  get isHalted(): boolean {
    return this.#isHalted || !this.isGoingOn;
  }

  get room(): number {
    let inFlight = 0;
    for (const run of this.#open) inFlight += run.inFlight;
    return inFlightAtMost - inFlight;
  }

  /** Takes and hands out the most urgent chunk; false when nothing more is to be done for now. */
  async #step(): Promise<boolean> {
    const { db, clock } = this.deps;
    const pausing = this.#pausing;
    await pausing;
    const pausedMs = await pausedForMs(db);
    // Another pause has begun meanwhile.
    if (pausing !== this.#pausing) return true;
    // What waits for its slot was begun before the pause: it must not go during it.
    this.#isHalted = pausedMs > 0;
    if (pausedMs > this.#patienceMs) return false;
    if (pausedMs > 0) {
      await clock.sleep(pausedMs, this.signal);
      return true;
    }
    this.#isUrgentDue = false;
    if (this.room <= 0) {
      // Whoever has room for something urgent may have it.
      await this.wake.next();
      return true;
    }
    const chunks = await this.#take();
    if (chunks.length > 0) await this.#handOutAll(chunks);
    else if (this.#open.size > 0) await this.wake.next();
    else if (!(await this.#waitForNext())) return false;
    this.#beside.showProgress();
    return true;
  }

  async #take(): Promise<ClaimedChunk[]> {
    const { db, clock, pace } = this.deps;
    this.#takings += 1;
    const claim = claimOf(this.#sender, this.#takings);
    const held = [...this.#taken.keys()];
    const recipientsAtOnce = recipientsFor(pace);
    const taking = { sender: this.#sender, claim, leaseMs, now: clock.now(), held, recipientsAtOnce };
    const chunks = await claimChunks(db, taking);
    for (const chunk of chunks) this.#taken.set(chunk.chunkId, chunk);
    return chunks;
  }

  /** False when nothing will be due within this run's patience. */
  async #waitForNext(): Promise<boolean> {
    const { db, clock } = this.deps;
    const nextAt = await nextChunkAt(db);
    if (nextAt === undefined) return false;
    const waitMs = nextAt.getTime() - clock.now().getTime();
    if (waitMs > this.#patienceMs) return false;
    this.#beside.showProgress({ now: true });
    const woken = new AbortController();
    const ends = AbortSignal.any([this.signal, woken.signal]);
    await Promise.race([clock.sleep(Math.max(waitMs, outageWaitMs / 10), ends), this.wake.next()]);
    woken.abort();
    return true;
  }

  async #handOut(run: ChunkRun): Promise<void> {
    const { chunkId } = run.chunk;
    try {
      await handOut(this, run);
    } catch (error) {
      // What is left of it is tried again; nothing else waits for it.
      this.deps.log[passes(error) ? 'warn' : 'error']('handing out was interrupted', { chunkId, error });
      run.deferQueue(new Date(this.deps.clock.now().getTime() + (passes(error) ? 0 : brokenRetryMs)));
    } finally {
      // Before the chunk can end: what is left of it is nobody's then.
      await this.#giveBack(run).finally(() => {
        run.isHandedOut = true;
        this.flushSoon();
      });
    }
  }

  /** What was not begun is free for everybody; what is under way holds nothing less urgent back. */
  async #giveBack(run: ChunkRun): Promise<void> {
    if (run.isLost) return;
    const { db, clock } = this.deps;
    const parts = run.takeUnbegun(clock.now());
    try {
      await this.throughOutage(async () => {
        if (parts.length > 0)
          await db.transaction().execute((trx) => splitChunk(trx, run.chunk, { claim: run.claim, parts }));
        if (run.inFlight > 0) await this.together.markHandedOut({ chunkId: run.chunk.chunkId, claim: run.claim });
      });
    } catch (error) {
      run.putUnbegun(parts);
      throw error;
    }
  }

  async #handOutAll(chunks: readonly ClaimedChunk[]): Promise<void> {
    // What is not opened is not held: somebody else has it, or will.
    for (const { chunkId } of chunks) this.#taken.delete(chunkId);
    const runs = await this.#openAll(chunks);
    await forEachConcurrently(runs, runs.length, (run) => this.#handOut(run));
  }

  /** Reads what was taken. What is not ours any more is left alone; what cannot be read for a fault of ours waits. */
  async #openAll(chunks: readonly ClaimedChunk[]): Promise<ChunkRun[]> {
    try {
      const runs = await this.throughOutage(() => openChunks(this.deps, chunks, { leaseMs }));
      for (const run of runs) {
        this.#taken.set(run.chunk.chunkId, run.chunk);
        this.#open.add(run);
      }
      return runs;
    } catch (error) {
      if (passes(error)) throw error;
      // One chunk's trouble is nobody else's.
      if (chunks.length > 1) return (await Promise.all(chunks.map((chunk) => this.#openAll([chunk])))).flat();
      for (const chunk of chunks) await this.#deferBroken(chunk, error);
      return [];
    }
  }

  async #deferBroken({ chunkId, claim }: ClaimedChunk, error: unknown): Promise<void> {
    const { db, clock, log } = this.deps;
    log.error('a chunk could not be sent', { chunkId, error });
    await deferChunk(db, { chunkId }, { claim: claim ?? '', dueAt: new Date(clock.now().getTime() + brokenRetryMs) });
  }

  /** Whether something else is to go before the rest of this chunk; looked for as often as a person would notice. */
  async mustYield({ chunk: { lane } }: ChunkRun): Promise<boolean> {
    const { db, clock } = this.deps;
    const sinceMs = clock.now().getTime() - this.#lookedAt;
    if (sinceMs < 0 || sinceMs >= urgentLookMs) {
      this.#lookedAt = clock.now().getTime();
      this.#isUrgentDue = await isUrgentDue(db, { lane, sender: this.#sender, now: clock.now() });
    }
    return this.#isUrgentDue;
  }

  count(kind: SendOutcome['kind']): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }

  /** What was answered is to be written down, and there is room for the next ones. */
  noteAnswered(): void {
    this.flushSoon();
    if (this.room % answersPerWake === 0) this.wake.poke();
  }

  /** Nobody is written to for so long. */
  async pause(ms: number, { isFlood }: { isFlood: boolean }): Promise<void> {
    this.#isHalted = true;
    const { db, random } = this.deps;
    const paused = this.throughOutage(async () => {
      if (isFlood) await noteFlood(db);
      await pauseSending(db, ms + random.number() * pauseJitterMs);
    });
    this.#pausing = Promise.allSettled([this.#pausing, paused]);
    await paused;
  }

  fail(error: unknown): void {
    this.#failure ??= error;
    this.wake.poke();
  }

  /** Asks again while Postgres is away or undecided. */
  async throughOutage<T>(work: () => Promise<T>, { patienceMs = outagePatienceMs } = {}): Promise<T> {
    for (let waitedMs = 0; ; waitedMs += outageWaitMs) {
      try {
        return await work();
      } catch (error) {
        if (!passes(error) || waitedMs >= (this.signal.aborted ? graceMs / 2 : patienceMs)) throw error;
        await this.deps.clock.sleep(outageWaitMs);
      }
    }
  }

  /** Writes down what was answered, soon, and many answers at a time. */
  flushSoon(): void {
    this.#recorder.soon();
  }

  async #renewClaims(): Promise<void> {
    const taken = [...this.#taken.values()];
    if (taken.length === 0) return;
    try {
      const ours = new Set(await renewClaims(this.deps.db, taken, { leaseMs }));
      const lost = new Set(taken.filter(({ chunkId }) => !ours.has(chunkId)));
      for (const run of this.#open) if (lost.has(run.chunk) && !run.isClosed) run.isLost = true;
    } catch (error) {
      this.deps.log.warn('could not renew what is being sent', { error });
    }
  }

  /** Waits for what is under way, for as long as there is time, and writes it down. */
  async #settle(): Promise<void> {
    const { clock, log } = this.deps;
    const isUnderWay = () => [...this.#open].some((run) => run.inFlight > 0);
    let isLate = false;
    const grace = clock.every(graceMs, () => {
      isLate = !this.isGoingOn;
      this.wake.poke();
    });
    while (isUnderWay() && !isLate) await this.wake.next();
    grace.stop();
    if (isUnderWay()) {
      log.warn('stopped in the middle of calls to Telegram; what came of them is not known');
      for (const run of this.#open) run.abandon(clock.now());
    }
    await this.#recorder.end();
  }
}
