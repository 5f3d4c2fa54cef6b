// nashra delivery: why something was sent to a chat, or not.
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { explain, explainOwed } from '../deliveries/explain.ts';
import {
  type AskedChat,
  findAskedChat,
  findAskedStory,
  gatherFacts,
  listOwed,
  type OwedThing,
} from '../deliveries/explain-store.ts';
import type { Named, Statement } from '../deliveries/explain-facts.ts';
import { chatLabel, saidOf, thingLabel, type Wording } from '../telegram/explanation.ts';
import type { World } from '../world.ts';
import { CommandError, type Shell, withWorld } from './context.ts';
import { isolated, json, printable } from './output.ts';

const shownThings = 10;

export function deliveryCommand(shell: Shell): Command {
  const explainCommand = new Command('explain')
    .description(
      'Why a story was sent to a chat, or not: what the ledger says, and where it says nothing, what speaks against it. ' +
        `Without a story: the last ${shownThings} things that were owed to the chat.`,
    )
    .argument('<chat>', "a chat's number, or a channel's @name")
    .argument('[story]', "a story's number, or the address of one of its articles")
    .option('--json', 'print the answer as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  nashra delivery explain 123456789
  nashra delivery explain @channel https://news.example/2026/11/news
  nashra delivery explain -1001234567890 42`,
    )
    .action((chat: string, story: string | undefined, flags: { json?: boolean }) =>
      withWorld(shell, async (world, config) => shell.print(await answer({ chat, story, flags, world, config }))),
    );
  return new Command('delivery').description('Looks into what was sent.').addCommand(explainCommand);
}

interface Question {
  chat: string;
  story: string | undefined;
  flags: { json?: boolean };
  world: Pick<World, 'db' | 'clock' | 'locales'>;
  config: Config;
}

async function answer(question: Question): Promise<string> {
  const { db, locales } = question.world;
  const chat = await findAskedChat(db, numbered(question.chat));
  if (!chat) throw new CommandError(`No chat ${question.chat} is known: nothing was ever owed to it.`);
  const wording: Wording = { locales, language: 'en', timeZone: question.config.timeZone, format: 'plain' };
  return question.story === undefined
    ? whatWasOwed(question, chat, wording)
    : whyOf({ ...question, story: question.story }, chat, wording);
}

async function whyOf(
  { story: named, flags, world: { db, clock } }: Question & { story: string },
  chat: AskedChat,
  wording: Wording,
): Promise<string> {
  const story = await findAskedStory(db, numbered(named));
  if (!story) throw new CommandError(`No story ${named} is known, and no article with that address.`);
  const now = clock.now();
  const statements = explain(await gatherFacts(db, chat, story, now), now);
  if (flags.json) {
    return json({ chat: chatFacts(chat), story: story.storyId, headline: story.headline, says: statements.map(plain) });
  }
  const lines = saidOf(statements, wording).map((line) => `  ${line}`);
  return `${chatLabel(chat, wording)}\n${isolated(printable(story.headline))}\n${lines.join('\n')}\n`;
}

async function whatWasOwed(
  { flags, world: { db, clock } }: Question,
  chat: AskedChat,
  wording: Wording,
): Promise<string> {
  const now = clock.now();
  const things = await listOwed(db, { recipientId: chat.recipientId, now }, shownThings);
  const statementsOf = ({ owed }: OwedThing) => explainOwed(owed, chat, now);
  if (flags.json) {
    const owed = things.map((thing) => ({
      kind: thing.subject.kind,
      subject: thing.subject.subjectId,
      story: thing.storyId,
      headline: thing.headline,
      says: statementsOf(thing).map(plain),
    }));
    return json({ chat: chatFacts(chat), owed });
  }
  const parts = things.map((thing) =>
    [thingLabel(thing, wording), ...saidOf(statementsOf(thing), wording).map((line) => `  ${line}`)].join('\n'),
  );
  const heading = `${chatLabel(chat, wording)}\n`;
  return parts.length === 0
    ? `${heading}Nothing was owed to this chat yet.\n`
    : `${heading}What was last owed to it, the newest first:\n\n${parts.join('\n\n')}\n`;
}

function numbered(word: string): number | string {
  return /^-?\d{1,16}$/.test(word) ? Number(word) : word;
}

function chatFacts({ kind, chatId, username, title, state, stateReason, leftAt }: AskedChat) {
  return { kind, chat: chatId, username, title, state, reason: stateReason, leftAt };
}

/** For a program: names of topics are their slugs. */
function plain({ says, with: named }: Statement): Record<string, unknown> {
  return { says, ...Object.fromEntries(Object.entries(named).map(([name, value]) => [name, plainValue(value)])) };
}

function plainValue(value: Named): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  if ('topics' in value) return value.topics.map(({ slug }) => slug);
  return Object.values(value)[0];
}
