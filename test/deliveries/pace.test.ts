import { describe, expect, it } from 'vitest';
import { nextSendAt } from '../../src/deliveries/pace.ts';
import { pausedForMs, pauseSending, takeSlots } from '../../src/deliveries/pace-store.ts';
import { useDatabase } from '../support/database.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 22, 12) + seconds * 1000);

describe('the pace of one chat', () => {
  it.each([
    ['a chat that was never written to', 'subscriber', [], null],
    ['a reader, a second after the last', 'subscriber', [at(10)], at(11.05)],
    ['a reader, whatever the last minute was', 'subscriber', Array.from({ length: 20 }, (_, i) => at(i)), at(20.05)],
    ['a channel below twenty', 'channel', Array.from({ length: 19 }, (_, i) => at(i)), at(19.05)],
    ['a channel after twenty in a minute', 'channel', Array.from({ length: 20 }, (_, i) => at(i)), at(60.05)],
    ['a group after twenty in a minute', 'group', Array.from({ length: 20 }, (_, i) => at(i)).toReversed(), at(60.05)],
    ['a channel with twenty over two minutes', 'channel', Array.from({ length: 20 }, (_, i) => at(i * 6)), at(115.05)],
  ] as const)('%s', (_name, kind, recentSentAt, expected) => {
    expect(nextSendAt(kind, recentSentAt)).toEqual(expected);
  });
});

describe('the pace of the bot', () => {
  const database = useDatabase();

  it('hands a slot out once, however many ask at a time', async () => {
    const asked = Array.from({ length: 8 }, () => takeSlots(database.db, { count: 3, perSecond: 0.01 }));
    const answers = await Promise.all(asked);
    const given = answers.filter((slots) => slots.kind === 'slots');
    expect(given).toEqual([{ kind: 'slots', count: 3, inMs: 0, everyMs: 100_000 }]);
    // Three slots of a hundred seconds each are gone; a minute is left for a very slow machine.
    const waits = answers.map((slots) => (slots.kind === 'wait' ? slots.forMs : Number.POSITIVE_INFINITY));
    expect(Math.min(...waits)).toBeGreaterThan(240_000);
  });

  it('stops everybody for as long as Telegram asks, and never shortens a longer pause', async () => {
    await pauseSending(database.db, 3_600_000);
    await pauseSending(database.db, 1_000);
    expect(await pausedForMs(database.db)).toBeGreaterThan(3_500_000);
    expect((await takeSlots(database.db, { count: 1, perSecond: 1000 })).kind).toBe('wait');
  });
});
