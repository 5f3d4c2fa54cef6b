// The newsroom's own labels in Postgres: articles with the topics that a feed, a category or an editor gave them.
import { sql } from 'kysely';
import type { Db } from '../db/database.ts';
import { maxFeatureCharacters } from './text-features.ts';
import type { LabelledText } from './train-topic-model.ts';

/** The newest; older ones are of another time, and training takes seconds for these. */
const maxArticles = 10_000;

/**
 * The newest labelled articles, newest first. A topic counts as given when its feed, a category or an editor gave it,
 * and as refused when an editor dismissed it. Topics by keyword or by the model are of no use as labels, being the work
 * of the rules that are to be bettered: of them, and of suggestions that wait, the article is unsure. An article of
 * which nothing is known but a dismissal is unsure of all the rest.
 */
export async function listLabels(db: Db, { limit = maxArticles } = {}): Promise<LabelledText[]> {
  const { rows } = await sql<{
    storyId: number;
    title: string;
    text: string;
    given: string[];
    dismissed: string[];
    doubtful: string[];
  }>`
    select story_id, headline as title, left(body, ${maxFeatureCharacters}) as text, given, dismissed, doubtful
    from story_article join article using (article_id)
    cross join lateral (
      select
        coalesce(array_agg(slug) filter (where why in ('feed', 'category', 'editor')), '{}') as given,
        coalesce(array_agg(slug) filter (where state = 'dismissed'), '{}') as dismissed,
        coalesce(array_agg(slug) filter (where why in ('keyword', 'model') or state = 'open'), '{}') as doubtful
      from topic
      left join story_topic on story_topic.topic_id = topic.topic_id and story_topic.story_id = story_article.story_id
      left join topic_suggestion
        on topic_suggestion.topic_id = topic.topic_id and topic_suggestion.story_id = story_article.story_id
    ) label
    where article.withdrawn_at is null and (cardinality(given) > 0 or cardinality(dismissed) > 0)
    order by article_id desc
    limit ${limit}`.execute(db);
  const slugs = (await db.selectFrom('topic').select('slug').execute()).map(({ slug }) => slug);

  return rows.map(({ storyId, title, text, given, dismissed, doubtful }) => {
    const topics = given.filter((slug) => !dismissed.includes(slug));
    const unsure = (topics.length > 0 ? doubtful : slugs).filter((slug) => ![...topics, ...dismissed].includes(slug));
    return { title, text, topics, unsure, group: String(storyId) };
  });
}
