// The third stage: turns articles that were read into stories with topics and a summary, one story for each event.
import {
  type Article,
  type ArticleSource,
  listSourcesOfArticles,
  withdrawnByPublisher,
} from '../articles/article-store.ts';
import { claimArticles } from '../articles/waiting-store.ts';
import { type Db, isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Classification, classify } from '../topics/classify.ts';
import { insertSuggestions, listDismissedTopics } from '../topics/suggestion-store.ts';
import type { TopicPredictor } from '../topics/topic-model.ts';
import type { CurrentPredictor } from '../topics/topic-model-store.ts';
import { type FeedTopics, listFeedTopics, listTopics } from '../topics/topic-store.ts';
import type { Topic } from '../topics/topic.ts';
import { retellStory, showSources, withdrawFromStory } from './change-story.ts';
import {
  isWithdrawnByEditor,
  lockGrouping,
  lockWaitingArticles,
  markArticlesGrouped,
  markFingerprint,
} from './grouping-store.ts';
import { type Fingerprint, fingerprintOf } from './similarity.ts';
import { lateAfterMs } from './story.ts';
import { type ArticleIndex, type Lesson, publisherOf, type StoryMemory } from './story-memory.ts';
import {
  addStoryTopics,
  findStoryArticle,
  getStoryRow,
  insertStories,
  insertStoryArticles,
  insertStoryTopics,
  listOtherSources,
  listStoriesOfArticles,
  type NewStory,
  type NewStoryArticle,
  type StoryRow,
  takeStoryIds,
} from './story-store.ts';
import type { ModelSummarizer } from './summary-model.ts';
import { awaitModel, tell } from './tell.ts';

/** Longer than grouping them may take; after a kill another process takes them up then. */
const claimMs = 60_000;
/** Nearly all begin stories of their own, and are written down together. */
const articlesTogether = 16;

export interface GroupDeps {
  db: Db;
  clock: Clock;
  log: Log;
  memory: StoryMemory;
  /** Asked for summaries afterwards (ask-model.ts); undefined where there is none. */
  model: ModelSummarizer | undefined;
  /** The newsroom's topic model, where it has trained one. */
  currentPredictor: CurrentPredictor;
}

/** Groups what was read; returns how many articles were grouped. */
export async function groupStories(deps: GroupDeps, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
  const { db, clock } = deps;
  let grouped = 0;
  let lists: Pick<Grouping, 'topics' | 'predict'> | undefined;
  while (!signal?.aborted) {
    const now = clock.now();
    const articles = await claimArticles(db, 'read', { now, claimMs, limit: articlesTogether });
    if (articles.length === 0) break;
    lists ??= { topics: await listTopics(db), predict: await deps.currentPredictor(db) };
    const ids = articles.map(({ articleId }) => articleId);
    grouped += await groupTogether(ids, { ...deps, ...lists, now });
    // Whoever reads more asks again.
    if (articles.length < articlesTogether) break;
  }
  return grouped;
}

interface Grouping extends GroupDeps {
  topics: readonly Topic[];
  predict: TopicPredictor | undefined;
  now: Date;
}

/** One article's trouble is nobody else's: where several cannot be grouped together, each is by itself. */
async function groupTogether(articleIds: readonly number[], grouping: Grouping): Promise<number> {
  const { db, log, memory } = grouping;
  const lesson = memory.lesson();
  try {
    await db.transaction().execute((trx) => groupLocked(trx, articleIds, { ...grouping, lesson }));
    return articleIds.length;
  } catch (error) {
    lesson.forget();
    if (isDisconnected(error)) throw error;
    if (articleIds.length === 1) {
      // It is tried again when its claim has run out.
      log.error('could not group an article', { articleId: articleIds[0], error });
      return 0;
    }
    let grouped = 0;
    for (const articleId of articleIds) grouped += await groupTogether([articleId], grouping);
    return grouped;
  }
}

