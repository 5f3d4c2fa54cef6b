// The last stage, and the only place that writes to many chats: sends what is owed, at the bot's pace.
import { type Db, isDeadlock, isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { decide } from './delivery.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  closeDeliveries,
  closeUnwanted,
  listAbandoned,
  markDelivery,
  markSending,
  nextDeliveryAt,
  releaseDeliveries,
} from './delivery-store.ts';
import { pausedForMs, type Slots, takeSlots } from './pace-store.ts';
import { type PreparedCall, prepareCall } from './prepare-call.ts';
import { createProgress } from './progress.ts';
import { recordOutcome, tellEditors } from './record-outcome.ts';
import type { Desk, Sender, SendOutcome } from './sender.ts';

/** Deliveries taken at a time: few, so that urgent ones wait for little. */
const claimSize = 10;
/** Calls under way at a time: enough for the whole pace at half a second each. */
const inFlightAtMost = 16;
/** How long what was taken waits for its slot at most; a killed process' share is taken by others then. */
const claimMs = 40_000;
/** Longer than a delivery's two calls to Telegram may take (telegram/sender.ts): the picture, then the text instead. */
const callMs = 60_000;
/** A run waits this long for what is not due yet; the next tick starts a new run. */
const patienceMs = 30_000;
/** Whether the same question to Postgres may be answered a little later: it was away, or chose us to end a deadlock. */
const passes = (error: unknown) => isDisconnected(error) || isDeadlock(error);

/** Between two tries while Postgres is away. */
const outageWaitMs = 500;

export interface SendDeps {
  db: Db;
  sender: Sender;
  desk: Desk;
  clock: Clock;
  random: Random;
  log: Log;
  perSecond: number;
}

export type SendResult = Record<SendOutcome['kind'], number>;

