// The third stage: turns articles that were read into stories with topics and a summary, one story for each event.
import {
  type Article,
  type ArticleSource,
  claimArticle,
  listArticleSources,
  withdrawnByPublisher,
} from '../articles/article-store.ts';
import { type Db, isDisconnected } from '../db/database.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { type Classification, classify } from '../topics/classify.ts';
import { insertSuggestions, listDismissedTopics } from '../topics/suggestion-store.ts';
import type { TopicPredictor } from '../topics/topic-model.ts';
import type { CurrentPredictor } from '../topics/topic-model-store.ts';
import { listFeedTopics, listTopics } from '../topics/topic-store.ts';
import type { Topic } from '../topics/topic.ts';
import { retellStory, showSources, withdrawFromStory } from './change-story.ts';
import {
  isWithdrawnByEditor,
  lockGrouping,
  lockWaitingArticle,
  markArticleGrouped,
  markFingerprint,
} from './grouping-store.ts';
import { type Fingerprint, fingerprintOf } from './similarity.ts';
import { type ArticleIndex, publisherOf, type StoryMemory } from './story-memory.ts';
import {
  addStoryTopics,
  findStoryArticle,
  getStoryRow,
  insertStory,
  insertStoryArticle,
  listOtherSources,
  type StoryRow,
} from './story-store.ts';
import type { ModelSummarizer } from './summary-model.ts';
import { awaitModel, tell, type ToldStory } from './tell.ts';

/** Longer than grouping one article may take; after a kill another process takes it up then. */
const claimMs = 60_000;

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
  const { db, clock, log } = deps;
  const topics = await listTopics(db);
  const predict = await deps.currentPredictor(db);
  let grouped = 0;
  while (!signal?.aborted) {
    const now = clock.now();
    const article = await claimArticle(db, 'read', now, claimMs);
    if (!article) break;
    try {
      await db.transaction().execute((trx) => groupOne(trx, article.articleId, { ...deps, topics, predict, now }));
      grouped += 1;
    } catch (error) {
      if (isDisconnected(error)) throw error;
      // One article's trouble is nobody else's; it is tried again when its claim has run out.
      log.error('could not group an article', { articleId: article.articleId, error });
    }
  }
  return grouped;
}

interface Grouping extends GroupDeps {
  topics: readonly Topic[];
  predict: TopicPredictor | undefined;
  now: Date;
}

async function groupOne(trx: Db, articleId: number, grouping: Grouping): Promise<void> {
  await lockGrouping(trx);
  const article = await lockWaitingArticle(trx, articleId);
  if (!article) return;
  const { memory, now } = grouping;
  const change = { now, model: grouping.model };
  const index = await memory.sync(trx, now);
  const known = await findStoryArticle(trx, articleId);
  if (article.withdrawnAt !== null) {
    if (article.withdrawnBecause === withdrawnByPublisher) index.remove(articleId);
    if (known) await withdrawFromStory(trx, known.storyId, change);
  } else {
    const sources = await listArticleSources(trx, articleId);
    const compared = comparedOf(article, sources);
    const storyId = known?.storyId ?? (await place(trx, article, sources, { compared, index, ...grouping }));
    if (known) {
      await retellStory(trx, storyId, { article, ...change });
      await markFingerprint(trx, articleId, compared.fingerprint);
    }
    const { matches, suggestions } = await topicsOf(trx, article, sources, grouping);
    const dismissed = await listDismissedTopics(trx, storyId);
    await addStoryTopics(trx, storyId, { matches: matches.filter(({ topicId }) => !dismissed.has(topicId)), now });
    await insertSuggestions(trx, storyId, suggestions, now);
  }
  await markArticleGrouped(trx, articleId);
}

/** Finds the article's story, or begins one; returns its id. */
async function place(
  trx: Db,
  article: Article,
  sources: readonly ArticleSource[],
  { compared, index, model, now }: Grouping & { compared: Compared; index: ArticleIndex },
): Promise<number> {
  const { articleId } = article;
  const { relation, similarity, story } = await findStory(trx, index, compared);
  const joins = story !== undefined && relation !== 'follow-up';
  const storyId = joins ? story.storyId : await begin(trx, tell(article, sources), { follows: story, model, now });
  const sourcesBefore = joins ? (await listOtherSources(trx, story)).length : 0;
  await insertStoryArticle(trx, {
    articleId,
    storyId,
    relation,
    similarity,
    fingerprint: JSON.stringify(compared.fingerprint),
    addedAt: now,
  });
  const isNamed = joins && (await listOtherSources(trx, story)).length > sourcesBefore;
  if (isNamed && story.withdrawnAt === null) await showSources(trx, storyId, now);
  return storyId;
}

/** A story of its own, or one that follows the first of its thread. */
function begin(
  trx: Db,
  told: ToldStory,
  { follows, model, now }: Pick<Grouping, 'model' | 'now'> & { follows: StoryRow | undefined },
): Promise<number> {
  return insertStory(trx, {
    ...told,
    ...awaitModel(model, told, now),
    followsStoryId: follows ? threadOf(follows) : null,
    createdAt: now,
  });
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
  index: ArticleIndex,
  article: Compared,
): Promise<{ relation: 'new' | 'copy' | 'same' | 'follow-up'; similarity: number; story: StoryRow | undefined }> {
  for (;;) {
    const { relation, similarity, nearest } = index.find(article);
    if (!nearest) return { relation: 'new', similarity, story: undefined };
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

async function topicsOf(
  trx: Db,
  { headline, body }: Article,
  sources: readonly ArticleSource[],
  { topics, predict }: Pick<Grouping, 'topics' | 'predict'>,
): Promise<Classification> {
  const { feedTopicIds, feedCategories } = await listFeedTopics(
    trx,
    sources.map((source) => source.feedId),
  );
  return classify({
    headline,
    body,
    categories: sources.flatMap((source) => source.categories),
    feedTopicIds: feedTopicIds.map((feedTopic) => feedTopic.topicId),
    feedCategories,
    topics,
    predict,
  });
}
