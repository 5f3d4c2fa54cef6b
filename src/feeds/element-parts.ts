// Says what one element of an item means, whatever dialect it is written in.
import type { PartCollector, PartKind } from './item-parts.ts';
import { type Tag, decodeText, textBeforeTags } from './markup.ts';
import type { LocalEntities } from './references.ts';
import { typedHtml } from './typed-text.ts';

/** Of the date that says when an item changed: it is also the day of one that has no other. */
export const updateRank = 4;

/** What is the same in each dialect. */
const plainParts: ReadonlyMap<string, readonly [PartKind, rank: number]> = new Map([
  ['other-title', ['title', 1]],
  ['description', ['summary', 0]],
  ['other-summary', ['summary', 1]],
  ['content:encoded', ['content', 0]],
]);

/** The same, of what holds no markup: a tag in it is the next element's, for this one was not closed. */
const shortParts: ReadonlyMap<string, readonly [PartKind, rank: number]> = new Map([
  ['pubDate', ['date', 0]],
  ['date', ['date', 1]],
  ['published', ['date', 2]],
  ['created', ['date', 3]],
  ['updated', ['date', updateRank]],
  ['language', ['language', 0]],
]);

/** Which address of an item is the article's: RSS's own link first, an identity that happens to be a URL last. */
const linkRank = { own: 0, page: 1, other: 2, source: 3, identity: 4 } as const;

interface WrittenElement {
  name: string;
  tag: Tag;
  /** The content as written. */
  raw: string;
}

interface Context {
  isAtom: boolean;
  local: LocalEntities | undefined;
}

/** Adds what an element with a text says. */
export function addText(into: PartCollector, { name, tag, raw }: WrittenElement, { isAtom, local }: Context): void {
  const plain = plainParts.get(name);
  if (plain) return into.add(plain[0], decodeText(raw, local), plain[1]);
  const short = shortParts.get(name);
  if (short) return into.add(short[0], decodeText(textBeforeTags(raw), local), short[1]);

  const { attributes } = tag;
  switch (name) {
    case 'title':
      return into.add('title', isAtom ? typedText(tag, raw, local, true) : decodeText(raw, local));
    case 'summary':
      if (isAtom) return into.add('summary', typedText(tag, raw, local, false));
      return into.add('long-summary', decodeText(raw, local));
    case 'content':
      into.add('content', typedText(tag, raw, local, false));
      return addLink(into, attributes.get('src'), linkRank.source, attributes.get('xml:base'));
    case 'link':
      if (attributes.has('href') || attributes.has('url')) return addAtomLink(into, tag);
      return addLink(into, addressIn(raw, local), linkRank.own, attributes.get('xml:base'));
    case 'url':
      return addLink(into, addressIn(raw, local), linkRank.source);
    case 'guid': {
      const text = decodeText(textBeforeTags(raw), local);
      into.add('id', text);
      // RSS 2.0: a guid is a permanent link unless it says that it is none.
      return attributes.get('ispermalink')?.toLowerCase() === 'false' ? undefined : addIdentityLink(into, text);
    }
    case 'id': {
      const text = decodeText(textBeforeTags(raw), local);
      into.add('id', text, 1);
      return isAtom ? addIdentityLink(into, text) : undefined;
    }
    case 'author':
      return into.add('person', personIn(raw, local));
    case 'category':
      into.add('category', attributes.get('label'));
      into.add('category', attributes.get('term'));
      return into.add('category', decodeText(raw, local));
    case 'keywords':
      for (const word of decodeText(raw, local)
        .slice(0, maxKeywordsCharacters)
        .split(/[,،;؛]|<[^<>]{0,100}>/)) {
        into.add('category', word.trim());
      }
      return undefined;
    case 'image':
      return addPicture(into, tag.attributes, pictureAddress(raw, local));
    default:
      return undefined;
  }
}

const maxKeywordsCharacters = 2000;

/** Adds what an element says in its attributes, or, where it has no address there, in `text`. */
export function addAttributes(into: PartCollector, name: string, tag: Tag, text: string): void {
  const { attributes } = tag;
  if (name === 'atom-link') return addAtomLink(into, tag);
  if (name === 'topic') return into.add('category', attributes.get('text'));
  if (name === 'picture' || name === 'thumbnail') return addPicture(into, attributes, pictureAddress(text, undefined));
  const url = address(attributes.get('url') ?? attributes.get('href') ?? pictureAddress(text, undefined));
  if (!url) return;
  const width = widthOf(attributes);
  into.addFile(name === 'enclosure' ? 'enclosure' : 'medium', url, {
    type: attributes.get('type'),
    length: attributes.get('length') ?? attributes.get('filesize'),
    medium: attributes.get('medium'),
    width,
  });
}

