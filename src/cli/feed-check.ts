// nashra feed check: asks a feed now, stores nothing, and says in plain words what came back.
import packageJson from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import type { ParsedFeed } from '../feeds/feed.ts';
import { fetchFeed } from '../feeds/fetch-feed.ts';
import { createFetch, honestUserAgent } from '../lib/http.ts';
import { checkFeedUrl } from '../newsroom/newsroom.ts';
import { type Shell, CommandError, readConfig, withWorld } from './context.ts';
import { getFeed, isFeedId } from './find-feed.ts';
import { counted, isolated, json, localTime, printable } from './output.ts';

const maxCategories = 30;

export async function checkFeed(shell: Shell, which: string, flags: { json?: boolean }): Promise<void> {
  const config = readConfig(shell);
  const known = isFeedId(which) ? await withWorld(shell, ({ db }) => getFeed(db, which)) : undefined;
  const url = known?.url ?? urlOf(which);
  const now = shell.clock.now();
  const outcome = await fetchFeed(
    createFetch({
      allowPrivateNetwork: config.allowPrivateNetwork,
      userAgent: honestUserAgent(packageJson.version),
    }),
    { url, etag: null, lastModified: null },
    { now, timeZone: known?.timeZone ?? config.timeZone, signal: shell.signal },
  );
  if (outcome.kind === 'unchanged')
    throw new CommandError(`${url} says "not modified" although we had nothing before.`);
  if (outcome.kind !== 'fetched') {
    if (flags.json) shell.print(json({ url, usable: false, outcome: outcome.kind, reason: outcome.reason }));
    throw new CommandError(`${url} cannot be used (${outcome.kind}): ${printable(outcome.reason)}`);
  }
  const { feed, movedTo } = outcome;
  if (flags.json) {
    shell.print(json({ url, usable: true, outcome: outcome.kind, movedTo, ...summaryOf(feed) }));
  } else {
    shell.print(describe({ url, movedTo, feed, config }));
  }
}

function urlOf(text: string): string {
  const { value: url, problem } = checkFeedUrl(text);
  if (problem === undefined) return url;
  throw new CommandError(`${JSON.stringify(text)} is neither the id of a feed nor its URL, which ${problem}.`);
}

function summaryOf({ title, language, entries }: ParsedFeed) {
  const dates = entries.flatMap(({ publishedAt }) => publishedAt ?? []).toSorted((a, b) => b.getTime() - a.getTime());
  return {
    title,
    language,
    entries: entries.length,
    newestAt: dates[0] ?? null,
    undated: entries.length - dates.length,
    withoutLink: entries.filter(({ url }) => url === null).length,
    categories: [...new Set(entries.flatMap(({ categories }) => categories))],
  };
}

interface Checked {
  url: string;
  movedTo: string | null;
  feed: ParsedFeed;
  config: Config;
}

function describe({ url, movedTo, feed, config }: Checked): string {
  const { title, language, entries, newestAt, undated, withoutLink, categories } = summaryOf(feed);
  const name = title === null ? 'a feed without a title' : `the feed ${isolated(printable(title))}`;
  const more = categories.length > maxCategories ? ` and ${categories.length - maxCategories} more` : '';
  return [
    `${url} is ${name}${language === null ? '' : ` (${printable(language)})`}.`,
    entries === 0
      ? 'It has no entries now.'
      : `It has ${counted(entries, 'entry')}${newestAt ? `, the newest of ${localTime(newestAt, config.timeZone)}` : ''}.`,
    ...(undated > 0 ? [`Without a date: ${undated}; they count as published when they are first seen.`] : []),
    ...(withoutLink > 0 ? [`Without a link: ${withoutLink}.`] : []),
    ...(movedTo === null ? [] : [`It has moved for good, to ${movedTo}`]),
    ...(categories.length === 0
      ? []
      : [
          `Its categories: ${categories
            .slice(0, maxCategories)
            .map((each) => isolated(printable(each)))
            .join(', ')}${more}`,
        ]),
    '',
  ].join('\n');
}
