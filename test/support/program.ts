// The real program in a process of its own: started as a newcomer starts it, watched by its log, killed at will.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const compileCache = join(tmpdir(), `nashra-compile-cache-${process.getuid?.() ?? 0}`);

export class Program {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #output = '';
  #watchers: (() => void)[] = [];

  constructor(file: string, args: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, [`${root}${file}`, ...args], {
      // Away from any .env of the checkout, and from the environment of the tests.
      cwd: '/',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '/',
        TMPDIR: process.env['TMPDIR'] ?? '/tmp',
        // Dozens of starts: each would compile the same files again.
        NODE_COMPILE_CACHE: compileCache,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        for (const watcher of this.#watchers) watcher();
      });
    }
    this.exited = once(this.child, 'exit').then(([code, signal]) => {
      for (const watcher of this.#watchers) watcher();
      return { code: code as number | null, signal: signal as NodeJS.Signals | null };
    });
  }

  get output(): string {
    return this.#output;
  }

  /** Resolves when the output has `text`; rejects with all of it when the program ends first. */
  async says(text: string | RegExp): Promise<void> {
    const said = () => (typeof text === 'string' ? this.#output.includes(text) : text.test(this.#output));
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (said()) resolve();
        else if (this.child.exitCode !== null || this.child.signalCode !== null) {
          reject(new Error(`ended without saying ${String(text)}:\n${this.#output}`));
        }
      };
      this.#watchers.push(look);
      look();
    });
  }

  /** Ends it as an operator does, or as a power cut does, and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGTERM') {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    return this.exited;
  }
}

/** `nashra …`: runs a command to its end. */
export async function nashra(args: readonly string[], env: Record<string, string>) {
  const program = new Program('src/cli/main.ts', args, env);
  const { code } = await program.exited;
  return { code, output: program.output };
}
