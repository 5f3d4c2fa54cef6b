// A stage for things that go wrong: the emulator in its own process, a crowd that follows one topic, and a fleet.
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { type RemoteEmulator, type StartOrder, startRemoteEmulator } from '../../sandbox/telegram/remote-emulator.ts';
import { type Db, openDatabase } from '../../src/db/database.ts';
import { silentLog } from '../../src/lib/log.ts';
import { gatherCrowd, letTimePass, writeStory } from './crowd.ts';
import { Fleet } from './fleet.ts';
import { checkLedger, type LedgerCheck } from './ledger.ts';
import { type PostgresProxy, startPostgresProxy } from './postgres-proxy.ts';

interface StageOptions {
  /** The tests' own way to the database; the fleet's leads through the proxy. */
  connectionString: string;
  readers?: number;
  channels?: number;
  groups?: number;
  latencyMs?: number;
  limits?: StartOrder['limits'];
  env?: Record<string, string>;
}

export interface Stage extends AsyncDisposable {
  readonly db: Db;
  readonly telegram: RemoteEmulator;
  readonly proxy: PostgresProxy;
  readonly fleet: Fleet;
  readonly readers: { firstId: number; count: number };
  readonly channels: readonly number[];
  readonly groups: readonly number[];
  readonly topicId: number;
  /** A story for everyone, told apart by its number. */
  tell(number: number, options?: { breaking?: boolean }): Promise<number>;
  /** Answers once nothing is owed any more. `hurry`: what waits for a later time does not have to. */
  settle(options?: { hurry?: boolean; withinMs?: number }): Promise<void>;
  check(): Promise<LedgerCheck>;
}

/** The headline of a story, as `tell` writes it. */
export const markerOf = (number: number) => `خبر ${number}.`;

const firstId = 700_001;
const dayMs = 24 * 60 * 60_000;

export async function openStage(options: StageOptions): Promise<Stage> {
  const { connectionString, readers: count = 0, latencyMs = 0, limits = false } = options;
  await using opened = new AsyncDisposableStack();
  const db = openDatabase({ connectionString, log: silentLog, maxConnections: 3 });
  opened.defer(() => db.destroy());
  const telegram = opened.use(await startRemoteEmulator({ marker: 'خبر \\d+\\.', latencyMs, limits }));
  const proxy = opened.use(await startPostgresProxy(connectionString));
  const fleet = opened.use(
    new Fleet({
      telegram,
      connectionString: proxy.connectionString,
      // A thousand a second, so that a crowd is served in the time that a test has.
      env: { PAID_STARS_PER_DAY: '1000000', ...options.env },
    }),
  );
  const readers = { firstId, count };
  await telegram.order('people', readers);
  const channels = await telegram.order('channels', { count: options.channels ?? 0 });
  const groups = await telegram.order('groups', { count: options.groups ?? 0 });
  const topicId = await gatherCrowd(db, 'local', { readers, channels, groups });
  const resources = opened.move();

  async function openCount(): Promise<number> {
    const { rows } = await sql<{ open: number }>`
      select (select count(*) from story where planned_at is null)
        + (select count(*) from broadcast where planned_at is null)
        + (select count(*) from chunk where closed_at is null) as open
    `.execute(db);
    return rows[0]?.open ?? 0;
  }

  return {
    db,
    telegram,
    proxy,
    fleet,
    readers,
    channels,
    groups,
    topicId,
    tell: (number, { breaking = false } = {}) => writeStory(db, { topicId, marker: markerOf(number), breaking }),
    async settle({ hurry = false, withinMs = 60_000 } = {}) {
      const until = Date.now() + withinMs;
      for (;;) {
        const open = await openCount().catch(() => -1);
        if (open === 0) return;
        if (Date.now() > until)
          throw new Error(`${open} chunks or stories are still open:\n${await openRows(db)}\n${fleet.lastWords}`);
        if (hurry && open > 0) await letTimePass(db, dayMs, { of: 'waiting' });
        await delay(50);
      }
    },
    async check() {
      const { told } = await telegram.order('report');
      return checkLedger(db, told);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function openRows(db: Db): Promise<string> {
  const { rows } = await sql`
    select chunk_id, subject_id, lane, size, sent, due_at, claim, claimed_until, is_listed from chunk
    where closed_at is null limit 5
  `.execute(db);
  return JSON.stringify(rows, undefined, 1);
}
