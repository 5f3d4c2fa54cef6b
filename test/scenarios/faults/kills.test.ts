import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Db } from '../../../src/db/database.ts';
import { inFlightAtMost } from '../../../src/deliveries/send.ts';
import { letTimePass } from '../../support/crowd.ts';
import { useDatabase } from '../../support/database.ts';
import { openStage, type Stage } from '../../support/fault-stage.ts';
import type { FleetProgram } from '../../support/fleet.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const kills = 50;
const readers = 2_000;
/** Every claim and every wait of a delivery is over by then. */
const longMs = 10 * 60_000;
/** Whoever has something to send does so more often. */
const idleMs = 500;

/** What nobody has called for yet, and what may have to be called for again. */
async function owed(db: Db): Promise<number> {
  const { rows } = await sql<{ owed: number }>`
    select coalesce(sum(size - sent - blocked - failed - canceled - unknown), 0)::int as owed from chunk
    where closed_at is null
  `.execute(db);
  return rows[0]?.owed ?? 0;
}

/** Answers once there were so many calls. Where none come any more, all that is left was taken by those who are dead. */
async function reached({ telegram, db }: Stage, calls: number): Promise<void> {
  const came = telegram.order('called', { calls }).then(() => true);
  while (!(await Promise.race([came, delay(idleMs, false)]))) await letTimePass(db, longMs);
}

describe('a process that is killed', () => {
  const database = useDatabase();

  it(`${kills} times in the middle of a story for ${readers} readers loses nobody, and what came twice was in doubt`, async () => {
    await using stage = await openStage({ connectionString: database.connectionString, readers });
    const { fleet, telegram, db } = stage;
    const random = seededRandom(4);
    // One of both plans what is told.
    const start = () => [
      fleet.start(random.among(['collect,deliver', 'bot,collect,deliver'])),
      fleet.start(random.among(['deliver', 'deliver', 'collect,deliver'])),
    ];

    let told = 0;
    let next: FleetProgram[] = start();
    for (let killed = 0; killed < kills;) {
      // The next ones are on their way while these still work.
      const present = next;
      next = killed + present.length < kills ? start() : [];
      // Another story where the last one runs out, what became unknown included.
      if ((await owed(db)) < readers / 2) await stage.tell((told += 1));
      for (const program of random.shuffled(present)) {
        const { calls } = await telegram.order('report');
        await reached(stage, calls + 1 + random.below(60));
        await fleet.kill(program);
        killed += 1;
      }
      await letTimePass(db, longMs);
    }

    fleet.start();
    await stage.settle({ hurry: true });
    await fleet.stop();
    const check = await stage.check();
    expect(check.problems).toEqual([]);
    expect(check).toMatchObject({ rows: told * readers, lost: 0 });
    expect((check.states['sent'] ?? 0) + (check.states['unknown'] ?? 0)).toBe(told * readers);
    expect(check.twice).toBeLessThanOrEqual(kills * inFlightAtMost);
  }, 150_000);
});
