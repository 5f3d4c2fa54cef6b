// What every command works with: the terminal as main.ts hands it in, and the world that the settings name.
import { type Config, parseConfig } from '../config.ts';
import type { Clock } from '../lib/clock.ts';
import { isCron } from '../schedule.ts';
import { languages, openWorld, type World } from '../world.ts';

export interface Shell {
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Aborts when the person, or the system, wants the command to end. */
  signal: AbortSignal;
  /** The lines of standard input. */
  lines: () => AsyncIterable<string>;
  /** Standard output, for what was asked for. */
  print: (text: string) => void;
  /** Standard error, for everything else. */
  printError: (text: string) => void;
}

/** A mistake of the person at the keyboard, said in a sentence; the command ends with exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
}

export function readConfig({ env }: Shell): Config {
  return parseConfig(env, { languages, isCron });
}

/** Opens the newsroom's database, brings it to the newest schema, and lets go of it when `run` has ended. */
export async function withWorld<T>(shell: Shell, run: (world: World, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(shell);
  const world = await openWorld(config, {
    write: (line) => shell.printError(`${line}\n`),
    // A person reads the command's own words; the log of what happens below them is for those who ask for it.
    logLevel: shell.env['LOG_LEVEL'] ? config.logLevel : 'error',
    signal: shell.signal,
  });
  try {
    return await run(world, config);
  } finally {
    await world.close();
  }
}
