import { beforeAll, expect, test } from 'vitest';
import { applyNewsroom } from '../../src/newsroom/apply.ts';
import { useDatabase } from '../support/database.ts';
import { answer, useWebServer } from '../support/web-server.ts';
import { databaseOf, nashra } from './nashra.ts';

const database = useDatabase();
const web = useWebServer();
const token = '123456:a-token-of-the-test';

const run = async (...args: string[]) =>
  nashra([...args, '--json'], {
    ...databaseOf(database.connectionString),
    ALLOW_PRIVATE_NETWORK: 'true',
    BOT_TOKEN: token,
    TELEGRAM_API_ROOT: web.url(''),
  });

const longText = 'وصلت القافلة إلى المدينة صباح اليوم بعد رحلة طويلة. '.repeat(20);

function feedOf(publishedAt: Date): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'نشرة الاختبار',
    language: 'ar',
    items: [
      {
        id: '1',
        url: web.url('/1'),
        title: 'وصول قافلة إلى المدينة',
        content_html: `<p>${longText}</p>`,
        date_published: publishedAt.toISOString(),
      },
    ],
  });
}

beforeAll(async () => {
  const now = new Date();
  await applyNewsroom(
    database.db,
    {
      topics: [{ slug: 'syria', name: { ar: 'سوريا' }, keywords: {} }],
      feeds: [
        {
          url: web.url('/feed'),
          language: 'ar',
          timeZone: null,
          keep: [],
          drop: [],
          topics: ['syria'],
          categories: {},
        },
      ],
      channels: [{ chat: '@example_syria', language: 'ar', topics: ['syria'] }],
    },
    { now },
  );
});

test('an article is collected and sent once, however often both are asked for', { timeout: 90_000 }, async () => {
  const feed = answer(feedOf(new Date()), { 'content-type': 'application/feed+json' });
  const sent = { message_id: 7, date: 0, chat: { id: -1_001_234_567_890, type: 'channel', title: 'x' }, text: 'x' };
  web.on('/feed', feed);
  web.on('/1', answer('not here', {}, 404));
  web.on(`/bot${token}/sendMessage`, answer(JSON.stringify({ ok: true, result: sent })));

  const collected = await run('collect');
  expect(collected).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(collected.stdout)).toMatchObject({ feeds: 1, failed: 0, articles: 1, stories: 1, deliveries: 1 });
  expect(JSON.parse((await run('collect')).stdout)).toMatchObject({ feeds: 1, articles: 0, stories: 0, deliveries: 0 });

  const delivered = await run('send');
  expect(delivered).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(delivered.stdout)).toEqual({ sent: 1 });
  expect(JSON.parse((await run('send')).stdout)).toEqual({ sent: 0 });
  expect(web.requests.filter(({ path }) => path.endsWith('/sendMessage'))).toHaveLength(1);

  expect(JSON.parse((await run('status')).stdout)).toMatchObject({
    articles: 1,
    stories: 1,
    recipients: [{ kind: 'channel', state: 'active', size: 1 }],
    deliveries: { sent: 1 },
    backlog: 0,
    runs: [{ stage: 'send' }, { stage: 'publish' }, { stage: 'recheck' }, { stage: 'collect' }],
  });
});
