// The bot's words in each language: Fluent messages as HTML or plain text, with arguments made safe for both directions.
import { FluentBundle, FluentNumber, FluentResource, type FluentVariable } from '@fluent/bundle';
import { readdir, readFile } from 'node:fs/promises';
import { escapeAttribute, escapeHtml } from '../lib/html.ts';
import { directional, isolate } from '../lib/text.ts';
import { directionOf, settle } from './direction.ts';

/** An argument that is markup already: made by `html` or `url`, put in as it is. */
interface Markup {
  readonly markup: string;
}

/** Text and numbers; text is escaped, and isolated where it would turn the line around. */
type MessageArguments = Readonly<Record<string, string | number | Markup>>;

export const html = (markup: string): Markup => ({ markup });

/** An address inside an attribute: escaped, and not isolated, for the isolate would become part of the link. */
export const url = (address: string): Markup => ({ markup: escapeAttribute(address) });

export interface Locales {
  /** Every language there is a file for, sorted. */
  readonly languages: readonly string[];
  /** The language that has every message. */
  readonly fallback: string;
  /** A message as Telegram's HTML. Throws when neither the language nor the fallback has it, or an argument is missing. */
  t(language: string, key: string, args?: MessageArguments): string;
  /** The same as plain text, for buttons, button answers, command descriptions and the bot's profile. */
  plain(language: string, key: string, args?: Readonly<Record<string, string | number>>): string;
  /** The language for a Telegram `language_code` (`ar-EG` → `ar`), or `fallback`. */
  pick(languageCode: string | undefined, fallback: string): string;
}

/** Reads every `<language>.ftl` of `folder`; a message that a language lacks is taken from `fallback`. */
export async function loadLocales(folder: URL, fallback = 'ar'): Promise<Locales> {
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`);
  const names = (await readdir(base)).filter((name) => name.endsWith('.ftl')).sort();
  const sources = new Map<string, string>();
  for (const name of names) sources.set(name.slice(0, -'.ftl'.length), await readFile(new URL(name, base), 'utf8'));
  return createLocales(sources, fallback);
}

/** The same from language → Fluent source. */
export function createLocales(sources: ReadonlyMap<string, string>, fallback: string): Locales {
  const bundles = new Map([...sources].map(([language, source]) => [language, createBundle(language, source)]));
  if (!bundles.has(fallback)) throw new Error(`There is no locale for the language ${fallback}`);

  function format(language: string, key: string, args: MessageArguments, escape: (text: string) => string): string {
    const spoken = bundles.get(language)?.hasMessage(key) ? language : fallback;
    const bundle = bundles.get(spoken);
    const pattern = bundle?.getMessage(key)?.value;
    if (!bundle || !pattern) throw new Error(`No language has the message ${key}`);
    const direction = directionOf(spoken);
    const errors: Error[] = [];
    const text = (value: string) => escape(settle(value, direction));
    const formatted = bundle.formatPattern(pattern, mapArguments(args, text), errors);
    const [error] = errors;
    if (error) throw new Error(`Message ${key} (${spoken}): ${error.message}`, { cause: error });
    return formatted
      .split('\n')
      .map((line) => directionalLine(line, direction))
      .join('\n');
  }

  return {
    languages: [...bundles.keys()].sort(),
    fallback,
    t: (language, key, args = {}) => format(language, key, args, escapeHtml),
    plain: (language, key, args = {}) => format(language, key, args, (text) => text),
    pick(languageCode, otherwise) {
      const wanted = languageCode?.toLowerCase() ?? '';
      const found = [wanted, wanted.split(/[-_]/, 1)[0] ?? ''].find((language) => bundles.has(language));
      return found ?? otherwise;
    },
  };
}

function createBundle(language: string, source: string): FluentBundle {
  // Fluent's own isolation would also wrap addresses inside href, and kill the link.
  const bundle = new FluentBundle(`${language}-u-nu-latn`, {
    useIsolating: false,
    // A slash before a command would otherwise be drawn at the command's wrong end in right-to-left text.
    transform: (text) => (directionOf(language) === 'rtl' ? text.replaceAll(/(?<![\w/<])\/[a-z_]+/g, isolate) : text),
  });
  const [error] = bundle.addResource(new FluentResource(source));
  if (error) throw new Error(`Locale ${language}: ${error.message}`, { cause: error });
  return bundle;
}

function mapArguments(args: MessageArguments, text: (value: string) => string): Record<string, FluentVariable> {
  const entries = Object.entries(args).map(([name, value]) => {
    if (typeof value === 'number') return [name, new FluentNumber(value)] as const;
    return [name, typeof value === 'string' ? text(value) : value.markup] as const;
  });
  return Object.fromEntries(entries);
}

/** A line begins with a mark where its first letter would turn it around; tags are not letters. */
function directionalLine(line: string, direction: 'rtl' | 'ltr'): string {
  const text = line.replaceAll(/<[^>]*>/g, '');
  const marked = directional(text, direction);
  return marked === text ? line : marked.slice(0, marked.length - text.length) + line;
}
