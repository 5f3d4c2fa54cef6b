// /status, for editors: feeds, backlog, pace, last round.
import { type Composer as ComposerType, Composer } from 'grammy';
import { clip } from '../../lib/text.ts';
import { messagesPerStar, type PaceSettings } from '../../deliveries/pace.ts';
import { newsroomStatus, type NewsroomStatus, runError } from '../../status/status-store.ts';
import { type BotContext, type BotDeps, isOwner, languageOf } from '../context.ts';
import { duration } from '../duration.ts';
import { html } from '../i18n.ts';
import { localTime } from '../local-time.ts';

/** Failing feeds named one by one; more would not fit a message. */
const namedFeeds = 10;
const maxFeedName = 80;
/** Of what a broken run says of itself. */
const maxProblem = 200;

export function status(deps: BotDeps & { pace: PaceSettings }): ComposerType<BotContext> {
  const composer = new Composer<BotContext>();
  composer
    .chatType('private')
    .filter((ctx) => isOwner(ctx, deps))
    .command('status', async (ctx) => {
      const language = await languageOf(ctx, deps);
      const facts = await newsroomStatus(deps.db, { now: deps.clock.now(), timeZone: deps.timeZone });
      const text = renderStatus(facts, { ...deps, language });
      await ctx.reply(text, { parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
    });
  return composer;
}

function renderStatus(
  { feeds, backlog, pausedMs, paceFactor, paidToday, deliveries, recipients, runs }: NewsroomStatus,
  {
    locales,
    language,
    timeZone,
    pace,
  }: Pick<BotDeps, 'locales' | 'timeZone'> & { language: string; pace: PaceSettings },
): string {
  const t = (key: string, args = {}) => locales.t(language, key, args);
  const lastRound = runs.find((run) => run.stage === 'collect');
  const size = (kind: string) => recipients.filter((row) => row.kind === kind).reduce((sum, row) => sum + row.size, 0);
  const inState = (kind: string, state: string) =>
    recipients.find((row) => row.kind === kind && row.state === state)?.size ?? 0;

  return [
    t('status-heading'),
    '',
    feeds.active + feeds.paused === 0
      ? t('status-feeds-none')
      : t('status-feeds', {
          ok: feeds.active - feeds.failing.length,
          failing: feeds.failing.length,
          paused: feeds.paused,
        }),
    ...feeds.failing.slice(0, namedFeeds).map(({ title, url, outcome }) =>
      t('status-feed-failing', {
        feed: clip(title ?? url, maxFeedName),
        problem: html(t(`feed-problem-${outcome ?? 'broken'}`)),
      }),
    ),
    t('status-backlog', { count: backlog }),
    ...(pausedMs > 0
      ? [t('status-paused', { duration: duration(locales, language, Math.ceil(pausedMs / 1000)) })]
      : []),
    ...(paceFactor < 1 ? [t('status-slowed', { perSecond: slowedTo(pace, paceFactor) })] : []),
    ...(pace.paid
      ? [t('status-paid', { count: paidToday, stars: paidToday / messagesPerStar, ceiling: pace.paid.starsPerDay })]
      : []),
    ...(deliveries.unknown > 0 ? [t('status-unknown', { count: deliveries.unknown })] : []),
    ...runs.flatMap((run) => {
      const problem = runError(run);
      return problem === undefined
        ? []
        : [t('status-run-failed', { stage: t(`status-stage-${run.stage}`), problem: clip(problem, maxProblem) })];
    }),
    lastRound?.finishedAt
      ? t('status-last-round', {
          time: localTime(lastRound.finishedAt, language, timeZone),
          articles: numberIn(lastRound.result, 'articles'),
        })
      : t('status-last-round-never'),
    t('status-recipients', {
      readers: size('subscriber'),
      blocked: inState('subscriber', 'blocked'),
      channels: size('channel'),
      disabled: inState('channel', 'disabled'),
    }),
  ].join('\n');
}

/** Messages a second, as far as they are whole; one in several seconds counts as one. */
function slowedTo({ perSecond, paid }: PaceSettings, factor: number): number {
  return Math.max(1, Math.floor((paid?.perSecond ?? perSecond) * factor));
}

function numberIn(result: object | null, field: string): number {
  const value = result === null ? undefined : (result as Record<string, unknown>)[field];
  return typeof value === 'number' ? value : 0;
}