/** One transaction, while no other process groups. */
interface Filing extends Grouping {
  index: ArticleIndex;
  lesson: Lesson;
  feedTopics: FeedTopics;
  /** Ids for stories to come. */
  storyIds: number[];
  /** Stories that are begun and not yet written down. */
  begun: Begun[];
}

interface Begun {
  story: NewStory;
  article: NewStoryArticle;
  topics: Classification;
}

interface Waiting {
  article: Article;
  sources: readonly ArticleSource[];
}

async function groupLocked(
  trx: Db,
  articleIds: readonly number[],
  grouping: Grouping & { lesson: Lesson },
): Promise<void> {
  await lockGrouping(trx);
  const articles = await lockWaitingArticles(trx, articleIds);
  if (articles.length === 0) return;
  const index = await grouping.lesson.sync(trx, grouping.now);
  const ids = articles.map(({ articleId }) => articleId);
  const known = await listStoriesOfArticles(trx, ids);
  const sources = await listSourcesOfArticles(trx, ids);
  const feedIds = new Set([...sources.values()].flatMap((all) => all.map(({ feedId }) => feedId)));
  const feedTopics = await listFeedTopics(trx, [...feedIds]);
  const storyIds = await takeStoryIds(trx, ids.length - known.size);
  const filing: Filing = { ...grouping, index, feedTopics, storyIds, begun: [] };
  for (const article of articles) {
    const waiting = { article, sources: sources.get(article.articleId) ?? [] };
    const storyId = known.get(article.articleId);
    if (article.withdrawnAt !== null) await takeBack(trx, article, storyId, filing);
    else if (storyId !== undefined) await tellAgain(trx, waiting, storyId, filing);
    else await place(trx, waiting, filing);
  }
  await writeBegun(trx, filing);
  await markArticlesGrouped(trx, ids);
}

async function takeBack(trx: Db, article: Article, storyId: number | undefined, filing: Filing): Promise<void> {
  if (article.withdrawnBecause === withdrawnByPublisher) filing.index.remove(article.articleId);
  if (storyId !== undefined) await withdrawFromStory(trx, storyId, filing);
}

async function tellAgain(trx: Db, waiting: Waiting, storyId: number, filing: Filing): Promise<void> {
  const { article, sources } = waiting;
  await retellStory(trx, storyId, { article, ...filing });
  await markFingerprint(trx, article.articleId, comparedOf(article, sources).fingerprint);
  await addTopics(trx, storyId, topicsOf(waiting, filing), filing.now);
}

/** Finds the article's story, or begins one. */
async function place(trx: Db, waiting: Waiting, filing: Filing): Promise<void> {
  const { article, sources } = waiting;
  const { lesson, now } = filing;
  const compared = comparedOf(article, sources);
  const { relation, similarity, story } = await findStory(trx, filing, compared);
  const joins = story !== undefined && relation !== 'follow-up';
  const storyId = joins ? story.storyId : (filing.storyIds.shift() as number);
  const topics = topicsOf(waiting, filing);
  const placed = {
    articleId: article.articleId,
    storyId,
    relation,
    similarity,
    fingerprint: compared.fingerprint,
    addedAt: now,
  };
  const thread = story ? threadOf(story) : storyId;
  lesson.add({ id: article.articleId, story: thread, ...compared });
  if (!joins) {
    filing.begun.push({ story: newStory(waiting, storyId, { ...filing, follows: story }), article: placed, topics });
    return;
  }
  const sourcesBefore = (await listOtherSources(trx, story)).length;
  lesson.reached(await insertStoryArticles(trx, [placed]));
  const isNamed = (await listOtherSources(trx, story)).length > sourcesBefore;
  if (isNamed && story.withdrawnAt === null) await showSources(trx, storyId, now);
  await addTopics(trx, storyId, topics, now);
}

