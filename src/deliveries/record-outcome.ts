// Writes down what Telegram answered, and everything that follows from it, in one transaction; then tells the editors.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { Random } from '../lib/random.ts';
import { chatOf } from '../recipients/recipient.ts';
import { lockRecipientState, setRecipientChat, setRecipientState } from '../recipients/recipient-store.ts';
import { getStory, markStoryImage } from '../stories/story-store.ts';
import { closeBroadcast, countBroadcast, getBroadcast } from './broadcast-store.ts';
import {
  getCorrectedStoryId,
  lockCopies,
  markDeliveredCopy,
  moveRecipient,
  planMissedCorrection,
} from './delivered-copy-store.ts';
import { type Decision, decide } from './delivery.ts';
import { type ClaimedDelivery, closeDeliveries, markChatWritten, markDelivery } from './delivery-store.ts';
import { pauseSending } from './pace-store.ts';
import type { PreparedCall } from './prepare-call.ts';
import type { Desk, SendOutcome } from './sender.ts';

/** Added to every pause that Telegram asks for: a message that arrives a moment early earns a longer one. */
const pauseJitterMs = 500;

interface RecordDeps {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
}

/** What was called, and what came of it. */
interface Answer extends Pick<PreparedCall, 'story' | 'copyOf' | 'takesBack'> {
  outcome: SendOutcome;
}

/** Safe to repeat: what is closed already stays as it is. */
export async function recordOutcome(
  { db, clock, random, log }: RecordDeps,
  delivery: ClaimedDelivery,
  answer: Answer,
): Promise<Decision> {
  const { outcome, story } = answer;
  const { recipient } = delivery;
  let decision = decide(outcome, { ...delivery, recipientKind: recipient.kind });
  const now = clock.now();
  const reason = 'reason' in outcome ? outcome.reason : null;
  if (decision.pauseMs !== undefined) await pauseSending(db, decision.pauseMs + random.number() * pauseJitterMs);
  await db.transaction().execute(async (trx) => {
    if (delivery.storyId !== null) await lockCopies(trx, delivery.storyId, 'recording');
    // Who has left during the call is owed nothing more. (The recipient first, then the delivery, as everywhere.)
    const recipientState = await lockRecipientState(trx, delivery.recipientId);
    const isWanted = recipientState === 'active' || (recipientState === 'stopped' && answer.takesBack === true);
    if (!isWanted && !decision.delivery.closed)
      decision = { ...decision, delivery: { state: 'canceled', closed: true } };
    await markDelivery(trx, delivery, {
      decision: decision.delivery,
      outcome: { kind: outcome.kind, reason, ...messageOf(delivery, answer) },
      now,
    });
    if (outcome.kind === 'sent') {
      await markChatWritten(trx, recipient, now);
      if (story && outcome.photo) await markStoryImage(trx, story.storyId, outcome.photo);
      if (recipient.chatId === null && outcome.chatId !== undefined) {
        await setRecipientChat(trx, recipient.recipientId, outcome.chatId);
      }
      if (delivery.storyId !== null && story) {
        await planMissedCorrection(trx, { recipientId: delivery.recipientId, recipientState, ...story, now });
      }
    }
    await applyToCopy(trx, answer);
    await applyToRecipient(trx, delivery.recipientId, decision, now);
    await stopSubject(trx, delivery, decision, now);
  });
  if (outcome.kind !== 'sent') {
    log.warn('delivery not sent', { deliveryId: delivery.deliveryId, outcome: outcome.kind, reason });
  }
  return decision;
}

/** The message that the delivery's row is about; a correction's is its copy's. */
function messageOf({ correctionId }: ClaimedDelivery, { outcome, story }: Answer) {
  if (outcome.kind !== 'sent' || correctionId !== null) return { messageId: null };
  return {
    messageId: outcome.messageId,
    ...(story ? { storyRevision: story.revision } : {}),
    ...(outcome.format ? { messageFormat: outcome.format } : {}),
  };
}

async function applyToCopy(trx: Db, { outcome, story, copyOf }: Answer): Promise<void> {
  if (copyOf === undefined || !story) return;
  if (outcome.kind === 'message-gone' || (outcome.kind === 'sent' && outcome.isDeleted)) {
    await markDeliveredCopy(trx, copyOf, { messageId: null });
  } else if (outcome.kind === 'sent' || outcome.kind === 'benign') {
    const messageFormat = outcome.kind === 'sent' ? outcome.format : undefined;
    await markDeliveredCopy(trx, copyOf, {
      storyRevision: story.revision,
      ...(messageFormat ? { messageFormat } : {}),
    });
  }
}

/** A lost channel and refused content are the newsroom's business at once. */
export async function tellEditors(
  { db, desk }: { db: Db; desk: Desk },
  { recipient, storyId, broadcastId, correctionId }: ClaimedDelivery,
  decision: Decision,
): Promise<void> {
  if (decision.recipient && 'state' in decision.recipient && decision.recipient.state === 'disabled') {
    await desk.channelLost({ title: recipient.title, chat: chatOf(recipient) }, decision.recipient.reason);
  }
  if (decision.stopSubject === undefined) return;
  if (storyId !== null) await desk.storyRefused((await getStory(db, storyId)).headline, decision.stopSubject);
  if (correctionId !== null) {
    const { headline } = await getStory(db, await getCorrectedStoryId(db, { correctionId }));
    await desk.correctionRefused(headline, decision.stopSubject);
  }
  if (broadcastId !== null) {
    const broadcast = await getBroadcast(db, broadcastId);
    await desk.broadcastReport(broadcast, await countBroadcast(db, broadcastId), decision.stopSubject);
  }
}

async function applyToRecipient(trx: Db, recipientId: number, { recipient }: Decision, now: Date): Promise<void> {
  if (!recipient) return;
  if ('chatId' in recipient) {
    await moveRecipient(trx, recipientId, recipient.chatId);
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
  { storyId, broadcastId, correctionId }: ClaimedDelivery,
  { stopSubject: reason }: Decision,
  now: Date,
): Promise<void> {
  if (reason === undefined) return;
  const refused = { state: 'failed', outcome: 'content', reason, now } as const;
  if (storyId !== null) await closeDeliveries(trx, { storyId }, refused);
  if (correctionId !== null) await closeDeliveries(trx, { correctionId }, refused);
  if (broadcastId !== null) {
    await closeDeliveries(trx, { broadcastId }, refused);
    await closeBroadcast(trx, broadcastId, { state: 'stopped', reason, now });
  }
}
