// nashra collect and nashra send: one round of the way of the news, now.
import { Command } from 'commander';
import { CommandError, readConfig, type Shell, withWorld } from './context.ts';
import { counted, json } from './output.ts';

// The whole way of the news takes a while to load; that is why only these two commands load it, when they run.

interface Flags {
  json?: boolean;
}

export function collectCommand(shell: Shell): Command {
  return new Command('collect')
    .description(
      'One round now: ask every active feed at once, read new articles, group them into stories and write down to ' +
        'whom each is owed. Nothing is sent; that is "nashra send", or the running program.',
    )
    .option('--json', 'print the counts as one JSON object')
    .addHelpText('after', '\nExample:\n  nashra collect')
    .action((flags: Flags) => collectNow(shell, flags));
}

export function sendCommand(shell: Shell): Command {
  return new Command('send')
    .description('One round now: send what is due, at the pace that Telegram allows. BOT_TOKEN must be set.')
    .option('--json', 'print the counts, by outcome, as one JSON object')
    .addHelpText('after', '\nExample:\n  nashra collect && nashra send')
    .action((flags: Flags) => sendNow(shell, flags));
}

async function collectNow(shell: Shell, flags: Flags): Promise<void> {
  const { collectRound, publishRound, recheckRound } = await import('../pipeline.ts');
  const { createCurrentPredictor } = await import('../topics/topic-model-store.ts');
  const { createStoryMemory } = await import('../stories/story-memory.ts');
  const { signal } = shell;
  await withWorld(shell, async (world, config) => {
    const deps = {
      ...world,
      feedIntervalSeconds: config.feedIntervalSeconds,
      freshHours: config.freshHours,
      defaultLanguage: config.defaultLanguage,
      timeZone: config.timeZone,
      memory: createStoryMemory(),
      currentPredictor: createCurrentPredictor(),
    };
    const collected = await collectRound(deps, { all: true, signal });
    const rechecked = await recheckRound(deps, { signal });
    const published = await publishRound(deps, { signal });
    const corrected = collected.corrected + rechecked.corrected;
    if (flags.json) {
      shell.print(json({ ...collected, ...rechecked, corrected, ...published }));
      return;
    }
    const { feeds, unchanged, failed, articles } = collected;
    shell.print(
      `${counted(feeds, 'feed')} asked: ${unchanged} unchanged, ${failed} failed; ${counted(articles, 'new article')}.\n` +
        `${counted(published.read, 'article')} read, ${counted(published.stories, 'story')} made, ` +
        `${counted(published.deliveries, 'delivery')} planned.\n`,
    );
    if (corrected + rechecked.withdrawn > 0) {
      shell.print(`Changed at the source: ${corrected} corrected, ${rechecked.withdrawn} withdrawn.\n`);
    }
    if (failed > 0) shell.print('"nashra feed list" says why a feed failed.\n');
  });
}

async function sendNow(shell: Shell, flags: Flags): Promise<void> {
  const { botToken } = readConfig(shell);
  if (botToken === undefined) throw new CommandError('BOT_TOKEN is missing: without it nothing can be sent.');
  const { createApp } = await import('../app.ts');
  const { sendRound } = await import('../pipeline.ts');
  const { signal } = shell;
  await withWorld(shell, async (world, config) => {
    const counts = await sendRound(createApp({ ...config, botToken }, world).pipeline, { signal });
    if ((counts.unauthorized ?? 0) > 0) {
      throw new CommandError('Telegram does not know this BOT_TOKEN; nothing that is due was given up.');
    }
    if (flags.json) {
      shell.print(json({ sent: 0, ...counts }));
      return;
    }
    const { sent = 0, ...others } = counts;
    const rest = Object.entries(others).map(([outcome, count]) => `, ${count} ${outcome}`);
    shell.print(`${sent} sent${rest.join('')}.\n`);
  });
}
