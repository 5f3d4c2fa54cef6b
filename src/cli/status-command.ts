// nashra status: how the newsroom's desk is doing.
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { type NewsroomStatus, newsroomStatus } from '../status/status-store.ts';
import { type Shell, withWorld } from './context.ts';
import { counted, json, localTime, printable, table } from './output.ts';

export function statusCommand(shell: Shell): Command {
  return new Command('status')
    .description('Say how things are: feeds, articles, stories, recipients, deliveries by state, the last rounds.')
    .option('--json', 'print the status as one JSON object')
    .addHelpText('after', '\nExample:\n  nashra status --json')
    .action((flags: { json?: boolean }) =>
      withWorld(shell, async ({ db }, config) => {
        const status = await newsroomStatus(db);
        shell.print(flags.json ? json(status) : describe(status, config));
      }),
    );
}

function describe(status: NewsroomStatus, { timeZone }: Config): string {
  const { feeds, articles, stories, recipients, deliveries, backlog, pausedMs, runs } = status;
  const counts = (named: Record<string, number>) =>
    Object.entries(named)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  const facts = [
    ['Feeds', `${feeds.active} active, ${feeds.paused} paused, ${feeds.failing.length} failing`],
    ['Articles', String(articles)],
    ['Stories', String(stories)],
    ['Recipients', recipients.map(({ kind, state, size }) => counted(size, `${state} ${kind}`)).join(', ') || 'none'],
    ['Deliveries', counts(deliveries)],
    ['Backlog', String(backlog)],
    ...(pausedMs > 0 ? [['Sending', `paused by Telegram for ${Math.ceil(pausedMs / 1000)} s more`]] : []),
  ];
  const width = Math.max(...facts.map(([name = '']) => name.length));
  const lines = facts.map(([name = '', value = '']) => `${name.padEnd(width)}  ${value}`);
  const rounds = runs.map(({ stage, startedAt, finishedAt, result }) => [
    stage,
    localTime(startedAt, timeZone),
    finishedAt === null ? 'not finished' : `${finishedAt.getTime() - startedAt.getTime()} ms`,
    counts((result ?? {}) as Record<string, number>),
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
