import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog, silentLog } from '../../src/lib/log.ts';
import { summarizeStory } from '../../src/stories/summarize-story.ts';
import { createModelSummarizer } from '../../src/stories/summary-model.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';
import { answer, type Handler, useWebServer } from '../support/web-server.ts';

const database = useDatabase();
const server = useWebServer();

const headline = 'البلدية تفتح حديقة الحي';
const body = `افتتحت البلدية صباح الاثنين حديقة الحي بعد تجديد ملاعبها وممراتها بكلفة 1,250 دولارًا.

وزرعت فرقها مئة شجرة زيتون على أطراف الممرات، وستبقى الأبواب مفتوحة حتى العاشرة ليلًا.`;
const story = { headline, body, language: 'ar', maxCharacters: 300 };
const extract = { by: 'extract', summary: undefined };
const good = 'أعادت البلدية فتح حديقة الحي بعد تجديد كلف ١٢٥٠ دولارًا، وزرعت فيها مئة شجرة زيتون.';

const completion = (content: unknown, totalTokens?: number) =>
  answer(
    JSON.stringify({
      choices: [{ message: { role: 'assistant', content } }],
      ...(totalTokens === undefined ? {} : { usage: { total_tokens: totalTokens } }),
    }),
    { 'content-type': 'application/json' },
  );

/** A day of its own for each test, so that each has its own count. */
let days = 0;
function nextDay(): Date {
  days += 1;
  return new Date(Date.UTC(2027, 0, days, 12));
}

interface World {
  dailyTokens?: number;
  apiKey?: string;
  baseUrl?: string;
  /** Whether the time-out is reached before any answer. */
  late?: boolean;
  now?: Date;
}

