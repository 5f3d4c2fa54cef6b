// Says in canonical RSS what one element of an item says in its own dialect.
import { escapeAttribute, escapeHtml } from '../lib/html.ts';
import { type Tag, decodeText } from './markup.ts';
import type { PartCollector } from './part-collector.ts';
import type { LocalEntities } from './references.ts';
import { typedHtml } from './typed-text.ts';

/** Longer texts travel beside the document; the parser then costs as much for a long article as for a short one. */
const maxInlineCharacters = 200;
/** No XML document may hold these two, so no feed can forge a reference. */
const parkedText = /^\uFFFE(\d+)\uFFFF$/;

export interface TextPark {
  texts: string[];
  /** `text` as the content of an element or an attribute. */
  put: (text: string) => string;
}

export function createTextPark(): TextPark {
  const texts: string[] = [];
  return {
    texts,
    put: (text) => (text.length <= maxInlineCharacters ? escapeAttribute(text) : `\uFFFE${texts.push(text) - 1}\uFFFF`),
  };
}

/** The text behind what the parser gave. */
export function unpark(texts: readonly string[], value: string | undefined): string | undefined {
  const index = value === undefined || value.charCodeAt(0) !== 0xff_fe ? undefined : parkedText.exec(value)?.[1];
  return index === undefined ? value : texts[Number(index)];
}

interface Context {
  isAtom: boolean;
  park: TextPark;
  local: LocalEntities | undefined;
}

/** RSS names of what is the same in each dialect: text in, text out. */
const plainNames: Readonly<Record<string, string>> = {
  'other-title': 'dc:title',
  pubDate: 'pubDate',
  date: 'dc:date',
  published: 'dcterms:issued',
  created: 'dcterms:created',
  updated: 'dcterms:modified',
  description: 'description',
  'other-summary': 'dc:description',
  'content:encoded': 'content:encoded',
  language: 'language',
};

/** Which address of an item is the article's: RSS's own link first, an identity that happens to be a URL last. */
const linkRank = { own: 0, page: 1, other: 2, source: 3, identity: 4 } as const;

interface WrittenElement {
  name: string;
  tag: Tag;
  /** The content as written. */
  raw: string;
}

/** Adds what an element with a text says. */
export function addText(into: PartCollector, { name, tag, raw }: WrittenElement, context: Context): void {
  const { isAtom, park, local } = context;
  const plainName = plainNames[name];
  if (plainName !== undefined) return addElement(into, plainName, decodeText(raw, local), park);

  const { attributes } = tag;
  switch (name) {
    case 'title':
      return addElement(into, 'title', isAtom ? typedText(tag, raw, local, true) : decodeText(raw, local), park);
    case 'summary':
      if (isAtom) return addElement(into, 'description', typedText(tag, raw, local, false), park);
      return addElement(into, 'itunes:summary', decodeText(raw, local), park);
    case 'content':
      addElement(into, 'content:encoded', typedText(tag, raw, local, false), park);
      return addLink(into, attributes.get('src'), linkRank.source, attributes.get('xml:base'));
    case 'link':
      if (attributes.has('href')) return addAtomLink(into, tag, park);
      return addLink(into, addressIn(decodeText(raw, local)), linkRank.own, attributes.get('xml:base'));
    case 'guid': {
      const text = decodeText(raw, local);
      addElement(into, 'guid', text, park);
      // RSS 2.0: a guid is a permanent link unless it says that it is none.
      return attributes.get('ispermalink')?.toLowerCase() === 'false' ? undefined : addIdentityLink(into, text);
    }
    case 'id': {
      const text = decodeText(raw, local);
      addElement(into, 'dc:identifier', text, park);
      return isAtom ? addIdentityLink(into, text) : undefined;
    }
    case 'author':
      return addAuthor(into, raw, context);
    case 'category':
      addElement(into, 'category', attributes.get('label'), park);
      addElement(into, 'category', attributes.get('term'), park);
      return addElement(into, 'category', decodeText(raw, local), park);
    case 'image':
      return addPicture(into, attributes.get('url') ?? attributes.get('href') ?? pictureAddress(raw, local), park);
    default:
      return undefined;
  }
}

