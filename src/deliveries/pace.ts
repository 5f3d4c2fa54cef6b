// How fast Telegram may be written to: the rules, for one chat and for all; pace-store.ts keeps the row they act on.
import type { RecipientKind } from '../recipients/recipient.ts';

/** Messages a second to all chats together (Bots FAQ: about 30). */
export const messagesPerSecond = 30;
/** Messages for a Star, above the free allowance (Bots FAQ: "0.1 Stars per message"). */
export const messagesPerStar = 10;
/** Between two messages to one chat (Bots FAQ: one a second). */
const chatGapMs = 1_000;
/** Messages to one group or channel in any minute (Bots FAQ: 20). */
const groupMessagesPerMinute = 20;
const minuteMs = 60_000;

/**
 * Telegram counts when a message arrives, we when it is to go: a first one that goes late, from a process that is busy,
 * must not bring the second too near.
 */
const marginMs = 100;

/** No chat has to wait for longer: what says so was written before the clock was set back. */
export const longestBusyMs = 2 * minuteMs;

/** Whether a chat that is free at `freeAt` is busy at `at`. */
export function isBusy(freeAt: Date | null | undefined, at: Date): boolean {
  return freeAt != null && freeAt > at && freeAt.getTime() <= at.getTime() + longestBusyMs;
}

/** How many of a chat's last sendings decide about the next one. */
export const rememberedSendings = groupMessagesPerMinute;
/** Between the first and the twenty-first of them. */
export const minuteGapMs = minuteMs + marginMs;

export interface PaceSettings {
  /** Messages a second for nothing. */
  perSecond: number;
  /** Messages a second in all (`allow_paid_broadcast`), for at most so many Stars a day. */
  paid?: { perSecond: number; starsPerDay: number };
  /** The newsroom's, for the day of the Stars. */
  timeZone?: string;
}

/** When a chat may next be written to, after the sendings at `recentSentAt` (any order). */
export function nextSendAt(kind: RecipientKind, recentSentAt: readonly Date[]): Date | null {
  const times = recentSentAt.map((date) => date.getTime()).toSorted((a, b) => b - a);
  const last = times[0];
  if (last === undefined) return null;
  const twentieth = times[groupMessagesPerMinute - 1];
  const afterMinute = kind === 'subscriber' || twentieth === undefined ? 0 : twentieth + minuteMs;
  return new Date(Math.max(last + chatGapMs, afterMinute) + marginMs);
}

/**
 * The part of the free allowance that is handed out. Thirty slots exactly a thirtieth of a second apart would, with any
 * jitter, put a 31st message into a second; so thirty of them span 1,008 ms.
 */
const freeHeadroom = 0.992;
/** Of the paid one more is left, for answers and for what several processes' late timers pile up. */
const paidHeadroom = 0.96;

/**
 * Of what goes over the paid lane, Telegram charges nothing for thirty in a second. Taken for free are a third of them
 * over time, and the other two thirds at once after a pause of two seconds: never more than Telegram takes for free, and
 * a story for few readers costs nothing.
 */
export const creditMs = 100;
export const creditSize = 20;

/** Slots a second of the free lane, before what was learnt is taken off. */
export function freeRate({ perSecond }: Pick<PaceSettings, 'perSecond'>): number {
  return perSecond * freeHeadroom;
}

/** Slots a second of the paid lane: what is free is part of it. */
export function paidRate({ perSecond }: { perSecond: number }): number {
  return perSecond * paidHeadroom;
}

/** Calls that one process makes in a second at most, however late some of them are: hardly more than its slots. */
export function callsPerSecond(pace: PaceSettings, { isPaid }: { isPaid: boolean }): number {
  return isPaid && pace.paid ? Math.ceil(paidRate(pace.paid) * 1.005) : pace.perSecond;
}

/** How far ahead slots are handed out, so that urgent work and a pause take effect soon. */
interface Reach {
  /** The first of a slice. */
  aheadMs: number;
  /** From the first of a slice to the last. */
  sliceMs: number;
}

/** An answer to a person waits for a slice and what it is ahead, at most. */
export const freeReach: Reach = { aheadMs: 100, sliceMs: 100 };
/** Nobody waits for these, and at such a pace a process that is busy would lose many. */
export const paidReach: Reach = { aheadMs: 150, sliceMs: 150 };

/** What a flood answer leaves of the pace. */
export const floodSlowing = 0.9;
/** However many come, so much of the allowance is used. */
export const leastFactor = 0.1;
/** What each minute without one gives back. */
export const recoveryPerMinute = 0.03;

/** The part of the allowance that is used, `quietMs` after it was `factor` and nobody had to wait. */
export function recovered(factor: number, quietMs: number): number {
  return Math.min(1, factor + (recoveryPerMinute * Math.max(0, quietMs)) / minuteMs);
}
