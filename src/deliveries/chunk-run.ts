// One chunk in the hands of a process: what of it still waits, what is under way, and what is to be written down.
import type { RecipientState } from '../recipients/recipient.ts';
import type { ChunkContent } from './chunk-content.ts';
import type { ClaimedChunk, Remainder } from './chunk-store.ts';
import { afterDoubt, type Decision, decide } from './delivery.ts';
import type { Answered, OpenDelivery } from './delivery-store.ts';
import { isBusy } from './pace.ts';
import type { SendOutcome } from './sender.ts';
import type { Subject } from './subject-store.ts';

/** What is to be written down about one delivery, and what follows from it. */
export interface Answer extends Answered {
  delivery: OpenDelivery;
  decision?: Decision;
  /** Of a call, and the revision of the story, or the stories of the digest, that it showed. */
  sent?: SendOutcome;
  shown?: number | undefined;
  told?: ChunkContent['told'];
}

/** Remainders whose times are closer than this share a chunk, which is due at the last of them. */
const remainderSpanMs = 500;

export class ChunkRun {
  readonly chunk: ClaimedChunk;
  readonly claim: string;
  readonly subject: Subject;
  content: ChunkContent;
  /** Not called for yet, in order. */
  queue: OpenDelivery[];
  /** When those that were put off after they had been begun are due again. */
  readonly #later = new Map<number, number>();
  /** When the chats of those that were not begun are free. */
  #busy = new Map<number, number>();
  /** Called for, or about to be: the attempt, by recipient. */
  readonly #inFlight = new Map<number, { delivery: OpenDelivery; attempts: number }>();
  /** Not written down yet, and those of them that just are. */
  #answers: Answer[] = [];
  #beingWritten = 0;
  /** Nothing more of it is begun. */
  isHandedOut = false;
  /** Somebody else has it. */
  isLost = false;
  isClosed = false;
  /** What Telegram makes of its story's picture was learnt here. */
  isPictureKnown = false;
  /** Its story's picture took too long. */
  isWithoutPicture = false;

