// Writes down what Telegram answered, many answers at a time, and everything that follows from them, in one transaction.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { setRecipientChat, setRecipientState } from '../recipients/recipient-store.ts';
import { chatOf } from '../recipients/recipient.ts';
import { getStory } from '../stories/story-store.ts';
import type { Answer, ChunkRun } from './chunk-run.ts';
import { closeChunk, type Closed, countClosed, lockClaim, wakeSenders } from './chunk-store.ts';
import {
  lockCopies,
  markDeliveredCopies,
  moveRecipient,
  planMissedCorrection,
  type ShownCopy,
} from './delivered-copy-store.ts';
import { type Delivery, markDeliveries } from './delivery-store.ts';
import { reportBroadcast } from './progress.ts';
import type { Desk } from './sender.ts';
import { stopSubject } from './subject-store.ts';

interface RecordDeps {
  db: Db;
  clock: Clock;
  log: Log;
  desk: Desk;
}

/**
 * Safe to repeat: what is closed already stays as it is, and is counted once. Returns what is to be told to editors, when
 * there is time for it.
 */
export async function recordAnswers({ db, clock, log, desk }: RecordDeps, run: ChunkRun): Promise<() => Promise<void>> {
  const { chunk, subject, content } = run;
  const { answers: taken, isEnd } = run.takeAnswers();
  let answers = taken;
  const now = clock.now();
  let news: News;
  try {
    news = await db.transaction().execute(async (trx) => {
      const storyId = content.story?.storyId;
      const tells = subject.kind === 'story' && storyId !== undefined;
      for (const each of tells ? [storyId] : toldStories(taken)) await lockCopies(trx, each, 'recording');
      // What was called for is known, whoever has the chunk by now; all else is for its holder to say.
      if (!(await lockClaim(trx, chunk, run))) {
        run.isLost = true;
        answers = taken.filter(({ sent }) => sent !== undefined);
      }
      const marked = await markDeliveries(trx, subject.subjectId, answers, { now });
      const closed = closedBy(marked);
      if (closed) await countClosed(trx, chunk.chunkId, closed);
      if (tells) await correctCopies(trx, answers, { storyId, now });
      if (subject.kind === 'digest') await correctDigests(trx, answers, now);
      if (content.isCorrection && storyId !== undefined) {
        await markDeliveredCopies(trx, storyId, shownBy(answers));
      }
      const changed: Answer[] = [];
      for (const answer of answers) if (await applyToRecipient(trx, answer, now)) changed.push(answer);
      const reason = refusalOf(answers);
      const isFirst =
        reason !== undefined &&
        (await stopSubject(trx, { subjectId: subject.subjectId }, { outcome: 'content', reason, now }));
      if (isEnd) await end(trx, run, now);
      return { changed, ...(isFirst ? { refused: reason } : {}) };
    });
  } catch (error) {
    run.putBack(taken);
    throw error;
  }
  run.noteWritten();
  if (isEnd) run.isClosed = true;
  for (const { delivery, outcome, reason, sent } of answers) {
    if (sent && sent.kind !== 'sent') {
      log.warn('delivery not sent', {
        subjectId: subject.subjectId,
        recipientId: delivery.recipientId,
        outcome,
        reason,
      });
    }
  }
  return () => tellEditors({ db, desk, clock }, run, news);
}

/** What editors are told, once, however many answers say it. */
interface News {
  /** Answers that changed their recipient. */
  changed: readonly Answer[];
  /** Why nobody gets what this is about. */
  refused?: string;
}

async function end(trx: Db, run: ChunkRun, now: Date): Promise<void> {
  const remainders = run.remainders();
  if (!(await closeChunk(trx, run.chunk, { claim: run.claim, remainders, now }))) {
    run.isLost = true;
    return;
  }
  if (remainders.length > 0) await wakeSenders(trx);
}

