// Says why something was (not) sent: the statements of deliveries/explain.ts in the words of a language.
import type { AskedChat, OwedThing } from '../deliveries/explain-store.ts';
import type { Named, Statement } from '../deliveries/explain-facts.ts';
import { escapeHtml } from '../lib/html.ts';
import { clip, collapseWhitespace, stripControls } from '../lib/text.ts';
import { topicName } from '../topics/topic.ts';
import { directionOf, settle } from './direction.ts';
import { duration } from './duration.ts';
import { html, type Locales } from './i18n.ts';
import { localTime } from './local-time.ts';

export interface Wording {
  locales: Locales;
  language: string;
  /** IANA; times are the newsroom's. */
  timeZone: string;
  /** Telegram's HTML, or plain text. */
  format: 'html' | 'plain';
}

const maxText = 200;
const maxList = 400;

/** One line each. */
export function saidOf(statements: readonly Statement[], wording: Wording): string[] {
  return statements.map(({ says, with: named }) => {
    const args = Object.fromEntries(
      Object.entries(named).map(([name, value]) => [name, typeof value === 'number' ? value : sayable(value, wording)]),
    );
    return messageOf(`explain-${says}`, args, wording);
  });
}

/** A reader by their number, a channel by its title and its @name or number. */
export function chatLabel({ kind, chatId, username, title }: AskedChat, wording: Wording): string {
  const address = username === null ? String(chatId ?? '') : `@${username}`;
  const chat = title === null ? address : `${oneLine(title)} (${address})`;
  return messageOf(`explain-${kind}`, { chat }, wording);
}

/** What one thing is that is owed. */
export function thingLabel({ subject, headline, change }: OwedThing, wording: Wording): string {
  const { subjectId, kind, plannedAt } = subject;
  const at = localTime(plannedAt, wording.language, wording.timeZone);
  return messageOf(
    `explain-of-${change === 'withdrawal' ? change : kind}`,
    { headline: oneLine(headline ?? ''), at, digest: String(subjectId) },
    wording,
  );
}

type Argument = string | number | ReturnType<typeof html>;

function messageOf(key: string, args: Record<string, Argument>, { locales, language, format }: Wording): string {
  if (format === 'html') return locales.t(language, key, args);
  return locales.plain(language, key, args as Record<string, string | number>);
}

function sayable(value: Exclude<Named, number>, wording: Wording): Argument {
  const text = textOf(value, wording);
  // The names of a list are kept apart from each other already: around all of them, they would be turned around.
  const isList = value !== null && typeof value === 'object' && ('topics' in value || 'keywords' in value);
  return isList && wording.format === 'html' ? html(escapeHtml(text)) : text;
}

function textOf(value: Exclude<Named, number>, { locales, language, timeZone }: Wording): string {
  if (value === null) return locales.plain(language, 'explain-unknown-time-label');
  if (typeof value === 'string') return oneLine(value);
  if (value instanceof Date) return localTime(value, language, timeZone);
  if ('seconds' in value) return duration(locales, language, value.seconds);
  if ('lane' in value) return locales.plain(language, `explain-lane-${value.lane}-label`);
  if ('language' in value) return languageName(value.language, language);
  const items = 'topics' in value ? value.topics.map((topic) => topicName(topic, language)) : value.keywords;
  const direction = directionOf(language);
  const [open, close] = direction === 'rtl' ? '«»' : '“”';
  const quoted = items.map((item) => `${open}${settle(oneLine(item), direction)}${close}`);
  return clip(new Intl.ListFormat(language, { type: 'conjunction' }).format(quoted), maxList);
}

function languageName(tag: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(tag) ?? tag;
  } catch {
    // What a feed calls its language may be no language tag.
    return tag;
  }
}

function oneLine(text: string): string {
  return clip(collapseWhitespace(stripControls(text)), maxText);
}