function widthOf(attributes: ReadonlyMap<string, string>): number | undefined {
  const width = attributes.get('width');
  return width === undefined || !/^\d{1,6}/.test(width) ? undefined : Number.parseInt(width, 10);
}

/** Adds what an item's own tag says of it: RSS 1.0 has its identity there. */
export function addIdentity(into: PartCollector, about: string | undefined): void {
  if (!about) return;
  into.add('id', about, 1);
  addIdentityLink(into, about);
}

function typedText({ attributes }: Tag, raw: string, local: LocalEntities | undefined, isTitle: boolean) {
  return typedHtml({ raw, type: attributes.get('type'), mode: attributes.get('mode'), local, isTitle });
}

function addIdentityLink(into: PartCollector, id: string): void {
  if (/^https?:/i.test(id)) addLink(into, id, linkRank.identity);
}

function addAtomLink(into: PartCollector, { attributes }: Tag): void {
  const href = address(attributes.get('href') ?? attributes.get('url'));
  const rel = attributes.get('rel')?.toLowerCase() ?? 'alternate';
  const type = attributes.get('type') ?? '';
  if (!href) return;
  if (rel.endsWith('enclosure')) {
    const length = attributes.get('length');
    into.addFile('enclosure', href, {
      type: type === '' ? undefined : type,
      length,
      medium: undefined,
      width: undefined,
    });
  } else if (rel === '' || rel.endsWith('alternate')) {
    const rank = type === '' || type.includes('html') ? linkRank.page : linkRank.other;
    addLink(into, href, rank, attributes.get('xml:base'));
  }
}

/** Addresses that a browser would not open are none. */
function addLink(into: PartCollector, url: string | undefined, rank: number, base?: string): void {
  const href = address(url);
  if (!href || /^(?!https?:)[a-z][\w+.-]*:(?!\d)/i.test(href)) return;
  into.add('link', (base === undefined ? null : URL.parse(href, base)?.href) ?? href, rank);
}

/** Escaped once too often: no address has "&amp;" in it. */
function address(text: string | undefined): string | undefined {
  return (text?.includes('&amp;') ? text.replaceAll('&amp;', '&') : text)?.trim() || undefined;
}

/** An address, or a link that was written as HTML: `<link><a href="…">`. */
function addressIn(raw: string, local: LocalEntities | undefined): string {
  const text = decodeText(textBeforeTags(raw), local);
  return text.includes('<') ? (/href\s*=\s*["']?([^"'\s<>]{1,2000})/i.exec(text)?.[1] ?? '') : text;
}

function pictureAddress(raw: string, local: LocalEntities | undefined): string | undefined {
  if (raw === '') return undefined;
  const inner =
    /<(?:url|src)\s*>([^<]{1,2000})</i.exec(raw)?.[1] ?? /\ssrc\s*=\s*["']([^"'<>]{1,2000})/i.exec(raw)?.[1];
  const text = decodeText(inner ?? raw, local);
  return /^(?:https?:)?\/\/\S+$|^\/\S+$/.test(text) ? text : undefined;
}

function addPicture(into: PartCollector, attributes: ReadonlyMap<string, string>, inText: string | undefined): void {
  const url = address(attributes.get('url') ?? attributes.get('href') ?? attributes.get('src') ?? inText);
  const file = { type: undefined, length: undefined, medium: undefined, width: widthOf(attributes) };
  if (url) into.addFile('thumbnail', url, file);
}

const personParts = ['name', 'email', 'uri'].map(
  (part) => new RegExp(`<(?:[\\w.-]{1,20}:)?${part}(?:\\s[^<>]{0,200})?>(<!\\[CDATA\\[[^<]{1,500}|[^<]{1,500})<`, 'i'),
);

/** Longer texts are no person's name. */
const maxPersonCharacters = 500;

/** Atom's persons have parts; elsewhere a person is a text like "editor@news.example (Name)". */
function personIn(raw: string, local: LocalEntities | undefined): string | undefined {
  const written = raw.includes('<')
    ? personParts.map((part) => part.exec(raw)?.[1]).find((value) => value?.trim())
    : undefined;
  const text = decodeText(written ?? raw, local);
  return text.length <= maxPersonCharacters ? text : undefined;
}
