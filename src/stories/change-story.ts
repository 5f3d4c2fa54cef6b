// What happens to a story whose articles change at the source: it is told again, or from another source, or withdrawn.
import { type Article, listArticleSources } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';
import { insertCorrection, lastCorrection } from './correction-store.ts';
import { refusalOf } from './grounding.ts';
import { listStoryArticles } from './grouping-store.ts';
import { correctionDueAt } from './story.ts';
import { getStoryRow, type StoryRow, updateStory } from './story-store.ts';
import type { ModelSummarizer } from './summary-model.ts';
import { awaitModel, looksDifferent, summaryMaxCharacters, tell } from './tell.ts';

/** Nothing is known of a new picture. */
const untriedImage = { imageState: 'untried', imageUntil: null, imageFileId: null } as const;

interface Change {
  now: Date;
  /** Asked for a summary of what is told anew. */
  model: ModelSummarizer | undefined;
}

/** An article of a told story was read again: where the story is told from it, delivered copies show what it says now. */
export async function retellStory(
  trx: Db,
  storyId: number,
  { article, ...change }: Change & { article: Article },
): Promise<void> {
  const story = await getStoryRow(trx, storyId);
  const [teller] = await listStoryArticles(trx, storyId);
  if (story.withdrawnAt !== null || teller?.articleId !== article.articleId) return;
  await tellFrom(trx, story, article, change);
}

/** An article of a story was withdrawn: others tell the story now, or nobody does. */
export async function withdrawFromStory(trx: Db, storyId: number, change: Change): Promise<void> {
  const { now } = change;
  const story = await getStoryRow(trx, storyId);
  if (story.withdrawnAt !== null) return;
  const [teller] = await listStoryArticles(trx, storyId);
  if (teller) {
    // Whoever took it back is not to be named, or linked to, any more.
    if ((await tellFrom(trx, story, teller, change)) === 'unchanged') await showSources(trx, storyId, now);
    return;
  }
  await withdrawStory(trx, storyId, now);
}

/** Takes a story that still stands back from all its copies, at once. */
export async function withdrawStory(trx: Db, storyId: number, now: Date): Promise<void> {
  const storyRevision = await updateStory(trx, storyId, { withdrawnAt: now, shows: true });
  await insertCorrection(trx, { storyId, kind: 'withdrawal', storyRevision, dueAt: now, now });
}

/**
 * Says whether readers would see it, which is then corrected; the link and the source's name are the article's in any
 * case.
 */
async function tellFrom(
  trx: Db,
  story: StoryRow,
  article: Article,
  { now, model }: Change,
): Promise<'changed' | 'unchanged'> {
  const { storyId } = story;
  const told = tell(article, await listArticleSources(trx, article.articleId));
  const { publishedAt: _kept, sourceName, ...values } = told;
  // Its feed may be gone from the newsroom; readers know the source all the same.
  const source = { url: told.url, sourceName: sourceName ?? story.sourceName };
  // Told before there was a mark: nothing is known to have changed.
  const isUnmarked = story.toldHash === null && told.url === story.url;
  const isChanged = looksDifferent(story, told) || isOutdated(story, article);
  // A teaser that only goes on where it was cut off says nothing else (articles/article-words.ts).
  if (isUnmarked || article.completed || told.toldHash === story.toldHash || !isChanged) {
    const { toldHash, extract, searchTerms } = told;
    const summary = story.summarizedBy === 'model' || isUnmarked ? story.summary : told.summary;
    await updateStory(trx, storyId, { ...source, summary, toldHash, extract, searchTerms, shows: false });
    return 'unchanged';
  }
  const storyRevision = await updateStory(trx, storyId, {
    ...values,
    ...source,
    ...awaitModel(model, told, now),
    ...(told.imageUrl === story.imageUrl ? {} : { ...untriedImage, imageRevision: story.revision + 1 }),
    correctedAt: now,
    shows: true,
  });
  const dueAt = correctionDueAt('correction', undefined, now);
  await insertCorrection(trx, { storyId, kind: 'update', storyRevision, dueAt, now });
  return 'changed';
}

/** What a model read stands further down, too: its summary must still hold against the article as it is now. */
function isOutdated({ summarizedBy, summary }: StoryRow, { headline, body, language }: Article): boolean {
  if (summarizedBy !== 'model') return false;
  return refusalOf(summary, { headline, body, language, maxCharacters: summaryMaxCharacters }) !== undefined;
}

/** A new source: delivered copies name it, in their time. */
export async function showSources(trx: Db, storyId: number, now: Date): Promise<void> {
  const storyRevision = await updateStory(trx, storyId, { shows: true });
  const dueAt = correctionDueAt('sources', await lastCorrection(trx, storyId), now);
  await insertCorrection(trx, { storyId, kind: 'update', storyRevision, dueAt, now });
}
