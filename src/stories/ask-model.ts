// Between grouping and planning, where the newsroom has a model: stories that wait for its summary get it, or their own.
import type { Db } from '../db/database.ts';
import { listStoryArticles } from './grouping-store.ts';
import { claimModelStory, markModelAnswer, type StoryRow } from './story-store.ts';
import { type SummaryDeps, summarizeStory } from './summarize-story.ts';
import { summaryMaxCharacters } from './tell.ts';

/** An endpoint on the newsroom's own machine does not answer faster when more ask. */
const callsAtOnce = 4;

interface ModelRunOptions {
  signal?: AbortSignal;
  /** Called when a story waits no longer. */
  onAnswer: () => Promise<void>;
}

/** Asks beside whatever else is done, so that only the stories that wait for the model do wait. */
export interface ModelRun {
  /** Stories may have come that wait. */
  start(): void;
  /** Returns when none waits any more; throws what went wrong. */
  end(): Promise<void>;
}

export function createModelRun(deps: SummaryDeps, options: ModelRunOptions): ModelRun {
  const calls = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  return {
    start() {
      if (!deps.model) return;
      while (calls.size < callsAtOnce) {
        const call = askModel(deps, options)
          .catch((error: unknown) => void (failure ??= { error }))
          .then(() => void calls.delete(call));
        calls.add(call);
      }
    },
    async end() {
      while (calls.size > 0) await Promise.all(calls);
      if (failure) throw failure.error;
    },
  };
}

/** Until no story waits. What a killed process was asking for is told in its own words when its patience has ended. */
async function askModel(deps: SummaryDeps, { signal, onAnswer }: ModelRunOptions): Promise<void> {
  const { db, clock } = deps;
  while (!signal?.aborted) {
    const story = await claimModelStory(db, clock.now());
    if (!story) break;
    const { summary, by } = await summarizeStory(deps, await requestFor(db, story), signal);
    if (signal?.aborted) {
      await markModelAnswer(db, story, { modelState: 'waiting' });
      break;
    }
    await markModelAnswer(db, story, by === 'model' ? { summary, summarizedBy: 'model' } : {});
    await onAnswer();
  }
}

async function requestFor(db: Db, { storyId, headline, language }: StoryRow) {
  const [teller] = await listStoryArticles(db, storyId);
  return { headline, language, body: teller?.body ?? '', maxCharacters: summaryMaxCharacters };
}