  constructor(
    chunk: ClaimedChunk,
    subject: Subject,
    { content, open }: { content: ChunkContent; open: OpenDelivery[] },
  ) {
    this.chunk = chunk;
    this.claim = chunk.claim ?? '';
    this.subject = subject;
    this.content = content;
    this.queue = open;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Everything that is still to be called for, or may be. */
  get waiting(): OpenDelivery[] {
    return [...[...this.#inFlight.values()].map(({ delivery }) => delivery), ...this.queue];
  }

  /** There is something to write down, if only that it has ended. */
  get isDue(): boolean {
    return !this.isClosed && (this.#answers.length > 0 || this.isEnded);
  }

  /** So many answers are to be written down. */
  get dueAnswers(): number {
    return this.#answers.length;
  }

  /** Nothing that was begun would be in doubt after a kill. */
  get isWrittenDown(): boolean {
    return this.#inFlight.size + this.#answers.length + this.#beingWritten === 0;
  }

  get isEnded(): boolean {
    return this.isHandedOut && this.#inFlight.size === 0;
  }

  /** Whoever left, or came back after leaving, is not owed what was planned before: takes them out of the queue. */
  dropUnwanted(): void {
    this.queue = this.queue.filter((delivery) => {
      const reason = unwantedBecause(delivery, this.subject, this.content.reaches);
      if (reason === undefined) return true;
      this.drop(delivery, { outcome: 'left', reason });
      return false;
    });
  }

  /** Takes those out of the queue that ask for nothing, as the content is now. */
  dropNeedless(): void {
    this.queue = this.queue.filter((delivery) => {
      const call = this.content.callFor(delivery);
      if (!('needless' in call)) return true;
      this.drop(delivery, call.needless);
      return false;
    });
  }

  /** The next ones have been called for once, and nobody knows what came of that: they are called for once more at most. */
  get isNextInDoubt(): boolean {
    return (this.queue[0]?.doubts ?? 0) > 0;
  }

  /** Takes the next `count` out of the queue whose chats are free at `at`; those before them that are not wait until then. */
  takeFree(count: number, at: Date): OpenDelivery[] {
    const free: OpenDelivery[] = [];
    let taken = 0;
    for (const delivery of this.queue) {
      if (free.length === count) break;
      taken += 1;
      const freeAt = delivery.recipient?.nextSendAt;
      if (freeAt && isBusy(freeAt, at)) this.waitUntilFree(delivery, freeAt);
      else free.push(delivery);
    }
    this.queue = this.queue.slice(taken);
    return free;
  }

  waitUntilFree({ recipientId }: OpenDelivery, at: Date): void {
    this.#busy.set(recipientId, at.getTime());
  }

  postpone({ recipientId }: OpenDelivery, dueAt: Date): void {
    this.#later.set(recipientId, dueAt.getTime());
  }

  /** It is not owed any more: nothing is called. What may have arrived before stays unknown. */
  drop(
    delivery: OpenDelivery,
    { outcome, reason, isFailure = false }: { outcome: string; reason: string; isFailure?: boolean },
  ): void {
    const event = delivery.state === 'doubtful' ? 'give-up' : isFailure ? 'fail' : 'cancel';
    this.#answers.push({ ...this.#of(delivery), attempts: null, event, outcome, reason });
  }

  /** Nothing that waits is owed any more. */
  dropQueue({ outcome, reason }: { outcome: string; reason: string }): void {
    for (const delivery of this.queue) this.drop(delivery, { outcome, reason, isFailure: outcome === 'content' });
    this.queue = [];
  }

  /** What a process that is gone left in the middle of a call: nobody can know what came of it. */
  doubtAbandoned(now: Date): void {
    this.queue = this.queue.filter((delivery) => {
      if (delivery.state !== 'sending') return true;
      const decision: Decision = this.content.isCorrection
        ? { event: 'postpone', dueInMs: 0 }
        : afterDoubt({ doubts: delivery.doubts, atMostOnce: this.subject.atMostOnce });
      const { attempts } = delivery;
      const { event } = decision;
      const reason = 'the process ended during the call';
      this.#answers.push({ ...this.#of(delivery), attempts, event, decision, outcome: 'unknown', reason });
      if (decision.dueInMs !== undefined) this.postpone(delivery, new Date(now.getTime() + decision.dueInMs));
      return false;
    });
  }

  #of(delivery: OpenDelivery): Pick<Answer, 'subjectId' | 'recipientId' | 'delivery'> {
    return { subjectId: this.subject.subjectId, recipientId: delivery.recipientId, delivery };
  }

  begin(delivery: OpenDelivery, attempts: number): void {
    this.#inFlight.set(delivery.recipientId, { delivery, attempts });
  }

  /** Its slot came, but the call was not made. */
  giveBack(delivery: OpenDelivery, { dueAt, reason }: { dueAt: Date; reason: string }): void {
    const { recipientId } = delivery;
    const started = this.#inFlight.get(recipientId);
    if (!started) return;
    this.#inFlight.delete(recipientId);
    this.postpone(delivery, dueAt);
    const { attempts } = started;
    const event = openEvent('postpone', delivery);
    this.#answers.push({ ...this.#of(delivery), attempts, event, isUncounted: true, outcome: 'retry', reason });
  }

  /** Undefined when the answer comes too late: it was given up. */
  answer(
    delivery: OpenDelivery,
    sent: SendOutcome,
    { content = this.content, now }: { content?: ChunkContent; now: Date },
  ): Decision | undefined {
    const { recipientId } = delivery;
    const started = this.#inFlight.get(recipientId);
    if (!started) return undefined;
    this.#inFlight.delete(recipientId);
    const { attempts } = started;
    const decision = decide(sent, {
      attempts,
      doubts: delivery.doubts,
      recipientKind: delivery.recipient?.kind ?? 'subscriber',
      isRepeatable: this.content.isCorrection,
      atMostOnce: this.subject.atMostOnce,
    });
    if (decision.dueInMs !== undefined) this.postpone(delivery, new Date(now.getTime() + decision.dueInMs));
    const shown = content.story?.revision;
    const isMessage = sent.kind === 'sent' && !this.content.isCorrection;
    this.#answers.push({
      ...this.#of(delivery),
      attempts,
      event: openEvent(decision.event, delivery),
      isUncounted: decision.isUncounted ?? false,
      decision,
      sent,
      shown,
      told: content.told,
      outcome: sent.kind,
      reason: 'reason' in sent ? sent.reason : null,
      ...(isMessage
        ? {
            messageId: sent.messageId,
            messageFormat: sent.format ?? null,
            storyRevision: shown ?? null,
          }
        : {}),
    });
    return decision;
  }

  /** Ends without waiting for what is under way. */
  abandon(now: Date): void {
    for (const { delivery } of this.#inFlight.values()) {
      this.answer(delivery, { kind: 'unknown', reason: 'the process was stopped during the call' }, { now });
    }
  }

  /** What is to be written down now, and, where nothing is left to wait for, when the rest is due again. */
  takeAnswers(): { answers: Answer[]; isEnd: boolean } {
    const answers = this.#answers;
    this.#answers = [];
    this.#beingWritten = answers.length;
    return { answers, isEnd: this.isEnded };
  }

  noteWritten(): void {
    this.#beingWritten = 0;
  }

  /** They were not written down after all. */
  putBack(answers: Answer[]): void {
    this.#beingWritten = 0;
    this.#answers = [...answers, ...this.#answers];
  }

  /** What waits does so until then. */
  deferQueue(at: Date): void {
    for (const delivery of this.queue) this.waitUntilFree(delivery, at);
    this.queue = [];
  }

  /** What was never begun, to be handed out by whoever is first: what waits in its order, and busy chats at their times. */
  takeUnbegun(now: Date): Remainder[] {
    const recipientIds = this.queue.map(({ recipientId }) => recipientId);
    const unbegun = [{ recipientIds, dueAt: this.chunk.dueAt ?? now }, ...grouped(this.#busy)];
    this.queue = [];
    this.#busy = new Map();
    return unbegun.filter((remainder) => remainder.recipientIds.length > 0);
  }

  /** It was not given back after all: it is when the chunk ends. */
  putUnbegun(parts: readonly Remainder[]): void {
    for (const { recipientIds, dueAt } of parts) {
      for (const recipientId of recipientIds) this.#later.set(recipientId, dueAt.getTime());
    }
  }

  /** What is left when the chunk ends, at its times. */
  remainders(): Remainder[] {
    return grouped(this.#later);
  }
}

function grouped(dueAt: ReadonlyMap<number, number>): Remainder[] {
  const groups: { recipientIds: number[]; dueAt: Date; from: number }[] = [];
  for (const [recipientId, at] of [...dueAt].toSorted(([, a], [, b]) => a - b)) {
    const last = groups.at(-1);
    if (last && at - last.from <= remainderSpanMs) {
      last.recipientIds.push(recipientId);
      last.dueAt = new Date(at);
    } else groups.push({ recipientIds: [recipientId], dueAt: new Date(at), from: at });
  }
  return groups;
}

/** What was doubtful before it was begun is so still when it is put off. */
function openEvent(event: Decision['event'], { doubts }: OpenDelivery): Decision['event'] {
  return event === 'postpone' && doubts > 0 ? 'doubt' : event;
}

function unwantedBecause(
  { recipient }: OpenDelivery,
  { kind, plannedAt }: Subject,
  reaches: readonly RecipientState[],
): string | undefined {
  if (recipient === null) return 'the recipient was removed';
  const { state, leftAt } = recipient;
  if (!reaches.includes(state)) return `the recipient is ${state}`;
  // Whoever is back still has the message that is corrected.
  if (kind !== 'correction' && leftAt !== null && leftAt > plannedAt) return 'the recipient had left meanwhile';
  return undefined;
}
