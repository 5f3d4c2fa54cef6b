// The way of the news: feeds → articles → topics → stories → recipients → deliveries → Telegram.
import { collect, type CollectDeps, type CollectResult } from './articles/collect.ts';
import { recheckArticles, type RecheckResult } from './articles/recheck.ts';
import { readArticles, type ReadDeps } from './articles/read.ts';
import { expireArticleClaims } from './articles/waiting-store.ts';
import { expireClaims } from './deliveries/chunk-store.ts';
import { collapseBacklog } from './deliveries/collapse-backlog.ts';
import { planDeliveries, type PlanDeps } from './deliveries/plan.ts';
import { sendDeliveries, type SendDeps, type SendOptions, type SendResult } from './deliveries/send.ts';
import { createModelRun } from './stories/ask-model.ts';
import { type GroupDeps, groupStories } from './stories/group.ts';
import type { SummaryDeps } from './stories/summarize-story.ts';
import { recordRun } from './status/status-store.ts';

export type PublishDeps = ReadDeps & GroupDeps & SummaryDeps & PlanDeps;
export type PipelineDeps = CollectDeps & PublishDeps & SendDeps;

interface RoundOptions {
  signal?: AbortSignal;
}

/** What a killed process had taken is free at once; only where no other process can be at work. */
export async function resumeAfterCrash({ db }: Pick<PipelineDeps, 'db'>): Promise<void> {
  await expireArticleClaims(db);
  await expireClaims(db);
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

/** What a stopped program has left is a backlog before anything of it is sent. */
export async function catchUp({ db, clock, freshHours }: PlanDeps): Promise<void> {
  await collapseBacklog(db, { now: clock.now(), freshHours });
}

/** Sends what is owed, at the bot's pace; a resident run is poked awake when there is more, and has caught up before. */
export function sendRound(
  deps: SendDeps & Pick<PlanDeps, 'freshHours'>,
  { isResident = false, ...options }: SendOptions & { isResident?: boolean } = {},
): Promise<SendResult> {
  const send = async () => {
    if (!isResident) await catchUp(deps);
    return sendDeliveries(deps, options);
  };
  return recordRun(deps, 'send', send, { isResident });
}
