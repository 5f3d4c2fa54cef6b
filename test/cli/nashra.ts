// Runs the nashra command line: as a child process, as an operator would, or inside the test where many runs are needed.
import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/cli/program.ts';
import { systemClock } from '../../src/lib/clock.ts';

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const binary = fileURLToPath(new URL('../../bin/nashra.js', import.meta.url));

type Environment = Record<string, string>;

/** What names a test's database; DATABASE_URL must be a URL in the standard's sense, so a socket needs a host beside it. */
export function databaseOf(connectionString: string): Environment {
  return { DATABASE_URL: connectionString.replace('@/', '@localhost/') };
}

/** `env` is all that the program sees, besides PATH. */
export function nashra(args: readonly string[], env: Environment): Promise<Ended> {
  return run(program, args, env);
}

export function nashraBinary(args: readonly string[], env: Environment): Promise<Ended> {
  return run(binary, args, env);
}

function run(script: string, args: readonly string[], env: Environment): Promise<Ended> {
  const path = process.env['PATH'] ?? '';
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [script, ...args], { env: { PATH: path, ...env } }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, stdout, stderr });
      else reject(new Error('nashra did not end by itself', { cause: error }));
    });
  });
}

/** Everything but main.ts: a tenth of the time that a process takes. */
export async function nashraInside(
  args: readonly string[],
  env: Environment,
  lines: readonly string[] = [],
): Promise<Ended> {
  const output = { stdout: '', stderr: '' };
  const shell = {
    env,
    clock: systemClock,
    signal: new AbortController().signal,
    lines: () => Readable.from(lines),
    print: (text: string) => void (output.stdout += text),
    printError: (text: string) => void (output.stderr += text),
  };
  return { code: await runCli(shell, args), ...output };
}
