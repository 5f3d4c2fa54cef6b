// What a process remembers of the articles grouped lately, by whichever process; after a restart it is read again.
import type { Db } from '../db/database.ts';
import { listGroupedSince } from './grouping-store.ts';
import { createStoryIndex, type Fingerprint, type IndexedArticle, type StoryIndex } from './similarity.ts';
import { siteOf } from './story.ts';

/** Ids are articles', stories are threads: the first story of each. */
export type ArticleIndex = StoryIndex<number>;

/** A day more than the index looks back: an article may be grouped long after its publication. */
const readAgainMs = 4 * 24 * 60 * 60 * 1000;

export interface StoryMemory {
  /** For one transaction, in which articles are grouped. */
  lesson(): Lesson;
}

/** What is learnt while the grouping lock is held. */
export interface Lesson {
  /** The index with everything that is committed; exact while the grouping lock is held. */
  sync(db: Db, now: Date): Promise<ArticleIndex>;
  /** What this transaction groups need not be read. */
  add(article: IndexedArticle<number>): void;
  /** Up to this sequence all is in the index. */
  reached(sequence: number): void;
  /** Nothing of it was committed. */
  forget(): void;
}

export function createStoryMemory(): StoryMemory {
  const index = createStoryIndex<number>();
  let sequence = 0;
  let lastAt = new Date(0);

  async function sync(db: Db, now: Date): Promise<void> {
    // The clock was ahead: what was forgotten then is read again.
    if (now < lastAt) sequence = 0;
    lastAt = now;
    index.expire(now);
    const since = new Date(now.getTime() - readAgainMs);
    for (const article of await listGroupedSince(db, { sequence, since })) {
      // Several groupings of this process may read the same rows.
      if (article.sequence <= sequence) continue;
      sequence = article.sequence;
      index.add({
        id: article.articleId,
        story: article.threadId,
        fingerprint: article.fingerprint as Fingerprint,
        publishedAt: article.publishedAt,
        feed: publisherOf(article),
      });
    }
  }

  return {
    lesson() {
      const added: number[] = [];
      let before: number | undefined;
      return {
        async sync(db, now) {
          await sync(db, now);
          before = sequence;
          return index;
        },
        add(article) {
          index.add(article);
          added.push(article.id);
        },
        reached(at) {
          sequence = Math.max(sequence, at);
        },
        forget() {
          for (const id of added) index.remove(id);
          sequence = Math.min(sequence, before ?? sequence);
        },
      };
    },
  };
}

/** Who tells: the site, so that two feeds of one publisher are one; the feed where an article has no address. */
export function publisherOf({ url, feedId }: { url: string | null; feedId: number | null }): string {
  return siteOf(url) ?? `feed ${feedId}`;
}
