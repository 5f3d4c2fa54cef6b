// The newsroom of the soak: feeds, readers, channels and groups, several processes, and a Postgres and Telegram of its own.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { type RemoteEmulator, startRemoteEmulator } from '../sandbox/telegram/remote-emulator.ts';
import { type Db, openDatabase } from '../src/db/database.ts';
import { silentLog } from '../src/lib/log.ts';
import { gatherCrowd, writeBroadcast } from '../test/support/crowd.ts';
import { filler } from '../test/support/filler.ts';
import { Fleet, type FleetProgram } from '../test/support/fleet.ts';
import { fillDisk, makeDisk } from '../test/support/full-disk.ts';
import { type OwnPostgres, startOwnPostgres } from '../test/support/own-postgres.ts';
import { type PostgresProxy, startPostgresProxy } from '../test/support/postgres-proxy.ts';
import type { SeededRandom } from '../test/support/seeded-random.ts';

const readers = { firstId: 800_001, count: 300 };
const editorId = 899_999;
const channelCount = 6;
const groupCount = 12;
const crew = ['deliver', 'deliver', 'collect', 'bot', 'bot'];
/** How many entries the feed shows. */
const feedLength = 40;

interface Entry {
  number: number;
  version: number;
  publishedAt: Date;
}

interface Opened {
  postgres: OwnPostgres;
  proxy: PostgresProxy;
  telegram: RemoteEmulator;
  db: Db;
  fleet: Fleet;
  site: Server;
  groups: number[];
}

export class SoakNewsroom implements AsyncDisposable {
  readonly postgres: OwnPostgres;
  readonly proxy: PostgresProxy;
  readonly telegram: RemoteEmulator;
  /** Past the proxy. */
  readonly db: Db;
  readonly fleet: Fleet;
  /** Not migrated yet. */
  readonly groups: number[];
  /** Blocked the bot. */
  readonly gone = new Set<number>();
  /** Deliveries that may fail: their answers were made up, or their readers were away. */
  mayFail = 0;
  readonly #programs: FleetProgram[] = [];
  readonly #site: Server;
  readonly #entries: Entry[] = [];
  /** By the message that is copied. */
  readonly #broadcasts = new Map<number, string>();
  readonly #firstIds = new Map<number, number>();
  readonly #unclean: string[] = [];
  #isStopping = false;
  #resources = new AsyncDisposableStack();

  private constructor({ postgres, proxy, telegram, db, fleet, site, groups }: Opened) {
    this.postgres = postgres;
    this.proxy = proxy;
    this.telegram = telegram;
    this.db = db;
    this.fleet = fleet;
    this.#site = site;
    this.groups = groups;
  }

