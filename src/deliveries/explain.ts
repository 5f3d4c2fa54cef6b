// “Why was this (not) sent?”: what is known of a recipient and a story, as statements that any language can say. Pure.
import { type Lane, lanes } from './delivery.ts';
import { type ArticleFacts, type ChatFacts, type Facts, type OwedFacts, say, type Statement } from './explain-facts.ts';
import { explainAbsence, explainMissing } from './explain-missing.ts';

export function explain(facts: Facts, now: Date): Statement[] {
  const { chat, article, story, owed, correction } = facts;
  const statements = article === null ? [] : explainArticle(article);
  if (story === null) return statements;
  if (owed === null) return [...statements, ...explainMissing(facts, story)];
  statements.push(...explainOwed(owed, chat, now));
  if (correction !== null) statements.push(...explainCorrection(correction));
  if (story.withdrawnAt !== null) statements.push(say('story-withdrawn', { at: story.withdrawnAt }));
  return statements;
}

function explainArticle({ state, createdAt, withdrawnAt, withdrawnBecause, joined }: ArticleFacts): Statement[] {
  const statements: Statement[] = [];
  if (state === 'old') statements.push(say('article-old', { at: createdAt }));
  else if (state !== 'grouped' && withdrawnAt === null) statements.push(say('article-waits', { at: createdAt }));
  if (withdrawnAt !== null) {
    statements.push(say('article-withdrawn', { at: withdrawnAt, reason: withdrawnBecause ?? '' }));
  }
  if (joined !== null) {
    statements.push(say('article-joined', { headline: joined.headline, story: String(joined.storyId) }));
  }
  return statements;
}

/** What became of one row, and why it is there. */
export function explainOwed(owed: OwedFacts, chat: ChatFacts, now: Date): Statement[] {
  const { topics, keywords, lane, plannedAt } = owed;
  return [
    ...explainState(owed, chat, now),
    ...(topics.length > 0 ? [say('by-topics', { topics: { topics } })] : []),
    ...(keywords.length > 0 ? [say('by-keywords', { keywords: { keywords } })] : []),
    say('lane', { lane: { lane: laneOf(lane) }, at: plannedAt }),
  ];
}

function laneOf(number: number): Lane {
  return (Object.keys(lanes) as Lane[]).find((name) => lanes[name] === number) ?? 'story';
}

function explainState(owed: OwedFacts, chat: ChatFacts, now: Date): Statement[] {
  const { state, outcome, messageId, closedAt: at, doubts } = owed;
  // Telegram's own words, or ours; a row without any has the name of its outcome.
  const reason = owed.outcomeReason ?? outcome ?? '';
  switch (state) {
    case 'planned':
      return explainWaiting(owed, chat, now);
    case 'sending':
      return [say('sending')];
    case 'doubtful':
      return [say('doubtful', { reason }), ...explainPlace(owed, chat, now)];
    case 'sent':
      return [
        messageId !== null && messageId > 0
          ? say('sent', { at, message: String(messageId) })
          : say('sent-unnamed', { at }),
        ...(doubts > 0 && owed.kind !== 'correction' ? [say('perhaps-twice')] : []),
      ];
    case 'unknown':
      return [say(`unknown-${whyLeftUnknown(owed)}`, { at, reason })];
    case 'failed':
      return [say('failed', { at, reason })];
    case 'canceled':
      return explainCanceled(owed, reason, chat, now);
  }
}

function explainCanceled(owed: OwedFacts, reason: string, chat: ChatFacts, now: Date): Statement[] {
  const { closedAt: at, outcome, digestId, digest } = owed;
  if (digestId !== null) {
    return [
      say('in-digest', { digest: String(digestId) }),
      ...(digest === null ? [] : explainState(digest, chat, now)),
    ];
  }
  switch (outcome) {
    case 'withdrawn':
    case 'superseded':
    case 'stale':
    case 'left':
      return [say(`canceled-${outcome}`, { at, reason })];
    default:
      return [say('canceled', { at, reason })];
  }
}

/** Twice without an answer · not again, as it was asked for · or something came between: the reader left, say. */
function whyLeftUnknown({ doubts, atMostOnce, outcome }: OwedFacts): 'twice' | 'once' | 'since' {
  if (doubts > 1) return 'twice';
  return atMostOnce && outcome === 'unknown' ? 'once' : 'since';
}

function explainWaiting(owed: OwedFacts, chat: ChatFacts, now: Date): Statement[] {
  const { kind, plannedAt, stoppedAt, stoppedBecause } = owed;
  if (stoppedAt !== null) return [say('will-not', { reason: stoppedBecause ?? '' })];
  // What is taken back from who has stopped is made without a sound.
  const isHere = chat.state === 'active' || (kind === 'correction' && chat.state === 'stopped');
  if (!isHere) return [say('will-not-away'), ...explainAbsence(chat)];
  if (kind !== 'correction' && chat.leftAt !== null && chat.leftAt > plannedAt) {
    return [say('will-not-left', { at: chat.leftAt })];
  }
  return explainPlace(owed, chat, now);
}

/** What stands between an open delivery and its call. */
function explainPlace({ place, attempts, outcome, outcomeReason, state }: OwedFacts, chat: ChatFacts, now: Date) {
  if (place === null) return [say('planned')];
  const statements: Statement[] = [];
  const { dueAt, isClaimed, messagesBefore, chunksBefore, pausedMs, factor } = place;
  if (attempts > 0 && state !== 'doubtful') {
    statements.push(say('tried', { count: attempts, reason: outcomeReason ?? outcome ?? '' }));
  }
  if (dueAt === null) statements.push(say('held'));
  else if (dueAt > now) statements.push(say('waits-until', { at: dueAt }));
  else if (isClaimed) statements.push(say('in-hands'));
  else if (messagesBefore === 0) statements.push(say('next'));
  else statements.push(say('waits', { count: messagesBefore, total: chunksBefore }));
  if (chat.nextSendAt !== null && chat.nextSendAt > now) statements.push(say('chat-pace', { at: chat.nextSendAt }));
  if (pausedMs > 0) statements.push(say('paused', { duration: { seconds: Math.ceil(pausedMs / 1000) } }));
  if (factor < 1) statements.push(say('slowed', { percent: String(Math.round(factor * 100)) }));
  return statements;
}

function explainCorrection({ kind, owed }: NonNullable<Facts['correction']>): Statement[] {
  const isBack = kind === 'withdrawal';
  const reason = owed.outcomeReason ?? owed.outcome ?? '';
  switch (owed.state) {
    case 'sent':
      return [say(isBack ? 'taken-back' : 'corrected', { at: owed.closedAt })];
    case 'failed':
    case 'unknown':
      return [say(isBack ? 'not-taken-back' : 'not-corrected', { reason })];
    case 'canceled':
      return [];
    default:
      return [say(isBack ? 'taking-back' : 'correcting')];
  }
}
