// Reads the markup of a feed as it is, not as it should be: tags, attributes, and where an element's text ends.
import type { Element } from './elements.ts';
import { type LocalEntities, decodeReferences, expandLocalEntities } from './references.ts';

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const exclamationMark = 0x21;

const maxNameCharacters = 64;

/** The name that starts at `at`, of ASCII letters and what may follow them; empty where none does. */
export function readName(xml: string, at: number): string {
  let end = at;
  const limit = at + maxNameCharacters;
  while (end < limit && isNameCode(xml.charCodeAt(end), end > at)) end += 1;
  return xml.slice(at, end);
}

function isNameCode(code: number, isInside: boolean): boolean {
  // a–z, A–Z, _; then also 0–9, the colon, full stop and hyphen.
  if ((code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f) return true;
  return isInside && ((code >= 0x30 && code <= 0x3a) || code === 0x2e || code === 0x2d);
}

/** Finds a string again and again from growing positions; the whole costs one pass over the text. */
export type FindNext = (needle: string, from: number) => number;

export function createFindNext(xml: string): FindNext {
  const last = new Map<string, { from: number; found: number }>();
  return (needle, from) => {
    const known = last.get(needle);
    if (known && from >= known.from && (known.found === -1 || from <= known.found)) return known.found;
    const found = xml.indexOf(needle, from);
    last.set(needle, { from, found });
    return found;
  };
}

export interface Tag {
  attributes: ReadonlyMap<string, string>;
  /** After its `>`. */
  end: number;
  isEmpty: boolean;
}

const noAttributes: ReadonlyMap<string, string> = new Map();
const maxAttributes = 50;
const maxAttributeCharacters = 10_000;
// Quoted as usual, with a word processor's quotes, or not at all. A quote that is not closed before the next tag is none.
const attribute =
  /[\s/,"]*([^\s=>"'/<]{1,100})\s*(?:=\s*(?:"(?!"[^\s/>])([^"<]*)"|'([^'<]*)'|[“”„«″‘’‚`]([^“”"<>»«″‘’`]*)["“”»«″‘’`]|\\?"{0,2}['“”]?([^\s>"'<]*)["']{0,2}))?/y;
const looseQuotes = /^[\s"“”«»″‘’`\\]{1,4}|[\s"“”«»″‘’`\\]{1,4}$/g;

/** The tag whose name ends at `at`; attributes without their prefixes, except xml: and rdf:, in lower case. */
export function readTag(xml: string, at: number, local?: LocalEntities): Tag {
  const next = xml.charCodeAt(at);
  if (next === greaterThan) return { attributes: noAttributes, end: at + 1, isEmpty: false };
  const attributes = new Map<string, string>();
  let position = at;
  let lastBare: { name: string; value: string } | undefined;
  for (;;) {
    attribute.lastIndex = position;
    const match = attribute.exec(xml);
    if (!match) break;
    position = attribute.lastIndex;
    const name = match[1]?.toLowerCase() ?? '';
    let value = match[2] ?? match[3] ?? match[4] ?? match[5];
    // `url="a type="b"`: the first value was never closed.
    const unclosed = value?.endsWith('=') ? /^(\S*)\s+[\w:-]{1,40}\s*=$/.exec(value) : null;
    if (unclosed && value !== undefined) {
      position -= value.length + 1 - (unclosed[1]?.length ?? 0);
      value = unclosed[1];
    }
    // Of the same attribute twice the first one counts, as in HTML.
    if (value !== undefined && attributes.size < maxAttributes && !attributes.has(name)) {
      const text = decodeReferences(value.slice(0, maxAttributeCharacters), local).trim();
      attributes.set(name, match[2] === undefined ? text.replaceAll(looseQuotes, '') : text);
      lastBare = match[5] === undefined ? undefined : { name, value: text };
    }
  }
  let end = position;
  while (end < xml.length && xml.charCodeAt(end) !== greaterThan && xml.charCodeAt(end) !== lessThan) end += 1;
  const isEmpty = xml.charCodeAt(end - 1) === slash;
  // `href=https://…/a/>`: in XML the last stroke is the tag's.
  if (isEmpty && lastBare?.value.endsWith('/')) attributes.set(lastBare.name, lastBare.value.slice(0, -1));
  return { attributes, end: xml.charCodeAt(end) === greaterThan ? end + 1 : end, isEmpty };
}

export interface TextEnd {
  /** The text ends before this. */
  end: number;
  /** Where to read on. */
  next: number;
  /** True when the document ends inside the element. */
  isCut: boolean;
  isClosed: boolean;
}

interface Reader {
  xml: string;
  find: FindNext;
  elementOf: (writtenName: string) => Element;
}

/**
 * Where the text of the element `written` ends that starts at `from`: at its closing tag; where that is missing, at the
 * next element of the item, or at the item's end. Linear for a whole document, since no two searches for the same name
 * overlap.
 */
export function findTextEnd({ xml, find, elementOf }: Reader, written: string, from: number): TextEnd {
  const { name } = elementOf(written);
  let sibling = -1;
  let at = from;
  for (;;) {
    at = xml.indexOf('<', at);
    // The usual end, looked at before all that there may be instead.
    const usualEnd = at + written.length + 2;
    if (sibling === -1 && xml.charCodeAt(usualEnd) === greaterThan && xml.startsWith(written, at + 2)) {
      if (xml.charCodeAt(at + 1) === slash) return { end: at, next: usualEnd + 1, isCut: false, isClosed: true };
    }
    if (at === -1) return { end: xml.length, next: xml.length, isCut: true, isClosed: false };
    const code = xml.charCodeAt(at + 1);
    if (code === exclamationMark) {
      at = afterSection(xml, find, written, at);
      continue;
    }
    const isClosing = code === slash;
    const other = readName(xml, at + (isClosing ? 2 : 1));
    if (other !== '') {
      const element = elementOf(other);
      if (isClosing && (other === written || (element.name === name && element.kind === 'text'))) {
        // Elements that hold no others: `<title>News<link>…</title>` was closed too late.
        if (sibling !== -1 && leaves.has(name)) return { end: sibling, next: sibling, isCut: false, isClosed: false };
        const close = find('>', at);
        return { end: at, next: close === -1 ? xml.length : close + 1, isCut: close === -1, isClosed: true };
      }
      const isBoundary = element.kind === 'item' || (isClosing && element.kind === 'root');
      if (isBoundary || other === written) {
        const end = sibling === -1 ? at : sibling;
        return { end, next: end, isCut: false, isClosed: false };
      }
      if (!isClosing && sibling === -1 && (element.kind === 'text' || element.kind === 'attributes')) sibling = at;
    }
    at += 1;
  }
}

/** Elements with a text of one line, whose text can hold no element of the feed. */
const leaves: ReadonlySet<string> = new Set(['title', 'guid', 'pubDate', 'date', 'published', 'created', 'updated']);

const cdataStart = '<![CDATA[';
const cdataEnd = ']]>';

function isCdataAt(xml: string, at: number): boolean {
  return xml.charCodeAt(at + 2) === 0x5b && xml.slice(at, at + 9).toUpperCase() === cdataStart;
}

/**
 * The position after the CDATA section or comment at `at`. A section that another one follows before its end was not
 * closed, if the element's closing tag comes before that other one.
 */
function afterSection(xml: string, find: FindNext, written: string, at: number): number {
  if (!isCdataAt(xml, at)) {
    const close = xml.startsWith('<!--', at) ? find('-->', at) : -1;
    return close === -1 ? at + 2 : close + 3;
  }
  const close = find(cdataEnd, at);
  const following = find(cdataStart, at + 9);
  if (close !== -1 && (following === -1 || close < following)) return close + 3;
  const limit = following === -1 ? xml.length : following;
  const closingTag = xml.slice(at, limit).indexOf(`</${written}`);
  if (closingTag !== -1) return at + closingTag;
  return close === -1 ? at + 9 : close + 3;
}

const rawTag = /<\/?[a-z][a-z0-9]*(?:[\s/>]|$)/i;
const escapedTag = /&lt;\/?[a-z]/i;

/** Whether `raw` holds elements that are neither escaped nor in CDATA. */
export function hasRawMarkup(raw: string): boolean {
  const cdata = raw.indexOf('<![');
  return rawTag.test(cdata !== -1 && isCdataAt(raw, cdata) ? raw.slice(0, cdata) : raw);
}

/** The text of an element: CDATA as it is, references decoded once; markup that nobody escaped stays markup. */
export function decodeText(raw: string, local?: LocalEntities): string {
  const text = raw.trim();
  const hasMarkup = text.includes('<') || text.includes(cdataEnd);
  if (!hasMarkup) return withoutCdataMarks(decodeReferences(text, local).trim(), false);
  const cdata = text.indexOf('<![');
  if (cdata === -1 || !isCdataAt(text, cdata)) return withoutCdataMarks(plainPart(text, local).trim(), false);
  // What was not closed properly has its marks still.
  const isClosed = text.indexOf(cdataEnd, cdata) !== -1;
  const decoded = withCdata(text, local).trim();
  return isClosed ? withoutCdataMarks(decoded, true) : decoded.replace(oddCdataEnd, '');
}

function withCdata(text: string, local: LocalEntities | undefined): string {
  const close = text.indexOf(cdataEnd);
  // The usual case: one section and nothing else.
  if (isCdataAt(text, 0) && close === text.length - 3 && !text.includes('<![', 9)) return text.slice(9, close);
  if (isCdataAt(text, 0) && (text.endsWith(cdataEnd) || close === -1) && !isSequence(text)) {
    // A section inside a section: all of it is meant, without the marks of the inner one.
    return text.replaceAll(/<!\[CDATA\[|\]\]>/gi, '');
  }
  let decoded = '';
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<![', at);
    if (start === -1 || !isCdataAt(text, start)) break;
    const end = text.indexOf(cdataEnd, start);
    decoded += plainPart(text.slice(at, start), local) + text.slice(start + 9, end === -1 ? text.length : end);
    at = end === -1 ? text.length : end + 3;
  }
  return decoded + plainPart(text.slice(at), local);
}

/** Whether sections follow one another, each closed before the next: the way to write "]]>" in CDATA. */
function isSequence(text: string): boolean {
  let at = 0;
  for (;;) {
    const end = text.indexOf(cdataEnd, at + 9);
    const next = text.indexOf(cdataStart, at + 9);
    if (next === -1) return end === text.length - 3;
    if (end === -1 || end > next) return false;
    at = next;
  }
}

function plainPart(text: string, local: LocalEntities | undefined): string {
  if (text === '') return text;
  const bare = text.includes('<!--') ? withoutComments(text) : text;
  const closed = bare.replaceAll(cdataEnd, '');
  if (rawTag.test(closed) && !escapedTag.test(closed)) return local ? expandLocalEntities(closed, local) : closed;
  return decodeReferences(closed, local);
}

const oddCdataStart = /^<!?\s?\[\s?CDATA\s?\[\s*/i;
const oddCdataEnd = /\](?:\s?\]){0,3}\s?>?$/;

/** What is left of the marks of a section that were misspelt, or escaped together with its content. */
function withoutCdataMarks(text: string, isSection: boolean): string {
  if (isSection) return text.endsWith(']]') && !text.includes('[') ? text.replace(oddCdataEnd, '') : text;
  return oddCdataStart.test(text) ? text.replace(oddCdataStart, '').replace(oddCdataEnd, '') : text;
}

/** What of the content of an element that holds none stands before the first tag, if anything does. */
export function textBeforeTags(raw: string): string {
  if (!raw.includes('<') || raw.includes('<![')) return raw;
  const before = raw.slice(0, Math.max(0, raw.search(/<\/?[a-z]/i)));
  return before.trim() === '' ? raw : before;
}

function withoutComments(text: string): string {
  let kept = '';
  let at = 0;
  for (;;) {
    const start = text.indexOf('<!--', at);
    const end = start === -1 ? -1 : text.indexOf('-->', start);
    if (end === -1) return kept + text.slice(at);
    kept += text.slice(at, start);
    at = end + 3;
  }
}
