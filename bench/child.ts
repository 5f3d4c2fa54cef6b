// Child processes of a bench: every system, and the emulated Telegram, in one of its own, so that none waits for another.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a child can be asked for. */
type Handlers = Record<string, (value: never) => unknown>;

/** Given by `npm run bench -- --profile DIR`: each child leaves a CPU profile there. */
export const profileVariable = 'BENCH_PROFILE';

export interface Usage {
  /** Of CPU, all threads together, since the child began. */
  cpuMs: number;
  /** The most that it has occupied. */
  peakMemoryMb: number;
}

export interface Child<H extends Handlers> {
  readonly pid: number;
  /** Runs the handler in the child; rejects when it throws, and when the child ends. */
  ask<K extends keyof H & string>(name: K, ...value: Parameters<H[K]>): Promise<Awaited<ReturnType<H[K]>>>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Question {
  id: number;
  name: string;
  value: unknown;
}

type Reply = { id: number; value: unknown } | { id: number; error: string };

/** As `npm start` calls Node. */
export const programFlags: readonly string[] = ['--max-semi-space-size=16'];

/** `file` is named relative to bench/, and calls `answer`. */
export async function startChild<H extends Handlers>(
  file: string,
  nodeFlags: readonly string[] = [],
): Promise<Child<H>> {
  const profile = process.env[profileVariable];
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    execArgv: [
      ...nodeFlags,
      ...(profile
        ? ['--cpu-prof', '--cpu-prof-dir', profile, '--cpu-prof-name', profileName(file, process.hrtime.bigint())]
        : []),
    ],
  });
  const open = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  child.on('message', (reply: Reply) => {
    const waiting = open.get(reply.id);
    open.delete(reply.id);
    if ('error' in reply) waiting?.reject(new Error(`${file}: ${reply.error}`));
    else waiting?.resolve(reply.value as never);
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of open.values()) reject(new Error(`${file} ended (${signal ?? String(code)})`));
    open.clear();
  });

  const ask = (name: string, value?: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      const question: Question = { id: ++lastId, name, value };
      open.set(question.id, { resolve, reject });
      child.send(question, (error) => {
        if (error) reject(error);
      });
    });
  const end = async (signal: NodeJS.Signals) => {
    if (hasEnded(child)) return;
    const ended = once(child, 'exit');
    if (signal === 'SIGKILL') child.kill(signal);
    else void ask('stop').catch(() => {});
    await ended;
  };
  await ask('ready');
  return {
    pid: child.pid ?? 0,
    ask,
    usage: () => ask('usage'),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}

/** In the child: answers what the bench asks for until it is told to stop, or the bench is gone. */
export function answer(handlers: Handlers, close?: () => Promise<void>): void {
  const all: Record<string, (value: never) => unknown> = {
    ...handlers,
    ready: () => true,
    usage: (): Usage => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1000, peakMemoryMb: process.resourceUsage().maxRSS / 1024 };
    },
    async stop() {
      await close?.();
      // The answer first; a profile is written on the way out.
      setImmediate(() => process.exit(0));
    },
  };
  process.on('disconnect', () => process.exit(1));
  process.on('message', ({ id, name, value }: Question) => {
    void (async () => {
      try {
        const reply: Reply = { id, value: await all[name]?.(value as never) };
        process.send?.(reply);
      } catch (error) {
        const reply: Reply = { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
        process.send?.(reply);
      }
    })();
  });
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function profileName(file: string, stamp: bigint): string {
  return `${file.replaceAll(/\W+/g, '-')}.${stamp}.cpuprofile`;
}
