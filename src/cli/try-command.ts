// nashra try: shows what the way of the news makes of something, for an editor who wonders and for evaluations.
import { Command, Option } from 'commander';
import { CommandError, type Shell } from './context.ts';
import { json } from './output.ts';
import type { Fields, Trial } from './try/trial.ts';

// What is tried takes a while to load; that is why it is loaded when a trial runs.

interface Flags {
  json?: boolean;
  jsonl?: boolean;
  url?: string;
  language?: string;
  characters?: number;
  kind?: string;
  keep?: string[];
  drop?: string[];
}

interface Kind {
  name: string;
  description: string;
  arguments: string;
  options: Option[];
  /** The fields of a line, for reading them in --help. */
  fields: string;
  /** Without what is remembered between two runs. `run` gets the trial and how its answers are shown. */
  use<T>(shell: Shell, run: (trial: Trial, show: (answer: never) => string) => Promise<T>): Promise<T>;
  /** The fields that the arguments stand for: one trial each. */
  fieldsOf(args: readonly string[]): Fields[];
}

const each = (args: readonly string[]): Fields[] => args.map((file) => ({ file }));

async function basics(shell: Shell) {
  const { readConfig } = await import('./context.ts');
  const { createMaterial } = await import('./try/material.ts');
  const config = readConfig(shell);
  return { material: createMaterial(shell, config), now: shell.clock.now(), timeZone: config.timeZone };
}

const languageOption = () =>
  new Option('--language <tag>', 'the language of the text; recognised where it is left out');

const kinds: readonly Kind[] = [
  {
    name: 'feed',
    description: 'the entries of a feed, as they are understood',
    arguments: '[FILE-or-URL...]',
    options: [new Option('--url <url>', 'where the feed of a file is from')],
    fields: '{file | base64, contentType?, url?}',
    async use(shell, run) {
      const { createFeedTrial, showFeed } = await import('./try/feed.ts');
      return run(createFeedTrial(await basics(shell)), showFeed);
    },
    fieldsOf: each,
  },
  {
    name: 'page',
    description: 'the article on a web page',
    arguments: '[FILE-or-URL...]',
    options: [
      new Option('--url <url>', 'where the page of a file is from'),
      new Option('--keep <selector...>', 'CSS: what of the page is the article, as in the newsroom file'),
      new Option('--drop <selector...>', 'CSS: what never is'),
    ],
    fields: '{file | html, url, keep?, drop?}',
    async use(shell, run) {
      const { createPageTrial, showPage } = await import('./try/page.ts');
      return run(createPageTrial(await basics(shell)), showPage);
    },
    fieldsOf: each,
  },
  {
    name: 'summary',
    description: 'the sentences that an article is summed up in',
    arguments: '[FILE-or-URL...]',
    options: [
      languageOption(),
      new Option('--characters <n>', 'about how long the summary should be, in whole sentences').argParser((text) =>
        Number(text),
      ),
    ],
    fields: '{text, language?, characters?}',
    async use(shell, run) {
      const { createSummaryTrial, showSummary } = await import('./try/summary.ts');
      return run(createSummaryTrial(await basics(shell)), showSummary);
    },
    fieldsOf: each,
  },
  {
    name: 'language',
    description: 'the language of a text',
    arguments: '[TEXT-or-FILE...]',
    options: [],
    fields: '{text}',
    async use(shell, run) {
      const { createLanguageTrial, showLanguage } = await import('./try/language.ts');
      return run(createLanguageTrial(await basics(shell)), showLanguage);
    },
    fieldsOf: each,
  },
  {
    name: 'topics',
    description: "the newsroom's topics that an article belongs to, and why",
    arguments: '[FILE-or-URL...]',
    options: [languageOption()],
    fields: '{title, text, language?}',
    async use(shell, run) {
      const { withTopicsTrial, showTopics } = await import('./try/topics.ts');
      const { material } = await basics(shell);
      return withTopicsTrial(shell, material, (trial) => run(trial, showTopics));
    },
    fieldsOf: each,
  },
  {
    name: 'stories',
    description: 'which of several articles tell the same story, in the order in which they are given',
    arguments: '[FILE-or-URL...]',
    options: [],
    fields: '{id, title, text, publishedAt, feed}',
    async use(shell, run) {
      const { createStoriesTrial, showStory } = await import('./try/stories.ts');
      return run(createStoriesTrial(await basics(shell)), showStory);
    },
    fieldsOf: each,
  },
  {
    name: 'match',
    description: 'whether a keyword is found in a text',
    arguments: '[KEYWORD] [TEXT-or-FILE...]',
    options: [new Option('--kind <kind>', 'how the keyword is inflected').choices(['name', 'word', 'phrase'])],
    fields: '{keyword, kind?, text}',
    async use(shell, run) {
      const { createMatchTrial, showMatch } = await import('./try/match.ts');
      return run(createMatchTrial(await basics(shell)), showMatch);
    },
    fieldsOf: ([keyword, ...files]) => files.map((file) => ({ keyword, file })),
  },
];

