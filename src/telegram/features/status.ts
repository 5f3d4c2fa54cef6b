// /status, for editors: feeds, backlog, last round.
import { type Composer as ComposerType, Composer } from 'grammy';
import { clip } from '../../lib/text.ts';
import { newsroomStatus, type NewsroomStatus } from '../../status/status-store.ts';
import { type BotContext, type BotDeps, isOwner, languageOf } from '../context.ts';
import { duration } from '../duration.ts';
import { html, type Locales } from '../i18n.ts';
import { localTime } from '../local-time.ts';

/** Failing feeds named one by one; more would not fit a message. */
const namedFeeds = 10;
const maxFeedName = 80;

export function status(deps: BotDeps): ComposerType<BotContext> {
  const composer = new Composer<BotContext>();
  composer
    .chatType('private')
    .filter((ctx) => isOwner(ctx, deps))
    .command('status', async (ctx) => {
      const language = await languageOf(ctx, deps);
      const text = renderStatus(await newsroomStatus(deps.db), { ...deps, language });
      await ctx.reply(text, { parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
    });
  return composer;
}

function renderStatus(
  { feeds, backlog, pausedMs, recipients, runs }: NewsroomStatus,
  { locales, language, timeZone }: { locales: Locales; language: string; timeZone: string },
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

function numberIn(result: object | null, field: string): number {
  const value = result === null ? undefined : (result as Record<string, unknown>)[field];
  return typeof value === 'number' ? value : 0;
}
