// /help: what the bot does, and the commands of whoever asks.
import { type Composer as ComposerType, Composer } from 'grammy';
import { helpLines } from '../commands.ts';
import { type BotContext, type BotDeps, isOwner, languageOf } from '../context.ts';
import { html } from '../i18n.ts';

export function help(deps: BotDeps): ComposerType<BotContext> {
  const { locales } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').command('help', async (ctx) => {
    const language = await languageOf(ctx, deps);
    const section = (key: string, audience: 'reader' | 'editor') =>
      locales.t(language, key, { commands: html(helpLines(locales, language, audience).join('\n')) });
    const sections = [section('help-readers', 'reader')];
    if (isOwner(ctx, deps)) sections.push(section('help-editors', 'editor'));
    await ctx.reply(sections.join('\n\n'), { parse_mode: 'HTML' });
  });

  return composer;
}
