// What Telegram shows of the bot: its command menus and descriptions, set at each start.
import type { Api } from 'grammy';
import type { LanguageCode } from 'grammy/types';
import { commandScopes } from './commands.ts';
import type { BotDeps } from './context.ts';

type ProfileDeps = Pick<BotDeps, 'locales' | 'ownerIds' | 'defaultLanguage' | 'log'>;

/** Sets the menus and descriptions. What Telegram refuses is logged: the bot works without. */
export async function setProfile(api: Api, deps: ProfileDeps): Promise<void> {
  const { locales, ownerIds, defaultLanguage } = deps;
  await setMenus(api, deps, ownerIds);
  for (const language of [undefined, ...locales.languages]) {
    const words = language ?? defaultLanguage;
    const language_code = language === undefined ? {} : { language_code: language as LanguageCode };
    const description = locales.plain(words, 'bot-description');
    const short_description = locales.plain(words, 'bot-short-description');
    await attempt(deps, 'description', () => api.raw.setMyDescription({ description, ...language_code }));
    await attempt(deps, 'short description', () =>
      api.raw.setMyShortDescription({ short_description, ...language_code }),
    );
  }
}

/** The menus of all readers and of these editors; Telegram takes an editor's only once that editor wrote to the bot. */
export async function setMenus(api: Api, deps: ProfileDeps, editorIds: readonly number[]): Promise<void> {
  // grammY's own method wants an explicit undefined where there is no language; the raw one takes what is there.
  for (const menu of commandScopes(deps.locales, editorIds, deps.defaultLanguage)) {
    await attempt(deps, 'commands', () => api.raw.setMyCommands(menu));
  }
}

async function attempt({ log }: ProfileDeps, what: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    log.info('could not set a part of the profile', { what, reason: error instanceof Error ? error.message : '' });
  }
}
