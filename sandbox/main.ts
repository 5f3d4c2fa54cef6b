// `npm run demo`: Nashra at work without Telegram, database or internet; the only file of the demo that touches process.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { ConfigError } from '../src/config.ts';
import { EmbeddedPostgresError } from '../src/db/embedded-postgres.ts';
import { systemClock } from '../src/lib/clock.ts';
import { launcherGone } from '../src/lib/launcher.ts';
import { nodeVersionProblem } from '../src/lib/node-version.ts';
import { type Desk, MissingError, startDesk } from './desk.ts';
import { runOnce } from './once.ts';
import { servePage } from './web/page-server.ts';

const usage = `Nashra at work on your desk: a reader, an editor and a channel in a Telegram of its own.

  npm run demo                     shows it in the browser
  npm run demo -- --once           without a browser: lets it run once, prints what each chat received, and ends
  npm run demo -- --port 9000      on this port (or DEMO_PORT; 8090 when it is free)
  npm run demo -- --verbose        prints the app's log too
`;

const usualPort = 8090;

interface Wish {
  once: boolean;
  verbose: boolean;
  help: boolean;
  /** Undefined: the usual one, or any. */
  port: number | undefined;
}

/** A sentence for the person who started us. */
class WishError extends Error {}

function readWish(): Wish {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        port: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new WishError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
  const port = values.port ?? (process.env['DEMO_PORT']?.trim() || undefined);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new WishError(`The port must be a number up to 65535, not ${JSON.stringify(port)}.`);
  }
  return { ...values, port: port === undefined ? undefined : Number(port) };
}

async function main(signal: AbortSignal): Promise<void> {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new WishError(problem);
  const wish = readWish();
  if (wish.help) {
    print(usage.trimEnd());
    return;
  }
  // Stopped in the middle, not all of it was seen.
  const interrupted = () => (process.exitCode = 1);
  if (wish.once) signal.addEventListener('abort', interrupted);
  const desk = await startDesk({
    write: (line) => void (wish.verbose && process.stderr.write(`${line}\n`)),
    signal,
    postgresBinDir: process.env['POSTGRES_BIN_DIR'],
  });
  try {
    if (signal.aborted) return;
    await Promise.race([wish.once ? once(desk) : show(desk, wish, signal), ended(desk, signal)]);
  } finally {
    await desk.close();
    signal.removeEventListener('abort', interrupted);
  }
}

async function once(desk: Desk): Promise<void> {
  print('Nashra’s demo: a reader subscribes, the channel posts, an editor broadcasts.\n');
  await runOnce(desk, print);
  print('\nAll of it arrived.');
}

async function show(desk: Desk, { port }: Wish, signal: AbortSignal): Promise<void> {
  const page = await servePage({ desk, port: port ?? usualPort, orAnyPort: port === undefined }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
      const why = error.code === 'EACCES' ? 'may not be used' : 'is taken';
      throw new WishError(`The port ${port} ${why}. Name another one (--port or DEMO_PORT), or none.`);
    },
  );
  try {
    print(`Nashra's demo: ${page.url}`);
    print(
      'Open it in a browser; the first articles arrive within seconds. Ctrl+C stops the demo and leaves nothing behind.',
    );
    await Promise.race([aborted(signal), desk.begin().then(() => aborted(signal))]);
  } finally {
    await page.close();
  }
}

/** The app runs until it is told to stop: when it ends before, that is what the person has to hear. */
async function ended({ running }: Desk, signal: AbortSignal): Promise<void> {
  await running;
  if (!signal.aborted) throw new Error('the app ended by itself');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What a person can mend is said in a sentence; everything else is a bug and shows itself. */
function sentence(error: unknown): string | undefined {
  if (error instanceof MissingError) return `Missing: ${error.message}.`;
  const known = [WishError, ConfigError, EmbeddedPostgresError];
  return error instanceof Error && known.some((kind) => error instanceof kind) ? error.message : undefined;
}

const stopping = new AbortController();
// Not only once: at Ctrl+C the terminal tells us, and npm does again, which must not cut the clearing up short.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stopping.abort());
void launcherGone(process, { clock: systemClock, signal: stopping.signal }).then(() => stopping.abort());

try {
  await main(stopping.signal);
} catch (error) {
  // Whoever stops a demo that has only begun does not want to hear what it could not finish.
  if (!stopping.signal.aborted) {
    const message = sentence(error);
    if (message === undefined) throw error;
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
} finally {
  stopping.abort();
}
