// A feed as a person names it at the keyboard: by its id or its URL.
import type { Db } from '../db/database.ts';
import { type Feed, findFeed } from '../feeds/feed-store.ts';
import { checkFeedUrl } from '../newsroom/newsroom.ts';
import { CommandError } from './context.ts';

export function isFeedId(which: string): boolean {
  return /^\d{1,15}$/.test(which);
}

/** Throws a CommandError when there is none. */
export async function getFeed(db: Db, which: string): Promise<Feed> {
  const feed = await findFeed(db, feedKey(which));
  if (feed) return feed;
  throw new CommandError(`There is no feed ${which}. "nashra feed list" shows the feeds that there are.`);
}

function feedKey(which: string): { feedId: number } | { url: string } {
  if (isFeedId(which)) return { feedId: Number(which) };
  const { value: url, problem } = checkFeedUrl(which);
  if (problem === undefined) return { url };
  throw new CommandError(`${JSON.stringify(which)} is neither the id of a feed nor a URL.`);
}