/** Adds what an element says in its attributes alone. */
export function addAttributes(into: PartCollector, name: string, tag: Tag, park: TextPark): void {
  const { attributes } = tag;
  const written = (...names: readonly string[]) =>
    names.map((each) => (attributes.has(each) ? ` ${each}="${park.put(attributes.get(each) ?? '')}"` : '')).join('');
  if (name === 'atom-link') return addAtomLink(into, tag, park);
  if (name === 'topic') return addElement(into, 'category', attributes.get('text'), park);
  const url = address(attributes.get('url') ?? attributes.get('href'));
  if (!url) return;
  if (name === 'picture') return addPicture(into, url, park);
  const rest = written('type', 'length', 'medium', 'width', 'filesize');
  // A medium's own title and caption are not the item's; its pictures are, however deep they stand.
  into.addDirectly(`<${name} url="${park.put(url)}"${rest}/>`);
}

/** Adds what an item's own tag says of it: RSS 1.0 has its identity there. */
export function addIdentity(into: PartCollector, about: string | undefined, park: TextPark): void {
  if (!about) return;
  addElement(into, 'dc:identifier', about, park);
  addIdentityLink(into, about);
}

function addElement(into: PartCollector, name: string, text: string | undefined, park: TextPark): void {
  if (text) into.add(`<${name}>${park.put(text)}</${name}>`);
}

function typedText({ attributes }: Tag, raw: string, local: LocalEntities | undefined, isTitle: boolean) {
  return typedHtml({ raw, type: attributes.get('type'), mode: attributes.get('mode'), local, isTitle });
}

function addIdentityLink(into: PartCollector, id: string): void {
  if (/^https?:/i.test(id)) addLink(into, id, linkRank.identity);
}

function addAtomLink(into: PartCollector, { attributes }: Tag, park: TextPark): void {
  const href = address(attributes.get('href'));
  const rel = attributes.get('rel')?.toLowerCase() ?? 'alternate';
  const type = attributes.get('type') ?? '';
  if (!href) return;
  if (rel.endsWith('enclosure')) {
    const length = attributes.get('length');
    const size = length === undefined ? '' : ` length="${park.put(length)}"`;
    into.add(`<enclosure url="${park.put(href)}"${type === '' ? '' : ` type="${park.put(type)}"`}${size}/>`);
  } else if (rel === '' || rel.endsWith('alternate')) {
    const rank = type === '' || type.includes('html') ? linkRank.page : linkRank.other;
    addLink(into, href, rank, attributes.get('xml:base'));
  }
}

function addLink(into: PartCollector, url: string | undefined, rank: number, base?: string): void {
  const href = address(url);
  if (href) into.add({ url: (base === undefined ? null : URL.parse(href, base)?.href) ?? href, rank });
}

/** Escaped once too often: no address has "&amp;" in it. */
function address(text: string | undefined): string | undefined {
  return (text?.includes('&amp;') ? text.replaceAll('&amp;', '&') : text)?.trim() || undefined;
}

/** A link that was written as HTML: `<link><a href="…">`. */
function addressIn(text: string): string {
  return text.includes('<') ? (/href\s*=\s*["']?([^"'\s<>]{1,2000})/i.exec(text)?.[1] ?? '') : text;
}

function pictureAddress(raw: string, local: LocalEntities | undefined): string | undefined {
  const inner =
    /<(?:url|src)\s*>([^<]{1,2000})</i.exec(raw)?.[1] ?? /\ssrc\s*=\s*["']([^"'<>]{1,2000})/i.exec(raw)?.[1];
  const text = decodeText(inner ?? raw, local);
  return /^(?:https?:)?\/\/\S+$|^\/\S+$/.test(text) ? text : undefined;
}

function addPicture(into: PartCollector, url: string | undefined, park: TextPark): void {
  if (url) into.add(`<media:thumbnail url="${park.put(url)}"/>`);
}

const personParts = ['name', 'email', 'uri'].map(
  (part) => new RegExp(`<(?:[\\w.-]{1,20}:)?${part}(?:\\s[^<>]{0,200})?>(<!\\[CDATA\\[[^<]{1,500}|[^<]{1,500})<`, 'i'),
);

/** Atom's persons have parts; elsewhere a person is a text like "editor@news.example (Name)". */
function addAuthor(into: PartCollector, raw: string, { park, local }: Context): void {
  const written = raw.includes('<')
    ? personParts.map((part) => part.exec(raw)?.[1]).find((value) => value?.trim())
    : undefined;
  if (written !== undefined) {
    const name = written.replace(/^<!\[CDATA\[/i, '').replace(/\]\]>$/, '');
    return addElement(into, 'dc:creator', decodeText(name, local), park);
  }
  const text = decodeText(raw, local);
  // Too long for a person, and the parser must see it.
  if (text !== '' && text.length <= maxInlineCharacters) into.add(`<author>${escapeHtml(text)}</author>`);
}
