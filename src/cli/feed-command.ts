// nashra feed: the URLs that are polled, one by one.
import { Command } from 'commander';
import type { Db } from '../db/database.ts';
import { deleteFeed, type Feed, findFeed, insertFeed, listFeeds, setFeedState } from '../feeds/feed-store.ts';
import { didYouMean } from '../newsroom/did-you-mean.ts';
import { checkFeedUrl, checkLanguage } from '../newsroom/newsroom.ts';
import { listFeedTopics, listTopics, setFeedTopics } from '../topics/topic-store.ts';
import { type Shell, CommandError, withWorld } from './context.ts';
import { getFeed } from './find-feed.ts';
import { json, localTime, printable, table } from './output.ts';

export function feedCommand(shell: Shell): Command {
  const feed = new Command('feed')
    .description('The feeds, one by one: add, list, check, pause, resume, remove.')
    .addHelpText(
      'after',
      `
Examples:
  nashra feed add https://news.example/feed/ --language ar --topic syria
  nashra feed list
  nashra feed pause 3`,
    );

  feed
    .command('add')
    .description('Add a feed; its first round stores what is there and sends nothing older than an hour.')
    .argument('<url>')
    .option('--language <tag>', 'the language of its articles; recognised by itself when left out')
    .option('--topic <slug>', 'a topic that every article of the feed has; may be given several times', collected, [])
    .option('--json', 'print the feed as one JSON object')
    .addHelpText(
      'after',
      `
Example:
  nashra feed add https://news.example/feed/ --language ar --topic syria --topic economy`,
    )
    .action((url: string, flags: AddFlags) => add(shell, url, flags));

  feed
    .command('list')
    .description('List the feeds, with what their last check gave.')
    .option('--json', 'print {"feeds": […]}')
    .action((flags: { json?: boolean }) => list(shell, flags));

  feed
    .command('check')
    .description('Ask a feed now, store nothing, and say what it is or what is wrong with it.')
    .argument('<feed>', 'a URL, or the id of a feed in the list')
    .option('--json', 'print the answer as one JSON object')
    .addHelpText(
      'after',
      `
The exit code is 1 when the feed cannot be used.

Examples:
  nashra feed check https://news.example/feed/
  nashra feed check 3`,
    )
    .action(async (feed: string, flags: { json?: boolean }) =>
      (await import('./feed-check.ts')).checkFeed(shell, feed, flags),
    );

  const change = (name: string, description: string, run: (db: Db, feed: Feed) => Promise<string>) =>
    feed
      .command(name)
      .description(description)
      .argument('<feed>', 'the id or the URL of a feed in the list')
      .action((which: string) =>
        withWorld(shell, async ({ db }) => {
          shell.print(`${await run(db, await getFeed(db, which))}\n`);
        }),
      );

  change('pause', 'Stop asking a feed, until it is resumed.', async (db, { feedId, url, state }) => {
    await setFeedState(db, feedId, 'paused', shell.clock.now());
    return state === 'paused' ? `Feed ${feedId} (${url}) is paused already.` : `Paused feed ${feedId} (${url}).`;
  });
  change('resume', 'Ask a paused feed again, from the next round on.', async (db, { feedId, url, state }) => {
    await setFeedState(db, feedId, 'active', shell.clock.now());
    return state === 'active' ? `Feed ${feedId} (${url}) is active already.` : `Resumed feed ${feedId} (${url}).`;
  });
  change('remove', 'Remove a feed; its articles stay.', async (db, { feedId, url }) => {
    await deleteFeed(db, feedId);
    return `Removed feed ${feedId} (${url}).`;
  });

  return feed;
}

function collected(value: string, before: string[]): string[] {
  return [...before, value];
}

interface AddFlags {
  language?: string;
  topic: string[];
  json?: boolean;
}

async function add(shell: Shell, text: string, { language: tag, topic: slugs, ...flags }: AddFlags) {
  const { value: url, problem } = checkFeedUrl(text);
  if (problem !== undefined) throw new CommandError(`The URL ${JSON.stringify(text)} ${problem}.`);
  const language = tag === undefined ? null : checkLanguage(tag);
  if (language?.problem !== undefined)
    throw new CommandError(`The language ${JSON.stringify(tag)} ${language.problem}.`);

  await withWorld(shell, async ({ db }) => {
    const feed = await db.transaction().execute(async (trx) => {
      const topicIds = await topicIdsOf(trx, slugs);
      const inserted = await insertFeed(trx, { url, language: language?.value ?? null, now: shell.clock.now() });
      if (!inserted) throw new CommandError(`${url} is a feed already: ${(await findFeed(trx, { url }))?.feedId}.`);
      await setFeedTopics(trx, inserted.feedId, topicIds);
      return inserted;
    });
    const { feedId, state } = feed;
    shell.print(
      flags.json
        ? json({ feedId, url, language: feed.language, state, topics: [...new Set(slugs)] })
        : `Added feed ${feedId} (${url}); the next round asks it.\n`,
    );
  });
}

async function topicIdsOf(db: Db, slugs: readonly string[]): Promise<number[]> {
  const ids = new Map((await listTopics(db)).map(({ slug, topicId }) => [slug, topicId]));
  return [...new Set(slugs)].map((slug) => {
    const topicId = ids.get(slug);
    if (topicId !== undefined) return topicId;
    const meant = didYouMean(slug, ids.keys());
    const known = ids.size === 0 ? 'There are no topics yet.' : `The topics are ${[...ids.keys()].join(', ')}.`;
    throw new CommandError(`There is no topic "${slug}". ${meant ? `Did you mean "${meant}"?` : known}`);
  });
}

async function list(shell: Shell, flags: { json?: boolean }): Promise<void> {
  await withWorld(shell, async ({ db }, config) => {
    const feeds = await listFeeds(db);
    const slugs = new Map((await listTopics(db)).map(({ slug, topicId }) => [topicId, slug]));
    const { feedTopicIds } = await listFeedTopics(
      db,
      feeds.map(({ feedId }) => feedId),
    );
    const topicsOf = (feed: Feed) =>
      feedTopicIds.filter(({ feedId }) => feedId === feed.feedId).map(({ topicId }) => slugs.get(topicId) ?? '');
    if (flags.json) {
      shell.print(json({ feeds: feeds.map((feed) => ({ ...feed, topics: topicsOf(feed) })) }));
    } else if (feeds.length === 0) {
      shell.print('There are no feeds yet. Add one with: nashra feed add URL\n');
    } else {
      const rows = feeds.map((feed) => [
        feed.feedId,
        feed.state,
        localTime(feed.checkedAt, config.timeZone),
        feed.outcome,
        feed.language,
        topicsOf(feed).join(','),
        feed.url,
        feed.title,
      ]);
      shell.print(table(['id', 'state', 'asked', 'outcome', 'language', 'topics', 'url', 'title'], rows));
      const failing = feeds.filter(({ outcomeReason }) => outcomeReason !== null);
      for (const { feedId, outcomeReason } of failing)
        shell.print(`feed ${feedId}: ${printable(outcomeReason ?? '')}\n`);
    }
  });
}
