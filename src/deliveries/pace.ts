// How fast Telegram may be written to: the rules for one chat; the rule for all chats together is in pace-store.ts.
import type { RecipientKind } from '../recipients/recipient.ts';

/** Messages a second to all chats together (Bots FAQ: about 30). */
export const messagesPerSecond = 30;
/** Between two messages to one chat (Bots FAQ: one a second). */
const chatGapMs = 1_000;
/** Messages to one group or channel in any minute (Bots FAQ: 20). */
const groupMessagesPerMinute = 20;
const minuteMs = 60_000;

/** Telegram counts at its own clock's edges; a message that arrives on the edge still belongs to the window before. */
const marginMs = 50;

/** How many of a chat's last sendings decide about the next one. */
export const rememberedSendings = groupMessagesPerMinute;

/** When a chat may next be written to, after the sendings at `recentSentAt` (any order). */
export function nextSendAt(kind: RecipientKind, recentSentAt: readonly Date[]): Date | null {
  const times = recentSentAt.map((date) => date.getTime()).toSorted((a, b) => b - a);
  const last = times[0];
  if (last === undefined) return null;
  const twentieth = times[groupMessagesPerMinute - 1];
  const afterMinute = kind === 'subscriber' || twentieth === undefined ? 0 : twentieth + minuteMs;
  return new Date(Math.max(last + chatGapMs, afterMinute) + marginMs);
}
