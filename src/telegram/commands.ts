// The bot's commands, once: Telegram's menus and the help text are both made from this table.
import type { BotCommand, BotCommandScope, LanguageCode } from 'grammy/types';
import { html, type Locales } from './i18n.ts';

export type CommandAudience = 'reader' | 'editor';

export interface Command {
  name: string;
  audience: CommandAudience;
  /** The message that says what it does. */
  descriptionKey: string;
}

export const commands = [
  { name: 'start', audience: 'reader', descriptionKey: 'command-start' },
  { name: 'topics', audience: 'reader', descriptionKey: 'command-topics' },
  { name: 'keywords', audience: 'reader', descriptionKey: 'command-keywords' },
  { name: 'search', audience: 'reader', descriptionKey: 'command-search' },
  { name: 'language', audience: 'reader', descriptionKey: 'command-language' },
  { name: 'stop', audience: 'reader', descriptionKey: 'command-stop' },
  { name: 'help', audience: 'reader', descriptionKey: 'command-help' },
  { name: 'broadcast', audience: 'editor', descriptionKey: 'command-broadcast' },
  { name: 'status', audience: 'editor', descriptionKey: 'command-status' },
  { name: 'suggestions', audience: 'editor', descriptionKey: 'command-suggestions' },
  { name: 'withdraw', audience: 'editor', descriptionKey: 'command-withdraw' },
  { name: 'why', audience: 'editor', descriptionKey: 'command-why' },
  { name: 'cancel', audience: 'editor', descriptionKey: 'command-cancel' },
] as const satisfies readonly Command[];

/** One call of setMyCommands. */
export interface CommandScope {
  commands: BotCommand[];
  scope: BotCommandScope;
  language_code?: LanguageCode;
}

/**
 * The menus, each with and without a language: Telegram falls back from a language's list to the one without, never to
 * another scope's. Readers see theirs in every private chat; an editor's chat shows an editor's too, and fails with
 * `chat not found` until that editor has started the bot.
 */
export function commandScopes(
  locales: Locales,
  ownerIds: readonly number[],
  defaultLanguage = locales.fallback,
): CommandScope[] {
  const audiences: { scope: BotCommandScope; shown: readonly Command[] }[] = [
    { scope: { type: 'all_private_chats' }, shown: commandsFor('reader') },
    ...ownerIds.map((chat_id) => ({ scope: { type: 'chat', chat_id } as const, shown: commands })),
  ];
  return audiences.flatMap(({ scope, shown }) => [
    { commands: menu(locales, defaultLanguage, shown), scope },
    ...locales.languages.map((language) => ({
      commands: menu(locales, language, shown),
      scope,
      language_code: language as LanguageCode,
    })),
  ]);
}

function menu(locales: Locales, language: string, shown: readonly Command[]): BotCommand[] {
  return shown.map(({ name, descriptionKey }) => ({
    command: name,
    description: locales.plain(language, descriptionKey),
  }));
}

/** One line of HTML for each command of `audience`, in the table's order. */
export function helpLines(locales: Locales, language: string, audience: CommandAudience): string[] {
  return commandsFor(audience).map(({ name, descriptionKey }) =>
    locales.t(language, 'help-command', {
      command: `/${name}`,
      description: html(locales.t(language, descriptionKey)),
    }),
  );
}

function commandsFor(audience: CommandAudience): Command[] {
  return commands.filter((command) => command.audience === audience);
}
