// Runs the demo as a newcomer would: as a program of its own, with nothing in the environment but a misleading database.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../sandbox/main.ts', import.meta.url));

export interface Demo {
  /** Resolves with the first match of `pattern` in what the demo has printed; rejects when it ends without one. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>;
  stop(signal: 'SIGINT' | 'SIGTERM'): void;
  /** When the demo has ended, by itself or stopped. */
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** What the demo has left in its directory for temporary files. */
  leftovers(): Promise<string[]>;
  remove(): Promise<void>;
}

export async function startDemo(args: readonly string[]): Promise<Demo> {
  const temporary = await mkdtemp(join(tmpdir(), 'nashra-test-demo-'));
  const child: ChildProcess = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env['PATH'],
      TMPDIR: temporary,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/not-for-the-demo',
      BOT_TOKEN: '1:not-for-the-demo',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });

  return {
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output.stdout);
          if (!match) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        void ended.then(({ stderr }) => reject(new Error(`the demo ended without printing ${pattern}: ${stderr}`)));
      }),
    stop: (signal) => void child.kill(signal),
    leftovers: () => readdir(temporary),
    async remove() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      await rm(temporary, { recursive: true, force: true });
    },
  };
}
