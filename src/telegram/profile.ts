// What Telegram shows of the bot: its command menus and descriptions, set at each start.
import type { Api } from 'grammy';
import { commandScopes } from './commands.ts';
import type { BotDeps } from './context.ts';

/** Sets the menus and descriptions. What Telegram refuses is logged: the bot works without. */
export async function setProfile(
  api: Api,
  { locales, ownerIds, defaultLanguage, log }: Pick<BotDeps, 'locales' | 'ownerIds' | 'defaultLanguage' | 'log'>,
): Promise<void> {
  const attempt = async (what: string, call: () => Promise<unknown>) => {
    try {
      await call();
    } catch (error) {
      log.info('could not set a part of the profile', { what, reason: error instanceof Error ? error.message : '' });
    }
  };

  // grammY's own methods want an explicit undefined where there is no language; the raw ones take what is there.
  for (const menu of commandScopes(locales, ownerIds)) {
    await attempt('commands', () => api.raw.setMyCommands(menu, undefined));
  }
  for (const language of [undefined, ...locales.languages]) {
    const words = language ?? defaultLanguage;
    const language_code = language === undefined ? {} : { language_code: language as never };
    const description = locales.plain(words, 'bot-description');
    const short_description = locales.plain(words, 'bot-short-description');
    await attempt('description', () => api.raw.setMyDescription({ description, ...language_code }));
    await attempt('short description', () => api.raw.setMyShortDescription({ short_description, ...language_code }));
  }
}
