// The bench's hold on Nashra's processes.
import { type Child, programFlags, startChild, type Usage } from './child.ts';
import type { NashraHandlers, NashraOptions, Planned } from './nashra-process.ts';
import type { Telegram } from './telegram.ts';

export interface Nashra {
  processes: readonly Child<NashraHandlers>[];
  /** In the first of them. */
  plan(): Promise<Planned>;
  /** In all of them; resolves when nothing is open any more. */
  send(): Promise<void>;
  /** Begins what `npm start` runs, in all of them. */
  run(): Promise<void>;
  usage: () => Promise<Usage[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

interface StartOptions extends Pick<NashraOptions, 'connectionString' | 'pace' | 'roles'> {
  processes?: number;
  telegram: Pick<Telegram, 'apiRoot' | 'token'>;
}

export async function startNashra({ processes = 1, telegram, ...options }: StartOptions): Promise<Nashra> {
  const { apiRoot, token } = telegram;
  const children = await Promise.all(
    Array.from({ length: processes }, () => startChild<NashraHandlers>('nashra-process.ts', programFlags)),
  );
  await Promise.all(children.map((child) => child.ask('open', { ...options, apiRoot, token })));
  const first = children[0] as Child<NashraHandlers>;
  return {
    processes: children,
    plan: () => first.ask('plan'),
    async send() {
      await Promise.all(children.map((child) => child.ask('send')));
    },
    async run() {
      await Promise.all(children.map((child) => child.ask('run')));
    },
    usage: () => Promise.all(children.map((child) => child.usage())),
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map((child) => child.stop()));
    },
  };
}
