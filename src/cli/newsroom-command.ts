// nashra newsroom: the newsroom file, applied and exported.
import { stat, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { applyNewsroom, type ApplyReport } from '../newsroom/apply.ts';
import { exportNewsroom } from '../newsroom/export.ts';
import type { Fault } from '../newsroom/newsroom-file.ts';
import { SameChannelError } from '../newsroom/plan-newsroom.ts';
import { listTopics } from '../topics/topic-store.ts';
import { CommandError, type Shell, withWorld } from './context.ts';
import { counted, isolated, json, printable } from './output.ts';
import { fileProblem, readTextFile } from './text-file.ts';

export function newsroomCommand(shell: Shell): Command {
  const newsroom = new Command('newsroom')
    .description('The newsroom file: topics, feeds and channels in one place.')
    .addHelpText(
      'after',
      `
Examples:
  nashra newsroom apply newsroom.yaml
  nashra newsroom export newsroom.yaml`,
    );

  newsroom
    .command('apply')
    .description(
      'Bring the newsroom to what FILE says. What the file lists gets exactly the topics, names and languages it says; ' +
        'what it does not list is kept. Applying it again changes nothing, and a file with a fault changes nothing.',
    )
    .argument('<file>', 'a YAML file, like newsroom.example.yaml')
    .option('--prune', 'delete what the file does not list, of the kinds (topics, feeds, channels) that it has')
    .option('--dry-run', 'only say what would change')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
Deleting a topic ends all subscriptions to it; deleting a channel drops what it is still owed.

Examples:
  nashra newsroom apply newsroom.yaml
  nashra newsroom apply newsroom.yaml --prune --dry-run`,
    )
    .action((file: string, options: ApplyFlags) => apply(shell, file, options));

  newsroom
    .command('export')
    .description('Write the newsroom as it stands as a newsroom file; applying that file changes nothing.')
    .argument('[file]', 'where to write it; standard output when left out')
    .option('--force', 'overwrite the file when it exists')
    .addHelpText(
      'after',
      `
Examples:
  nashra newsroom export
  nashra newsroom export newsroom.yaml`,
    )
    .action((file: string | undefined, options: { force?: boolean }) => exportTo(shell, file, options));

  return newsroom;
}

interface ApplyFlags {
  prune?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

async function apply(shell: Shell, file: string, { prune = false, dryRun = false, ...flags }: ApplyFlags) {
  // What reads the file takes a while to load, and most commands do without it.
  const { parseNewsroomFile } = await import('../newsroom/newsroom-file.ts');
  const text = await readTextFile(file);
  await withWorld(shell, async ({ db }) => {
    const knownTopics = (await listTopics(db)).map(({ slug }) => slug);
    const { newsroom, faults } = parseNewsroomFile(text, { knownTopics, prune });
    if (faults) {
      if (flags.json) shell.print(json({ faults }));
      throw new CommandError(faultList(file, faults));
    }
    const report = await applyNewsroom(db, newsroom, { now: shell.clock.now(), prune, dryRun }).catch(
      (error: unknown) => {
        throw error instanceof SameChannelError ? new CommandError(`${file}: ${error.message}`) : error;
      },
    );
    shell.print(flags.json ? json({ dryRun, ...report }) : describeReport(report, dryRun));
  });
}

async function exportTo(shell: Shell, file: string | undefined, { force = false }: { force?: boolean }) {
  if (file !== undefined && !force && (await sizeOf(file)) > 0) {
    throw new CommandError(`${file} exists already; write somewhere else, or overwrite it with --force.`);
  }
  const newsroom = await withWorld(shell, ({ db }) => exportNewsroom(db));
  const { formatNewsroomFile } = await import('../newsroom/newsroom-file.ts');
  const text = formatNewsroomFile(newsroom);
  if (file === undefined) {
    shell.print(text);
    return;
  }
  await writeFile(file, text).catch((error: unknown) => {
    throw new CommandError(`${file} cannot be written: ${fileProblem(error)}.`);
  });
  const { topics, feeds, channels } = newsroom;
  const size = [counted(topics.length, 'topic'), counted(feeds.length, 'feed'), counted(channels.length, 'channel')];
  shell.printError(`Wrote ${size.join(', ')} to ${file}.\n`);
}

/** Zero for a file that does not exist. */
async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    (found) => (found.isFile() ? found.size : 0),
    () => 0,
  );
}

function faultList(file: string, faults: readonly Fault[]): string {
  const lines = faults.map(({ line, column, message }) =>
    printable(`${file}:${line}${column === undefined ? '' : `:${column}`}: ${message}`),
  );
  return [...lines, `${file} has ${counted(faults.length, 'fault')}; nothing was changed.`].join('\n');
}

function describeReport({ topics, feeds, channels }: ApplyReport, dryRun: boolean): string {
  const kinds = [
    ['topic', topics],
    ['feed', feeds],
    ['channel', channels],
  ] as const;
  const lines = kinds.flatMap(([kind, { created, updated, removed, kept }]) => [
    ...created.map((name) => `+ ${kind} ${isolated(name)}`),
    ...updated.map(({ name, fields }) => `~ ${kind} ${isolated(name)} (${fields.join(', ')})`),
    ...removed.map((name) => `- ${kind} ${isolated(name)}`),
    ...kept.map((name) => `  ${kind} ${isolated(name)} is not in the file (kept)`),
  ]);
  const counts = kinds.map(([kind, { created, updated, unchanged, removed }]) => {
    const parts = [
      [created.length, 'created'],
      [updated.length, 'updated'],
      [removed.length, 'removed'],
      [unchanged.length, 'unchanged'],
    ] as const;
    const said = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
    return `${`${kind}s`.padEnd('channels'.length)}  ${said.length > 0 ? said.join(', ') : 'none in the file'}`;
  });
  const total = kinds.reduce(
    (sum, [, kind]) => sum + kind.created.length + kind.updated.length + kind.removed.length,
    0,
  );
  const ending = dryRun ? 'A dry run: nothing was changed.' : total === 0 ? 'Nothing had to change.' : 'Applied.';
  return `${[...lines, ...counts, ending].join('\n')}\n`;
}
