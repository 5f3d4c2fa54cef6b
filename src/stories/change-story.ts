// What happens to a story whose articles change at the source: it is told again, or from another source, or withdrawn.
import { type Article, listArticleSources } from '../articles/article-store.ts';
import type { Db } from '../db/database.ts';
import { insertCorrection, lastCorrectionDueAt } from './correction-store.ts';
import { listStoryArticles } from './grouping-store.ts';
import { correctionDueAt } from './story.ts';
import { getStoryRow, type StoryRow, updateStory } from './story-store.ts';
import type { ModelSummarizer } from './summary-model.ts';
import { awaitModel, looksDifferent, tell } from './tell.ts';

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

async function tellFrom(trx: Db, story: StoryRow, article: Article, { now, model }: Change): Promise<void> {
  const { storyId } = story;
  const told = tell(article, await listArticleSources(trx, article.articleId));
  if (told.toldHash === story.toldHash) return;
  if (!looksDifferent(story, told)) {
    await updateStory(trx, storyId, { toldHash: told.toldHash, shows: false });
    return;
  }
  const { publishedAt: _kept, ...values } = told;
  const revision = await updateStory(trx, storyId, {
    ...values,
    ...awaitModel(model, told.breaking, now),
    ...(told.imageUrl === story.imageUrl ? {} : { imageState: 'untried' }),
    correctedAt: now,
    shows: true,
  });
  const dueAt = correctionDueAt('correction', undefined, now);
  await insertCorrection(trx, { storyId, kind: 'update', storyRevision: revision, dueAt, now });
}

/** A new source: delivered copies name it, in their time. */
export async function showSources(trx: Db, storyId: number, now: Date): Promise<void> {
  const revision = await updateStory(trx, storyId, { shows: true });
  const dueAt = correctionDueAt('sources', await lastCorrectionDueAt(trx, storyId), now);
  await insertCorrection(trx, { storyId, kind: 'update', storyRevision: revision, dueAt, now });
}

/** An article of a story was withdrawn: others tell the story now, or nobody does. */
export async function withdrawFromStory(trx: Db, storyId: number, change: Change): Promise<void> {
  const { now } = change;
  const story = await getStoryRow(trx, storyId);
  if (story.withdrawnAt !== null) return;
  const [teller] = await listStoryArticles(trx, storyId);
  if (teller) {
    await tellFrom(trx, story, teller, change);
    await showSources(trx, storyId, now);
    return;
  }
  const revision = await updateStory(trx, storyId, { withdrawnAt: now, shows: true });
  await insertCorrection(trx, { storyId, kind: 'withdrawal', storyRevision: revision, dueAt: now, now });
}
