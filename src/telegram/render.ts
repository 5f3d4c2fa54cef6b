// Makes a story into a Telegram message: a caption for its picture, and a text for when there is none.
import type { InlineKeyboardMarkup, LinkPreviewOptions } from 'grammy/types';
import type { StoryLetter } from '../deliveries/sender.ts';
import { hashtag } from '../lib/arabic.ts';
import { decodeEntities, escapeHtml } from '../lib/html.ts';
import { clip, codePoints, collapseWhitespace, directional, isolate, stripControls } from '../lib/text.ts';
import { type Direction, directionOf, settle } from './direction.ts';
import { html, type Locales, url } from './i18n.ts';
import { localTime } from './local-time.ts';

/** Telegram's limits, in code points of the text that is left after parsing. */
export const maxTextLength = 4096;
export const maxCaptionLength = 1024;

export interface RenderOptions {
  locales: Locales;
  /** The recipient's: of the date and the button. The rest is in the story's. */
  language: string;
  /** IANA; dates and times are the newsroom's. */
  timeZone: string;
}

export interface RenderedStory {
  /** The message without a photo. */
  html: string;
  linkPreview: LinkPreviewOptions;
  /** The caption of the message with a photo. */
  captionHtml: string;
  /** Telegram's own name for the picture, where it has it. */
  photoFileId: string | undefined;
  /** Undefined when the story has no picture that Telegram could fetch. */
  photoUrl: string | undefined;
  /** Undefined when the story has no address to read it at. */
  keyboard: InlineKeyboardMarkup | undefined;
}

/** Pure: the same letter and options make the same message. */
export function renderStory(letter: StoryLetter, { locales, timeZone, ...options }: RenderOptions): RenderedStory {
  const language = locales.pick(options.language, locales.fallback);
  const parts = partsOf(letter, { locales, language, timeZone });
  const readUrl = telegramUrl(letter.url);
  const photoUrl = telegramUrl(letter.imageUrl);
  const previewUrl = readUrl ?? photoUrl;
  return {
    html: compose(fit(parts, maxTextLength)).html,
    linkPreview: previewUrl
      ? { url: previewUrl, prefer_large_media: true, show_above_text: true }
      : { is_disabled: true },
    captionHtml: compose(fit(parts, maxCaptionLength)).html,
    photoFileId: letter.imageFileId ?? undefined,
    photoUrl,
    keyboard: readUrl
      ? { inline_keyboard: [[{ text: locales.plain(language, 'story-read-button'), url: readUrl }]] }
      : undefined,
  };
}

/** More would leave no room in a caption for what is said below it. */
const maxStruckLength = 512;

/** What is left of a story that was withdrawn and cannot be deleted any more, as text and as caption. */
export function renderWithdrawn(
  { headline, language: own }: StoryLetter,
  { locales, ...options }: Omit<RenderOptions, 'timeZone'>,
): string {
  const struck = directional(clip(oneLine(headline), maxStruckLength), directionOf(own));
  const notice = locales.t(locales.pick(options.language, locales.fallback), 'story-withdrawn');
  return [...(struck === '' ? [] : [`<s>${escapeHtml(struck)}</s>`]), notice].join('\n\n');
}

/** Plain texts, with nothing yet escaped, marked or clipped. */
interface Parts {
  direction: Direction;
  language: string;
  mark: string;
  kicker: string;
  headline: string;
  summary: string;
  /** Whole lines of HTML, of bounded length, which are never clipped. */
  footer: string[];
}

const maxSourceLength = 64;
const maxHashtags = 6;
const maxHashtagLength = 40;
const maxOtherSources = 4;
const maxOtherSourceLength = 32;

/** The mark above the headline says it already. */
export function withoutBreakingWord(headline: string): string {
  const rest = headline.replace(/^[^\p{L}\p{N}]*(?:(?:خبر )?عاجل|breaking(?: news)?)\s*[:|/؛.!\-–—\]»)]+\s*/iu, '');
  return rest === '' ? headline : rest;
}

function partsOf(letter: StoryLetter, { locales, language, timeZone }: RenderOptions): Parts {
  const direction = directionOf(letter.language);
  const ownLanguage = locales.pick(letter.language, language);
  const tags = new Set(letter.topics.map(({ name }) => hashtag(name)).filter((tag) => tag !== undefined));
  const hashtags = [...tags]
    .filter((tag) => codePoints(tag) <= maxHashtagLength)
    .slice(0, maxHashtags)
    .map((tag) => settleHashtag(tag, direction))
    .join(' ');
  return {
    direction,
    language: letter.language,
    mark: markOf(letter, locales, ownLanguage),
    kicker: oneLine(letter.kicker),
    headline: letter.breaking ? withoutBreakingWord(oneLine(letter.headline)) : oneLine(letter.headline),
    summary: paragraphs(letter.summary),
    footer: [
      escapeHtml(footer(letter, language, timeZone)),
      alsoReported(letter, locales, language),
      letter.correctedAt
        ? locales.t(language, 'story-updated', { time: html(localTime(letter.correctedAt, language, timeZone)) })
        : '',
      escapeHtml(directional(hashtags, direction)),
    ].filter((line) => line !== ''),
  };
}