export function tryCommand(shell: Shell): Command {
  const command = new Command('try').description(
    'Shows what is made of a feed, a page or a text; nothing of it is stored and nothing is sent.',
  );
  for (const kind of kinds) command.addCommand(kindCommand(shell, kind));
  return command.addHelpText(
    'after',
    `
Examples:
  nashra try feed https://news.example/feed/
  nashra try page page.html --url https://news.example/2026/11/news
  nashra try match سوريا "الرئيس يصل إلى سوريا"
  nashra try language --jsonl < headlines.jsonl`,
  );
}

function kindCommand(shell: Shell, kind: Kind): Command {
  const command = new Command(kind.name)
    .description(`Shows ${kind.description}.`)
    .arguments(kind.arguments)
    .option('--json', 'print the result as JSON')
    .option('--jsonl', `read one JSON object a line, ${kind.fields}, and answer one a line, in order`)
    .action(() => {
      const flags = command.opts<Flags>();
      const { json: _json, jsonl: _jsonl, ...given } = flags;
      if (flags.jsonl) {
        if (command.args.length > 0) throw new CommandError('With --jsonl everything comes from standard input.');
        return answerLines(shell, kind, given);
      }
      const trials = kind.fieldsOf(command.args);
      if (trials.length === 0) throw new CommandError(`Say what to try: nashra try ${kind.name} ${kind.arguments}`);
      return answerArguments(shell, kind, { trials, flags });
    });
  for (const option of kind.options) command.addOption(option);
  return command;
}

function answerArguments(
  shell: Shell,
  kind: Kind,
  { trials, flags: { json: asJson, jsonl: _jsonl, ...given } }: { trials: Fields[]; flags: Flags },
): Promise<void> {
  return kind.use(shell, async (trial, show) => {
    const answers: object[] = [];
    for (const fields of trials) {
      answers.push(await trial.answer({ ...fields, ...given }).catch((error: unknown) => named(error, fields, trials)));
    }
    if (asJson) shell.print(json(answers.length === 1 ? answers[0] : answers));
    else shell.print(answers.map((answer) => show(answer as never)).join('\n'));
  });
}

/** Of several things, says which one it was. */
function named(error: unknown, { file }: Fields, { length }: Fields[]): never {
  if (!(error instanceof CommandError) || length === 1 || error.message.includes(String(file))) throw error;
  throw new CommandError(`${String(file)}: ${error.message}`);
}

/** A line that cannot be answered gets an `error`, and the next one is answered all the same. Options hold for lines that do not say otherwise. */
function answerLines(shell: Shell, kind: Kind, given: Fields): Promise<void> {
  return kind.use(shell, async (trial) => {
    const { fieldsFrom } = await import('./try/trial.ts');
    for await (const line of shell.lines()) {
      if (shell.signal.aborted) break;
      let fields: Fields = {};
      let answer: object;
      try {
        fields = fieldsFrom(line);
        answer = await trial.answer({ ...given, ...fields });
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        answer = { ...('id' in fields ? { id: fields['id'] } : {}), error: message };
      }
      shell.print(`${JSON.stringify(answer)}\n`);
    }
  });
}
