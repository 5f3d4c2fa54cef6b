// The way of the news: feeds → articles → topics → stories → recipients → deliveries → Telegram.
import { expireArticleClaims } from './articles/article-store.ts';
import { collect, type CollectDeps, type CollectResult } from './articles/collect.ts';
import { recheckArticles, type RecheckResult } from './articles/recheck.ts';
import { readArticles, type ReadDeps } from './articles/read.ts';
import { expireDeliveryClaims } from './deliveries/delivery-store.ts';
import { planDeliveries } from './deliveries/plan.ts';
import { sendDeliveries, type SendDeps, type SendResult } from './deliveries/send.ts';
import { createModelRun } from './stories/ask-model.ts';
import { type GroupDeps, groupStories } from './stories/group.ts';
import type { SummaryDeps } from './stories/summarize-story.ts';
import { recordRun } from './status/status-store.ts';

export type PublishDeps = ReadDeps & GroupDeps & SummaryDeps;
export type PipelineDeps = CollectDeps & PublishDeps & SendDeps;

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

/** Every tick asks for a recheck; what is left waits for the next one. */
const recheckBudgetMs = 20_000;

/** Looks again at the pages of what was told lately; `onNew` is told when something is to be corrected or withdrawn. */
export function recheckRound(
  deps: ReadDeps,
  { onNew, ...options }: RoundOptions & { onNew?: () => Promise<void> } = {},
): Promise<RecheckResult> {
  return recordRun(deps, 'recheck', () =>
    recheckArticles(deps, { ...options, budgetMs: recheckBudgetMs, ...(onNew ? { onChange: onNew } : {}) }),
  );
}

export interface PublishResult {
  read: number;
  stories: number;
  deliveries: number;
}

/** Reads what is new, tells it as stories and writes down to whom each is owed; `onPlanned` is told at once. */
export function publishRound(
  deps: PublishDeps,
  { onPlanned, ...options }: RoundOptions & { onPlanned?: () => Promise<void> } = {},
): Promise<PublishResult> {
  const result: PublishResult = { read: 0, stories: 0, deliveries: 0 };
  const plan = async () => {
    // Read before adding: several articles come this way at a time.
    const planned = await planDeliveries(deps, options);
    result.deliveries += planned;
    if (planned > 0) await onPlanned?.();
  };
  const model = createModelRun(deps, { ...options, onAnswer: plan });
  const tell = async () => {
    const stories = await groupStories(deps, options);
    result.stories += stories;
    await plan();
    model.start();
  };
  return recordRun(deps, 'publish', async () => {
    try {
      // Each article goes on as soon as it is read: a page that never answers holds back nobody but itself.
      result.read = await readArticles(deps, { ...options, onRead: tell });
      await tell();
    } finally {
      await model.end();
    }
    return result;
  });
}

/** Sends what is owed, at the bot's pace. */
export function sendRound(deps: SendDeps, options: RoundOptions = {}): Promise<Partial<SendResult>> {
  return recordRun(deps, 'send', () => sendDeliveries(deps, options));
}
