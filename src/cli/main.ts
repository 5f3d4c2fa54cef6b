// The nashra command line's only file that touches process: arguments, environment and signals in, exit code out.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { nodeVersionProblem } from '../lib/node-version.ts';
import { systemClock } from '../lib/clock.ts';
import { runCli } from './program.ts';

const problem = nodeVersionProblem(process.versions.node);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
} else {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  // A reader that has seen enough (`nashra feed list | head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await runCli(
    {
      env: process.env,
      clock: systemClock,
      signal: stopping.signal,
      lines: () =>
        createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY, signal: stopping.signal }),
      print: (text) => process.stdout.write(text),
      printError: (text) => process.stderr.write(text),
    },
    process.argv.slice(2),
  );
}
