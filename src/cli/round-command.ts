// nashra collect: one round of the way of the news, now, without sending.
import { Command } from 'commander';
import { createHostLimiter } from '../lib/http.ts';
import { systemRandom } from '../lib/random.ts';
import { type CliWorld, openFetch, withDatabase } from './context.ts';
import { counted, json } from './output.ts';

export function collectCommand(world: CliWorld): Command {
  return new Command('collect')
    .description(
      'One round now: ask every active feed at once, read new articles, group them into stories and write down to ' +
        'whom each is owed. Nothing is sent; that is "nashra send", or the running program.',
    )
    .option('--json', 'print the counts as one JSON object')
    .addHelpText('after', '\nExample:\n  nashra collect')
    .action((flags: { json?: boolean }) => collectNow(world, flags));
}

async function collectNow(world: CliWorld, flags: { json?: boolean }): Promise<void> {
  const { clock, signal } = world;
  // The whole way of the news takes a while to load; the other commands do without it.
  const { collectRound, publishRound } = await import('../pipeline.ts');
  await withDatabase(world, async ({ db, config, log }) => {
    const deps = {
      db,
      log,
      clock,
      random: systemRandom,
      fetch: openFetch(config),
      hosts: createHostLimiter({ clock }),
      feedIntervalSeconds: config.feedIntervalSeconds,
      defaultLanguage: config.defaultLanguage,
    };
    const collected = await collectRound(deps, { all: true, signal });
    const published = await publishRound(deps, { signal });
    if (flags.json) {
      world.print(json({ ...collected, ...published }));
      return;
    }
    const { feeds, unchanged, failed, articles } = collected;
    world.print(
      `${counted(feeds, 'feed')} asked: ${unchanged} unchanged, ${failed} failed; ${counted(articles, 'new article')}.\n` +
        `${counted(published.read, 'article')} read, ${counted(published.stories, 'story')} made, ` +
        `${counted(published.deliveries, 'delivery')} planned.\n`,
    );
    if (failed > 0) world.print('"nashra feed list" says why a feed failed.\n');
  });
}