  static async open(): Promise<SoakNewsroom> {
    await using opened = new AsyncDisposableStack();
    const postgres = opened.use(await startOwnPostgres());
    const db = openDatabase({ connectionString: postgres.connectionString, log: silentLog, maxConnections: 2 });
    opened.defer(() => db.destroy());
    const proxy = opened.use(await startPostgresProxy(postgres.connectionString));
    const telegram = opened.use(
      await startRemoteEmulator({ marker: '(?:خبر|نشرة) \\d+\\.', latencyMs: 30, limits: true }),
    );
    await telegram.order('people', readers);
    await telegram.order('people', { firstId: editorId, count: 1 });
    const channels = await telegram.order('channels', { count: channelCount });
    const groups = await telegram.order('groups', { count: groupCount });
    const site = createServer();
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    opened.defer(() => void site.close());
    const fleet = opened.use(
      new Fleet({
        telegram,
        connectionString: proxy.connectionString,
        env: { PAID_STARS_PER_DAY: '1000000', LOG_LEVEL: 'warn', OWNER_IDS: String(editorId) },
      }),
    );
    const newsroom = new SoakNewsroom({ postgres, proxy, telegram, db, fleet, site, groups: [...groups] });
    site.on('request', (_, response) => {
      response.writeHead(200, { 'content-type': 'application/rss+xml; charset=utf-8' }).end(newsroom.#feed());
    });
    const topicId = await gatherCrowd(db, 'local', { readers, channels, groups });
    await newsroom.#openFeed(topicId);
    await makeDisk(db, ['delivery', 'chunk', 'article', 'story']);
    newsroom.#supervise();
    newsroom.#resources = opened.move();
    return newsroom;
  }

  /** `clockShiftMs`: its clock can be moved. */
  start(roles: string): FleetProgram {
    const program = this.fleet.start(roles, { clockShiftMs: 0 });
    this.#programs.push(program);
    return program;
  }

  /** Another one is started, and this one ended, as an operator does. */
  async replace(program: FleetProgram): Promise<void> {
    this.start(program.roles);
    const late = setTimeout(
      () => this.#unclean.push(`a process (${program.roles}) needed more than 12 s to end`),
      12_000,
    );
    const { code, signal } = await program.end('SIGTERM');
    clearTimeout(late);
    // Stopped before it could hear of it, in its first moments.
    if (code !== 0 && signal !== 'SIGTERM') {
      this.#unclean.push(`a process (${program.roles}) ended with ${code ?? signal}: ${program.output.slice(-1000)}`);
    }
  }

  /** As a supervisor does: what has ended is started again. */
  #supervise(): void {
    const missing = [...crew];
    for (const { roles } of this.fleet.living) {
      const place = missing.indexOf(roles);
      if (place >= 0) missing.splice(place, 1);
    }
    for (const roles of missing) this.start(roles);
    if (!this.#isStopping) setTimeout(() => this.#supervise(), 1_000).unref();
  }

  get recipientCount(): number {
    return readers.count + channelCount + groupCount;
  }

  get publishedCount(): number {
    return this.#entries.length;
  }

  get broadcastCount(): number {
    return this.#broadcasts.size;
  }

  /** What the ledger is read with: the text of each broadcast, and where migrated groups were at first. */
  async known(): Promise<{ markerOf: Record<number, string>; firstIds: Map<number, number> }> {
    const broadcasts = await this.db.selectFrom('broadcast').select(['broadcastId', 'messageIds']).execute();
    const markers = broadcasts.map(({ broadcastId, messageIds }) => [
      broadcastId,
      this.#broadcasts.get(messageIds[0] ?? 0) ?? '',
    ]);
    return { markerOf: Object.fromEntries(markers) as Record<number, string>, firstIds: this.#firstIds };
  }

  /** What each process said. */
  get outputs(): [string, string][] {
    return this.#programs.map(({ roles, output }, number) => [`${number + 1}-${roles.replaceAll(',', '-')}`, output]);
  }

  async publish(): Promise<void> {
    this.#entries.push({ number: this.#entries.length + 1, version: 1, publishedAt: new Date() });
  }

  /** One of the last entries says something else. */
  async correct(random: SeededRandom): Promise<void> {
    const entry = this.#entries.at(-1 - random.below(Math.min(10, this.#entries.length || 1)));
    if (entry) entry.version += 1;
  }

  async broadcast({ atMostOnce }: { atMostOnce: boolean }): Promise<void> {
    const marker = `نشرة ${this.broadcastCount + 1}.`;
    const messageId = await this.telegram.order('write', { userId: editorId, text: `${marker} ${filler(marker)}` });
    this.#broadcasts.set(messageId, marker);
    // Where the database is away, nobody was promised anything; or it was written down, and nobody heard so.
    await writeBroadcast(this.db, { editorId, messageId, atMostOnce }).catch(() => undefined);
  }

  /** A reader asks for help, while everything else goes on. */
  async ask(random: SeededRandom): Promise<void> {
    const userId = this.someReader(random);
    if (!this.gone.has(userId)) await this.telegram.order('write', { userId, text: '/help' });
  }

  someReader(random: SeededRandom): number {
    return readers.firstId + random.below(readers.count);
  }

  async migrate(chatId: number): Promise<void> {
    this.groups.splice(this.groups.indexOf(chatId), 1);
    this.#firstIds.set(await this.telegram.order('migrate', { chatId }), chatId);
  }

  /** Everything works, and everybody is there, with the right time. */
  async heal(): Promise<void> {
    await this.telegram.order('clearFaults');
    this.proxy.heal();
    await this.postgres.start();
    await setDiskFull(this.db, false);
    for (const program of this.fleet.living) program.child.kill('SIGCONT');
    for (const program of this.fleet.living) await moveClock(program, 0);
  }

  /** False when something is still owed after so long; what waits for its next try does not have to. */
  async drain(withinMs: number): Promise<boolean> {
    const until = Date.now() + withinMs;
    while (Date.now() < until) {
      await delay(500);
      const { pendingUpdates } = await this.telegram.order('report');
      if ((await this.#openCount()) === 0 && pendingUpdates === 0) return true;
      // What a killed process was reading is read by another after five minutes.
      await sql`
        update article set claimed_until = now() where claimed_until between now() + interval '20 seconds' and now() + interval '4 minutes'
      `.execute(this.db);
      await sql`
        update chunk set due_at = now() where closed_at is null and claim is null and due_at > now() + interval '90 seconds'
      `.execute(this.db);
    }
    return false;
  }

  /** Stops all processes; what went wrong when this or others were ended in order. */
  async stop(): Promise<string[]> {
    this.#isStopping = true;
    try {
      await this.fleet.stop();
    } catch (error) {
      this.#unclean.push(`a process did not end in order: ${String(error)}`);
    }
    return this.#unclean;
  }

  /** Entries that became no story. */
  async missingStories(): Promise<string[]> {
    const stories = await this.db.selectFrom('story').select('headline').execute();
    const told = new Set(stories.map(({ headline }) => headline));
    return this.#entries.flatMap(({ number }) =>
      told.has(titleOf(number)) ? [] : [`${titleOf(number)} became no story`],
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#resources.disposeAsync();
  }

  async #openFeed(topicId: number): Promise<void> {
    const { port } = this.#site.address() as AddressInfo;
    const now = new Date();
    const { feedId } = await this.db
      .insertInto('feed')
      .values({
        url: `http://127.0.0.1:${port}/feed`,
        title: 'صحيفة الميناء',
        language: 'ar',
        timeZone: null,
        etag: null,
        lastModified: null,
        nextCheckAt: now,
        checkedAt: now,
        succeededAt: now,
        // What it shows from now on is news.
        firstRoundAt: now,
        outcome: null,
        outcomeReason: null,
      })
      .returning('feedId')
      .executeTakeFirstOrThrow();
    await this.db.insertInto('feedTopic').values({ feedId, topicId }).execute();
  }

  #feed(): string {
    const items = this.#entries.slice(-feedLength).map(
      ({ number, version, publishedAt }) => `<item><title>${titleOf(number)}</title>
        <guid isPermaLink="false">entry-${number}</guid><pubDate>${publishedAt.toUTCString()}</pubDate>
        <description>${bodyOf(number)} ${version === 1 ? '' : filler(`${number} ${version}`)}</description></item>`,
    );
    return `<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>صحيفة الميناء</title>
      <language>ar</language>${items.toReversed().join('')}</channel></rss>`;
  }

  async #openCount(): Promise<number> {
    const { rows } = await sql<{ open: number }>`
      select (select count(*) from story where planned_at is null)
        + (select count(*) from broadcast where planned_at is null)
        + (select count(*) from chunk where closed_at is null)
        + (select count(*) from correction where planned_at is null)
        + (select count(*) from article where state in ('new', 'read'))
        + (select greatest(0, ${this.publishedCount}::bigint - count(*)) from article) as open
    `.execute(this.db);
    return rows[0]?.open ?? 0;
  }
}

const titleOf = (number: number) => `خبر ${number}.`;
const bodyOf = (number: number) => [1, 2, 3].map((part) => filler(`${number}/${part}/${salt}`)).join(' ');
/** Texts of different runs differ, too. */
const salt = randomBytes(2).toString('hex');

/** Until the program has moved its clock, or has ended. */
export async function moveClock(program: FleetProgram, ms: number): Promise<void> {
  await Promise.race([program.shiftClock(ms).catch(() => {}), program.exited]);
}

/** Tries again while the database is away. */
export async function setDiskFull(db: Db, isFull: boolean): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    try {
      await fillDisk(db, isFull);
      return;
    } catch {
      await delay(200);
    }
  }
}
