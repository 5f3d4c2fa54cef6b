// Several real processes of one newsroom: started in their roles as on several machines, ended and killed at will.
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from './program.ts';

export interface FleetOptions {
  telegram: { apiRoot: string; token: string };
  connectionString: string;
  env?: Record<string, string>;
}

interface StartOptions {
  env?: Record<string, string>;
  /** Its clock is off by so much, to be changed while it runs. */
  clockShiftMs?: number;
}

export interface FleetProgram extends Program {
  readonly roles: string;
  /** Moves its clock; only of a program that was started with a shift. */
  shiftClock(ms: number): Promise<void>;
}

/** What Node makes of the source is kept for the next start: half of a program's start is that. */
const compileCache = join(tmpdir(), 'nashra-test-compile-cache');
const shiftedClock = new URL('shifted-clock.ts', import.meta.url).href;

export class Fleet implements AsyncDisposable {
  readonly #env: Record<string, string>;
  readonly #living = new Set<FleetProgram>();
  readonly #files: string[] = [];

  constructor({ telegram, connectionString, env = {} }: FleetOptions) {
    this.#env = {
      BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      DATABASE_URL: connectionString,
      COLLECT_CRON: '* * * * * *',
      FEED_INTERVAL_SECONDS: '1',
      ALLOW_PRIVATE_NETWORK: 'true',
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    };
  }

  /** In the order in which they were started. */
  get living(): FleetProgram[] {
    return [...this.#living];
  }

  /** For whoever wonders. */
  get lastWords(): string {
    return this.living.map(({ roles, output }) => `${roles} said:\n${output.slice(-4000)}`).join('\n');
  }

  start(roles = 'bot,collect,deliver', { env = {}, clockShiftMs }: StartOptions = {}): FleetProgram {
    const shiftFile = clockShiftMs === undefined ? undefined : this.#shiftFile(clockShiftMs);
    const program = new Program('src/main.ts', [], {
      ...this.#env,
      ROLES: roles,
      ...(shiftFile === undefined ? {} : { CLOCK_SHIFT_FILE: shiftFile, NODE_OPTIONS: `--import=${shiftedClock}` }),
      ...env,
    });
    const member = Object.assign(program, {
      roles,
      async shiftClock(ms: number) {
        if (shiftFile === undefined) throw new Error('this program was started without a shifted clock');
        writeFileSync(shiftFile, String(ms));
        program.child.kill('SIGUSR2');
        await program.says(`the clock is off by ${ms} ms`);
      },
    });
    this.#living.add(member);
    void program.exited.then(() => this.#living.delete(member));
    return member;
  }

  /** As a power cut does. */
  async kill(program: FleetProgram): Promise<void> {
    await program.end('SIGKILL');
    this.#living.delete(program);
  }

  /** As an operator does; throws when one of them did not end in order. */
  async stop(): Promise<void> {
    await Promise.all(
      this.living.map(async (program) => {
        const { code, signal } = await program.end('SIGTERM');
        if (code !== 0) throw new Error(`ended with ${code ?? signal}:\n${program.output.slice(-5000)}`);
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.living.map((program) => program.end('SIGKILL')));
    for (const file of this.#files.splice(0)) rmSync(file, { force: true });
  }

  #shiftFile(ms: number): string {
    const file = join(tmpdir(), `nashra-clock-${randomBytes(6).toString('hex')}`);
    writeFileSync(file, String(ms));
    this.#files.push(file);
    return file;
  }
}
