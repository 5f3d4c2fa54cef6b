// Writes down what Telegram answered, many answers at a time, and everything that follows from them, in one transaction.
import type { Db } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { setRecipientChat, setRecipientState } from '../recipients/recipient-store.ts';
import { chatOf } from '../recipients/recipient.ts';
import { getStory } from '../stories/story-store.ts';
import type { Answer, ChunkRun } from './chunk-run.ts';
import { closeChunks, type Closed, countClosed, lockClaims, wakeSenders } from './chunk-store.ts';
import {
  lockCopies,
  markDeliveredCopies,
  moveRecipient,
  planMissedCorrections,
  type SentCopy,
  type ShownCopy,
} from './delivered-copy-store.ts';
import { type Delivery, markDeliveries } from './delivery-store.ts';
import { reportBroadcast } from './progress.ts';
import type { Desk } from './sender.ts';
import { stopSubject } from './subject-store.ts';

export interface RecordDeps {
  db: Db;
  clock: Clock;
  log: Log;
  desk: Desk;
}

/** What one chunk has to be written down. */
interface Taken {
  run: ChunkRun;
  answers: Answer[];
  isEnd: boolean;
}

/**
 * Of several chunks of different subjects at once. Safe to repeat: what is closed already stays as it is, and is counted
 * once. Returns what is to be told to editors, when there is time for it.
 */
export async function recordAnswers(
  { db, clock, log, desk }: RecordDeps,
  runs: readonly ChunkRun[],
): Promise<() => Promise<void>> {
  const all = runs.map((run): Taken => ({ run, ...run.takeAnswers() }));
  const now = clock.now();
  let recorded: Recorded[];
  try {
    recorded = await db.transaction().execute(async (trx) => record(trx, all, now));
  } catch (error) {
    for (const { run, answers } of all) run.putBack(answers);
    throw error;
  }
  for (const { run, isEnd } of all) {
    run.noteWritten();
    if (isEnd) run.isClosed = true;
  }
  for (const { answers } of recorded) {
    for (const { subjectId, recipientId, outcome, reason, sent } of answers) {
      if (sent && sent.kind !== 'sent') log.warn('delivery not sent', { subjectId, recipientId, outcome, reason });
    }
  }
  return async () => {
    for (const { run, ...news } of recorded) await tellEditors({ db, desk, clock }, run, news);
  };
}

/** What was written down of one chunk, and what editors are told of it, once, however many answers say it. */
interface Recorded {
  run: ChunkRun;
  answers: readonly Answer[];
  /** Answers that changed their recipient. */
  changed: readonly Answer[];
  /** Why nobody gets what this is about. */
  refused?: string;
}

async function record(trx: Db, all: readonly Taken[], now: Date): Promise<Recorded[]> {
  await lockCopies(
    trx,
    all.flatMap(({ run, answers }) => [...toldStories(run, answers)]),
    'recording',
  );
  const ours = await lockClaims(
    trx,
    all.map(({ run: { chunk, claim } }) => ({ chunkId: chunk.chunkId, claim })),
  );
  const written = all.map(({ run, answers, isEnd }) => {
    if (ours.has(run.chunk.chunkId)) return { run, answers, isEnd };
    run.isLost = true;
    // What was called for is known, whoever has the chunk by now; all else is for its holder to say.
    return { run, answers: answers.filter(({ sent }) => sent !== undefined), isEnd: false };
  });
  const marked = await markDeliveries(
    trx,
    written.flatMap(({ answers }) => answers),
    { now },
  );
  await countClosed(trx, closedBy(written, marked));
  await planMissedCorrections(
    trx,
    written.flatMap(({ run, answers }) => sentCopies(run, answers)),
    now,
  );
  const recorded: Recorded[] = [];
  for (const each of written) recorded.push(await recordRest(trx, each, now));
  await end(trx, written, now);
  return recorded;
}

/** What few answers ask for. */
async function recordRest(trx: Db, { run, answers }: Taken, now: Date): Promise<Recorded> {
  const { subject, content } = run;
  if (content.isCorrection && content.story) await markDeliveredCopies(trx, content.story.storyId, shownBy(answers));
  const changed: Answer[] = [];
  for (const answer of answers) if (await applyToRecipient(trx, answer, now)) changed.push(answer);
  const reason = refusalOf(answers);
  const isFirst =
    reason !== undefined &&
    (await stopSubject(trx, { subjectId: subject.subjectId }, { outcome: 'content', reason, now }));
  return { run, answers, changed, ...(isFirst ? { refused: reason } : {}) };
}

async function end(trx: Db, written: readonly Taken[], now: Date): Promise<void> {
  const endings = written
    .filter(({ isEnd }) => isEnd)
    .map(({ run }) => {
      const { chunkId, subjectId, lane, tier } = run.chunk;
      return { run, chunkId, subjectId, lane, tier, claim: run.claim, remainders: run.remainders() };
    });
  const closed = await closeChunks(trx, endings, now);
  for (const { run, chunkId } of endings) if (!closed.has(chunkId)) run.isLost = true;
  if (endings.some(({ remainders }) => remainders.length > 0)) await wakeSenders(trx);
}

/** By chunk; those of which none was closed are left out. */
function closedBy(
  written: readonly Taken[],
  marked: readonly Pick<Delivery, 'subjectId' | 'state' | 'outcome'>[],
): Map<number, Closed> {
  const chunkOf = new Map(written.map(({ run: { chunk } }) => [chunk.subjectId, chunk.chunkId]));
  const all = new Map<number, Closed>();
  for (const { subjectId, state, outcome } of marked) {
    if (state === 'planned' || state === 'sending' || state === 'doubtful') continue;
    const chunkId = chunkOf.get(subjectId) as number;
    const closed = all.get(chunkId) ?? { sent: 0, blocked: 0, failed: 0, canceled: 0, unknown: 0 };
    if (state === 'failed' && (outcome === 'dead-reader' || outcome === 'dead-chat')) closed.blocked += 1;
    else closed[state] += 1;
    all.set(chunkId, closed);
  }
  return all;
}

const tellsStory = ({ subject, content }: ChunkRun) => subject.kind === 'story' && content.story !== undefined;

/** Stories of which copies were sent: a correction may have been planned while they were on the wire. */
function* toldStories(run: ChunkRun, answers: readonly Answer[]): Generator<number> {
  if (tellsStory(run)) yield run.content.story?.storyId as number;
  for (const told of new Set(answers.map((answer) => answer.told))) yield* told?.keys() ?? [];
}

function sentCopies(run: ChunkRun, answers: readonly Answer[]): SentCopy[] {
  const sent = answers.filter((answer) => answer.sent?.kind === 'sent');
  const storyId = tellsStory(run) ? run.content.story?.storyId : undefined;
  return sent.flatMap(({ recipientId, shown, told }) => [
    ...(storyId !== undefined && shown !== undefined ? [{ storyId, recipientId, revision: shown }] : []),
    ...[...(told ?? [])].flatMap(([ofDigest, { revision, recipientIds }]) =>
      recipientIds.has(recipientId) ? [{ storyId: ofDigest, recipientId, revision }] : [],
    ),
  ]);
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
  { changed, refused }: Pick<Recorded, 'changed' | 'refused'>,
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
