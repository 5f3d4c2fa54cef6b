// Makes several stories into one Telegram message: what a recipient missed, under the names of the topics.
import type { DigestLetter, StoryLetter } from '../deliveries/sender.ts';
import { escapeHtml } from '../lib/html.ts';
import { clip, directional } from '../lib/text.ts';
import { directionOf } from './direction.ts';
import { url } from './i18n.ts';
import {
  footer,
  maxTextLength,
  oneLine,
  type RenderOptions,
  shownLength,
  telegramUrl,
  withoutBreakingWord,
} from './render.ts';

/** Telegram's limits of what is sent, in bytes, and of what it formats: whatever is beyond stays plain. */
const maxBytes = 32_768;
const maxEntities = 100;

const maxHeadlineLength = 200;
const maxTopicLength = 64;

/** A story's lines in a digest. */
export interface DigestItem {
  html: string;
  /** As Telegram counts it. */
  length: number;
}

interface DigestOptions extends RenderOptions {
  /** `renderItem`, for one who has many digests of the same stories to render and remembers its answers. */
  itemOf?: (letter: StoryLetter, language: string) => DigestItem;
}

/** Pure: as many of the newest stories as fit, and how many more there are. */
export function renderDigest({ stories }: DigestLetter, { itemOf, ...options }: DigestOptions): string {
  const { locales } = options;
  const language = locales.pick(options.language, locales.fallback);
  const renderOne = itemOf ?? ((letter: StoryLetter) => renderItem(letter, { ...options, language }));

  const entries: Entry[] = [];
  let length = 0;
  for (const letter of stories.toSorted((one, other) => other.publishedAt.getTime() - one.publishedAt.getTime())) {
    const item = renderOne(letter, language);
    length += item.length;
    if (entries.length > 0 && (length > maxTextLength || entries.length >= maxEntities)) break;
    entries.push({ letter, html: item.html });
  }

  const compose = (count: number) => {
    const rest = stories.length - count;
    return [
      `<b>${locales.t(language, 'digest-heading', { count: stories.length })}</b>`,
      ...renderGroups(entries.slice(0, count), { locales, language }),
      ...(rest === 0 ? [] : [locales.t(language, 'digest-more', { count: rest })]),
    ].join('\n\n');
  };

  let count = entries.length;
  let digest = compose(count);
  while (count > 1 && !fits(digest)) digest = compose((count -= 1));
  return digest;
}

function fits(markup: string): boolean {
  const entities = markup.match(/<[ab]\b/g)?.length ?? 0;
  return entities <= maxEntities && Buffer.byteLength(markup) <= maxBytes && shownLength(markup) <= maxTextLength;
}

/** The headline as a link, in its own direction; below it the source and the time, in the recipient's. */
export function renderItem(letter: StoryLetter, { locales, timeZone, ...options }: RenderOptions): DigestItem {
  const language = locales.pick(options.language, locales.fallback);
  const direction = directionOf(letter.language);
  const said = oneLine(letter.headline) || oneLine(letter.summary);
  const headline = clip(letter.breaking ? withoutBreakingWord(said) : said, maxHeadlineLength);
  const mark = letter.breaking ? locales.plain(locales.pick(letter.language, language), 'story-breaking-label') : '';
  const line = [mark, headline].filter((part) => part !== '').join(' ');
  // The mark of direction stands before everything that is drawn in the line.
  const directed = directional(line, direction);
  const start = directed.slice(0, directed.length - line.length);
  const address = telegramUrl(letter.url);
  const text = escapeHtml(headline);
  const linked = address === undefined || text === '' ? text : `<a href="${url(address).markup}">${text}</a>`;
  const html = [
    start + [mark === '' ? '' : `<b>${escapeHtml(mark)}</b>`, linked].filter((part) => part !== '').join(' '),
    escapeHtml(footer(letter, language, timeZone)),
  ].join('\n');
  return { html, length: shownLength(html) };
}

interface Entry {
  letter: StoryLetter;
  html: string;
}

/** Each story under the first of its topics; the topic with the newest story first, and what has none last. */
function renderGroups(entries: readonly Entry[], { locales, language }: Omit<RenderOptions, 'timeZone'>): string[] {
  const bySlug = Map.groupBy(entries, ({ letter }) => letter.topics[0]?.slug);
  const others = bySlug.get(undefined) ?? [];
  bySlug.delete(undefined);
  const groups = [...bySlug.values()].map((group) => [nameOf(group, language), ...group.map(({ html }) => html)]);
  if (others.length > 0) {
    const name = groups.length > 0 ? [`<b>${locales.t(language, 'digest-other-stories')}</b>`] : [];
    groups.push([...name, ...others.map(({ html }) => html)]);
  }
  return groups.map((group) => group.join('\n\n'));
}

/** In the recipient's language, where one of the stories has it. */
function nameOf(group: readonly Entry[], language: string): string {
  const named = group.find(({ letter }) => letter.language === language) ?? group[0];
  const name = clip(oneLine(named?.letter.topics[0]?.name ?? ''), maxTopicLength);
  return `<b>${escapeHtml(directional(name, directionOf(named?.letter.language ?? language)))}</b>`;
}
