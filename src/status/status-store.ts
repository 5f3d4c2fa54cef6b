// How the newsroom's desk is doing: the last run of each stage, and what is waiting.
import type { Db } from '../db/database.ts';
import { countDeliveries } from '../deliveries/delivery-store.ts';
import { pausedForMs } from '../deliveries/pace-store.ts';
import { type Feed, listFeeds } from '../feeds/feed-store.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { RecipientKind, RecipientState } from '../recipients/recipient.ts';

export type Stage = 'collect' | 'recheck' | 'publish' | 'send';

/** Runs a stage, keeps when it ran and what came of it, and logs one line. */
export async function recordRun<T extends object>(
  { db, clock, log }: { db: Db; clock: Clock; log?: Log },
  stage: Stage,
  run: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now();
  const result = await run();
  const finishedAt = clock.now();
  const row = { startedAt, finishedAt, result: JSON.stringify(result) };
  await db
    .insertInto('stageRun')
    .values({ stage, ...row })
    .onConflict((conflict) => conflict.column('stage').doUpdateSet(row))
    .execute();
  const ms = finishedAt.getTime() - startedAt.getTime();
  log?.[isEventful(result) ? 'info' : 'debug']('stage ran', { stage, ms, ...result });
  return result;
}

/** A round that found nothing new is worth no line of the log. */
function isEventful(result: object): boolean {
  return Object.entries(result).some(([name, count]) => !['feeds', 'unchanged'].includes(name) && Number(count) > 0);
}

export interface NewsroomStatus {
  feeds: {
    active: number;
    paused: number;
    failing: Pick<Feed, 'feedId' | 'url' | 'title' | 'outcome' | 'outcomeReason'>[];
  };
  articles: number;
  stories: number;
  recipients: { kind: RecipientKind; state: RecipientState; size: number }[];
  /** Deliveries by state. */
  deliveries: Record<string, number>;
  /** Deliveries that are still to be sent. */
  backlog: number;
  /** Sending rests for so long because Telegram asked for it; 0 when it does not. */
  pausedMs: number;
  runs: { stage: string; startedAt: Date; finishedAt: Date | null; result: object | null }[];
}

export async function newsroomStatus(db: Db): Promise<NewsroomStatus> {
  const feeds = await listFeeds(db);
  const deliveries = await countDeliveries(db);
  const recipients = await db
    .selectFrom('recipient')
    .select(['kind', 'state', (count) => count.fn.countAll<number>().as('size')])
    .groupBy(['kind', 'state'])
    .orderBy('kind')
    .orderBy('state')
    .execute();
  return {
    feeds: {
      active: feeds.filter((feed) => feed.state === 'active').length,
      paused: feeds.filter((feed) => feed.state === 'paused').length,
      failing: feeds
        .filter((feed) => feed.state === 'active' && feed.outcomeReason !== null)
        .map(({ feedId, url, title, outcome, outcomeReason }) => ({ feedId, url, title, outcome, outcomeReason })),
    },
    articles: await countRows(db, 'article'),
    stories: await countRows(db, 'story'),
    recipients,
    deliveries,
    backlog: (deliveries['planned'] ?? 0) + (deliveries['sending'] ?? 0),
    pausedMs: await pausedForMs(db),
    runs: await db.selectFrom('stageRun').selectAll().orderBy('startedAt', 'desc').execute(),
  };
}

async function countRows(db: Db, table: 'article' | 'story'): Promise<number> {
  const { size } = await db
    .selectFrom(table)
    .select((count) => count.fn.countAll<number>().as('size'))
    .executeTakeFirstOrThrow();
  return size;
}
