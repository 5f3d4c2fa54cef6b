// The last stage, and the only place that writes to many chats: sends what is owed, at the bot's pace.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { chatOf } from '../recipients/recipient.ts';
import { setRecipientChat, setRecipientState } from '../recipients/recipient-store.ts';
import { getStory, markStoryImage, type StoryWithTopics } from '../stories/story-store.ts';
import { topicName } from '../topics/topic.ts';
import { closeBroadcast, countBroadcast, getBroadcast } from './broadcast-store.ts';
import { type Decision, decide } from './delivery.ts';
import {
  type ClaimedDelivery,
  claimDeliveries,
  closeDeliveries,
  listAbandoned,
  markChatWritten,
  markDelivery,
  markSending,
  nextDeliveryAt,
  releaseDeliveries,
} from './delivery-store.ts';
import { pausedForMs, pauseSending, takeSlots } from './pace-store.ts';
import { createProgress } from './progress.ts';
import type { Desk, Sender, SendOutcome, StoryLetter } from './sender.ts';

/** Deliveries taken at a time: few, so that urgent ones wait for little. */
const claimSize = 10;
/** Calls under way at a time: enough for the whole pace at half a second each. */
const inFlightAtMost = 16;
/** Longer than a call to Telegram may take (telegram/sender.ts), so that a claim outlives its call. */
const claimMs = 40_000;
/** A run waits this long for what is not due yet; the next tick starts a new run. */
const patienceMs = 30_000;

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
  /** Set by an answer that concerns the whole bot: what was claimed is given back. */
  #halted = false;
  #failure: unknown;

  constructor(deps: SendDeps, signal: AbortSignal) {
    this.#deps = deps;
    this.#signal = signal;
    this.#progress = createProgress(deps);
  }

  async run(): Promise<Partial<SendResult>> {
    const { db, clock } = this.#deps;
    await this.#recoverAbandoned();
    while (!this.#signal.aborted && this.#failure === undefined) {
      this.#halted = false;
      const pausedMs = await pausedForMs(db);
      if (pausedMs > patienceMs) break;
      if (pausedMs > 0) await clock.sleep(pausedMs, this.#signal);
      const now = clock.now();
      const claimed = this.#signal.aborted
        ? []
        : await claimDeliveries(db, {
            now,
            limit: claimSize,
            claimedUntil: new Date(now.getTime() + claimMs),
          });
      if (claimed.length > 0) await this.#sendClaimed(claimed);
      else if (this.#inFlight.size > 0) await Promise.race(this.#inFlight.values());
      else if (!(await this.#waitForNext())) break;
      await this.#progress.show();
    }
    await Promise.all(this.#inFlight.values());
    await this.#progress.show({ now: true });
    if (this.#failure !== undefined) throw this.#failure;
    return this.#counts;
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
    const { db, clock } = this.#deps;
    let next = 0;
    while (next < claimed.length && !this.#signal.aborted && !this.#halted) {
      const slots = await takeSlots(db, { count: claimed.length - next, perSecond: this.#deps.perSecond });
      if (slots.kind === 'wait') {
        if (slots.forMs > claimMs / 2) break;
        await clock.sleep(slots.forMs, this.#signal);
        continue;
      }
      await clock.sleep(slots.inMs, this.#signal);
      for (let slot = 0; slot < slots.count && !this.#signal.aborted && !this.#halted; slot += 1) {
        if (slot > 0) await clock.sleep(slots.everyMs, this.#signal);
        if (this.#inFlight.size >= inFlightAtMost) await Promise.race(this.#inFlight.values());
        this.#start(claimed[next] as ClaimedDelivery);
        next += 1;
      }
    }
    await releaseDeliveries(
      db,
      claimed.slice(next).map((delivery) => delivery.deliveryId),
    );
  }

  #start(delivery: ClaimedDelivery): void {
    const task = this.#sendOne(delivery)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(delivery.deliveryId));
    this.#inFlight.set(delivery.deliveryId, task);
  }

  async #sendOne(delivery: ClaimedDelivery): Promise<void> {
    await markSending(this.#deps.db, delivery.deliveryId);
    const outcome = await this.#call(delivery);
    this.#counts[outcome.kind] = (this.#counts[outcome.kind] ?? 0) + 1;
    await this.#apply(delivery, outcome);
  }

  async #call(delivery: ClaimedDelivery): Promise<SendOutcome> {
    const { db, sender } = this.#deps;
    const { kind, language } = delivery.recipient;
    const chat = chatOf(delivery.recipient);
    if (delivery.storyId !== null) {
      const story = await getStory(db, delivery.storyId);
      return sender.sendStory({ chat, kind, language: language ?? story.language }, letterOf(story));
    }
    const { fromChatId, messageIds } = await getBroadcast(db, delivery.broadcastId as number);
    return sender.copyBroadcast({ chat, kind, language: language ?? '' }, { fromChatId, messageIds });
  }

  async #apply(delivery: ClaimedDelivery, outcome: SendOutcome): Promise<void> {
    const { db, clock, random, log } = this.#deps;
    const { recipient } = delivery;
    const decision = decide(outcome, { ...delivery, recipientKind: recipient.kind });
    const now = clock.now();
    const reason = 'reason' in outcome ? outcome.reason : null;
    if (decision.pauseMs !== undefined) {
      this.#halted = true;
      // A little more than asked for: a message that arrives a moment early earns a longer wait.
      await pauseSending(db, decision.pauseMs + random.number() * 500);
    }
    await db.transaction().execute(async (trx) => {
      await markDelivery(trx, delivery, {
        decision: decision.delivery,
        outcome: { kind: outcome.kind, reason, messageId: outcome.kind === 'sent' ? outcome.messageId : null },
        now,
      });
      if (outcome.kind === 'sent') {
        await markChatWritten(trx, recipient, now);
        if (delivery.storyId !== null && outcome.photo) await markStoryImage(trx, delivery.storyId, outcome.photo);
        if (recipient.chatId === null && outcome.chatId !== undefined) {
          await setRecipientChat(trx, recipient.recipientId, outcome.chatId);
        }
      }
      await applyToRecipient(trx, delivery.recipientId, decision, now);
      await stopSubject(trx, delivery, decision, now);
    });
    if (outcome.kind !== 'sent') {
      log.warn('delivery not sent', { deliveryId: delivery.deliveryId, outcome: outcome.kind, reason });
    }
    await this.#tellEditors(delivery, decision);
  }

  async #tellEditors({ recipient, storyId, broadcastId }: ClaimedDelivery, decision: Decision): Promise<void> {
    const { db, desk } = this.#deps;
    if (decision.recipient && 'state' in decision.recipient && decision.recipient.state === 'disabled') {
      await desk.channelLost({ title: recipient.title, chat: chatOf(recipient) }, decision.recipient.reason);
    }
    if (decision.stopSubject === undefined) return;
    if (storyId !== null) await desk.storyRefused((await getStory(db, storyId)).headline, decision.stopSubject);
    if (broadcastId !== null) {
      const broadcast = await getBroadcast(db, broadcastId);
      await desk.broadcastReport(broadcast, await countBroadcast(db, broadcastId), decision.stopSubject);
    }
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

function letterOf({ imageState, imageUrl, topics, ...story }: StoryWithTopics): StoryLetter {
  return {
    ...story,
    imageUrl: imageState === 'refused' ? null : imageUrl,
    topics: topics.map((topic) => ({ slug: topic.slug, name: topicName(topic, story.language) })),
  };
}

async function applyToRecipient(trx: Db, recipientId: number, { recipient }: Decision, now: Date): Promise<void> {
  if (!recipient) return;
  if ('chatId' in recipient) {
    await setRecipientChat(trx, recipientId, recipient.chatId);
    return;
  }
  await setRecipientState(trx, recipientId, { ...recipient, only: ['active'] });
  await closeDeliveries(
    trx,
    { recipientId },
    {
      state: 'failed',
      outcome: recipient.state === 'blocked' ? 'dead-reader' : 'dead-chat',
      reason: recipient.reason,
      now,
    },
  );
}

async function stopSubject(
  trx: Db,
  { storyId, broadcastId }: Pick<ClaimedDelivery, 'storyId' | 'broadcastId'>,
  { stopSubject: reason }: Decision,
  now: Date,
): Promise<void> {
  if (reason === undefined) return;
  const of = storyId === null ? { broadcastId: broadcastId as number } : { storyId };
  await closeDeliveries(trx, of, { state: 'failed', outcome: 'content', reason, now });
  if (broadcastId !== null) await closeBroadcast(trx, broadcastId, { state: 'stopped', reason, now });
}
