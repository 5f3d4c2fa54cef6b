import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/telegram/faults.ts';
import { pausedForMs } from '../../../src/deliveries/pace-store.ts';
import { letTimePass } from '../../support/crowd.ts';
import { useDatabase } from '../../support/database.ts';
import { openStage, type Stage } from '../../support/fault-stage.ts';

const html = '<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>';

/** What happens to the first call for one reader, and how often the story may have come to them in the end. */
const faults: [name: string, fault: Fault, times: number, state: string][] = [
  ['500', { status: 500, description: 'Internal Server Error' }, 1, 'sent'],
  ['502 with a page of HTML', { status: 502, body: html }, 1, 'sent'],
  ['a cut before it counts', 'reset-before', 1, 'sent'],
  ['a cut after it has counted', 'reset-after', 2, 'sent'],
  ['a cut in the middle of the answer', 'reset-during', 2, 'sent'],
  ['half of the JSON', 'truncated', 2, 'sent'],
  ['JSON of another shape', 'wrong-shape', 2, 'sent'],
  ['nothing, with a 200', 'empty', 2, 'sent'],
  ['a page of HTML, with a 200', { status: 200, body: html }, 1, 'sent'],
  ['JSON that is no object', { status: 200, body: '"ok"' }, 1, 'sent'],
  ['JSON without an ok', { status: 200, body: '{}' }, 1, 'sent'],
  ['a 400 without a description', { status: 400, body: '{"ok":false,"error_code":400}' }, 0, 'failed'],
  ['a description that nobody knows', { status: 400, description: 'Bad Request: the moon is full' }, 0, 'failed'],
];

/** Longer than the program waits for an answer: these readers' calls end with its patience, not with an answer. */
const endless: [name: string, fault: Fault, times: number, state: string][] = [
  ['no answer, and it never counted', 'hang', 1, 'sent'],
  ['no answer, though it has counted', 'hang-after', 2, 'sent'],
  ['a byte every second', { trickleMs: 1_000 }, 2, 'sent'],
];

async function openFaulty(connectionString: string, list: typeof faults): Promise<Stage> {
  const stage = await openStage({ connectionString, readers: list.length + 5, env: { PAID_STARS_PER_DAY: '0' } });
  const rules = list.map(([, fault], place) => ({ chatId: stage.readers.firstId + place, times: 1, fault }));
  await stage.telegram.order('fail', { rules });
  return stage;
}

/** What each reader got, and what the ledger says of it. */
async function outcomes({ db, telegram, readers }: Stage, list: typeof faults): Promise<unknown[]> {
  const { told } = await telegram.order('report');
  const came = new Map(told.map(([chatId, times]) => [chatId, Object.values(times)[0] ?? 0]));
  const rows = await db
    .selectFrom('delivery')
    .innerJoin('recipient', 'recipient.recipientId', 'delivery.recipientId')
    .select(['chatId', 'delivery.state'])
    .execute();
  return list.map(([name], place) => {
    const chatId = readers.firstId + place;
    return [name, came.get(chatId) ?? 0, rows.find((row) => row.chatId === chatId)?.state];
  });
}

describe('when Telegram answers strangely', () => {
  const database = useDatabase();
  it('to some readers, each of them and all others still get the story, and once where that could be known', async () => {
    await using stage = await openFaulty(database.connectionString, faults);
    stage.fleet.start();
    await stage.tell(1);
    await stage.settle({ hurry: true });
    expect(await outcomes(stage, faults)).toEqual(faults.map(([name, , times, state]) => [name, times, state]));
    expect((await stage.check()).problems).toEqual([]);
  }, 60_000);
});

describe('when Telegram does not answer', () => {
  const database = useDatabase();
  it('some readers, the others do not wait for them, and they get the story in the end', async () => {
    await using stage = await openFaulty(database.connectionString, endless);
    stage.fleet.start();
    await stage.tell(1);
    await stage.telegram.order('called', { calls: stage.readers.count });
    await stage.settle({ hurry: true });
    expect(await outcomes(stage, endless)).toEqual(endless.map(([name, , times, state]) => [name, times, state]));
    expect((await stage.check()).problems).toEqual([]);
  }, 120_000);
});

describe.each([1, 60, 43_837])('when Telegram says: retry after %i seconds', (seconds) => {
  const database = useDatabase();
  it('nobody is written to until then, and everyone gets the story once', async () => {
    const readers = 40;
    await using stage = await openStage({
      connectionString: database.connectionString,
      readers,
      env: { PAID_STARS_PER_DAY: '0' },
    });
    const description = `Too Many Requests: retry after ${seconds}`;
    const fault = { status: 429, description, parameters: { retry_after: seconds } };
    await stage.telegram.order('fail', { rules: [{ method: 'sendMessage', after: 10, times: 1, fault }] });
    const program = stage.fleet.start();
    await stage.tell(1);
    await stage.telegram.order('called', { calls: 11 });
    if (seconds > 1) {
      await pausedFor(stage, seconds);
      const { calls } = await stage.telegram.order('report');
      // Those that were on the wire, and then nobody.
      expect(calls).toBeLessThan(readers);
      await letTimePass(stage.db, seconds * 1000 + 1000, { of: 'waiting' });
    }
    await stage.settle({ hurry: true });
    await program.end();
    const { refused } = await stage.telegram.order('report');
    expect(refused).toEqual({ 429: 1 });
    expect(await stage.check()).toMatchObject({ problems: [], twice: 0, states: { sent: readers } });
  }, 60_000);
});

/** Answers once the bot keeps the pause that it was told to. */
async function pausedFor({ db }: Stage, seconds: number): Promise<void> {
  await expect.poll(() => pausedForMs(db), { timeout: 10_000 }).toBeGreaterThan((seconds - 10) * 1000);
  expect(await pausedForMs(db)).toBeLessThan((seconds + 2) * 1000);
}