/** Sends what is due, and what becomes due soon; ends when nothing is left, on a long pause, or on the signal. */
export async function sendDeliveries(
  deps: SendDeps,
  { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
): Promise<Partial<SendResult>> {
  const run = new SendRun(deps, signal);
  return run.run();
}

class SendRun {
  readonly #deps: SendDeps;
  readonly #signal: AbortSignal;
  readonly #inFlight = new Map<number, Promise<void>>();
  readonly #progress;
  readonly #counts: Partial<SendResult> = {};
  /** Taken, and never tried: to be given back. */
  readonly #unsent: number[] = [];
  /** Set by an answer that concerns the whole bot: what was claimed is given back. */
  #halted = false;
  #failure: unknown;

  constructor(deps: SendDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#progress = createProgress(deps);
  }

  /** Goes on by itself when Postgres was away for a while. */
  async run(): Promise<Partial<SendResult>> {
    await this.#throughOutage(() => this.#recoverAbandoned());
    await this.#throughOutage(() => closeUnwanted(this.#deps.db, this.#deps.clock.now()));
    while (!this.#signal.aborted && this.#failure === undefined) {
      if (!(await this.#throughOutage(() => this.#step()))) break;
    }
    await Promise.all(this.#inFlight.values());
    await this.#throughOutage(() => this.#giveBack());
    await this.#throughOutage(() => this.#progress.show({ now: true }));
    if (this.#failure !== undefined) throw this.#failure;
    return this.#counts;
  }

  /** Takes and sends what is due; false when nothing more is to be done for now. */
  async #step(): Promise<boolean> {
    const { db, clock } = this.#deps;
    await this.#giveBack();
    this.#halted = false;
    const pausedMs = await pausedForMs(db);
    if (pausedMs > patienceMs) return false;
    if (pausedMs > 0) await clock.sleep(pausedMs, this.#signal);
    if (this.#signal.aborted) return false;
    const now = clock.now();
    const claimed = await claimDeliveries(db, {
      now,
      limit: claimSize,
      claimedUntil: new Date(now.getTime() + claimMs),
    });
    if (claimed.length > 0) await this.#sendClaimed(claimed);
    else if (this.#inFlight.size > 0) await Promise.race(this.#inFlight.values());
    else if (!(await this.#waitForNext())) return false;
    await this.#progress.show();
    return true;
  }

  /** Asks again while Postgres is away or undecided, for as long as a claim lasts. */
  async #throughOutage<T>(work: () => Promise<T>): Promise<T> {
    for (let waitedMs = 0; ; waitedMs += outageWaitMs) {
      try {
        return await work();
      } catch (error) {
        if (!passes(error) || waitedMs >= claimMs) throw error;
        await this.#deps.clock.sleep(outageWaitMs);
      }
    }
  }

  /** False when nothing will be due within this run's patience. */
  async #waitForNext(): Promise<boolean> {
    const { db, clock } = this.#deps;
    const nextAt = await nextDeliveryAt(db);
    if (nextAt === undefined) return false;
    const waitMs = nextAt.getTime() - clock.now().getTime();
    if (waitMs > patienceMs) return false;
    await this.#progress.show({ now: true });
    await clock.sleep(Math.max(waitMs, 10), this.#signal);
    await this.#recoverAbandoned();
    return true;
  }

  async #sendClaimed(claimed: readonly ClaimedDelivery[]): Promise<void> {
    let next = 0;
    try {
      while (next < claimed.length && !this.#signal.aborted && !this.#halted) {
        const slots = await this.#waitForSlots(claimed.length - next);
        // What has waited for longer than its claim may be somebody else's by now.
        if (!slots || !this.#holds(claimed[next])) break;
        for (let slot = 0; slot < slots.count && !this.#signal.aborted && !this.#halted; slot += 1) {
          if (slot > 0) await this.#deps.clock.sleep(slots.everyMs, this.#signal);
          if (this.#inFlight.size >= inFlightAtMost) await Promise.race(this.#inFlight.values());
          this.#start(claimed[next] as ClaimedDelivery);
          next += 1;
        }
      }
    } finally {
      this.#unsent.push(...claimed.slice(next).map((delivery) => delivery.deliveryId));
    }
  }

  #holds(delivery: ClaimedDelivery | undefined): boolean {
    const until = delivery?.claimedUntil;
    return until instanceof Date && until > this.#deps.clock.now();
  }

  /** Undefined when the wait is so long that the claim would not outlive it. */
  async #waitForSlots(count: number): Promise<Extract<Slots, { kind: 'slots' }> | undefined> {
    const { db, clock, perSecond } = this.#deps;
    while (!this.#signal.aborted) {
      const slots = await takeSlots(db, { count, perSecond });
      const waitMs = slots.kind === 'slots' ? slots.inMs : slots.forMs;
      if (waitMs > claimMs / 2) return undefined;
      await clock.sleep(waitMs, this.#signal);
      if (slots.kind === 'slots') return slots;
    }
    return undefined;
  }

  async #giveBack(): Promise<void> {
    await releaseDeliveries(this.#deps.db, this.#unsent);
    this.#unsent.length = 0;
  }

  #start(delivery: ClaimedDelivery): void {
    const task = this.#sendOne(delivery)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        // A later try of the same delivery, after a claim that ran out, is still to be waited for.
        if (this.#inFlight.get(delivery.deliveryId) === task) this.#inFlight.delete(delivery.deliveryId);
      });
    this.#inFlight.set(delivery.deliveryId, task);
  }

  async #sendOne(delivery: ClaimedDelivery): Promise<void> {
    let prepared: PreparedCall | undefined;
    try {
      prepared = await this.#begin(delivery);
    } catch (error) {
      if (!passes(error)) throw error;
      this.#unsent.push(delivery.deliveryId);
    }
    if (!prepared) return;
    const outcome = await prepared.call();
    this.#counts[outcome.kind] = (this.#counts[outcome.kind] ?? 0) + 1;
    // What Telegram answered is known only here: it is written down however often Postgres must be asked.
    const decision = await this.#throughOutage(() => recordOutcome(this.#deps, delivery, { ...prepared, outcome }));
    if (decision.pauseMs !== undefined) this.#halted = true;
    await tellEditors(this.#deps, delivery, decision);
  }

  /** Marks the delivery as being sent; undefined when it is not owed any more, or not ours. */
  async #begin(delivery: ClaimedDelivery): Promise<PreparedCall | undefined> {
    const { db, clock } = this.#deps;
    const now = clock.now();
    const prepared = await prepareCall({ ...this.#deps, now }, delivery);
    if ('needless' in prepared) {
      const { deliveryId } = delivery;
      await closeDeliveries(db, { deliveryId }, { state: 'canceled', ...prepared.needless, now });
      return undefined;
    }
    return (await markSending(db, delivery, new Date(now.getTime() + callMs))) ? prepared : undefined;
  }

  /** What a killed process left in the middle of a call has an unknown outcome. */
  async #recoverAbandoned(): Promise<void> {
    const { db, clock, log } = this.#deps;
    for (const delivery of await listAbandoned(db, clock.now())) {
      // However the clock may have jumped, this call of ours is still under way.
      if (this.#inFlight.has(delivery.deliveryId)) continue;
      const outcome: SendOutcome = { kind: 'unknown', reason: 'the process ended during the call' };
      await markDelivery(db, delivery, {
        decision: decide(outcome, { ...delivery, recipientKind: 'subscriber' }).delivery,
        outcome: { ...outcome, messageId: null },
        now: clock.now(),
      });
      log.warn('delivery outcome unknown after a crash', { deliveryId: delivery.deliveryId });
    }
  }
}