function closedBy(marked: readonly Pick<Delivery, 'state' | 'outcome'>[]): Closed | undefined {
  const closed: Closed = { sent: 0, blocked: 0, failed: 0, canceled: 0, unknown: 0 };
  let isAny = false;
  for (const { state, outcome } of marked) {
    if (state === 'planned' || state === 'sending' || state === 'doubtful') continue;
    isAny = true;
    if (state === 'failed' && (outcome === 'dead-reader' || outcome === 'dead-chat')) closed.blocked += 1;
    else closed[state] += 1;
  }
  return isAny ? closed : undefined;
}

/** A correction that was planned while its story was on the wire. */
async function correctCopies(
  trx: Db,
  answers: readonly Answer[],
  { storyId, now }: { storyId: number; now: Date },
): Promise<void> {
  const copies = answers.flatMap(({ recipientId, sent, shown }) =>
    sent?.kind === 'sent' && shown !== undefined ? [{ recipientId, revision: shown }] : [],
  );
  if (copies.length > 0) await planMissedCorrection(trx, { storyId, copies, now });
}

/** The same, for the stories of digests. */
async function correctDigests(trx: Db, answers: readonly Answer[], now: Date): Promise<void> {
  const copies = new Map<number, { recipientId: number; revision: number }[]>();
  for (const { recipientId, sent, told } of answers) {
    if (sent?.kind !== 'sent') continue;
    for (const [storyId, { revision, recipientIds }] of told ?? []) {
      if (recipientIds.has(recipientId))
        copies.set(storyId, [...(copies.get(storyId) ?? []), { recipientId, revision }]);
    }
  }
  for (const [storyId, ofStory] of copies) await planMissedCorrection(trx, { storyId, copies: ofStory, now });
}

/** In one order for all who lock them. */
function toldStories(answers: readonly Answer[]): number[] {
  const maps = new Set(answers.map(({ told }) => told));
  return [...new Set([...maps].flatMap((told) => [...(told?.keys() ?? [])]))].toSorted((a, b) => a - b);
}

function shownBy(answers: readonly Answer[]): ShownCopy[] {
  return answers.flatMap(({ recipientId, sent, shown: storyRevision = 1 }): ShownCopy[] => {
    if (sent?.kind === 'message-gone' || (sent?.kind === 'sent' && sent.isDeleted)) {
      return [{ recipientId, messageId: null }];
    }
    if (sent?.kind === 'benign') return [{ recipientId, storyRevision, messageFormat: null }];
    return sent?.kind === 'sent' ? [{ recipientId, storyRevision, messageFormat: sent.format ?? null }] : [];
  });
}

async function applyToRecipient(
  trx: Db,
  { delivery: { recipient }, sent, decision }: Answer,
  now: Date,
): Promise<boolean> {
  if (recipient === null) return false;
  const { recipientId, chatId } = recipient;
  if (chatId === null && sent?.kind === 'sent' && sent.chatId !== undefined) {
    await setRecipientChat(trx, recipientId, sent.chatId, now);
  }
  const change = decision?.recipient;
  if (!change) return false;
  if (!('chatId' in change)) return setRecipientState(trx, recipientId, { ...change, only: ['active'], now });
  await moveRecipient(trx, recipientId, change.chatId, now);
  return true;
}

function refusalOf(answers: readonly Answer[]): string | undefined {
  return answers.find(({ decision }) => decision?.stopSubject !== undefined)?.decision?.stopSubject;
}

/** A lost channel and refused content are the newsroom's business at once. */
async function tellEditors(
  { db, desk, clock }: Pick<RecordDeps, 'db' | 'desk' | 'clock'>,
  { subject: { kind, broadcastId }, content: { story } }: ChunkRun,
  { changed, refused }: News,
): Promise<void> {
  for (const { decision, delivery } of changed) {
    const change = decision?.recipient;
    if (change && 'state' in change && change.state === 'disabled' && delivery.recipient) {
      await desk.channelLost({ title: delivery.recipient.title, chat: chatOf(delivery.recipient) }, change.reason);
    }
  }
  if (refused === undefined) return;
  if (story) {
    const { headline } = await getStory(db, story.storyId);
    await (kind === 'correction' ? desk.correctionRefused(headline, refused) : desk.storyRefused(headline, refused));
  }
  if (broadcastId !== null) await reportBroadcast({ db, desk, clock }, broadcastId);
}
