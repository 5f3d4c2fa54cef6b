// Reads whatever feed there is in an XML text, well formed or not, in one pass.
import { type Maybe, type RawEntry, type RawFeed, resolveUrl } from './entry-of.ts';
import { addAttributes, addIdentity, addText } from './element-parts.ts';
import { createElementFinder } from './elements.ts';
import { maxEntries } from './feed.ts';
import { firstOf, rawEntryOf } from './item-entry.ts';
import { type Part, PartCollector } from './item-parts.ts';
import { type Tag, createFindNext, findTextEnd, readName, readTag } from './markup.ts';
import { changeInPieces } from './pieces.ts';
import { readLocalEntities } from './references.ts';

const forbidden = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/;

/**
 * Undefined where there is neither a feed's root nor an item. Every item whose end is there is kept, whatever happened
 * before and after it; one that the document is cut off in is dropped, for the next answer will have all of it. Linear
 * in the length of the text.
 */
export function readXmlFeed(text: string, feedUrl: string): RawFeed | undefined {
  const xml = tidyMarkup(text);
  const find = createFindNext(xml);
  const elementOf = createElementFinder(xml);
  const local = readLocalEntities(xml);
  const entries: RawEntry[] = [];
  const bases: string[] = [];
  let language: Maybe;
  let root: Maybe;
  let channel = new PartCollector();
  let item: PartCollector | undefined;
  let itemBase: Maybe;
  let isCut = false;
  let isClosed = false;
  let firstKinds: ReadonlySet<string> | undefined;

  const finishItem = (isComplete: boolean) => {
    const parts = item?.parts() ?? [];
    item = undefined;
    if (parts.length === 0 || entries.length >= maxEntries) return;
    if (!isComplete && !hasKinds(parts, firstKinds ?? wantedKinds)) return;
    firstKinds ??= kindsOf(parts);
    entries.push(rawEntryOf(parts, itemBase));
  };
  const openRoot = (name: string, tag: Tag) => {
    if (root === undefined && entries.length === 0) channel = new PartCollector();
    // A channel is inside of RSS, or RSS without its own root.
    if (root === undefined || root === 'channel') root = name;
    const base = tag.attributes.get('xml:base');
    if (base !== undefined && bases.length < maxBases) bases.push(base);
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
        addIdentity(item, tag.attributes.get('rdf:about'));
      }
    } else if (element.kind === 'unknown' || element.kind === 'foreign' || (!item && element.name === 'image')) {
      const close = find('>', afterName);
      if (close !== -1 && xml.charCodeAt(close - 1) !== 0x2f) collector.open(element.name, element.kind !== 'unknown');
    } else {
      const tag = readTag(xml, afterName, local);
      next = tag.end;
      isCut = tag.end >= xml.length && !xml.endsWith('>');
      if (element.kind === 'attributes') {
        addAttributes(collector, element.name, tag, tag.isEmpty ? '' : bareText(tag.end));
        if (element.name === 'media:content' && !tag.isEmpty) collector.open(element.name, true);
      } else {
        const raw = textOf(tag);
        if (raw !== undefined && (item || inChannel.has(element.name))) {
          addText(collector, { name: element.name, tag, raw }, { isAtom: root === 'feed', local });
        }
      }
    }
    at = xml.indexOf('<', next);

    function textOf(tag: Tag): string | undefined {
      // `<link/>https://…`: what an HTML parser makes of RSS.
      if (tag.isEmpty) return element.name === 'link' && !tag.attributes.has('href') ? bareText(tag.end) : '';
      const end = findTextEnd({ xml, find, elementOf }, written, tag.end);
      next = end.next;
      isCut = end.isCut;
      if (end.isCut) return undefined;
      const raw = xml.slice(tag.end, end.end);
      if (raw.length > maxTextCharacters) return raw.slice(0, maxTextCharacters).replace(/<[^<>]{0,100}$/, '');
      return withoutStrayEnd(raw, end.isClosed);
    }
  }
  if (!isCut) finishItem(false);

  if (root === undefined && (firstKinds?.size ?? 0) < 2) return undefined;
  const parts = channel.parts();
  // A document that breaks off before anything was said is just the beginning of one.
  if (!isClosed && parts.length === 0 && entries.length === 0) return undefined;
  const documentBase = bases.reduce((outer, base) => resolveUrl(base, outer), feedUrl);
  const link = resolveUrl(firstOf(parts, 'link'), documentBase, null);
  // RFC 4287 knows no other base than xml:base; RSS says nothing, and its relative links are the site's.
  const base = root === 'feed' ? documentBase : (link ?? documentBase);
  return {
    title: firstOf(parts, 'title'),
    link,
    language: firstOf(parts, 'language') ?? language,
    base,
    documentBase,
    entries,
  };

  function bareText(from: number): string {
    return xml.slice(from, Math.max(from, xml.indexOf('<', from)));
  }
}

/** As long as two books; what is over is not read. */
const maxTextCharacters = 1_000_000;

/** A document has one root and a channel. */
const maxBases = 3;

const inChannel: ReadonlySet<string> = new Set(['title', 'link', 'language', 'other-title']);

/** Without the characters that XML does not have, and without blanks in the marks that end an element. */
function tidyMarkup(text: string): string {
  const clean = forbidden.test(text)
    ? changeInPieces(text, '<', (piece) => piece.replaceAll(new RegExp(forbidden, 'g'), ''))
    : text;
  if (!clean.includes('</ ') && !clean.includes('< /')) return clean;
  return changeInPieces(clean, '<', (piece) => piece.replaceAll(/<(?:\/ | \/ ?)(?=[a-z_])/gi, '</'));
}

/** Where an element was not closed, another one's end may stand there, misspelt: `<title>News</titel>`. */
function withoutStrayEnd(raw: string, isClosed: boolean): string {
  return isClosed ? raw : raw.replace(/<\/[\w:.-]{1,64}>\s{0,100}$/, '');
}

/** What an item at the end of a document that breaks off must have to be whole, where no other shows it. */
const wantedKinds: ReadonlySet<string> = new Set(['title', 'link', 'summary']);

function kindsOf(parts: readonly Part[]): ReadonlySet<string> {
  return new Set(parts.map(({ kind, rank }) => (kind === 'date' ? `${kind} ${rank}` : kind)));
}

function hasKinds(parts: readonly Part[], wanted: ReadonlySet<string>): boolean {
  const kinds = kindsOf(parts);
  return [...wanted].every((kind) => kinds.has(kind) || kind === 'category');
}
