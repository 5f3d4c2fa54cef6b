// The nashra command line: its commands, and how a command ends.
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { ConfigError } from '../config.ts';
import { databaseProblem, rootCause } from '../db/database.ts';
import { EmbeddedPostgresError } from '../db/embedded-postgres.ts';
import { redact } from '../lib/log.ts';
import { type Shell, CommandError } from './context.ts';
import { deliveryCommand } from './delivery-command.ts';
import { feedCommand } from './feed-command.ts';
import { migrateCommand } from './migrate-command.ts';
import { newsroomCommand } from './newsroom-command.ts';
import { articleCommand } from './article-command.ts';
import { collectCommand, sendCommand } from './round-command.ts';
import { statusCommand } from './status-command.ts';
import { tryCommand } from './try-command.ts';
import { topicsCommand } from './topics-command.ts';

/** Runs one command; returns the exit code: 0, 1 for what did not work, 2 for a command line that is wrong. */
export async function runCli(shell: Shell, args: readonly string[]): Promise<number> {
  try {
    await createProgram(shell).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const secrets = [shell.env['BOT_TOKEN'], shell.env['DATABASE_URL'], shell.env['SUMMARY_API_KEY']].filter(
      (secret) => secret !== undefined,
    );
    shell.printError(`${redact(explain(error, shell), secrets)}\n`);
    return 1;
  }
}

function createProgram(shell: Shell): Command {
  const program = new Command('nashra')
    .description("Nashra, a newsroom's Telegram desk: look after the newsroom, its feeds and its rounds.")
    .version(packageJson.version)
    .addHelpText(
      'after',
      `
Settings come from the environment and from .env, as for npm start.

Examples:
  nashra newsroom apply newsroom.yaml
  nashra feed check https://news.example/feed/
  nashra try page https://news.example/2026/11/news
  nashra status`,
    );
  const commands = [
    newsroomCommand,
    feedCommand,
    articleCommand,
    deliveryCommand,
    topicsCommand,
    tryCommand,
    collectCommand,
    sendCommand,
    statusCommand,
    migrateCommand,
  ];
  for (const command of commands) program.addCommand(command(shell));
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError(`Run "nashra ${pathOf(command)}--help" to see how it is used.`)
      .configureOutput({ writeOut: shell.print, writeErr: shell.printError })
      .configureHelp({ showGlobalOptions: false });
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** `newsroom apply `; empty for the program itself. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)}${command.name()} ` : '';
}

function explain(error: unknown, { env }: Shell): string {
  if (error instanceof CommandError || error instanceof ConfigError || error instanceof EmbeddedPostgresError) {
    return error.message;
  }
  if (!(error instanceof Error)) return String(error);
  const problem = databaseProblem(error);
  if (problem !== undefined) return problem;
  const { message } = rootCause(error);
  const cause = message === error.message ? '' : ` (${message})`;
  const stack = env['LOG_LEVEL'] === 'debug' ? `\n${error.stack}` : '';
  return `Something went wrong: ${error.message}${cause}. With LOG_LEVEL=debug it says where.${stack}`;
}
