// Rewrites whatever feed there is in an XML text as one small RSS 2.0 document that is well formed and free of surprises.
import { escapeAttribute } from '../lib/html.ts';
import { addAttributes, addIdentity, addText, createTextPark } from './canonical-item.ts';
import { maxEntries } from './feed.ts';
import { createElementFinder } from './elements.ts';
import { type Tag, createFindNext, findTextEnd, readName, readTag } from './markup.ts';
import { type Part, PartCollector } from './part-collector.ts';
import { readLocalEntities } from './references.ts';

/**
 * The feed parser gets this document instead of the original: it needs no repair, has no depth, and long texts travel
 * beside it (`texts`), so that a parser of any strictness reads it, in a time that does not hang on their contents.
 */
export interface CanonicalFeed {
  xml: string;
  texts: readonly string[];
  isAtom: boolean;
  /** What `xml:base` says on the roots, the outermost first. */
  bases: readonly string[];
  /** `xml:lang` of the roots. */
  language: string | undefined;
  /** Whether the end of a root was there: without it, a feed with nothing in it is just its beginning. */
  isClosed: boolean;
}

const head = `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>`;

const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;

/**
 * Undefined where there is neither a feed's root nor an item. Every item whose end is there is kept, whatever happened
 * before and after it; one that the document is cut off in is dropped, for the next answer will have all of it. Linear
 * in the length of the text.
 */
export function canonicalFeed(text: string): CanonicalFeed | undefined {
  const xml = forbidden.test(text) ? text.replaceAll(forbidden, '') : text;
  const find = createFindNext(xml);
  const elementOf = createElementFinder(xml);
  const local = readLocalEntities(xml);
  const park = createTextPark();
  const items: string[] = [];
  const bases: string[] = [];
  let language: string | undefined;
  let root: string | undefined;
  let channel = new PartCollector();
  let item: PartCollector | undefined;
  let itemBase: string | undefined;
  let isCut = false;
  let isClosed = false;
  let firstItem: readonly Part[] | undefined;
  const isAtom = () => root === 'feed';

  const finishItem = (isComplete: boolean) => {
    const parts = item?.parts() ?? [];
    item = undefined;
    if (parts.length === 0 || items.length >= maxEntries) return;
    if (!isComplete && !hasSameParts(parts, firstItem)) return;
    firstItem ??= parts;
    const base = itemBase === undefined ? '' : ` xml:base="${escapeAttribute(itemBase)}"`;
    items.push(`<item${base}>${joinParts(parts, park.put)}</item>`);
  };
  const openRoot = (name: string, tag: Tag) => {
    if (root === undefined && items.length === 0) channel = new PartCollector();
    // A channel is inside of RSS, or RSS without its own root.
    if (root === undefined || root === 'channel') root = name;
    const base = tag.attributes.get('xml:base');
    if (base !== undefined && bases.length < 3) bases.push(base);
    language ??= tag.attributes.get('xml:lang');
  };

  let at = xml.indexOf('<');
  while (at !== -1) {
    const isClosing = xml.charCodeAt(at + 1) === 0x2f;
    const written = readName(xml, at + (isClosing ? 2 : 1));
    if (written === '') {
      const commentEnd = xml.startsWith('<!--', at) ? find('-->', at) : -1;
      at = xml.indexOf('<', commentEnd === -1 ? at + 1 : commentEnd);
      continue;
    }
    const element = elementOf(written);
    const collector = item ?? channel;
    const afterName = at + written.length + (isClosing ? 2 : 1);
    let next = afterName;

    if (isClosing) {
      if (element.kind === 'root') isClosed = true;
      if (element.kind === 'item' || element.kind === 'root') finishItem(true);
      else collector.close(element.name);
    } else if (element.kind === 'root' || element.kind === 'item') {
      finishItem(true);
      const tag = readTag(xml, afterName, local);
      next = tag.end;
      if (element.kind === 'root') {
        openRoot(element.name, tag);
      } else if (!tag.isEmpty) {
        item = new PartCollector();
        itemBase = tag.attributes.get('xml:base');
        addIdentity(item, tag.attributes.get('rdf:about'), park);
      }
    } else if (element.kind === 'unknown' || element.kind === 'foreign' || (!item && element.name === 'image')) {
      const close = find('>', afterName);
      if (close !== -1 && xml.charCodeAt(close - 1) !== 0x2f) collector.open(element.name, element.kind !== 'unknown');
    } else {
      const tag = readTag(xml, afterName, local);
      next = tag.end;
      isCut = tag.end >= xml.length && !xml.endsWith('>');
      if (element.kind === 'attributes') {
        addAttributes(collector, element.name, tag, park);
        if (element.name === 'media:content' && !tag.isEmpty) collector.open(element.name, true);
      } else {
        const raw = textOf(tag);
        if (raw !== undefined && (item || inChannel.has(element.name))) {
          addText(collector, { name: element.name, tag, raw }, { isAtom: isAtom(), park, local });
        }
      }
    }
    at = xml.indexOf('<', next);

    function textOf(tag: Tag): string | undefined {
      if (tag.isEmpty) {
        // `<link/>https://…`: what an HTML parser makes of RSS.
        const isBareLink = element.name === 'link' && !tag.attributes.has('href');
        return isBareLink ? xml.slice(tag.end, Math.max(tag.end, xml.indexOf('<', tag.end))) : '';
      }
      const end = findTextEnd({ xml, find, elementOf }, written, tag.end);
      next = end.next;
      isCut = end.isCut;
      return end.isCut ? undefined : withoutStrayEnd(xml.slice(tag.end, end.end), end.isClosed);
    }
  }
  if (!isCut) finishItem(false);

  if (root === undefined && (firstItem?.length ?? 0) < 2) return undefined;
  const xmlText = `${head}${joinParts(channel.parts(), park.put)}${items.join('')}</channel></rss>`;
  return { xml: xmlText, texts: park.texts, isAtom: isAtom(), bases, language, isClosed };
}

const inChannel: ReadonlySet<string> = new Set(['title', 'link', 'language', 'other-title']);

/** Where an element was not closed, another one's end may stand there, misspelt: `<title>News</titel>`. */
function withoutStrayEnd(raw: string, isClosed: boolean): string {
  return isClosed ? raw : raw.replace(/<\/[\w:.-]{1,64}>\s{0,100}$/, '');
}

/** An item at the end of a document that breaks off is whole when it has everything that the first one has. */
function hasSameParts(parts: readonly Part[], first: readonly Part[] | undefined): boolean {
  const names = new Set(parts.map(nameOf));
  const wanted = first ? new Set(first.map(nameOf)) : ['title', 'link', 'description'];
  return [...wanted].every((name) => names.has(name) || name === 'category');
}

function nameOf(part: Part): string {
  return typeof part === 'string' ? (/^<([\w:]+)/.exec(part)?.[1] ?? '') : 'link';
}

/** With the best of the links, of those that a browser would open. */
function joinParts(parts: readonly Part[], put: (text: string) => string): string {
  let xml = '';
  let best: { url: string; rank: number } | undefined;
  for (const part of parts) {
    if (typeof part === 'string') xml += part;
    else if ((!best || part.rank < best.rank) && !/^(?!https?:)[a-z][\w+.-]*:/i.test(part.url)) best = part;
  }
  return best ? `${xml}<link>${put(best.url)}</link>` : xml;
}
