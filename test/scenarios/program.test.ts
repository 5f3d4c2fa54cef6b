import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../sandbox/telegram/emulator.ts';
import type { EmulatedUser } from '../../sandbox/telegram/user.ts';
import { useDatabase } from '../support/database.ts';
import { nashra, Program } from '../support/program.ts';
import { useSite } from '../support/site.ts';

const startMs = 60_000;
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is common to a start: the sandbox's Telegram, a round every second. */
function environment(telegram: Emulator, more: Record<string, string>): Record<string, string> {
  return {
    BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    COLLECT_CRON: '* * * * * *',
    FEED_INTERVAL_SECONDS: '1',
    ALLOW_PRIVATE_NETWORK: 'true',
    ...more,
  };
}

const newsroom = (feedUrl: string) => `
topics:
  - { slug: local, name: { ar: محليات, en: Local } }
  - { slug: sport, name: { ar: رياضة, en: Sport } }
feeds:
  - { url: "${feedUrl}", language: ar, categories: { محليات: local, رياضة: sport } }
channels:
  - { chat: "@mina_program", topics: [local], language: ar }
`;

const titles = (chat: { messages(): { text?: string; caption?: string }[] }) =>
  chat.messages().flatMap((message) => /^خبر .*/.exec(message.text ?? message.caption ?? '')?.[0] ?? []);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nashra-program-'));
  // Root's Postgres runs as somebody else, who has to get in.
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const running: Program[] = [];
const start = (env: Record<string, string>) => {
  const program = new Program('src/main.ts', [], env);
  running.push(program);
  return program;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.end('SIGTERM')));
});

describe('npm start', () => {
  const database = useDatabase();
  /** Another newsroom's, which by mistake has the same bot. */
  const elsewhere = useDatabase();
  const site = useSite();

  it('without a token says what is missing, how to get it, and where the demo is', async () => {
    const program = start({});
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.output).toContain('@BotFather');
    expect(program.output).toContain('npm run demo');
    expect(program.output.trim().split('\n')).toHaveLength(1);
  });

  it('names every wrong value in one message, and repeats no secret', async () => {
    const program = start({ BOT_TOKEN: 'my secret', OWNER_IDS: 'me', COLLECT_CRON: 'often', TIME_ZONE: 'Mars/Base' });
    expect(await program.exited).toMatchObject({ code: 1 });
    for (const name of ['BOT_TOKEN', 'OWNER_IDS', 'COLLECT_CRON', 'TIME_ZONE']) expect(program.output).toContain(name);
    expect(program.output).not.toContain('my secret');
  });

  it('with a wrong token says so and ends, without saying the token', async () => {
    await using telegram = await startEmulator();
    const program = start({
      ...environment(telegram, { DATABASE_URL: database.connectionString }),
      BOT_TOKEN: '123456:wrong-token-of-somebody-else-0000',
    });
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.output).toContain('does not accept the bot token');
    expect(program.output).not.toContain('wrong-token-of-somebody-else');
  });

  it('brings an entry to reader and channel once, a second only where it is followed, and nothing twice after a restart', async () => {
    await using telegram = await startEmulator();
    const env = environment(telegram, { DATABASE_URL: database.connectionString });
    const file = join(folder, 'newsroom.yaml');
    await writeFile(file, newsroom(site.feedUrl));
    expect(await nashra(['newsroom', 'apply', file], env)).toMatchObject({ code: 0 });
    const channel = telegram.createChannel({ title: 'أخبار الميناء', username: 'mina_program' });
    channel.addBot({ by: telegram.createUser({ firstName: 'هبة' }) });

    let program = start(env);
    const reader = telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await reader.send('/start');
    await reader.waitForMessage(/اختر|موضوع/, { timeoutMs: startMs });
    await reader.press('رياضة');
    await telegram.idle({ timeoutMs: startMs });
    await program.says('listening');

    site.publish({ slug: 'one', title: 'خبر الرياضة', summary: 'نص.', categories: ['رياضة'], publishedAt: new Date() });
    await reader.waitForMessage('خبر الرياضة', { timeoutMs: startMs });
    site.publish({
      slug: 'two',
      title: 'خبر المحليات',
      summary: 'نص.',
      categories: ['محليات'],
      publishedAt: new Date(),
    });
    await channel.waitForMessage('خبر المحليات', { timeoutMs: startMs });

    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });
    program = start(env);
    await program.says('listening');
    site.publish({
      slug: 'three',
      title: 'خبر للاثنين',
      summary: 'نص.',
      categories: ['رياضة', 'محليات'],
      publishedAt: new Date(),
    });
    await Promise.all([
      reader.waitForMessage('خبر للاثنين', { timeoutMs: startMs }),
      channel.waitForMessage('خبر للاثنين', { timeoutMs: startMs }),
    ]);
    await program.end('SIGTERM');
    expect(titles(reader)).toEqual(['خبر الرياضة', 'خبر للاثنين']);
    expect(titles(channel)).toEqual(['خبر المحليات', 'خبر للاثنين']);
    expect(program.output).not.toContain(telegram.token);
  });

  it('beside a stranger with the same token says so, keeps trying, and takes over', async () => {
    await using telegram = await startEmulator();
    const stranger = start(environment(telegram, { DATABASE_URL: elsewhere.connectionString }));
    await stranger.says('listening');
    const ours = start(environment(telegram, { DATABASE_URL: database.connectionString }));
    await Promise.race([stranger.says('another process polls'), ours.says('another process polls')]);
    await stranger.end('SIGTERM');
    const reader = telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
    await reader.send('/help');
    await reader.waitForMessage('/topics', { timeoutMs: startMs });
    expect(ours.child.exitCode).toBeNull();
  }, 120_000);

  it('says that Telegram cannot be reached, goes on, and still stops when told to', async () => {
    const program = start({
      BOT_TOKEN: '123456:nobody-is-there-to-know-this-token',
      TELEGRAM_API_ROOT: 'http://127.0.0.1:9',
      DATABASE_URL: database.connectionString,
    });
    await program.says('Telegram cannot be reached');
    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('says in a sentence that the database does not answer', async () => {
    const program = start({ BOT_TOKEN: '123456:some-token', DATABASE_URL: 'postgres://127.0.0.1:9/nobody' });
    expect(await program.exited).toMatchObject({ code: 1 });
    expect(program.output).toContain('The database does not answer');
    expect(program.output.trim().split('\n')).toHaveLength(1);
  });

  it.each(['SIGTERM', 'SIGKILL'] as const)('under npm ends with it (%s)', async (signal) => {
    await using telegram = await startEmulator();
    const env = environment(telegram, { DATABASE_URL: database.connectionString });
    const npm = spawn('npm', ['start'], { cwd: root, env: { ...process.env, ...env }, stdio: 'pipe' });
    await telegram.waitFor(() => telegram.isPolled, { timeoutMs: startMs });
    npm.kill(signal);
    // Its output ends when the last process that holds it has: npm, its shell, and the program.
    await once(npm, 'close');
    expect(npm.signalCode).toBe(signal);
  });

  it('answers for its health where asked to', async () => {
    await using telegram = await startEmulator();
    const port = 20_000 + (process.pid % 20_000);
    const program = start(
      environment(telegram, {
        DATABASE_URL: database.connectionString,
        HTTP_PORT: String(port),
        HTTP_HOST: '127.0.0.1',
      }),
    );
    await program.says('listening');
    const answer = await fetch(`http://127.0.0.1:${port}/health`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ ok: true });
  });
});