function createWorld({ dailyTokens = 100_000, apiKey, baseUrl, late = false, now = nextDay() }: World = {}) {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', now: () => now, write: (line) => lines.push(line) });
  const clock = late ? createTestClock(now) : { ...systemClock, now: () => now };
  const model = createModelSummarizer({
    baseUrl: baseUrl ?? server.url('/v1'),
    model: 'small',
    apiKey,
    dailyTokens,
    fetch: globalThis.fetch,
    clock,
  });
  const deps = { db: database.db, clock, log, timeZone: 'Asia/Damascus', model };
  const usage = () =>
    database.db
      .selectFrom('summaryUsage')
      .select(['tokens', 'accepted', 'refused', 'failed'])
      .where((eb) => eb(eb.cast<string>('day', 'text'), '=', now.toISOString().slice(0, 10)))
      .executeTakeFirst();
  return { lines, model, usage, sum: (signal?: AbortSignal) => summarizeStory(deps, story, signal) };
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

describe('a summary by a model', () => {
  it('goes out when everything in it is in the article, and its tokens are counted', async () => {
    server.on('/v1/chat/completions', completion(`  ${good}\n`, 321));
    const { sum, usage, lines } = createWorld();
    expect(await sum()).toEqual({ summary: good, by: 'model' });
    expect(await usage()).toEqual({ tokens: 321, accepted: 1, refused: 0, failed: 0 });
    expect(lines).toEqual([]);
  });

  it('is asked for with the key, and without one where none is needed', async () => {
    server.on('/v1/chat/completions', completion(good, 10));
    await createWorld({ apiKey: 'sk-secret' }).sum();
    await createWorld().sum();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-secret', undefined]);
  });

  it.each([
    ['an invented number', 'أعادت البلدية فتح حديقة الحي بكلفة 1300 دولار.', 'number'],
    ['another day', 'افتتحت البلدية حديقة الحي يوم الخميس بعد تجديد ملاعبها.', 'date'],
    ['another language', 'The municipality opened the park of the quarter after its courts were renewed.', 'language'],
    ['too much text', `${good} `.repeat(4), 'length'],
    ['a quotation nobody said', 'افتتحت البلدية حديقة الحي، وقال رئيسها: «هذا يوم عظيم».', 'quotation'],
    ['a Latin name from elsewhere', 'افتتحت البلدية حديقة الحي بدعم من شركة Calder بعد تجديد ملاعبها.', 'name'],
    ['a list', `- ${good}`, 'form'],
  ])('with %s is refused, and the extractive one goes out', async (_, content, reason) => {
    server.on('/v1/chat/completions', completion(content, 50));
    const { sum, usage, lines } = createWorld();
    expect(await sum()).toEqual(extract);
    expect(await usage()).toEqual({ tokens: 50, accepted: 0, refused: 1, failed: 0 });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ message: 'summary by the model refused', reason }),
    ]);
  });

  it.each([
    ['an error of the server', answer('{"error":{"message":"حديقة sk-secret"}}', {}, 500), 'status 500'],
    ['a wrong key', answer('{"error":{"message":"wrong key sk-secret"}}', {}, 401), 'status 401'],
    ['broken JSON', answer('{"choices": [', { 'content-type': 'application/json' }), 'unreadable'],
    ['a web page', answer('<html>hello</html>', { 'content-type': 'text/html' }), 'unreadable'],
    ['null', answer('null', { 'content-type': 'application/json' }), 'unreadable'],
    ['no choice', answer('{"choices": [null]}', { 'content-type': 'application/json' }), 'unreadable'],
    ['content that is no text', completion(42), 'unreadable'],
    ['nothing', completion('  \n '), 'empty'],
  ])('gives way to the extractive one after %s', async (_, handler, reason) => {
    server.on('/v1/chat/completions', handler);
    const { sum, usage, lines } = createWorld({ apiKey: 'sk-secret' });
    expect(await sum()).toEqual(extract);
    expect(await usage()).toMatchObject({ accepted: 0, refused: 0, failed: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`"reason":"${reason}"`);
    expect(lines[0]).not.toMatch(/secret|حديقة/);
    expect(server.requests).toHaveLength(1);
  });

  it('gives way when the endpoint takes too long, and what was reserved stays counted', async () => {
    server.on('/v1/chat/completions', () => {});
    const { sum, usage, lines, model } = createWorld({ late: true });
    expect(await sum()).toEqual(extract);
    expect(await usage()).toMatchObject({ tokens: model.estimateTokens(story), failed: 1 });
    expect(lines[0]).toContain('"reason":"timeout"');
  });

  it('gives way when the program stops', async () => {
    const stop = new AbortController();
    server.on('/v1/chat/completions', () => stop.abort());
    const { sum, lines } = createWorld();
    expect(await sum(stop.signal)).toEqual(extract);
    expect(lines[0]).toContain('"reason":"stopped"');
  });

  it('gives way when nothing listens, and costs nothing', async () => {
    const { sum, usage, lines } = createWorld({ baseUrl: `http://127.0.0.1:${await closedPort()}/v1` });
    expect(await sum()).toEqual(extract);
    expect(await usage()).toMatchObject({ tokens: 0, failed: 1 });
    expect(lines[0]).toContain('"reason":"unreachable"');
  });

  it.each<[string, Handler, string]>([
    ['the connection broke', (response) => response.destroy(), 'unreachable'],
    ['the endpoint failed', answer('{"error":{"message":"out of memory"}}', {}, 500), 'status 500'],
    ['the answer says it cost nothing', completion(' ', 0), 'empty'],
  ])('counts as dear as it may have been when %s', async (_, handler, reason) => {
    server.on('/v1/chat/completions', handler);
    const { sum, usage, lines, model } = createWorld();
    expect(await sum()).toEqual(extract);
    expect(await usage()).toMatchObject({ tokens: model.estimateTokens(story), failed: 1 });
    expect(lines[0]).toContain(`"reason":"${reason}"`);
  });

  it('gives way when the answer does not end, and reads no more than a megabyte of it', async () => {
    let written = 0;
    const closed = Promise.withResolvers<void>();
    server.on('/v1/chat/completions', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"choices":[{"message":{"content":"');
      const piece = Buffer.alloc(65_536, 'a');
      const write = () => {
        do written += piece.length;
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', write).on('close', closed.resolve);
      write();
    });
    const { sum, usage, lines, model } = createWorld();
    expect(await sum()).toEqual(extract);
    expect(lines[0]).toContain('"reason":"too large"');
    expect(await usage()).toMatchObject({ tokens: model.estimateTokens(story), failed: 1 });
    await closed.promise;
    // What the connection itself holds on its way is written, too.
    expect(written).toBeLessThan(20_000_000);
  });

  it('is not asked for where no model is configured', async () => {
    const deps = { db: database.db, clock: createTestClock(), log: silentLog, timeZone: 'UTC', model: undefined };
    expect(await summarizeStory(deps, story)).toEqual(extract);
    expect(server.requests).toEqual([]);
  });
});

describe('the daily ceiling', () => {
  it('holds for two processes together, and begins anew each day', async () => {
    const now = nextDay();
    const cost = createWorld({ now }).model.estimateTokens(story);
    server.on('/v1/chat/completions', completion(good, cost));
    const [one, other] = [createWorld({ now, dailyTokens: 3 * cost }), createWorld({ now, dailyTokens: 3 * cost })];
    const summaries = await Promise.all([one, other, one, other, one].map(({ sum }) => sum()));
    expect(summaries.map(({ by }) => by).toSorted()).toEqual(['extract', 'extract', 'model', 'model', 'model']);
    expect(await one.usage()).toEqual({ tokens: 3 * cost, accepted: 3, refused: 0, failed: 0 });
    expect(server.requests).toHaveLength(3);
    expect([...one.lines, ...other.lines].every((line) => line.includes('"reason":"ceiling"'))).toBe(true);

    expect(await createWorld({ dailyTokens: cost }).sum()).toMatchObject({ by: 'model' });
  });

  it('leaves room again when a call was cheaper than expected', async () => {
    const now = nextDay();
    server.on('/v1/chat/completions', completion(good, 1));
    const cost = createWorld({ now }).model.estimateTokens(story);
    const { sum } = createWorld({ now, dailyTokens: cost + 2 });
    expect([await sum(), await sum(), await sum(), await sum()].map(({ by }) => by)).toEqual([
      'model',
      'model',
      'model',
      'extract',
    ]);
  });

  it('lower than one call asks nothing', async () => {
    const { sum, usage } = createWorld({ dailyTokens: 10 });
    expect(await sum()).toEqual(extract);
    expect(await usage()).toBeUndefined();
    expect(server.requests).toEqual([]);
  });
});

it('sends a long article only in part', async () => {
  const marker = 'the end of the article';
  const model = createModelSummarizer({
    baseUrl: server.url('/v1'),
    model: 'small',
    dailyTokens: 1,
    fetch: globalThis.fetch,
    clock: systemClock,
  });
  const received = new Promise<string>((resolve) => {
    server.on('/v1/chat/completions', (response, request) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        resolve(Buffer.concat(parts).toString('utf8'));
        response.writeHead(500).end();
      });
    });
  });
  await model.ask({ ...story, body: `${'كلمة '.repeat(100_000)}${marker}` });
  const sent = await received;
  expect(sent).toContain(headline);
  expect(sent).not.toContain(marker);
  expect(sent.length).toBeLessThan(10_000);
});
