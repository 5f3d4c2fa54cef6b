import { describe, expect, test } from 'vitest';
import { commands, commandScopes, helpLines } from '../../src/telegram/commands.ts';
import { loadLocales } from '../../src/telegram/i18n.ts';

const locales = await loadLocales(new URL('../../locales/', import.meta.url));
const owner = 4242;

describe('the menus', () => {
  const scopes = commandScopes(locales, [owner], 'ar');
  const menu = (type: string, language?: string) =>
    scopes.find(({ scope, language_code }) => scope.type === type && language_code === language);

  test('each scope has a menu in every language, and one for all other languages', () => {
    expect(scopes.map(({ scope, language_code }) => [scope, language_code])).toEqual([
      [{ type: 'all_private_chats' }, undefined],
      [{ type: 'all_private_chats' }, 'ar'],
      [{ type: 'all_private_chats' }, 'en'],
      [{ type: 'chat', chat_id: owner }, undefined],
      [{ type: 'chat', chat_id: owner }, 'ar'],
      [{ type: 'chat', chat_id: owner }, 'en'],
    ]);
    expect(Object.keys(menu('chat') ?? {})).toEqual(['commands', 'scope']);
  });

  test('readers never see what is for editors; editors see both', () => {
    const names = (type: string) => menu(type, 'en')?.commands.map(({ command }) => command);

    expect(names('all_private_chats')).toEqual(['start', 'topics', 'keywords', 'search', 'language', 'stop', 'help']);
    expect(names('chat')).toEqual(commands.map(({ name }) => name));
  });

  test('the menu for all other languages is in the default language', () => {
    expect(menu('chat')?.commands).toEqual(menu('chat', 'ar')?.commands);
    expect(commandScopes(locales, [], 'en')[0]?.commands).toEqual(menu('all_private_chats', 'en')?.commands);
  });

  test("every name and description keeps Telegram's limits", () => {
    for (const { command, description } of scopes.flatMap((scope) => scope.commands)) {
      expect(command).toMatch(/^[a-z0-9_]{1,32}$/);
      expect(description.length).toBeGreaterThan(0);
      expect(description.length).toBeLessThanOrEqual(256);
      expect(description).not.toMatch(/[<>]/);
    }
  });
});

describe('the help', () => {
  test('has a line for each command of the audience', () => {
    expect(helpLines(locales, 'en', 'reader')[0]).toBe('/start — Start receiving news');
    expect(helpLines(locales, 'en', 'editor').map((line) => line.split(' ')[0])).toEqual([
      '/broadcast',
      '/status',
      '/suggestions',
      '/withdraw',
      '/why',
      '/cancel',
    ]);
  });

  test('keeps the slash before the command in Arabic too', () => {
    expect(helpLines(locales, 'ar', 'reader')[1]).toBe('\u2068/topics\u2069 — اختيار المواضيع التي تتابعها');
  });
});
