// /search: the newest stories that have all the words of a reader's question.
import { type Composer as ComposerType, Composer } from 'grammy';
import { escapeAttribute, escapeHtml } from '../../lib/html.ts';
import { clip, collapseWhitespace, stripControls } from '../../lib/text.ts';
import { type FoundStory, searchStories } from '../../stories/search-store.ts';
import { type BotContext, type BotDeps, languageOf } from '../context.ts';
import { directionOf, settle } from '../direction.ts';
import { html } from '../i18n.ts';
import { localTime } from '../local-time.ts';

/** Together, and with the lengths below, within Telegram's 4,096 characters. */
const shownStories = 10;
const maxQueryLength = 100;
const maxHeadlineLength = 200;
const maxSourceLength = 64;

export function search(deps: BotDeps): ComposerType<BotContext> {
  const { db, locales, timeZone } = deps;
  const composer = new Composer<BotContext>();

  composer.chatType('private').command('search', async (ctx) => {
    const language = await languageOf(ctx, deps);
    const query = collapseWhitespace(stripControls(ctx.match));
    const text = query === '' ? locales.t(language, 'search-ask') : await answer(query, language);
    await ctx.reply(text, { parse_mode: 'HTML', link_preview_options: { is_disabled: true } });
  });

  async function answer(query: string, language: string): Promise<string> {
    const found = await searchStories(db, query, { limit: shownStories });
    const shownQuery = clip(query, maxQueryLength);
    if (found.length === 0) return locales.t(language, 'search-nothing', { query: shownQuery });
    return [
      locales.t(language, 'search-found', { query: shownQuery, count: found.length }),
      ...found.map((story) => locales.t(language, 'search-result', partsOf(story, language, timeZone))),
    ].join('\n\n');
  }

  return composer;
}

function partsOf({ headline, url, sourceName, publishedAt }: FoundStory, language: string, timeZone: string) {
  const direction = directionOf(language);
  const text = escapeHtml(settle(clip(collapseWhitespace(headline), maxHeadlineLength), direction));
  const source = settle(clip(collapseWhitespace(sourceName ?? ''), maxSourceLength), direction);
  return {
    headline: html(url === null ? text : `<a href="${escapeAttribute(url)}">${text}</a>`),
    source: html(
      escapeHtml([source, localTime(publishedAt, language, timeZone)].filter((part) => part !== '').join(' · ')),
    ),
  };
}
