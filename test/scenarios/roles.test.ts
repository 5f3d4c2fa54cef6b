import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { useDatabase } from '../support/database.ts';
import { Fleet, type FleetProgram } from '../support/fleet.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import { nashra } from '../support/program.ts';
import { useSite } from '../support/site.ts';

// Several processes start on what may be one core.
const timeoutMs = 60_000;
const testMs = 180_000;
const isListening = 'listening to Telegram';

const database = useDatabase();
const site = useSite();
const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function open({ local = false, ...env }: { local?: boolean; [name: string]: string | boolean } = {}) {
  const telegram = await startEmulator({ local });
  const fleet = new Fleet({
    telegram,
    connectionString: database.connectionString,
    env: env as Record<string, string>,
  });
  opened.push(telegram, fleet);
  return { telegram, fleet };
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nashra-roles-'));
  const file = join(folder, 'newsroom.yaml');
  await writeFile(
    file,
    `topics: [{ slug: local, name: { ar: محليات } }]
feeds: [{ url: "${site.feedUrl}", language: ar, topics: [local] }]`,
  );
  const env = { DATABASE_URL: database.connectionString, ALLOW_PRIVATE_NETWORK: 'true' };
  expect(await nashra(['newsroom', 'apply', file], env)).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true });
}, timeoutMs);

/** Asks, and waits for the answer. */
async function isAnswered(reader: EmulatedUser): Promise<void> {
  const before = answersTo(reader).length;
  await reader.send('/help');
  await reader.waitForMessage(() => answersTo(reader).length > before, { timeoutMs });
}
const answersTo = (reader: EmulatedUser) => reader.messages().filter(({ text }) => text?.includes('/topics'));

function publish(title: string): void {
  site.publish({ slug: title.replaceAll(' ', '-'), title, summary: 'نص.', publishedAt: new Date() });
}

