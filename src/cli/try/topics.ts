// nashra try topics: the newsroom's topics that an article belongs to, as its database knows them, and why.
import { detectLanguage } from '../../articles/language.ts';
import { classify, type TopicMatch } from '../../topics/classify.ts';
import { createCurrentPredictor } from '../../topics/topic-model-store.ts';
import { listTopics } from '../../topics/topic-store.ts';
import { type Shell, withWorld } from '../context.ts';
import { isolated, printable } from '../output.ts';
import type { Material } from './material.ts';
import { optionalTextIn, textIn, type Trial } from './trial.ts';

interface TopicAnswer {
  topics: { slug: string; confidence: number; why: string }[];
  /** Topics that the model would ask an editor about. */
  suggestions: { slug: string; confidence: number }[];
  language: string;
}

/** Without a feed there are neither its topics nor its categories: keywords and the trained model remain. */
export function withTopicsTrial<T>(shell: Shell, material: Material, run: (trial: Trial) => Promise<T>): Promise<T> {
  return withWorld(shell, async ({ db }) => {
    const topics = await listTopics(db);
    const predict = await createCurrentPredictor()(db);
    const slugs = new Map(topics.map(({ topicId, slug }) => [topicId, slug]));
    const slugOf = (topicId: number) => slugs.get(topicId) ?? String(topicId);
    return run({
      async answer(fields): Promise<TopicAnswer> {
        const file = optionalTextIn(fields, 'file');
        const { title, text } =
          file === undefined
            ? { title: textIn(fields, 'title'), text: optionalTextIn(fields, 'text') ?? '' }
            : await material.article(file);
        const { matches, suggestions } = classify({
          headline: title,
          body: text,
          categories: [],
          feedTopicIds: [],
          feedCategories: [],
          topics,
          predict,
        });
        return {
          topics: matches.map((match) => ({
            slug: slugOf(match.topicId),
            confidence: rounded(match.confidence),
            why: reasonOf(match),
          })),
          suggestions: suggestions.map(({ topicId, confidence }) => ({
            slug: slugOf(topicId),
            confidence: rounded(confidence),
          })),
          language: optionalTextIn(fields, 'language') ?? detectLanguage(`${title}\n${text}`, null),
        };
      },
    });
  });
}

function reasonOf({ why, evidence }: TopicMatch): string {
  return evidence === '' ? why : `${why}: ${evidence}`;
}

function rounded(confidence: number): number {
  return Number(confidence.toFixed(3));
}

export function showTopics({ topics, suggestions }: TopicAnswer): string {
  const lines = [
    ...topics.map(({ slug, confidence, why }) => `${slug}  ${percent(confidence)}  ${isolated(printable(why))}`),
    ...suggestions.map(({ slug, confidence }) => `${slug}?  ${percent(confidence)}  an editor would be asked`),
  ];
  return lines.length === 0 ? 'None of the newsroom’s topics.\n' : `${lines.join('\n')}\n`;
}

function percent(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}
