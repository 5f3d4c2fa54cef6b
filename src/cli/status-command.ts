// nashra status: how the newsroom's desk is doing.
import { Command } from 'commander';
import type { Config } from '../config.ts';
import type { Db } from '../db/database.ts';
import { messagesPerStar } from '../deliveries/pace.ts';
import { countNews, newsroomStatus, runError } from '../status/status-store.ts';
import { type Shell, withWorld } from './context.ts';
import { counted, json, localTime, printable, table } from './output.ts';

export function statusCommand(shell: Shell): Command {
  return new Command('status')
    .description('Say how things are: feeds, articles, stories, recipients, deliveries by state, the last rounds.')
    .option('--json', 'print the status as one JSON object')
    .addHelpText('after', '\nExample:\n  nashra status --json')
    .action((flags: { json?: boolean }) =>
      withWorld(shell, async ({ db, clock }, config) => {
        const status = await readStatus(db, { now: clock.now(), timeZone: config.timeZone });
        shell.print(flags.json ? json(status) : describe(status, config));
      }),
    );
}

type Status = Awaited<ReturnType<typeof readStatus>>;

async function readStatus(db: Db, options: { now: Date; timeZone: string }) {
  return { ...(await newsroomStatus(db, options)), ...(await countNews(db)) };
}

function describe(status: Status, { timeZone, paid }: Config): string {
  const { feeds, articles, stories, recipients, backlog, pausedMs, paceFactor, paidToday, runs } = status;
  const { total: _total, open: _open, ...deliveries } = status.deliveries;
  const counts = (named: Record<string, number>) =>
    Object.entries(named)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  const facts = [
    ['Feeds', `${feeds.active} active, ${feeds.paused} paused, ${feeds.failing.length} failing`],
    ['Articles', String(articles)],
    ['Stories', String(stories)],
    ['Recipients', recipients.map(({ kind, state, size }) => counted(size, `${state} ${kind}`)).join(', ') || 'none'],
    ['Deliveries', counts(Object.fromEntries(Object.entries(deliveries).filter(([, count]) => count > 0)))],
    ['Backlog', String(backlog)],
    ...(pausedMs > 0 ? [['Sending', `paused by Telegram for ${Math.ceil(pausedMs / 1000)} s more`]] : []),
    ...(paceFactor < 1
      ? [['Pace', `${Math.floor(paceFactor * 100)} % of the allowance, after Telegram found us too fast; it recovers`]]
      : []),
    ...(paid ? [['Paid today', `${paidToday / messagesPerStar} of ${paid.starsPerDay} Stars`]] : []),
  ];
  const width = Math.max(...facts.map(([name = '']) => name.length));
  const lines = facts.map(([name = '', value = '']) => `${name.padEnd(width)}  ${value}`);
  const rounds = runs.map(({ stage, startedAt, finishedAt, result }) => [
    stage,
    localTime(startedAt, timeZone),
    finishedAt === null ? 'not finished' : `${finishedAt.getTime() - startedAt.getTime()} ms`,
    runError({ result }) ?? counts((result ?? {}) as Record<string, number>),
  ]);
  const failing = feeds.failing.map(
    ({ feedId, url, outcome, outcomeReason }) =>
      `feed ${feedId} ${url} (${outcome}): ${printable(outcomeReason ?? '')}`,
  );
  return [
    ...lines,
    '',
    rounds.length === 0 ? 'No round has run yet.\n' : table(['last round', 'at', 'took', 'result'], rounds),
    ...(failing.length === 0 ? [] : [...failing, '']),
  ].join('\n');
}
