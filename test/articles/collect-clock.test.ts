import { afterAll, expect, it } from 'vitest';
import { collect } from '../../src/articles/collect.ts';
import { createPageReader } from '../../src/articles/page-reader.ts';
import { insertFeed } from '../../src/feeds/feed-store.ts';
import { createHostLimiter, createFetch } from '../../src/lib/http.ts';
import { silentLog } from '../../src/lib/log.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { useDatabase } from '../support/database.ts';
import { useSite } from '../support/site.ts';
import { createTestClock } from '../support/test-clock.ts';

const hourMs = 3_600_000;
const database = useDatabase();
const site = useSite();
const pages = createPageReader();
afterAll(() => pages.close());

it('a feed that was asked while the clock was an hour ahead brings its news once the clock is right', async () => {
  const clock = createTestClock();
  const deps = {
    db: database.db,
    fetch: createFetch({ allowPrivateNetwork: true, userAgent: 'Nashra test' }),
    hosts: createHostLimiter({ perHost: 2, clock }),
    pages,
    clock,
    random: systemRandom,
    log: silentLog,
    feedIntervalSeconds: 86_400,
    defaultLanguage: 'ar',
    timeZone: 'UTC',
  };
  await insertFeed(database.db, { url: site.feedUrl, language: 'ar', now: clock.now() });
  clock.advance(hourMs);
  expect(await collect(deps)).toMatchObject({ feeds: 1 });
  clock.advance(-hourMs);
  site.publish({ slug: 'news', title: 'وصول قافلة', summary: 'نص.', publishedAt: clock.now() });
  expect(await collect(deps)).toMatchObject({ feeds: 1, articles: 1 });
  // And from then on it is asked in its time.
  expect(await collect(deps)).toMatchObject({ feeds: 0 });
});
