import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { withdrawArticle, withdrawnByPublisher } from '../../src/articles/article-store.ts';
import { createLog } from '../../src/lib/log.ts';
import { betweenSourceEditsMs, gatherChangesMs, pushWithinMs } from '../../src/stories/story.ts';
import { type GroupDeps, groupStories } from '../../src/stories/group.ts';
import { createStoryMemory } from '../../src/stories/story-memory.ts';
import { getStory } from '../../src/stories/story-store.ts';
import { createCurrentPredictor } from '../../src/topics/topic-model-store.ts';
import { useDatabase } from '../support/database.ts';
import { createTestClock } from '../support/test-clock.ts';

const quake = {
  headline: 'زلزال بقوة 5.4 درجات يضرب جنوب شرقي تركيا',
  body: 'ضرب زلزال بلغت قوته 5.4 درجات على مقياس ريختر ولاية ملاطية جنوب شرقي تركيا فجر اليوم، وفق إدارة الكوارث والطوارئ التركية. ولم ترد تقارير عن ضحايا حتى الآن.',
};
const quakeElsewhere = {
  headline: 'هزة أرضية بقوة 5.4 تضرب ملاطية جنوب شرقي تركيا',
  body: 'أعلنت إدارة الكوارث والطوارئ التركية أن زلزالًا بقوة 5.4 درجات على مقياس ريختر ضرب ولاية ملاطية في جنوب شرقي تركيا فجرًا، من دون تسجيل ضحايا.',
};
const quakeLater = {
  headline: 'ارتفاع عدد مصابي زلزال ملاطية جنوب شرقي تركيا إلى 12',
  body: 'قالت إدارة الكوارث والطوارئ التركية إن 12 شخصًا أصيبوا في الزلزال الذي ضرب ولاية ملاطية جنوب شرقي تركيا فجر اليوم بقوة 5.4 درجات على مقياس ريختر.',
};
const bakery = {
  headline: 'افتتاح مخبز آلي جديد في مدينة طرطوس',
  body: 'افتتحت مديرية التجارة الداخلية في طرطوس مخبزًا آليًا ينتج عشرين طنًا من الخبز يوميًا لتخفيف الازدحام على الأفران.',
};

