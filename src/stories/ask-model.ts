// Between grouping and planning, where the newsroom has a model: stories that wait for its summary get it, or their own.
import { listStoryArticles } from './grouping-store.ts';
import { claimModelStory, markModelAnswer } from './story-store.ts';
import { type SummaryDeps, summarizeStory } from './summarize-story.ts';
import { summaryMaxCharacters } from './tell.ts';

/**
 * Returns how many stories were summed up. A story that a killed process was asking for is told in its own sentences
 * when its patience has ended (group.ts).
 */
export async function askModel(deps: SummaryDeps, { signal }: { signal?: AbortSignal } = {}): Promise<number> {
  const { db, clock, model } = deps;
  if (!model) return 0;
  let summarized = 0;
  while (!signal?.aborted) {
    const story = await claimModelStory(db, clock.now());
    if (!story) break;
    const [teller] = await listStoryArticles(db, story.storyId);
    const { headline, language } = story;
    const request = { headline, language, body: teller?.body ?? '', maxCharacters: summaryMaxCharacters };
    const { summary, by } = await summarizeStory(deps, request, signal);
    if (signal?.aborted) {
      await markModelAnswer(db, story, { modelState: 'waiting' });
      break;
    }
    await markModelAnswer(db, story, by === 'model' ? { summary, summarizedBy: 'model' } : {});
    summarized += 1;
  }
  return summarized;
}