async function isWrittenDown(): Promise<void> {
  for (;;) {
    const open = await database.db.selectFrom('delivery').select('state').where('closedAt', 'is', null).execute();
    if (open.length === 0) return;
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}

const holderOf = async (fleet: Fleet): Promise<FleetProgram> =>
  Promise.race(fleet.living.map((program) => program.says(isListening).then(() => program)));

async function freePort(): Promise<string> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

describe('several processes', () => {
  it(
    'with one role each bring an article to a reader once, and go on when one of each is killed',
    async () => {
      const { telegram, fleet } = await open();
      const [bot, collect, , deliver] = ['bot', 'collect', 'collect', 'deliver', 'deliver'].map((role) =>
        fleet.start(role),
      ) as [FleetProgram, FleetProgram, FleetProgram, FleetProgram];
      const readers = ['ليلى', 'سامي', 'نور'].map((firstName) =>
        telegram.createUser({ firstName, languageCode: 'ar' }),
      );
      for (const reader of readers) await reader.send('/start topic_local');
      await Promise.all(readers.map((reader) => reader.waitForMessage('محليات', { timeoutMs })));
      await Promise.all(fleet.living.map((program) => program.says('at work')));

      publish('خبر أول');
      await Promise.all(readers.map((reader) => reader.waitForMessage('خبر أول', { timeoutMs })));
      // Killed before it has written down what it sent, it would leave to the other one what may not have arrived.
      await isWrittenDown();
      await fleet.kill(collect);
      await fleet.kill(deliver);
      publish('خبر ثان');
      await Promise.all(readers.map((reader) => reader.waitForMessage('خبر ثان', { timeoutMs })));
      for (const reader of readers) {
        const news = reader.messages().flatMap(({ text }) => /^خبر \S+/.exec(text ?? '')?.[0] ?? []);
        expect(news).toEqual(['خبر أول', 'خبر ثان']);
      }
      expect(bot.output).not.toContain('stage ran');
      await fleet.stop();
    },
    testMs,
  );

  it(
    'have one that answers; another takes over when it is killed, ends, or loses its hold',
    async () => {
      const port = await freePort();
      const { telegram, fleet } = await open({ HTTP_HOST: '127.0.0.1' });
      fleet.start('bot', { env: { HTTP_PORT: port } });
      const first = await holderOf(fleet);
      const health = await (await fetch(`http://127.0.0.1:${port}/health`)).json();
      expect(health).toMatchObject({ ok: true, roles: ['bot'], bot: { updates: 'polling', isActive: true } });
      const second = fleet.start('bot');
      await second.says('standing by');
      const reader = telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
      await isAnswered(reader);
      // Killed before it has confirmed what it answered, it would leave the question to the other one.
      await telegram.idle({ timeoutMs });

      await fleet.kill(first);
      await second.says(isListening);
      await isAnswered(reader);

      const third = fleet.start('bot');
      await third.says('standing by');
      await second.end('SIGTERM');
      await third.says(isListening);
      await isAnswered(reader);
      await telegram.idle({ timeoutMs });
      // Each question once, and no quarrel about who may ask Telegram.
      expect(answersTo(reader)).toHaveLength(3);

      const fourth = fleet.start('bot');
      await fourth.says('standing by');
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'nashra poller' and datname = current_database()`.execute(database.db);
      await isAnswered(reader);
      await isAnswered(reader);
      for (const program of [first, second, third, fourth])
        expect(program.output).not.toContain('another process polls');
      await fleet.stop();
    },
    testMs,
  );

  it(
    'behind a load balancer are restarted one after the other, and nobody goes without an answer',
    async () => {
      const balancer = await startBalancer();
      const { telegram, fleet } = await open({ local: true, WEBHOOK_URL: balancer.url });
      const startBehind = async () => {
        const port = await freePort();
        const program = fleet.start('bot', { env: { HTTP_PORT: port } });
        await program.says(isListening);
        balancer.ports.push(Number(port));
        return { program, port: Number(port) };
      };
      const old = [await startBehind(), await startBehind()];
      const readers = Array.from({ length: 8 }, (_, index) =>
        telegram.createUser({ firstName: `قارئ ${index}`, languageCode: 'ar' }),
      );
      let isOver = false;
      let asked = 0;
      const asking = readers.map(async (reader) => {
        while (!isOver) {
          await isAnswered(reader);
          asked += 1;
        }
      });
      for (const { program, port } of old) {
        await startBehind();
        const soFar = asked;
        await telegram.waitFor(() => asked > soFar + readers.length, { timeoutMs });
        await program.end('SIGTERM');
        balancer.ports.splice(balancer.ports.indexOf(port), 1);
      }
      isOver = true;
      await Promise.all(asking);
      await telegram.idle({ timeoutMs });
      expect(readers.reduce((sum, reader) => sum + answersTo(reader).length, 0)).toBe(asked);
      expect(telegram.calls('deleteWebhook')).toEqual([]);
      await fleet.stop();
    },
    testMs,
  );
});

describe('a process that is told to stop', () => {
  /** What an operating system does after its patience; a busy machine gets half as much again. */
  async function stopAsSystemsDo(program: FleetProgram) {
    const kill = setTimeout(() => program.child.kill('SIGKILL'), 15_000);
    const ended = await program.end('SIGTERM');
    clearTimeout(kill);
    return ended;
  }
  const inOrder = { code: 0, signal: null };

  it(
    'ends in time while a feed and a page never answer',
    async () => {
      const { fleet } = await open();
      const hanging = ['/hanging-feed/', '/hanging-page/'].map((path) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        site.on(path, () => resolve());
        return promise;
      });
      await database.db
        .insertInto('feed')
        .values({ url: site.url('/hanging-feed/'), nextCheckAt: new Date() })
        .execute();
      const program = fleet.start();
      await program.says(isListening);
      site.publish({ slug: 'hanging-page', title: 'خبر بلا صفحة', summary: '', publishedAt: new Date() });
      await Promise.all(hanging);
      expect(await stopAsSystemsDo(program)).toEqual(inOrder);
      await database.db.updateTable('feed').set({ state: 'paused' }).where('url', 'like', '%hanging%').execute();
    },
    testMs,
  );

  it(
    'ends in time while Telegram hangs, on a delivery and on an answer',
    async () => {
      const { telegram, fleet } = await open();
      const program = fleet.start();
      await program.says(isListening);
      const reader = telegram.createUser({ firstName: 'سلمى', languageCode: 'ar' });
      await reader.send('/start topic_local');
      await reader.waitForMessage('محليات', { timeoutMs });
      telegram.fail({ method: 'sendMessage', times: 2, fault: 'hang' });
      publish('خبر معلق');
      await telegram.waitFor(() => hung(telegram) === 1, { timeoutMs });
      await reader.send('/help');
      await telegram.waitFor(() => hung(telegram) === 2, { timeoutMs });
      expect(await stopAsSystemsDo(program)).toEqual(inOrder);
    },
    testMs,
  );

  it(
    'ends in time while the database says nothing any more',
    async () => {
      await using proxy = await startPostgresProxy(database.connectionString);
      await using telegram = await startEmulator();
      await using fleet = new Fleet({ telegram, connectionString: proxy.connectionString });
      const program = fleet.start();
      await program.says(isListening);
      proxy.freeze();
      const reader = telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
      await reader.send('/help');
      expect(await stopAsSystemsDo(program)).toEqual(inOrder);
    },
    testMs,
  );
});

/** Calls that were begun and never answered. */
const hung = (telegram: Emulator) => telegram.calls('sendMessage').filter(({ ok, answer }) => !ok && !answer).length;

/** One address for the processes at `ports`; Telegram finds another one when the chosen one is gone. */
async function startBalancer() {
  const ports: number[] = [];
  let turn = 0;
  const pass = (request: IncomingMessage, response: ServerResponse) => {
    turn += 1;
    const port = ports[turn % ports.length];
    const forwarded = ask({
      host: '127.0.0.1',
      port,
      path: request.url,
      method: request.method,
      headers: request.headers,
    });
    forwarded.on('error', () => void response.writeHead(502).end());
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  };
  const server = createServer(pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
  return { ports, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram` };
}
