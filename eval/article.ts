// What one article costs on its way from the fetched page to its story, among 30,000 active ones, on a real Postgres.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createPageReader } from '../src/articles/page-reader.ts';
import { readArticles } from '../src/articles/read.ts';
import { type Db, openDatabase } from '../src/db/database.ts';
import { startEmbeddedPostgres } from '../src/db/embedded-postgres.ts';
import { migrate } from '../src/db/migrate.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createHostLimiter, type Fetch } from '../src/lib/http.ts';
import { createLog, type Log } from '../src/lib/log.ts';
import { type GroupDeps, groupStories } from '../src/stories/group.ts';
import { fingerprintOf } from '../src/stories/similarity.ts';
import { createStoryMemory } from '../src/stories/story-memory.ts';
import { createCurrentPredictor } from '../src/topics/topic-model-store.ts';
import { readGzip } from './archive.ts';
import { cpuMs, median, type Part, type Score } from './score.ts';

const activeStories = 30_000;
const rowsAtOnce = 1_000;
/** The first articles pay for loading and compiling. */
const warmUp = 20;

export const articlePart: Part = {
  name: 'article',
  needs: ['article-extraction', 'ant-arabic/ant-4000.jsonl.gz'],
  async evaluate(dataDir) {
    const directory = await mkdtemp(join(tmpdir(), 'nashra-eval-'));
    const log = createLog({ level: 'error', now: () => new Date(), write: console.error });
    const server = await startEmbeddedPostgres({ dataDir: directory, log, clock: systemClock });
    const db = openDatabase({ connectionString: server.connectionString, log });
    try {
      await migrate(db);
      await fill(db, join(dataDir, 'ant-arabic/ant-4000.jsonl.gz'));
      return await measure({ db, log }, join(dataDir, 'article-extraction/html'));
    } finally {
      await db.destroy();
      await server.release();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

/** Stories of words that occur in news, in an order that no news has. */
async function fill(db: Db, corpus: string): Promise<void> {
  const texts = readGzip(corpus)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { title: string; text: string });
  const at = (index: number) => texts[index % texts.length] as { title: string; text: string };
  const now = new Date();
  for (let first = 0; first < activeStories; first += rowsAtOnce) {
    const numbers = Array.from({ length: rowsAtOnce }, (_, offset) => first + offset);
    const stories = numbers.map((number) => {
      // Title, first and second half of the lead from three articles: 30,000 leads of 4,000 articles.
      const title = at(number).title;
      const text = [at(number * 7 + 1), at(number * 13 + 5)]
        .map((each, half) =>
          each.text
            .split(/\s+/)
            .slice(half * 30, half * 30 + 30)
            .join(' '),
        )
        .join(' ');
      return { title, text, publishedAt: new Date(now.getTime() - ((number * 8) % (71 * 3600)) * 1000) };
    });
    await db.transaction().execute(async (trx) => {
      const articles = await trx
        .insertInto('article')
        .values(
          stories.map(({ title, text, publishedAt }, offset) => ({
            url: `https://news.example/${first + offset}`,
            canonicalUrl: `https://news.example/${first + offset}`,
            state: 'grouped' as const,
            headline: title,
            body: text,
            language: 'ar',
            publishedAt,
            createdAt: publishedAt,
          })),
        )
        .returning('articleId')
        .execute();
      const rows = await trx
        .insertInto('story')
        .values(
          stories.map(({ title, text, publishedAt }) => ({
            headline: title,
            summary: text,
            language: 'ar',
            publishedAt,
            createdAt: publishedAt,
            plannedAt: publishedAt,
          })),
        )
        .returning('storyId')
        .execute();
      await trx
        .insertInto('storyArticle')
        .values(
          stories.map((story, offset) => ({
            articleId: articles[offset]?.articleId as number,
            storyId: rows[offset]?.storyId as number,
            fingerprint: JSON.stringify(fingerprintOf(story)),
            addedAt: story.publishedAt,
          })),
        )
        .execute();
    });
  }
}

async function measure({ db, log }: { db: Db; log: Log }, pagesDir: string): Promise<Score[]> {
  const names = readdirSync(pagesDir).toSorted();
  const fetch: Fetch = async (url) => {
    const name = names[Number(new URL(url).pathname.slice(1))] as string;
    return new Response(gunzipSync(readFileSync(join(pagesDir, name))), { headers: { 'content-type': 'text/html' } });
  };
  const pages = createPageReader();
  const clock = systemClock;
  const deps: GroupDeps = {
    db,
    clock,
    log,
    memory: createStoryMemory(),
    model: undefined,
    currentPredictor: createCurrentPredictor(),
  };
  const reading = { db, fetch, hosts: createHostLimiter({ clock }), clock, pages, log, timeZone: 'UTC' };
  try {
    const restartMs = await cpuMs(() => db.transaction().execute((trx) => deps.memory.lesson().sync(trx, clock.now())));
    const costs: number[] = [];
    for (const index of names.keys()) {
      const now = clock.now();
      await db
        .insertInto('article')
        .values({
          url: `https://pages.example/${index}`,
          canonicalUrl: `https://pages.example/${index}`,
          headline: '',
          body: '',
          language: 'en',
          publishedAt: now,
          createdAt: now,
        })
        .execute();
      const cost = await cpuMs(async () => {
        await readArticles(reading);
        await groupStories(deps);
      });
      if (index >= warmUp) costs.push(cost);
    }
    const set = `scrapinghub pages, ${activeStories} stories active`;
    const common = { part: 'article', better: 'lower' as const };
    return [
      {
        ...common,
        set,
        measure: 'ms of CPU, page to story, median',
        value: median(costs),
        bar: 50,
        cases: costs.length,
      },
      { ...common, set, measure: 's of CPU to remember after a restart', value: restartMs / 1000, bar: null, cases: 1 },
    ];
  } finally {
    await pages.close();
  }
}
