// A delivery: one thing owed to one recipient; its states, and what each answer of Telegram does to it.
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';
import type { SendOutcome } from './sender.ts';

/**
 * Who goes first, the lowest number of all. Answers to people are no deliveries: they take the next slot at once
 * (pace-store.ts), and stand here for their place.
 */
export const lanes = { breaking: 1, answer: 2, story: 3, digest: 4, broadcast: 5, correction: 6 } as const;
export type Lane = keyof typeof lanes;

/**
 * planned: owed · sending: called for, until the answer is written down · doubtful: it may have arrived, and is sent
 * once more · the others are closed: sent · failed · canceled (not owed any more) · unknown (it may have arrived).
 */
export const states = ['planned', 'sending', 'doubtful', 'sent', 'failed', 'canceled', 'unknown'] as const;
export type DeliveryState = (typeof states)[number];

/** What happens to a delivery. */
export type DeliveryEvent =
  /** Its slot has come: it is about to be called for. */
  | 'start'
  | 'arrive'
  /** Surely not sent, and tried again. */
  | 'postpone'
  | 'fail'
  /** Not owed any more. */
  | 'cancel'
  /** Perhaps sent, and sent once more. */
  | 'doubt'
  /** Perhaps sent, and left so. */
  | 'give-up';

/** The one table of states: what is missing here never happens. What is closed has no way out. */
export const transitions: { readonly [S in DeliveryState]: { readonly [E in DeliveryEvent]?: DeliveryState } } = {
  planned: { start: 'sending', cancel: 'canceled', fail: 'failed' },
  sending: {
    arrive: 'sent',
    postpone: 'planned',
    fail: 'failed',
    cancel: 'canceled',
    doubt: 'doubtful',
    'give-up': 'unknown',
  },
  // Nobody knows whether a doubtful one has arrived: to cancel it would say that it had not.
  doubtful: { start: 'sending', arrive: 'sent', fail: 'failed', 'give-up': 'unknown' },
  sent: {},
  failed: {},
  canceled: {},
  unknown: {},
};

export function isClosed(state: DeliveryState): boolean {
  return Object.keys(transitions[state]).length === 0;
}

/** The state after `event`; undefined where it cannot happen. */
export function after(state: DeliveryState, event: DeliveryEvent): DeliveryState | undefined {
  return transitions[state][event];
}

/** The states in which `event` can happen. */
export function statesBefore(event: DeliveryEvent): DeliveryState[] {
  return states.filter((state) => after(state, event) !== undefined);
}

/** Refused connections and errors on Telegram's side are tried again this often: about a day. */
export const maxAttempts = 100;
const firstRetryMs = 5_000;
const longestRetryMs = 15 * 60_000;
/** How long after an unknown outcome the delivery is sent once more. */
export const doubtMs = 25_000;

export interface DeliveryAttempt {
  /** How often it was called for, this time included. */
  attempts: number;
  /** How often its outcome was unknown before this answer. */
  doubts: number;
  recipientKind: RecipientKind;
  /** Repeating it changes nothing: the edit or deletion of a copy. */
  isRepeatable: boolean;
  /** What may have arrived is not sent again. */
  atMostOnce: boolean;
}

/** What one outcome means for the delivery, its recipient, the other deliveries of the same subject, and the bot. */
export interface Decision {
  event: Exclude<DeliveryEvent, 'start'>;
  /** Set where the delivery stays open: when it is due again. */
  dueInMs?: number;
  /** It was surely not tried: the call counts as no attempt. */
  isUncounted?: boolean;
  recipient?: { state: RecipientState; reason: string } | { chatId: number };
  /** The same content would fail for everyone: close what else is open of it. */
  stopSubject?: string;
  /** Nobody is written to for this long. */
  pauseMs?: number;
  /** The pause is Telegram's, for we were too fast. */
  isFlood?: boolean;
}

/** The outcome table (telegram.md 2.3): pure and total. */
export function decide(
  outcome: SendOutcome,
  { attempts, doubts, recipientKind, isRepeatable, atMostOnce }: DeliveryAttempt,
): Decision {
  switch (outcome.kind) {
    case 'sent':
    case 'benign':
      return { event: 'arrive' };
    case 'wait':
      return {
        event: 'postpone',
        // A longer pause keeps it waiting by itself.
        dueInMs: Math.min(outcome.retryAfterMs, longestRetryMs),
        isUncounted: true,
        pauseMs: outcome.retryAfterMs,
        isFlood: true,
      };
    case 'retry':
      return tryAgain(attempts);
    case 'unknown':
      // The message is named: editing or deleting it a second time changes nothing, and leaves nothing unknown.
      if (isRepeatable) return tryAgain(attempts);
      return afterDoubt({ doubts, atMostOnce });
    case 'dead-reader':
      return {
        event: 'fail',
        recipient: { state: recipientKind === 'subscriber' ? 'blocked' : 'disabled', reason: outcome.reason },
      };
    case 'dead-chat':
      return { event: 'fail', recipient: { state: 'disabled', reason: outcome.reason } };
    case 'moved':
      return {
        ...(attempts > 1 ? tryAgain(attempts) : { event: 'postpone', dueInMs: 0 }),
        recipient: { chatId: outcome.chatId },
      };
    case 'thread-gone':
    case 'message-gone':
    case 'rejected':
      return { event: 'fail' };
    case 'content':
      return { event: 'fail', stopSubject: outcome.reason };
    case 'unauthorized':
      return { event: 'postpone', dueInMs: longestRetryMs, isUncounted: true, pauseMs: longestRetryMs };
  }
}

/** Telegram has no idempotency key: once more, so that nothing is lost, and then no further. */
export function afterDoubt({ doubts, atMostOnce }: Pick<DeliveryAttempt, 'doubts' | 'atMostOnce'>): Decision {
  return doubts === 0 && !atMostOnce ? { event: 'doubt', dueInMs: doubtMs } : { event: 'give-up' };
}

function tryAgain(attempts: number): Decision {
  if (attempts >= maxAttempts) return { event: 'fail' };
  return { event: 'postpone', dueInMs: Math.min(firstRetryMs * 2 ** Math.min(attempts - 1, 20), longestRetryMs) };
}
