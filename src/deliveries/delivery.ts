// A delivery: one thing owed to one recipient, and what each answer of Telegram does to it.
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';
import type { SendOutcome } from './sender.ts';

/** Corrections make way for broadcasts, broadcasts for articles, articles for breaking news. */
export const priorities = { correction: 0, broadcast: 1, article: 2, breaking: 3 } as const;

/** Refused connections and errors on Telegram's side are tried again this often: about a day. */
export const maxAttempts = 100;
const firstRetryMs = 5_000;
const longestRetryMs = 15 * 60_000;
/** How long after an unknown outcome the delivery is sent once more. */
const unknownRetryMs = 25_000;

export interface DeliveryAttempt {
  /** How often it was tried before this answer. */
  attempts: number;
  /** How often its outcome was unknown before this answer. */
  unknownCount: number;
  recipientKind: RecipientKind;
  /** Set for the edit or deletion of a copy. */
  correctionId: number | null;
}

/** What one outcome means for the delivery, its recipient, the other deliveries of the same subject, and the bot. */
export interface Decision {
  delivery:
    | { state: 'sent' | 'failed' | 'canceled' | 'unknown'; closed: true }
    | { state: 'planned' | 'unknown'; closed: false; dueInMs: number; countsAsAttempt: boolean };
  recipient?: { state: RecipientState; reason: string } | { chatId: number };
  /** The same content would fail for everyone: close what else is open of it. */
  stopSubject?: string;
  /** Nobody is written to for this long. */
  pauseMs?: number;
}

/** The outcome table (telegram.md 2.3): pure, total, and never reopening what is closed. */
export function decide(
  outcome: SendOutcome,
  { attempts, unknownCount, recipientKind, correctionId }: DeliveryAttempt,
): Decision {
  switch (outcome.kind) {
    case 'sent':
    case 'benign':
      return { delivery: { state: 'sent', closed: true } };
    case 'wait':
      return {
        delivery: { state: 'planned', closed: false, dueInMs: outcome.retryAfterMs, countsAsAttempt: false },
        pauseMs: outcome.retryAfterMs,
      };
    case 'retry':
      return tryAgain(attempts);
    case 'unknown':
      // The message is named: editing or deleting it a second time changes nothing, and leaves nothing unknown.
      if (correctionId !== null) return tryAgain(attempts);
      // Telegram has no idempotency key: once more, so that nothing is lost, and then no further.
      return unknownCount === 0
        ? { delivery: { state: 'unknown', closed: false, dueInMs: unknownRetryMs, countsAsAttempt: true } }
        : { delivery: { state: 'unknown', closed: true } };
    case 'dead-reader':
      return {
        delivery: { state: 'failed', closed: true },
        recipient: { state: recipientKind === 'subscriber' ? 'blocked' : 'disabled', reason: outcome.reason },
      };
    case 'dead-chat':
      return {
        delivery: { state: 'failed', closed: true },
        recipient: { state: 'disabled', reason: outcome.reason },
      };
    case 'moved':
      return {
        ...(attempts > 0
          ? tryAgain(attempts)
          : { delivery: { state: 'planned', closed: false, dueInMs: 0, countsAsAttempt: true } }),
        recipient: { chatId: outcome.chatId },
      };
    case 'thread-gone':
    case 'message-gone':
    case 'rejected':
      return { delivery: { state: 'failed', closed: true } };
    case 'content':
      return { delivery: { state: 'failed', closed: true }, stopSubject: outcome.reason };
    case 'unauthorized':
      return {
        delivery: { state: 'planned', closed: false, dueInMs: longestRetryMs, countsAsAttempt: false },
        pauseMs: longestRetryMs,
      };
  }
}

function tryAgain(attempts: number): Decision {
  if (attempts + 1 >= maxAttempts) return { delivery: { state: 'failed', closed: true } };
  const dueInMs = Math.min(firstRetryMs * 2 ** Math.min(attempts, 20), longestRetryMs);
  return { delivery: { state: 'planned', closed: false, dueInMs, countsAsAttempt: true } };
}
