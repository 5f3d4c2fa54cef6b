// What goes wrong in the soak: each kind with how often it comes, relative to the others.
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../sandbox/telegram/faults.ts';
import type { FleetProgram } from '../test/support/fleet.ts';
import type { SeededRandom } from '../test/support/seeded-random.ts';
import { moveClock, setDiskFull, type SoakNewsroom } from './soak-newsroom.ts';

export interface Trouble {
  name: string;
  weight: number;
  /** Resolves when it is over. */
  strike(): Promise<void>;
}

const html = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/** Whether the message counted or not: the ledger finds out, or says that it cannot know. */
const answers: [name: string, fault: Fault][] = [
  ['500', { status: 500, description: 'Internal Server Error' }],
  ['502 in HTML', { status: 502, body: html }],
  ['cut before', 'reset-before'],
  ['cut after', 'reset-after'],
  ['cut during', 'reset-during'],
  ['half JSON', 'truncated'],
  ['odd JSON', 'wrong-shape'],
  ['empty', 'empty'],
  ['slow', { slowMs: 2_000 }],
  ['trickle', { trickleMs: 5 }],
];

export function createTroubles(newsroom: SoakNewsroom, random: SeededRandom): Trouble[] {
  const { telegram, proxy, postgres, fleet, db } = newsroom;
  let isPostgresInTrouble = false;

  /** Postgres has one trouble at a time: what ends one would end the other. */
  const withPostgres = async (strike: () => Promise<void>) => {
    if (isPostgresInTrouble) return;
    isPostgresInTrouble = true;
    await strike().finally(() => (isPostgresInTrouble = false));
  };
  const someProgram = (): FleetProgram | undefined => {
    const living = fleet.living.filter((program) => !busy.has(program));
    return living.length === 0 ? undefined : random.among(living);
  };
  /** Those to which something happens. */
  const busy = new Set<FleetProgram>();
  const toProgram = async (strike: (program: FleetProgram) => Promise<void>) => {
    const program = someProgram();
    if (!program) return;
    busy.add(program);
    await strike(program).finally(() => busy.delete(program));
  };
  const answer = async (name: string, fault: Fault, times: number) => {
    await telegram.order('fail', { rules: [{ fault, times, after: random.below(60) }] });
    return name;
  };

  return [
    {
      name: 'a process is killed',
      weight: 8,
      strike: () =>
        toProgram(async (program) => {
          await fleet.kill(program);
        }),
    },
    {
      name: 'a process is replaced by another (rolling restart)',
      weight: 3,
      strike: () =>
        toProgram(async (program) => {
          await newsroom.replace(program);
        }),
    },
    {
      name: 'a process hangs',
      weight: 3,
      strike: () =>
        toProgram(async (program) => {
          program.child.kill('SIGSTOP');
          await delay(random.below(16_000));
          program.child.kill('SIGCONT');
        }),
    },
    {
      name: 'a clock jumps and comes back',
      weight: 3,
      strike: () =>
        toProgram(async (program) => {
          await moveClock(program, random.among([-3_600_000, 3_600_000, -20_000, 20_000]));
          await delay(random.below(10_000));
          await moveClock(program, 0);
        }),
    },
    {
      name: 'connections to Postgres are cut',
      weight: 5,
      async strike() {
        proxy.cut();
      },
    },
    {
      name: 'Postgres refuses connections',
      weight: 2,
      strike: () =>
        withPostgres(async () => {
          proxy.refuse();
          await delay(random.below(5_000));
          proxy.heal();
        }),
    },
    {
      name: 'the network to Postgres is silent',
      weight: 2,
      strike: () =>
        withPostgres(async () => {
          proxy.freeze();
          await delay(random.below(15_000));
          proxy.heal();
        }),
    },
    {
      name: 'Postgres is restarted',
      weight: 2,
      strike: () =>
        withPostgres(async () => {
          await postgres.stop(random.among(['fast', 'immediate']));
          await delay(random.below(4_000));
          await postgres.start();
        }),
    },
    {
      name: 'the disk is full',
      weight: 2,
      strike: () =>
        withPostgres(async () => {
          await setDiskFull(db, true);
          await delay(random.below(4_000));
          await setDiskFull(db, false);
        }),
    },
    ...answers.map(([name, fault]): Trouble => {
      return {
        name: `Telegram: ${name}`,
        weight: 1.5,
        strike: async () => void (await answer(name, fault, 1 + random.below(10))),
      };
    }),
    {
      name: 'Telegram: no answer',
      weight: 2,
      strike: async () =>
        void (await answer(
          'hang',
          random.among<Fault>(['hang', 'hang-after', { trickleMs: 1_000 }]),
          1 + random.below(3),
        )),
    },
    {
      name: 'Telegram: 429',
      weight: 1,
      async strike() {
        const seconds = 1 + random.below(4);
        const description = `Too Many Requests: retry after ${seconds}`;
        await answer('429', { status: 429, description, parameters: { retry_after: seconds } }, 1 + random.below(3));
      },
    },
    {
      name: 'Telegram: words that nobody knows',
      weight: 1,
      async strike() {
        newsroom.mayFail += 1;
        const fault = { status: 400, description: 'Bad Request: the moon is full' };
        await answer('unknown words', fault, 1);
      },
    },
    {
      name: 'a group becomes a supergroup',
      weight: 1,
      async strike() {
        if (newsroom.groups.length > 0) await newsroom.migrate(random.among(newsroom.groups));
      },
    },
    {
      name: 'a reader blocks the bot and comes back',
      weight: 4,
      async strike() {
        const userId = newsroom.someReader(random);
        if (newsroom.gone.has(userId)) return;
        newsroom.gone.add(userId);
        await telegram.order('block', { userId });
        await delay(random.below(10_000));
        await telegram.order('unblock', { userId });
        newsroom.gone.delete(userId);
      },
    },
  ];
}