describe('grouping', () => {
  const database = useDatabase();
  let clock: ReturnType<typeof createTestClock>;
  const logged: string[] = [];
  const log = createLog({ level: 'error', now: () => clock.now(), write: (line) => logged.push(line) });
  let deps: GroupDeps;
  let feeds: number[];

  beforeEach(async () => {
    const { db } = database;
    for (const table of ['correction', 'story', 'article', 'feed', 'topic'] as const)
      await db.deleteFrom(table).execute();
    clock = createTestClock();
    deps = groupDeps();
    feeds = [];
    for (const name of ['صحيفة الميناء', 'وكالة الساحل']) {
      const { feedId } = await db
        .insertInto('feed')
        .values({ url: `https://paper${feeds.length}.example/feed`, title: name, nextCheckAt: clock.now() })
        .returning('feedId')
        .executeTakeFirstOrThrow();
      feeds.push(feedId);
    }
  });

  /** What another process, or this one after a restart, has. */
  function groupDeps(): GroupDeps {
    return {
      db: database.db,
      clock,
      log,
      memory: createStoryMemory(),
      model: undefined,
      currentPredictor: createCurrentPredictor(),
    };
  }

  let articles = 0;
  async function give(feed: 0 | 1, text: { headline: string; body: string }): Promise<number> {
    articles += 1;
    const url = `https://paper${feed}.example/${articles}`;
    const { articleId } = await database.db
      .insertInto('article')
      .values({
        ...text,
        url,
        canonicalUrl: url,
        state: 'read',
        language: 'ar',
        publishedAt: clock.now(),
        createdAt: clock.now(),
      })
      .returning('articleId')
      .executeTakeFirstOrThrow();
    await database.db
      .insertInto('articleSource')
      .values({ feedId: feeds[feed] as number, guid: url, articleId, categories: [] })
      .execute();
    return articleId;
  }

  async function change(
    articleId: number,
    values: Partial<typeof quake> & { imageUrl?: string; completed?: boolean },
  ): Promise<void> {
    await database.db
      .updateTable('article')
      .set({ ...values, state: 'read' })
      .where('articleId', '=', articleId)
      .execute();
  }

  const stories = () => database.db.selectFrom('story').selectAll().orderBy('storyId').execute();
  const corrections = () =>
    database.db
      .selectFrom('correction')
      .select(['storyId', 'kind', 'storyRevision', 'dueAt'])
      .orderBy('correctionId')
      .execute();
  const relations = async () =>
    (await database.db.selectFrom('storyArticle').select(['storyId', 'relation']).orderBy('sequence').execute()).map(
      ({ relation }) => relation,
    );

  it('makes one story of what two publishers say of one event, and names the second', async () => {
    await give(0, quake);
    await groupStories(deps);
    await give(1, quakeElsewhere);
    await give(1, bakery);
    expect(await groupStories(deps)).toBe(2);
    expect((await stories()).map(({ headline }) => headline)).toEqual([quake.headline, bakery.headline]);
    const storyId = (await stories())[0]?.storyId ?? 0;
    expect((await getStory(database.db, storyId)).alsoReportedBy).toEqual([
      { name: 'وكالة الساحل', url: expect.stringContaining('https://paper1.example/') },
    ]);
  });

  it('folds a verbatim copy, whichever feed has it', async () => {
    await give(0, quake);
    await give(1, quake);
    await give(0, quake);
    await groupStories(deps);
    expect(await relations()).toEqual(['new', 'copy', 'copy']);
    expect(await stories()).toHaveLength(1);
  });

  it('remembers after a restart, and knows what another process has grouped', async () => {
    await give(0, quake);
    await groupStories(deps);
    const other = groupDeps();
    await give(1, quakeElsewhere);
    await groupStories(other);
    await give(1, quakeElsewhere);
    await groupStories(deps);
    expect(await stories()).toHaveLength(1);
  });

  it('lets several groupings at once come to one story', async () => {
    for (let copy = 0; copy < 8; copy += 1) await give((copy % 2) as 0 | 1, copy % 2 ? quakeElsewhere : quake);
    await Promise.all([deps, groupDeps(), groupDeps()].map((each) => groupStories(each)));
    expect(await stories()).toHaveLength(1);
    expect(await relations()).toHaveLength(8);
  });

  it("tells a publisher's development after hours as a follow-up of the first story, for good", async () => {
    await give(0, quake);
    await groupStories(deps);
    clock.advance(5 * 3_600_000);
    await give(0, quakeLater);
    await groupStories(deps);
    clock.advance(5 * 3_600_000);
    await give(0, { ...quakeLater, headline: 'ارتفاع عدد مصابي زلزال ملاطية جنوب شرقي تركيا إلى 30' });
    await groupStories(groupDeps());
    const [first, second, third] = await stories();
    expect(first?.followsStoryId).toBe(null);
    expect(second?.followsStoryId).toBe(first?.storyId);
    if (third) expect(third.followsStoryId).toBe(first?.storyId);
  });

  it('asks for one correction when the text changes at its source, and none when nothing is seen of it', async () => {
    const body = `${quake.body} وقال شهود إنهم غادروا منازلهم إلى الشوارع والحدائق العامة خوفًا من انهيارها.`;
    const articleId = await give(0, { ...quake, body });
    await groupStories(deps);
    await change(articleId, { headline: 'زلزال بقوة 5.6 درجات يضرب جنوب شرقي تركيا' });
    await groupStories(deps);
    await change(articleId, {});
    await groupStories(deps);
    await change(articleId, { body: `${body}\n\nوسجلت هزات ارتدادية خفيفة في المنطقة بحسب سكان.` });
    await groupStories(deps);
    const [story] = await stories();
    expect(story).toMatchObject({
      headline: 'زلزال بقوة 5.6 درجات يضرب جنوب شرقي تركيا',
      revision: 2,
      correctedAt: clock.now(),
    });
    expect(await corrections()).toEqual([
      {
        storyId: story?.storyId,
        kind: 'update',
        storyRevision: 2,
        dueAt: new Date(clock.now().getTime() + gatherChangesMs),
      },
    ]);
  });

  it('tries a changed picture anew', async () => {
    const articleId = await give(0, quake);
    await groupStories(deps);
    await database.db.updateTable('story').set({ imageState: 'refused' }).execute();
    await change(articleId, { imageUrl: 'https://paper0.example/new.jpg' });
    await groupStories(deps);
    expect((await stories())[0]).toMatchObject({ imageUrl: 'https://paper0.example/new.jpg', imageState: 'untried' });
  });

  it('leaves the story as it is when only a second source changes its words', async () => {
    await give(0, quake);
    const second = await give(1, quakeElsewhere);
    await groupStories(deps);
    const before = await stories();
    await change(second, { headline: 'هزة أرضية تضرب ملاطية' });
    await groupStories(deps);
    expect(await stories()).toEqual(before);
  });

  it('edits delivered copies for new sources with patience', async () => {
    await give(0, quake);
    await groupStories(deps);
    await give(1, quakeElsewhere);
    await groupStories(deps);
    const third = await database.db
      .insertInto('feed')
      .values({ url: 'https://paper2.example/feed', title: 'إذاعة الجبل', nextCheckAt: clock.now() })
      .returning('feedId')
      .executeTakeFirstOrThrow();
    feeds[0] = third.feedId;
    await database.db.updateTable('correction').set({ plannedAt: clock.now() }).execute();
    await give(0, quakeElsewhere);
    await database.db
      .updateTable('article')
      .set({ url: 'https://paper2.example/x' })
      .where('state', '=', 'read')
      .execute();
    await groupStories(deps);
    const [first, second] = await corrections();
    expect((second?.dueAt.getTime() ?? 0) - (first?.dueAt.getTime() ?? 0)).toBe(betweenSourceEditsMs);
  });

  it('withdraws a story whose only article is withdrawn, and joins nothing to it any more', async () => {
    const articleId = await give(0, quake);
    await groupStories(deps);
    const other = groupDeps();
    await groupStories(other);
    await withdrawArticle(database.db, articleId, { because: withdrawnByPublisher, now: clock.now() });
    await groupStories(deps);
    expect((await stories())[0]).toMatchObject({ withdrawnAt: clock.now() });
    expect(await corrections()).toMatchObject([{ kind: 'withdrawal', dueAt: clock.now() }]);
    await give(1, quakeElsewhere);
    await groupStories(other);
    expect(await stories()).toHaveLength(2);
  });

  it('tells a story from its next source when the first withdraws', async () => {
    const articleId = await give(0, quake);
    await give(1, quakeElsewhere);
    await groupStories(deps);
    await withdrawArticle(database.db, articleId, { because: withdrawnByPublisher, now: clock.now() });
    await groupStories(deps);
    const [story] = await stories();
    expect(story).toMatchObject({
      headline: quakeElsewhere.headline,
      sourceName: 'وكالة الساحل',
      withdrawnAt: null,
      correctedAt: clock.now(),
    });
    expect((await getStory(database.db, story?.storyId as number)).alsoReportedBy).toEqual([]);
  });

  it('never makes a story of an article that was withdrawn before', async () => {
    const articleId = await give(0, bakery);
    await withdrawArticle(database.db, articleId, { because: 'an editor withdrew it', now: clock.now() });
    await groupStories(deps);
    expect(await stories()).toEqual([]);
  });

  it('does not tell again what an editor has withdrawn, whoever says the same later', async () => {
    const articleId = await give(0, quake);
    await groupStories(deps);
    await withdrawArticle(database.db, articleId, { because: 'by the editor 4001', now: clock.now() });
    await groupStories(deps);
    await give(1, quake);
    await give(1, quakeElsewhere);
    await groupStories(groupDeps());
    await groupStories(deps);
    expect(await stories()).toMatchObject([{ withdrawnAt: clock.now(), plannedAt: null }]);
    expect(await corrections()).toMatchObject([{ kind: 'withdrawal' }]);
  });

  it('goes on with the next article when one cannot be grouped', async () => {
    await give(0, bakery);
    await sql`alter table story add constraint broken check (headline <> ${sql.lit(bakery.headline)})`.execute(
      database.db,
    );
    try {
      await give(1, quake);
      expect(await groupStories(deps)).toBe(1);
    } finally {
      await sql`alter table story drop constraint broken`.execute(database.db);
    }
    expect((await stories()).map(({ headline }) => headline)).toEqual([quake.headline]);
    expect(logged.at(-1)).toContain('could not group an article');
  });

  it('finds a story by its words even when a picture stands in its text as letters', async () => {
    await give(0, { ...bakery, body: `${bakery.body} ${'Qk1'.repeat(5_000)}` });
    expect(await groupStories(deps)).toBe(1);
  });

  it('names and links the source that is left when a verbatim copy is withdrawn', async () => {
    const articleId = await give(0, quake);
    await give(1, quake);
    await groupStories(deps);
    await withdrawArticle(database.db, articleId, { because: withdrawnByPublisher, now: clock.now() });
    await groupStories(deps);
    expect((await stories())[0]).toMatchObject({
      sourceName: 'وكالة الساحل',
      url: expect.stringContaining('https://paper1.example/'),
      correctedAt: null,
      revision: 3,
    });
  });

  it('remembers again after the clock was ahead for a while', async () => {
    await give(0, quake);
    await groupStories(deps);
    clock.advance(4 * 24 * 3_600_000);
    await give(0, bakery);
    await groupStories(deps);
    clock.advance(-4 * 24 * 3_600_000);
    await give(1, quake);
    await groupStories(deps);
    expect(await stories()).toHaveLength(2);
  });

  it('only files a story under a topic that comes hours later', async () => {
    const { topicId } = await database.db
      .insertInto('topic')
      .values({ slug: 'turkey', name: '{}', keywords: '{}', position: 0 })
      .returning('topicId')
      .executeTakeFirstOrThrow();
    await give(0, quake);
    await groupStories(deps);
    await database.db.updateTable('story').set({ plannedAt: clock.now() }).execute();
    await database.db
      .insertInto('feedTopic')
      .values({ feedId: feeds[1] as number, topicId })
      .execute();
    clock.advance(pushWithinMs);
    await give(1, quake);
    await groupStories(deps);
    expect((await stories())[0]?.plannedAt).not.toBe(null);
    expect(await database.db.selectFrom('storyTopic').select('why').execute()).toEqual([{ why: 'feed' }]);
  });

  it('names new sources together, however many there are', async () => {
    await give(0, quake);
    await groupStories(deps);
    for (let source = 2; source < 8; source += 1) {
      const { feedId } = await database.db
        .insertInto('feed')
        .values({ url: `https://paper${source}.example/feed`, title: `وكالة ${source}`, nextCheckAt: clock.now() })
        .returning('feedId')
        .executeTakeFirstOrThrow();
      feeds[1] = feedId;
      const articleId = await give(1, quakeElsewhere);
      const url = `https://paper${source}.example/a`;
      await database.db.updateTable('article').set({ url }).where('articleId', '=', articleId).execute();
      await groupStories(deps);
    }
    const due = new Set((await corrections()).map(({ dueAt }) => dueAt.getTime()));
    expect([...due]).toEqual([clock.now().getTime() + gatherChangesMs]);
  });

  it('names one site once, whichever of its feeds brings the story', async () => {
    await give(0, quake);
    await give(1, quakeElsewhere);
    const { feedId } = await database.db
      .insertInto('feed')
      .values({ url: 'https://paper1.example/world/feed', title: 'وكالة الساحل: العالم', nextCheckAt: clock.now() })
      .returning('feedId')
      .executeTakeFirstOrThrow();
    feeds[1] = feedId;
    await give(1, quake);
    await groupStories(deps);
    const storyId = (await stories())[0]?.storyId ?? 0;
    expect((await getStory(database.db, storyId)).alsoReportedBy).toHaveLength(1);
  });

  it('says no "Updated" when a teaser goes on where it was cut off', async () => {
    const articleId = await give(0, { ...bakery, body: bakery.body.replace(/ لتخفيف.*/u, ' […]') });
    await groupStories(deps);
    await change(articleId, { body: bakery.body, completed: true });
    await groupStories(deps);
    expect((await stories())[0]).toMatchObject({ summary: bakery.body, revision: 1, correctedAt: null });
    expect(await corrections()).toEqual([]);
  });
});
