// Describes the newsroom as it stands in the form of its file; applying that changes nothing.
import type { Db } from '../db/database.ts';
import type { Newsroom } from './newsroom.ts';
import { readNewsroom } from './newsroom-store.ts';
import { chatName } from './plan-newsroom.ts';

export async function exportNewsroom(db: Db): Promise<Required<Newsroom>> {
  const { topics, feeds, channels } = await readNewsroom(db);
  return {
    topics: topics.map(({ slug, name, keywords }) => ({ slug, name, keywords })),
    feeds: feeds.map(({ feedId: _id, formerUrls: _former, ...feed }) => feed),
    channels: channels
      .filter(({ kind }) => kind === 'channel')
      .map(({ language, topics, ...channel }) => ({ chat: chatName(channel), language, topics })),
  };
}
