import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Decision, decide, maxAttempts } from '../../src/deliveries/delivery.ts';
import type { SendOutcome } from '../../src/deliveries/sender.ts';

const fresh = { attempts: 0, unknownCount: 0, recipientKind: 'subscriber', correctionId: null } as const;

const table: [outcome: SendOutcome, decision: Decision][] = [
  [{ kind: 'sent', chatId: 1, messageId: 2 }, { delivery: { state: 'sent', closed: true } }],
  [{ kind: 'benign', reason: 'not modified' }, { delivery: { state: 'sent', closed: true } }],
  [
    { kind: 'wait', retryAfterMs: 35_000, reason: 'retry after 35' },
    { delivery: { state: 'planned', closed: false, dueInMs: 35_000, countsAsAttempt: false }, pauseMs: 35_000 },
  ],
  [
    { kind: 'retry', reason: 'Internal Server Error' },
    { delivery: { state: 'planned', closed: false, dueInMs: 5_000, countsAsAttempt: true } },
  ],
  [
    { kind: 'unknown', reason: 'socket hang up' },
    { delivery: { state: 'unknown', closed: false, dueInMs: 25_000, countsAsAttempt: true } },
  ],
  [
    { kind: 'dead-reader', reason: 'blocked' },
    { delivery: { state: 'failed', closed: true }, recipient: { state: 'blocked', reason: 'blocked' } },
  ],
  [
    { kind: 'dead-chat', reason: 'kicked' },
    { delivery: { state: 'failed', closed: true }, recipient: { state: 'disabled', reason: 'kicked' } },
  ],
  [
    { kind: 'moved', chatId: -1002, reason: 'upgraded' },
    {
      delivery: { state: 'planned', closed: false, dueInMs: 0, countsAsAttempt: true },
      recipient: { chatId: -1002 },
    },
  ],
  [{ kind: 'thread-gone', reason: 'TOPIC_CLOSED' }, { delivery: { state: 'failed', closed: true } }],
  [{ kind: 'message-gone', reason: 'message to edit not found' }, { delivery: { state: 'failed', closed: true } }],
  [{ kind: 'rejected', reason: 'something new' }, { delivery: { state: 'failed', closed: true } }],
  [
    { kind: 'content', reason: "can't parse entities" },
    { delivery: { state: 'failed', closed: true }, stopSubject: "can't parse entities" },
  ],
  [
    { kind: 'unauthorized', reason: 'Unauthorized' },
    { delivery: { state: 'planned', closed: false, dueInMs: 900_000, countsAsAttempt: false }, pauseMs: 900_000 },
  ],
];

describe('what an outcome does to a delivery', () => {
  it.each(table)('$kind', (outcome, decision) => {
    expect(decide(outcome, fresh)).toEqual(decision);
  });

  it('disables a channel that has vanished, where it would pause a reader', () => {
    const outcome: SendOutcome = { kind: 'dead-reader', reason: 'chat not found' };
    expect(decide(outcome, { ...fresh, recipientKind: 'channel' }).recipient).toEqual({
      state: 'disabled',
      reason: 'chat not found',
    });
  });

  it('sends once more after an unknown outcome, and then no further', () => {
    const outcome: SendOutcome = { kind: 'unknown', reason: 'socket hang up' };
    expect(decide(outcome, { ...fresh, unknownCount: 1 }).delivery).toEqual({ state: 'unknown', closed: true });
  });

  it('repeats an edit of unknown outcome like any other failed attempt, because a second edit changes nothing', () => {
    const outcome: SendOutcome = { kind: 'unknown', reason: 'socket hang up' };
    const edit = { ...fresh, correctionId: 7, unknownCount: 3 };
    expect(decide(outcome, { ...edit, attempts: 1 })).toEqual({
      delivery: { state: 'planned', closed: false, dueInMs: 10_000, countsAsAttempt: true },
    });
    expect(decide(outcome, { ...edit, attempts: maxAttempts - 1 }).delivery).toEqual({ state: 'failed', closed: true });
  });

  it('waits longer with every failed attempt, up to a quarter of an hour', () => {
    const outcome: SendOutcome = { kind: 'retry', reason: 'Bad Gateway' };
    const waits = [0, 1, 2, 3, 10, 90].map((attempts) => decide(outcome, { ...fresh, attempts }).delivery);
    expect(waits.map((delivery) => (delivery.closed ? undefined : delivery.dueInMs))).toEqual([
      5_000, 10_000, 20_000, 40_000, 900_000, 900_000,
    ]);
  });

  it('ends every path: no answer, repeated for ever, keeps a delivery open, but waiting when told to', () => {
    const outcomes = table.map(([outcome]) => outcome).filter(({ kind }) => kind !== 'wait' && kind !== 'unauthorized');
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom(...outcomes)),
        fc.constantFrom(null, 7),
        (answers, correctionId) => {
          let { attempts, unknownCount } = fresh as { attempts: number; unknownCount: number };
          for (let call = 0; call <= maxAttempts; call += 1) {
            const { delivery } = decide(answers.next().value, { ...fresh, correctionId, attempts, unknownCount });
            if (delivery.closed) return true;
            if (delivery.countsAsAttempt) attempts += 1;
            if (delivery.state === 'unknown') unknownCount += 1;
          }
          return false;
        },
      ),
    );
  });
});
