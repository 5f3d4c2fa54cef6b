// The whole of Nashra on a desk: the sandbox's Telegram and newsroom, the embedded Postgres, and the real app between them.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../src/app.ts';
import { type Config, parseConfig } from '../src/config.ts';
import type { Db } from '../src/db/database.ts';
import { deadline, systemClock } from '../src/lib/clock.ts';
import { applyNewsroom } from '../src/newsroom/apply.ts';
import { parseNewsroomFile } from '../src/newsroom/newsroom-file.ts';
import { isCron } from '../src/schedule.ts';
import type { Locales } from '../src/telegram/i18n.ts';
import { languages, openWorld, type World } from '../src/world.ts';
import { type SampleNewsroom, startNewsroom } from './newsroom/newsroom-server.ts';
import type { PublishedArticle } from './newsroom/publication.ts';
import { topics } from './newsroom/site.ts';
import type { EmulatedChat } from './telegram/chat-driver.ts';
import { type Emulator, startEmulator } from './telegram/emulator.ts';
import type { EmulatedUser } from './telegram/user.ts';

export interface Desk {
  readonly telegram: Emulator;
  readonly newsroom: SampleNewsroom;
  readonly locales: Locales;
  /** The newsroom's, in which its articles are dated. */
  readonly timeZone: string;
  readonly reader: EmulatedUser;
  readonly editor: EmulatedUser;
  readonly channel: EmulatedChat;
  /** Settles when the app ends by itself, which it should not. */
  readonly running: Promise<void>;
  /** The reader and the editor begin, the bot joins the channel, and the first articles are published. */
  begin(): Promise<PublishedArticle[]>;
  /** Undefined when no article is left. */
  publishNext(): PublishedArticle | undefined;
  onPublished(listener: () => void): () => void;
  /** The first truthy answer of `look`, asked again at whatever happens; a MissingError names `what` never came. */
  until<T>(what: string, look: () => T): Promise<NonNullable<T>>;
  close(): Promise<void>;
}

/** Something that should have happened in the demo did not. */
export class MissingError extends Error {
  override name = 'MissingError';
}

interface DeskOptions {
  /** Where the app's log lines go. */
  write: (line: string) => void;
  signal: AbortSignal;
  /** For platforms whose Postgres does not come with the dependencies. */
  postgresBinDir: string | undefined;
}

const patienceMs = 60_000;
const firstArticles = 3;
const channelName = 'bareed_almarfa';

/** The topics that the reader follows, and those that the channel carries. */
export const readerTopics = ['local', 'culture', 'english'] as const;
const channelTopics = ['local', 'economy', 'culture', 'sport', 'science'] as const;

export async function startDesk({ write, signal, postgresBinDir }: DeskOptions): Promise<Desk> {
  await using opened = new AsyncDisposableStack();
  const telegram = opened.use(
    await startEmulator({ recordCalls: 200, botUser: { first_name: 'نشرة', username: 'nashra_desk_bot' } }),
  );
  const newsroom = opened.use(await startNewsroom());
  const reader = telegram.createUser({ firstName: 'ليلى', languageCode: 'ar' });
  const editor = telegram.createUser({ firstName: 'هبة', languageCode: 'ar' });
  const channel = telegram.createChannel({ title: 'بريد المرفأ', username: channelName });

  const dataDir = await makeDataDir();
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const config = parseConfig(
    {
      BOT_TOKEN: telegram.token,
      OWNER_IDS: String(editor.id),
      DATA_DIR: dataDir,
      POSTGRES_BIN_DIR: postgresBinDir,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      COLLECT_CRON: '* * * * * *',
      FEED_INTERVAL_SECONDS: '1',
      DEFAULT_LANGUAGE: 'ar',
      ALLOW_PRIVATE_NETWORK: 'true',
    },
    { languages, isCron },
  ) as Config & { botToken: string };
  const world = await openWorld(config, { write, signal });
  opened.defer(() => closeWorld(world, dataDir));
  await apply(world.db, newsroom.newsroomFile({ channels: [{ chat: `@${channelName}`, topics: channelTopics }] }));

  const stopping = new AbortController();
  const running = createApp(config, world).run(AbortSignal.any([stopping.signal, signal]));
  opened.defer(async () => {
    stopping.abort();
    await running.catch(() => {});
  });
  // Whoever started the desk looks at it; until then nobody is to be struck by its failure.
  running.catch(() => {});

  const until: Desk['until'] = (what, look) => waitUntil({ telegram, what, look, signal: stopping.signal });

  async function begin(): Promise<PublishedArticle[]> {
    await Promise.all([reader.send('/start'), editor.send('/start')]);
    const hasButtons = (user: EmulatedUser) => () => user.lastFromBot()?.reply_markup;
    await until('the answer to the reader’s /start', hasButtons(reader));
    await until('the answer to the editor’s /start', hasButtons(editor));
    channel.addBot({ by: editor });
    for (const slug of readerTopics) {
      await reader.press(topicNamed(slug), undefined, { timeoutMs: patienceMs });
    }
    await until('the choice of the channel’s topics', () =>
      editor.messages().find((message) => message.text?.includes(channel.title)),
    );
    return Array.from({ length: firstArticles }, publishNext).filter((article) => article !== undefined);
  }

  const listeners = new Set<() => void>();
  function publishNext(): PublishedArticle | undefined {
    const article = newsroom.publishNext();
    for (const listener of listeners) listener();
    return article;
  }

  const resources = opened.move();
  return {
    telegram,
    newsroom,
    locales: world.locales,
    timeZone: config.timeZone,
    reader,
    editor,
    channel,
    running,
    begin,
    publishNext,
    onPublished(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    until,
    close: () => resources.disposeAsync(),
  };
}

export function topicNamed(slug: string): string {
  return topics.find((topic) => topic.slug === slug)?.name.ar ?? slug;
}

async function makeDataDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nashra-demo-'));
  // As root, Postgres runs as another user, who has to come in.
  await chmod(directory, 0o755);
  return directory;
}

async function closeWorld(world: World, dataDir: string): Promise<void> {
  await world.close();
  // Where Postgres' user cannot go, the data are elsewhere.
  const directory = world.embedded?.directory;
  if (directory !== undefined && !directory.startsWith(dataDir)) await rm(directory, { recursive: true, force: true });
}

async function apply(db: Db, yaml: string): Promise<void> {
  const { newsroom, faults } = parseNewsroomFile(yaml);
  if (faults) throw new Error(`the sandbox's newsroom file: ${faults.map(({ message }) => message).join(', ')}`);
  await applyNewsroom(db, newsroom, { now: systemClock.now() });
}

interface Wait<T> {
  telegram: Emulator;
  what: string;
  look: () => T;
  signal: AbortSignal;
}

function waitUntil<T>({ telegram, what, look, signal }: Wait<T>): Promise<NonNullable<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<NonNullable<T>>();
  const limit = deadline(patienceMs, signal);
  const ask = () => {
    const answer = look();
    if (answer) resolve(answer);
  };
  const giveUp = () => {
    const why = signal.aborted ? 'before the demo was stopped' : `within ${patienceMs / 1000} seconds`;
    reject(new MissingError(`${what} did not come ${why}`));
  };
  const off = telegram.on(ask);
  limit.addEventListener('abort', giveUp);
  if (limit.aborted) giveUp();
  else ask();
  return promise.finally(() => {
    off();
    limit.removeEventListener('abort', giveUp);
  });
}
