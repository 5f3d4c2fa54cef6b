import { beforeEach, describe, expect, it } from 'vitest';
import { planDeliveries } from '../../src/deliveries/plan.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { createModelRun } from '../../src/stories/ask-model.ts';
import { groupStories } from '../../src/stories/group.ts';
import { createStoryMemory } from '../../src/stories/story-memory.ts';
import { createModelSummarizer } from '../../src/stories/summary-model.ts';
import { modelPatienceMs } from '../../src/stories/tell.ts';
import { createCurrentPredictor } from '../../src/topics/topic-model-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';
import { useWebServer } from '../support/web-server.ts';

const body =
  'افتتحت مديرية التجارة الداخلية في طرطوس اليوم مخبزًا آليًا ينتج عشرين طنًا من الخبز يوميًا، لتخفيف الازدحام على الأفران. وقال مدير المخبز إن العمل فيه يبدأ عند الرابعة فجرًا.';
const answer = 'افتتح في طرطوس مخبز آلي لتخفيف الازدحام على الأفران.';

describe('a newsroom with a model', () => {
  const database = useDatabase();
  const web = useWebServer();
  let clock: ReturnType<typeof createTestClock>;
  let articles = 0;

  beforeEach(async () => {
    for (const table of ['correction', 'story', 'article', 'feed', 'summaryUsage'] as const) {
      await database.db.deleteFrom(table).execute();
    }
    clock = createTestClock();
  });

  const deps = () => ({
    db: database.db,
    clock,
    log: createLog({ level: 'error', now: () => clock.now(), write: () => {} }),
    freshHours: 12,
    timeZone: 'Asia/Damascus',
    memory: createStoryMemory(),
    currentPredictor: createCurrentPredictor(),
    model: createModelSummarizer({
      baseUrl: web.url('/v1'),
      model: 'small',
      dailyTokens: 100_000,
      fetch: globalThis.fetch,
      // The test's own does not wait: the model would always be too late.
      clock: systemClock,
    }),
  });

  function answers(content: string): void {
    web.on('/v1/chat/completions', (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices: [{ message: { content } }], usage: { total_tokens: 700 } }));
    });
  }

  async function give(headline: string, values: { body?: string; articleId?: number } = {}): Promise<number> {
    articles += 1;
    if (values.articleId !== undefined) {
      const { articleId, ...changed } = values;
      await database.db
        .updateTable('article')
        .set({ headline, ...changed, state: 'read' })
        .where('articleId', '=', articleId)
        .execute();
      return articleId;
    }
    const { articleId } = await database.db
      .insertInto('article')
      .values({
        headline,
        body: values.body ?? body,
        url: `https://paper.example/${articles}`,
        state: 'read',
        language: 'ar',
        publishedAt: clock.now(),
        createdAt: clock.now(),
      })
      .returning('articleId')
      .executeTakeFirstOrThrow();
    return articleId;
  }

  /** Asks the model for all stories that wait; says how many there were. */
  async function askModel(desk: ReturnType<typeof deps>): Promise<number> {
    let answers = 0;
    const run = createModelRun(desk, { onAnswer: async () => void (answers += 1) });
    run.start();
    await run.end();
    return answers;
  }

  const story = () =>
    database.db
      .selectFrom('story')
      .select(['summary', 'summarizedBy', 'modelState', 'plannedAt'])
      .executeTakeFirstOrThrow();

  it('tells a story in the words of the model, and plans it after that', async () => {
    answers(answer);
    const desk = deps();
    await give('افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    await planDeliveries(desk);
    expect(await story()).toMatchObject({ summarizedBy: 'extract', modelState: 'waiting', plannedAt: null });
    expect(await askModel(desk)).toBe(1);
    await planDeliveries(desk);
    expect(await story()).toEqual({ summary: answer, summarizedBy: 'model', modelState: null, plannedAt: clock.now() });
  });

  it('tells it in the words of the article where the model invents a number', async () => {
    answers('افتتح في طرطوس مخبز آلي ينتج 75 طنًا يوميًا.');
    const desk = deps();
    await give('افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    await askModel(desk);
    await planDeliveries(desk);
    const told = await story();
    expect(told).toMatchObject({ summarizedBy: 'extract', modelState: null, plannedAt: clock.now() });
    expect(body).toContain(told.summary.split(' وقال')[0] as string);
  });

  it('waits no longer than its patience for a process that died while asking', async () => {
    const desk = deps();
    await give('افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    await database.db.updateTable('story').set({ modelState: 'asking' }).execute();
    expect(await askModel(desk)).toBe(0);
    await planDeliveries(desk);
    expect((await story()).plannedAt).toBe(null);
    clock.advance(modelPatienceMs);
    await planDeliveries(desk);
    expect(await story()).toMatchObject({ summarizedBy: 'extract', plannedAt: clock.now() });
  });

  it('lets breaking news wait for nobody', async () => {
    const desk = deps();
    await give('عاجل: افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    expect(await askModel(desk)).toBe(0);
    await planDeliveries(desk);
    expect(await story()).toMatchObject({ summarizedBy: 'extract', plannedAt: clock.now() });
  });

  it('asks again when what the summary was made of changed, and not when something further down did', async () => {
    answers(answer);
    const desk = deps();
    const articleId = await give('افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    await askModel(desk);
    await give('افتتاح مخبز آلي في طرطوس', { articleId, body: body.replace('عشرين', 'ثلاثين') });
    await groupStories(desk);
    expect(await askModel(desk)).toBe(1);
    expect(web.requests).toHaveLength(2);
    await give('افتتاح مخبز آلي في طرطوس', { articleId, body: `${body.replace('عشرين', 'ثلاثين')}\n\n${body}` });
    await groupStories(desk);
    expect(await askModel(desk)).toBe(0);
    expect(await story()).toMatchObject({ summary: answer, summarizedBy: 'model' });
  });

  it('does not keep a number that the article has corrected, wherever it stands', async () => {
    const count = 'وأصيب في التدافع أمام المخبز 73 شخصًا بحسب مديرية الصحة.';
    const long = `${body}\n\n${'وأضاف المدير أن المخبز يعمل بالغاز. '.repeat(8)}\n\n`;
    answers('افتتح في طرطوس مخبز آلي وأصيب 73 شخصًا في التدافع.');
    const desk = deps();
    const articleId = await give('افتتاح مخبز آلي في طرطوس', { body: long + count });
    await groupStories(desk);
    await askModel(desk);
    expect(await story()).toMatchObject({ summary: expect.stringContaining('73') });
    await give('افتتاح مخبز آلي في طرطوس', { articleId, body: long + count.replace('73', '3') });
    await groupStories(desk);
    expect(await story()).toMatchObject({ summary: expect.not.stringContaining('73'), modelState: 'waiting' });
    expect(await database.db.selectFrom('correction').select('kind').execute()).toEqual([{ kind: 'update' }]);
  });

  it('plans what does not wait for the model while the model is slow', async () => {
    let answer = () => {};
    web.on('/v1/chat/completions', (response) => {
      answer = () => void response.writeHead(500).end();
    });
    const desk = deps();
    await give('افتتاح مخبز آلي في طرطوس');
    await groupStories(desk);
    const run = createModelRun(desk, { onAnswer: async () => {} });
    run.start();
    await give('عاجل: زلزال يضرب جنوب البلاد', { body: 'ضرب زلزال قوي جنوب البلاد فجر اليوم وفق مركز الرصد.' });
    await groupStories(desk);
    await planDeliveries(desk);
    const planned = await database.db
      .selectFrom('story')
      .select(['breaking', 'plannedAt'])
      .orderBy('storyId')
      .execute();
    expect(planned).toEqual([
      { breaking: false, plannedAt: null },
      { breaking: true, plannedAt: clock.now() },
    ]);
    while (web.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    answer();
    await run.end();
  });
});
