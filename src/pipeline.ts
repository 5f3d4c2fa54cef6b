// The way of the news: feeds → articles → topics → stories → recipients → deliveries → Telegram.
import { expireArticleClaims } from './articles/article-store.ts';
import { collect, type CollectDeps, type CollectResult } from './articles/collect.ts';
import { readArticles, type ReadDeps } from './articles/read.ts';
import { expireDeliveryClaims } from './deliveries/delivery-store.ts';
import { planDeliveries } from './deliveries/plan.ts';
import { sendDeliveries, type SendDeps, type SendResult } from './deliveries/send.ts';
import { groupStories } from './stories/group.ts';
import { recordRun } from './status/status-store.ts';

export type PipelineDeps = CollectDeps & ReadDeps & SendDeps;

interface RoundOptions {
  signal?: AbortSignal;
}

/** What a killed process had taken is free at once; only where no other process can be at work. */
export async function resumeAfterCrash({ db, clock }: Pick<PipelineDeps, 'db' | 'clock'>): Promise<void> {
  await expireArticleClaims(db);
  await expireDeliveryClaims(db, clock.now());
}

/** Asks the feeds that are due (or `all`) and stores what is new; `onNew` is told as soon as something is. */
export function collectRound(
  deps: CollectDeps,
  options: RoundOptions & { all?: boolean; onNew?: () => Promise<void> } = {},
): Promise<CollectResult> {
  return recordRun(deps, 'collect', () => collect(deps, options));
}

export interface PublishResult {
  read: number;
  stories: number;
  deliveries: number;
}

/** Reads what is new, tells it as stories and writes down to whom each is owed; `onPlanned` is told at once. */
export function publishRound(
  deps: ReadDeps,
  { onPlanned, ...options }: RoundOptions & { onPlanned?: () => Promise<void> } = {},
): Promise<PublishResult> {
  const result: PublishResult = { read: 0, stories: 0, deliveries: 0 };
  const tell = async () => {
    // Read before adding: several articles come this way at a time.
    const stories = await groupStories(deps, options);
    result.stories += stories;
    const planned = await planDeliveries(deps, options);
    result.deliveries += planned;
    if (planned > 0) await onPlanned?.();
  };
  return recordRun(deps, 'publish', async () => {
    // Each article goes on as soon as it is read: a page that never answers holds back nobody but itself.
    result.read = await readArticles(deps, { ...options, onRead: tell });
    await tell();
    return result;
  });
}

/** Sends what is owed, at the bot's pace. */
export function sendRound(deps: SendDeps, options: RoundOptions = {}): Promise<Partial<SendResult>> {
  return recordRun(deps, 'send', () => sendDeliveries(deps, options));
}
