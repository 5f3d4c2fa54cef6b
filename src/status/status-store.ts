// How the newsroom's desk is doing: the last run of each stage, and what is waiting.
import type { Db } from '../db/database.ts';
import { type ChunkCounts, countBacklog, countChunks } from '../deliveries/chunk-store.ts';
import { paceState } from '../deliveries/pace-store.ts';
import { paidMessages } from '../deliveries/paid-store.ts';
import { type Feed, listFeeds } from '../feeds/feed-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { clip } from '../lib/text.ts';
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';

export type Stage = 'collect' | 'recheck' | 'publish' | 'send';

/** A stage that looks every second keeps so seldom that it looked and found nothing. */
const idleRowEveryMs = 60_000;

/** Of what a broken run says of itself. */
const maxErrorLength = 300;

/**
 * Runs a stage, keeps when it ran and what came of it, and logs one line. `isResident`: it runs all the time, and most
 * of its runs find nothing to do.
 */
export async function recordRun<T extends object>(
  { db, clock, log }: { db: Db; clock: Clock; log?: Log },
  stage: Stage,
  run: () => Promise<T>,
  { isResident = false }: { isResident?: boolean } = {},
): Promise<T> {
  const startedAt = clock.now();
  let result: T;
  try {
    result = await run();
  } catch (error) {
    const message = clip(error instanceof Error ? error.message : String(error), maxErrorLength);
    const row = { startedAt, finishedAt: clock.now(), result: JSON.stringify({ error: message }) };
    // Where the database is what broke, the log alone knows of it.
    await keepRun(db, stage, row).catch(() => undefined);
    throw error;
  }
  const finishedAt = clock.now();
  const row = { startedAt, finishedAt, result: JSON.stringify(result) };
  if (isResident && !isEventful(result)) {
    await db
      .updateTable('stageRun')
      .set(row)
      .where('stage', '=', stage)
      .where('finishedAt', '<', new Date(finishedAt.getTime() - idleRowEveryMs))
      .execute();
    return result;
  }
  await keepRun(db, stage, row);
  const ms = finishedAt.getTime() - startedAt.getTime();
  log?.[isEventful(result) ? 'info' : 'debug']('stage ran', { stage, ms, ...result });
  return result;
}

async function keepRun(
  db: Db,
  stage: Stage,
  row: { startedAt: Date; finishedAt: Date; result: string },
): Promise<void> {
  await db
    .insertInto('stageRun')
    .values({ stage, ...row })
    .onConflict((conflict) => conflict.column('stage').doUpdateSet(row))
    .execute();
}

/** A round that found nothing new is worth no line of the log. */
function isEventful(result: object): boolean {
  return Object.entries(result).some(([name, count]) => !['feeds', 'unchanged'].includes(name) && Number(count) > 0);
}

/** What is known of it at once, however large the newsroom. */
export interface DeskStatus {
  feeds: {
    active: number;
    paused: number;
    failing: Pick<Feed, 'feedId' | 'url' | 'title' | 'outcome' | 'outcomeReason'>[];
  };
  /** Deliveries that are still to be sent. */
  backlog: number;
  /** Sending rests for so long because Telegram asked for it; 0 when it does not. */
  pausedMs: number;
  /** The part of Telegram's allowance that is used: less than 1 after it found us too fast. */
  paceFactor: number;
  /** The last run of each stage; its result is `{ error }` where it broke. */
  runs: { stage: string; startedAt: Date; finishedAt: Date | null; result: object | null }[];
}

export async function deskStatus(db: Db): Promise<DeskStatus> {
  const feeds = await listFeeds(db);
  const { pausedMs, factor } = await paceState(db);
  return {
    feeds: {
      active: feeds.filter((feed) => feed.state === 'active').length,
      paused: feeds.filter((feed) => feed.state === 'paused').length,
      failing: feeds
        .filter((feed) => feed.state === 'active' && feed.outcomeReason !== null)
        .map(({ feedId, url, title, outcome, outcomeReason }) => ({ feedId, url, title, outcome, outcomeReason })),
    },
    backlog: await countBacklog(db),
    pausedMs,
    paceFactor: factor,
    runs: await db.selectFrom('stageRun').selectAll().orderBy('startedAt', 'desc').execute(),
  };
}

export interface NewsroomStatus extends DeskStatus {
  recipients: { kind: RecipientKind; state: RecipientState; size: number }[];
  /** All there ever were, by what became of them. */
  deliveries: ChunkCounts;
  /** Messages of the newsroom's day that went over the paid lane beyond the free allowance. */
  paidToday: number;
}

/** What editors are shown: with everything that is counted. */
export async function newsroomStatus(
  db: Db,
  { now, timeZone }: { now: Date; timeZone: string },
): Promise<NewsroomStatus> {
  const recipients = await db
    .selectFrom('recipient')
    .select(['kind', 'state', (count) => count.fn.countAll<number>().as('size')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute();
  return {
    ...(await deskStatus(db)),
    recipients,
    deliveries: await countChunks(db),
    paidToday: await paidMessages(db, { now, timeZone }),
  };
}

/** Articles and stories ever stored. */
export async function countNews(db: Db): Promise<{ articles: number; stories: number }> {
  return { articles: await countRows(db, 'article'), stories: await countRows(db, 'story') };
}

async function countRows(db: Db, table: 'article' | 'story'): Promise<number> {
  const { size } = await db
    .selectFrom(table)
    .select((count) => count.fn.countAll<number>().as('size'))
    .executeTakeFirstOrThrow();
  return size;
}

/** Why a stage's last run broke; undefined where it did not. */
export function runError({ result }: Pick<DeskStatus['runs'][number], 'result'>): string | undefined {
  const error = result === null ? undefined : (result as { error?: unknown }).error;
  return typeof error === 'string' ? error : undefined;
}
