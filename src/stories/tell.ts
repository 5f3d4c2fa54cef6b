// How an article is told as a story: what of it is shown, and a mark by which a change of that is seen.
import { createHash } from 'node:crypto';
import type { Article, ArticleSource } from '../articles/article-store.ts';
import { searchTerms } from '../lib/keywords.ts';
import { collapseWhitespace } from '../lib/text.ts';
import { isBreaking } from './story.ts';
import { sourceNameOf, type StoryRow } from './story-store.ts';
import { summarize } from './summarize.ts';
import type { ModelSummarizer } from './summary-model.ts';

/** A summary is to fit a picture's caption with the headline and the lines around it. */
export const summaryMaxCharacters = 500;

/** What is searched of a body: the longest of articles have their names well before. */
export const searchedCharacters = 20_000;

export type ToldStory = Pick<
  StoryRow,
  | 'headline'
  | 'kicker'
  | 'summary'
  | 'extract'
  | 'summarizedBy'
  | 'language'
  | 'url'
  | 'sourceName'
  | 'imageUrl'
  | 'publishedAt'
  | 'breaking'
  | 'searchTerms'
  | 'toldHash'
>;

/** The story that `article` tells, summed up in its own sentences. */
export function tell(article: Article, sources: readonly ArticleSource[]): ToldStory {
  const { headline, kicker, body, language, url, imageUrl, publishedAt } = article;
  const [source] = sources;
  const extract = summarize(body, { language, headline, maxCharacters: summaryMaxCharacters }).join(' ');
  return {
    headline,
    kicker,
    summary: extract,
    extract,
    summarizedBy: 'extract',
    language,
    url,
    sourceName: source ? sourceNameOf({ title: source.feedTitle, feedUrl: source.feedUrl }) : null,
    imageUrl,
    publishedAt,
    breaking: isBreaking(
      headline,
      sources.flatMap(({ categories }) => categories),
    ),
    searchTerms: searchTerms(`${headline}\n${body.slice(0, searchedCharacters)}`),
    toldHash: toldHash(article),
  };
}

function toldHash({ headline, kicker, body, imageUrl }: Article): string {
  return createHash('sha256')
    .update(JSON.stringify([headline, kicker, body, imageUrl]))
    .digest('base64url');
}

/** A story waits this long for a model's summary, and then goes out with its own sentences. */
export const modelPatienceMs = 45_000;

/** Breaking news waits for no model, nor does what has nothing to be summed up. */
export function awaitModel(
  model: ModelSummarizer | undefined,
  { breaking, extract }: Pick<ToldStory, 'breaking' | 'extract'>,
  now: Date,
): Pick<StoryRow, 'modelState' | 'modelUntil'> {
  return model && !breaking && extract !== ''
    ? { modelState: 'waiting', modelUntil: new Date(now.getTime() + modelPatienceMs) }
    : { modelState: null, modelUntil: null };
}

/** Whether readers would see the change; a model's words are compared by what they were made of. */
export function looksDifferent(before: Shown, now: Shown): boolean {
  return shownOf(before) !== shownOf(now);
}

type Shown = Pick<ToldStory, 'headline' | 'kicker' | 'extract' | 'imageUrl'>;

function shownOf({ headline, kicker, extract, imageUrl }: Shown): string {
  return JSON.stringify([headline, kicker, extract, imageUrl].map((text) => collapseWhitespace(text ?? '')));
}