function markOf({ breaking, isFollowUp }: StoryLetter, locales: Locales, language: string): string {
  if (breaking) return locales.plain(language, 'story-breaking-label');
  return isFollowUp ? locales.plain(language, 'story-follow-up-label') : '';
}

/** The names of other sources, linked to what they wrote, in the recipient's language and direction. */
function alsoReported({ alsoReportedBy }: StoryLetter, locales: Locales, language: string): string {
  const direction = directionOf(language);
  const links = alsoReportedBy.flatMap((source) => {
    const name = escapeHtml(settle(clip(oneLine(source.name), maxOtherSourceLength), direction));
    const address = telegramUrl(source.url);
    if (name === '') return [];
    return address === undefined ? name : `<a href="${url(address).markup}">${name}</a>`;
  });
  if (links.length === 0) return '';
  const names = html(links.slice(0, maxOtherSources).join(direction === 'rtl' ? '، ' : ', '));
  return locales.t(language, 'story-also-reported', { names, count: Math.max(links.length - maxOtherSources, 0) });
}

/** "source · date, time", in the recipient's language and direction. */
export function footer({ sourceName, publishedAt }: StoryLetter, language: string, timeZone: string): string {
  const direction = directionOf(language);
  const source = settle(clip(oneLine(sourceName), maxSourceLength), direction);
  const line = [source, localTime(publishedAt, language, timeZone)].filter((text) => text !== '').join(' · ');
  return directional(line, direction);
}

/** The # would be drawn at the wrong end of a tag of the other direction. */
function settleHashtag(tag: string, direction: Direction): string {
  return settle(tag, direction) === tag ? `#${tag}` : isolate(`#${tag}`);
}

interface Composed {
  html: string;
  /** As Telegram counts it. */
  length: number;
}

function compose({ direction, mark, kicker, headline, summary, footer: lines }: Parts): Composed {
  const head: [open: string, text: string, close: string][] = [
    ['<b>', mark, '</b>'],
    ['', kicker, ''],
    ['<b>', headline, '</b>'],
  ];
  const blocks = [
    head
      .filter(([, text]) => text !== '')
      .map(([open, text, close]) => `${open}${escapeHtml(directional(text, direction))}${close}`),
    summary === '' ? [] : [escapeHtml(directional(summary, direction))],
    lines,
  ].filter((block) => block.length > 0);
  const composed = blocks.map((block) => block.join('\n')).join('\n\n');
  return { html: composed, length: shownLength(composed) };
}

/** Code points that Telegram counts. */
export function shownLength(markup: string): number {
  return codePoints(decodeEntities(markup.replaceAll(/<[^>]*>/g, '')));
}

/** The summary gives way first, by whole sentences and then words; then the kicker, and the headline last. */
function fit(parts: Parts, limit: number): Parts {
  const clipped = (part: 'summary' | 'kicker' | 'headline', fitted: Parts): Parts => {
    const excess = compose(fitted).length - limit;
    if (excess <= 0 || fitted[part] === '') return fitted;
    const room = Math.max(codePoints(fitted[part]) - excess, 0);
    const text = part === 'summary' ? clipSentences(fitted[part], room, parts.language) : shorten(fitted[part], room);
    // Cutting may cost a line its direction mark, or give it one: look again.
    return clipped(part, { ...fitted, [part]: text });
  };
  return clipped('headline', clipped('kicker', clipped('summary', parts)));
}

/** As many whole sentences as `room` holds; when not even one does, as much of the first as words allow. */
function clipSentences(text: string, room: number, language: string): string {
  const sentences = new Intl.Segmenter(segmenterLocale(language), { granularity: 'sentence' }).segment(text);
  let end = 0;
  for (const { segment, index } of sentences) {
    if (codePoints(text.slice(0, index + segment.length).trimEnd()) > room) break;
    end = index + segment.length;
  }
  return end > 0 ? text.slice(0, end).trimEnd() : shorten(text, room);
}

/** A word and an ellipsis say less than nothing. */
const minRemnantLength = 16;

function shorten(text: string, room: number): string {
  return room < minRemnantLength ? '' : clip(text, room).trimEnd();
}

/** A feed may call its language anything. */
function segmenterLocale(language: string): string {
  return /^[a-z]{2,3}(?![a-z])/i.exec(language)?.[0] ?? 'und';
}

export function oneLine(text: string | null): string {
  return collapseWhitespace(clean(text ?? ''));
}

function paragraphs(text: string): string {
  return clean(text)
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** Half a surrogate pair would make the whole request unreadable. */
function clean(text: string): string {
  return stripControls(text.toWellFormed());
}

const maxUrlLength = 2048;

/** An address that Telegram takes for a button, a preview or a photo: http(s), and a host with a dot. */
export function telegramUrl(text: string | null): string | undefined {
  const url = URL.parse(text ?? '');
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return /[^.]\.[^.]/.test(url.hostname) && url.href.length <= maxUrlLength ? url.href : undefined;
}