/** A story of its own, or one that follows the first of its thread. */
function newStory(
  { article, sources }: Waiting,
  storyId: number,
  { follows, model, now }: Pick<Grouping, 'model' | 'now'> & { follows: StoryRow | undefined },
): NewStory {
  const told = tell(article, sources);
  return {
    storyId,
    ...told,
    isLate: article.isLate || now.getTime() - article.createdAt.getTime() > lateAfterMs,
    ...awaitModel(model, told, now),
    followsStoryId: follows ? threadOf(follows) : null,
    createdAt: now,
  };
}

async function writeBegun(trx: Db, { begun, lesson, now }: Filing): Promise<void> {
  const all = begun.splice(0);
  if (all.length === 0) return;
  await insertStories(
    trx,
    all.map(({ story }) => story),
  );
  lesson.reached(
    await insertStoryArticles(
      trx,
      all.map(({ article }) => article),
    ),
  );
  await insertStoryTopics(
    trx,
    all.flatMap(({ story: { storyId }, topics: { matches } }) =>
      matches.map(({ topicId, why }) => ({ storyId, topicId, why })),
    ),
  );
  for (const { story, topics } of all) await insertSuggestions(trx, story.storyId, topics.suggestions, now);
}

async function addTopics(trx: Db, storyId: number, { matches, suggestions }: Classification, now: Date): Promise<void> {
  const dismissed = await listDismissedTopics(trx, storyId);
  await addStoryTopics(trx, storyId, { matches: matches.filter(({ topicId }) => !dismissed.has(topicId)), now });
  await insertSuggestions(trx, storyId, suggestions, now);
}

interface Compared {
  fingerprint: Fingerprint;
  publishedAt: Date;
  feed: string;
}

function comparedOf(
  { headline: title, body: text, language, url, publishedAt }: Article,
  sources: readonly ArticleSource[],
): Compared {
  return {
    fingerprint: fingerprintOf({ title, text, publishedAt, language }),
    publishedAt,
    feed: publisherOf({ url, feedId: sources[0]?.feedId ?? null }),
  };
}

/**
 * The story of the nearest article that is told still, or that an editor has withdrawn: what says the same again joins
 * that one, and is not told.
 */
async function findStory(
  trx: Db,
  filing: Filing,
  article: Compared,
): Promise<{ relation: 'new' | 'copy' | 'same' | 'follow-up'; similarity: number; story: StoryRow | undefined }> {
  const { index, begun } = filing;
  for (;;) {
    const { relation, similarity, nearest } = index.find(article);
    if (!nearest) return { relation: 'new', similarity, story: undefined };
    if (begun.some((each) => each.article.articleId === nearest.id)) await writeBegun(trx, filing);
    const known = await findStoryArticle(trx, nearest.id);
    const story = known && (await getStoryRow(trx, known.storyId));
    if (story && story.withdrawnAt === null) return { relation, similarity, story };
    if (story && (await isWithdrawnByEditor(trx, nearest.id))) {
      // What a publisher adds hours later is not what the editor has read and withdrawn.
      return relation === 'follow-up'
        ? { relation: 'new', similarity, story: undefined }
        : { relation, similarity, story };
    }
    // Taken back by its publisher, as another process has seen.
    index.remove(nearest.id);
  }
}

/** The first story of the thread: follow-ups answer it, and not each other. */
function threadOf({ storyId, followsStoryId }: StoryRow): number {
  return followsStoryId ?? storyId;
}

function topicsOf(
  { article: { headline, body }, sources }: Waiting,
  { topics, predict, feedTopics }: Pick<Filing, 'topics' | 'predict' | 'feedTopics'>,
): Classification {
  const feedIds = new Set(sources.map(({ feedId }) => feedId));
  return classify({
    headline,
    body,
    categories: sources.flatMap((source) => source.categories),
    feedTopicIds: feedTopics.feedTopicIds.filter(({ feedId }) => feedIds.has(feedId)).map(({ topicId }) => topicId),
    feedCategories: feedTopics.feedCategories.filter(({ feedId }) => feedIds.has(feedId)),
    topics,
    predict,
  });
}