describe('npm start on the embedded database', () => {
  const site = useSite();
  const readersCount = 40;

  it('survives the end of the program, of Postgres, and of both, and loses nothing', async () => {
    await using telegram = await startEmulator();
    const dataDir = join(folder, 'data');
    const env = environment(telegram, { DATA_DIR: dataDir });
    const file = join(folder, 'embedded.yaml');
    await writeFile(file, newsroom(site.feedUrl));
    expect(await nashra(['newsroom', 'apply', file], env)).toMatchObject({ code: 0 });

    let program = start(env);
    const readers = Array.from({ length: readersCount }, (_, index) =>
      telegram.createUser({ firstName: `قارئ ${index}`, languageCode: 'ar' }),
    );
    for (const reader of readers) await reader.send('/start topic_local');
    await Promise.all(readers.map((reader) => reader.waitForMessage('محليات', { timeoutMs: startMs })));

    const second = start(env);
    expect(await second.exited).toMatchObject({ code: 1 });
    expect(second.output).toContain('already running');

    const arrived = (title: string) => readers.filter((reader) => titles(reader).includes(title)).length;
    const killDuring = async (title: string, kill: () => Promise<unknown>) => {
      site.publish({ slug: title, title, summary: 'نص.', categories: ['محليات'], publishedAt: new Date() });
      await telegram.waitFor(() => arrived(title) >= 8, { timeoutMs: startMs });
      await kill();
      expect(arrived(title)).toBeLessThan(readersCount);
    };
    const all = async (title: string) => {
      await telegram.waitFor(() => arrived(title) === readersCount, { timeoutMs: startMs });
    };

    await killDuring('خبر البرنامج', () => program.end('SIGKILL'));
    program = start(env);
    await all('خبر البرنامج');

    await killDuring('خبر القاعدة', async () => process.kill(await postgresPid(dataDir), 'SIGKILL'));
    await all('خبر القاعدة');

    await killDuring('خبر الاثنين', async () => {
      process.kill(await postgresPid(dataDir), 'SIGKILL');
      await program.end('SIGKILL');
    });
    program = start(env);
    await all('خبر الاثنين');
    expect(await program.end('SIGTERM')).toEqual({ code: 0, signal: null });

    // Whatever was in the middle of a call when the end came may have arrived already: those few, and only those, twice.
    const extra = (reader: EmulatedUser) => titles(reader).length - new Set(titles(reader)).size;
    expect(readers.reduce((sum, reader) => sum + extra(reader), 0)).toBeLessThanOrEqual(3 * 16);
  }, 180_000);
});

async function postgresPid(dataDir: string): Promise<number> {
  const file = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number(file.split('\n', 1)[0]);
}
