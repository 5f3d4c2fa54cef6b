// nashra try stories: which of several articles tell the same story, in the order in which they are given.
import { publisherOf } from '../../stories/story-memory.ts';
import { createStoryIndex, fingerprintOf, type Relation } from '../../stories/similarity.ts';
import type { Material } from './material.ts';
import { type Fields, idIn, optionalInstantIn, optionalTextIn, textIn, type Trial } from './trial.ts';

type Id = string | number;

interface StoryAnswer {
  id: Id;
  /** The id of the article that began the story. */
  story: Id;
  relation: Relation;
  similarity: number;
}

/** Remembers what it was asked before, as a newsroom's process does. */
export function createStoriesTrial({ material, now }: { material: Material; now: Date }): Trial {
  const index = createStoryIndex<Id>();
  let newest = new Date(0);
  return {
    async answer(fields): Promise<StoryAnswer> {
      const { id, title, text, publishedAt, feed } = await articleOf(fields, { material, now });
      const fingerprint = fingerprintOf({ title, text, publishedAt });
      if (publishedAt > newest) {
        newest = publishedAt;
        index.expire(newest);
      }
      const { relation, nearest, similarity } = index.find({ fingerprint, publishedAt, feed });
      const story = nearest?.story ?? id;
      index.add({ id, story, fingerprint, publishedAt, feed });
      return { id, story, relation, similarity: Number(similarity.toFixed(3)) };
    },
  };
}

async function articleOf(fields: Fields, { material, now }: { material: Material; now: Date }) {
  const file = optionalTextIn(fields, 'file');
  if (file !== undefined) {
    const { title, text, publishedAt, url } = await material.article(file);
    const feed = url === null ? unknownFeed(file) : publisherOf({ url, feedId: null });
    return { id: file, title, text, publishedAt: publishedAt ?? now, feed };
  }
  const id = idIn(fields, 'id');
  const hasFeed = fields['feed'] !== undefined && fields['feed'] !== null;
  return {
    id,
    title: textIn(fields, 'title'),
    text: optionalTextIn(fields, 'text') ?? '',
    publishedAt: optionalInstantIn(fields, 'publishedAt') ?? now,
    feed: hasFeed ? idIn(fields, 'feed') : unknownFeed(id),
  };
}

/** Whoever is not named is taken for a publisher of its own. */
function unknownFeed(id: Id): string {
  return `unknown: ${id}`;
}

const relations: Readonly<Record<Relation, string>> = {
  new: 'a story of its own',
  copy: 'the same text as',
  same: 'the same event as',
  'follow-up': 'a development of',
};

export function showStory({ id, story, relation, similarity }: StoryAnswer): string {
  const what = relation === 'new' ? relations.new : `${relations[relation]} ${story}`;
  return `${id}: ${what} (similarity ${similarity})\n`;
}
