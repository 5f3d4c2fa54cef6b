import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  after,
  type Decision,
  decide,
  type DeliveryEvent,
  type DeliveryState,
  isClosed,
  maxAttempts,
  states,
  statesBefore,
  transitions,
} from '../../src/deliveries/delivery.ts';
import type { SendOutcome } from '../../src/deliveries/sender.ts';

const first = { attempts: 1, doubts: 0, recipientKind: 'subscriber', isRepeatable: false, atMostOnce: false } as const;

const table: [outcome: SendOutcome, decision: Decision][] = [
  [{ kind: 'sent', chatId: 1, messageId: 2 }, { event: 'arrive' }],
  [{ kind: 'benign', reason: 'not modified' }, { event: 'arrive' }],
  [
    { kind: 'wait', retryAfterMs: 35_000, reason: 'retry after 35' },
    { event: 'postpone', dueInMs: 35_000, isUncounted: true, pauseMs: 35_000, isFlood: true },
  ],
  [
    { kind: 'retry', reason: 'Internal Server Error' },
    { event: 'postpone', dueInMs: 5_000 },
  ],
  [
    { kind: 'unknown', reason: 'socket hang up' },
    { event: 'doubt', dueInMs: 25_000 },
  ],
  [
    { kind: 'dead-reader', reason: 'blocked' },
    { event: 'fail', recipient: { state: 'blocked', reason: 'blocked' } },
  ],
  [
    { kind: 'dead-chat', reason: 'kicked' },
    { event: 'fail', recipient: { state: 'disabled', reason: 'kicked' } },
  ],
  [
    { kind: 'moved', chatId: -1002, reason: 'upgraded' },
    { event: 'postpone', dueInMs: 0, recipient: { chatId: -1002 } },
  ],
  [{ kind: 'thread-gone', reason: 'TOPIC_CLOSED' }, { event: 'fail' }],
  [{ kind: 'message-gone', reason: 'message to edit not found' }, { event: 'fail' }],
  [{ kind: 'rejected', reason: 'something new' }, { event: 'fail' }],
  [
    { kind: 'content', reason: "can't parse entities" },
    { event: 'fail', stopSubject: "can't parse entities" },
  ],
  [
    { kind: 'unauthorized', reason: 'Unauthorized' },
    { event: 'postpone', dueInMs: 900_000, isUncounted: true, pauseMs: 900_000 },
  ],
];

describe('what an outcome does to a delivery', () => {
  it.each(table)('$kind', (outcome, decision) => {
    expect(decide(outcome, first)).toEqual(decision);
  });

  it('disables a channel that has vanished, where it would pause a reader', () => {
    const outcome: SendOutcome = { kind: 'dead-reader', reason: 'chat not found' };
    expect(decide(outcome, { ...first, recipientKind: 'channel' }).recipient).toEqual({
      state: 'disabled',
      reason: 'chat not found',
    });
  });

  const unknown: SendOutcome = { kind: 'unknown', reason: 'socket hang up' };

  it('sends once more after an unknown outcome, and then no further', () => {
    expect(decide(unknown, { ...first, attempts: 2, doubts: 1 })).toEqual({ event: 'give-up' });
  });

  it('never sends again what an editor wants to arrive at most once', () => {
    expect(decide(unknown, { ...first, atMostOnce: true })).toEqual({ event: 'give-up' });
  });

  it('repeats an edit of unknown outcome like any other failed attempt, because a second edit changes nothing', () => {
    const edit = { ...first, isRepeatable: true, atMostOnce: true, doubts: 3 };
    expect(decide(unknown, { ...edit, attempts: 2 })).toEqual({ event: 'postpone', dueInMs: 10_000 });
    expect(decide(unknown, { ...edit, attempts: maxAttempts })).toEqual({ event: 'fail' });
  });

  it('waits longer with every failed attempt, up to a quarter of an hour', () => {
    const outcome: SendOutcome = { kind: 'retry', reason: 'Bad Gateway' };
    const waits = [1, 2, 3, 4, 11, 91].map((attempts) => decide(outcome, { ...first, attempts }).dueInMs);
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 900_000, 900_000]);
  });
});

describe('the states of a delivery', () => {
  const events: DeliveryEvent[] = ['start', 'arrive', 'postpone', 'fail', 'cancel', 'doubt', 'give-up'];
  const closed: DeliveryState[] = ['sent', 'failed', 'canceled', 'unknown'];

  it('are closed by an outcome, and never opened again', () => {
    expect(states.filter(isClosed)).toEqual(closed);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (happening) => {
        let state: DeliveryState = 'planned';
        let end: DeliveryState | undefined;
        for (const event of happening) {
          state = after(state, event) ?? state;
          if (end !== undefined) expect(state).toBe(end);
          if (isClosed(state)) end = state;
        }
      }),
    );
  });

  it('can all be left by an end, within two steps', () => {
    for (const state of states.filter((each) => !isClosed(each))) {
      const next = Object.values(transitions[state]);
      expect(next.some((each) => isClosed(each))).toBe(true);
    }
  });

  it('say sent only of what was called for, or may have been', () => {
    expect(statesBefore('arrive')).toEqual(['sending', 'doubtful']);
  });

  it('never say of what may have arrived that it was canceled', () => {
    expect(after('doubtful', 'cancel')).toBeUndefined();
    expect(after('doubtful', 'give-up')).toBe('unknown');
  });

  it('end on every path: no answers, repeated for ever, keep a delivery open, but those that say wait', () => {
    const outcomes = table.map(([outcome]) => outcome).filter(({ kind }) => kind !== 'wait' && kind !== 'unauthorized');
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.constantFrom(...outcomes)),
        fc.boolean(),
        fc.boolean(),
        (answers, isRepeatable, atMostOnce) => {
          let state: DeliveryState = 'planned';
          let doubts = 0;
          for (let attempts = 1; attempts <= maxAttempts; attempts += 1) {
            state = after(state, 'start') as DeliveryState;
            expect(state).toBe('sending');
            const decision = decide(answers.next().value, { ...first, attempts, doubts, isRepeatable, atMostOnce });
            const next = after(state, decision.event);
            if (next === undefined) throw new Error(`${decision.event} cannot happen while it is being sent`);
            state = next;
            expect(isClosed(state)).toBe(decision.dueInMs === undefined);
            if (isClosed(state)) return true;
            if (decision.event === 'doubt') doubts += 1;
          }
          return false;
        },
      ),
    );
  });

  it('call for nothing more than twice when nobody can know, and for nothing twice that may arrive at most once', () => {
    for (const [atMostOnce, most] of [
      [false, 2],
      [true, 1],
    ] as const) {
      let [state, calls, doubts]: [DeliveryState, number, number] = ['planned', 0, 0];
      while (!isClosed(state)) {
        state = after(state, 'start') as DeliveryState;
        calls += 1;
        const { event } = decide({ kind: 'unknown', reason: 'cut' }, { ...first, attempts: calls, doubts, atMostOnce });
        state = after(state, event) as DeliveryState;
        if (event === 'doubt') doubts += 1;
      }
      expect([state, calls]).toEqual(['unknown', most]);
    }
  });
});
