import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';
import { openStage } from '../../support/fault-stage.ts';

const hourMs = 60 * 60_000;
const readers = 200;

describe.each([
  ['an hour ahead', hourMs],
  ['an hour back', -hourMs],
])('when the clock of a machine jumps %s in the middle of a story', (_, jumpMs) => {
  const database = useDatabase();
  it('everyone gets it once, and so they do the next one, before and after the clock is right again', async () => {
    await using stage = await openStage({ connectionString: database.connectionString, readers, latencyMs: 20 });
    const wrong = stage.fleet.start('collect,deliver', { clockShiftMs: 0 });
    await wrong.says('at work');
    await stage.tell(1);
    await stage.telegram.order('called', { calls: 50 });
    await wrong.shiftClock(jumpMs);
    await stage.tell(2);
    await stage.telegram.order('called', { calls: 250 });
    await wrong.shiftClock(0);
    await stage.tell(3);
    await stage.settle();
    await stage.fleet.stop();
    const check = await stage.check();
    expect(check).toMatchObject({ problems: [], twice: 0, lost: 0, states: { sent: 3 * readers } });
  }, 60_000);
});

describe('when the clocks of two machines are an hour apart', () => {
  const database = useDatabase();
  it('everyone gets every story once, whichever of them plans and whichever sends', async () => {
    await using stage = await openStage({ connectionString: database.connectionString, readers, latencyMs: 20 });
    const early = stage.fleet.start('collect,deliver', { clockShiftMs: hourMs });
    stage.fleet.start('deliver');
    await stage.tell(1);
    await stage.telegram.order('called', { calls: 100 });
    await stage.fleet.kill(early);
    const late = stage.fleet.start('collect', { clockShiftMs: -hourMs });
    await stage.tell(2);
    await stage.settle({ hurry: true });
    await late.end();
    expect(await stage.check()).toMatchObject({ problems: [], lost: 0 });
  }, 90_000);
});
