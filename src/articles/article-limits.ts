// What may be stored of an article: no control characters, which Postgres refuses, and of everything only so much.
import { collapseWhitespace, stripControls } from '../lib/text.ts';

/** The longest reports have a third of this. */
export const maxBodyCharacters = 100_000;
/** For whatever else is one line; Telegram shows four thousand characters of a whole message. */
const maxLineCharacters = 2_000;
const maxLines: Readonly<Record<string, number>> = {
  headline: 1_000,
  kicker: 300,
  section: 200,
  imageCaption: 1_000,
  imageCredit: 300,
  authors: 200,
  tags: 100,
};
const maxItems: Readonly<Record<string, number>> = { authors: 20, tags: 50 };

/** Cut anywhere they would be other addresses. */
const addresses: ReadonlySet<string> = new Set(['url', 'canonicalUrl', 'imageUrl']);

/** `values` of an article as they are stored; what is no text stays as it is. */
export function storable<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, storableValue(name, value)])) as T;
}

function storableValue(name: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(name, value);
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) return value;
  return value
    .slice(0, maxItems[name])
    .map((each) => storableText(name, each))
    .filter((each) => each !== '');
}

function storableText(name: string, text: string): string {
  if (addresses.has(name)) return stripControls(text);
  if (name === 'body') return stripControls(text.slice(0, maxBodyCharacters));
  return collapseWhitespace(stripControls(text.slice(0, maxLines[name] ?? maxLineCharacters)));
}
