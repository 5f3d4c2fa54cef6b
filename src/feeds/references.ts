// Character and entity references in a feed's text: decoded once, and entities never inside entities.
import { codePointOf, namedCharacters } from '../lib/html-characters.ts';

/** Entities that a document declares for itself. */
export interface LocalEntities {
  values: ReadonlyMap<string, string>;
  /** Characters that may still be put in; what is over stays as it is written. */
  budget: number;
}

const maxLocalEntities = 200;
const maxEntityCharacters = 2000;
/** For a whole feed: more is an attack and no abbreviation. */
const maxExpandedCharacters = 256 * 1024;
const maxDoctypeCharacters = 64 * 1024;

const entityDeclaration = /<!ENTITY\s{1,20}([\w.-]{1,40})\s{1,20}(?:"([^"]{0,2000})"|'([^']{0,2000})')/g;

/** The internal subset's general entities with literal values; undefined when there are none. */
export function readLocalEntities(xml: string): LocalEntities | undefined {
  const start = xml.slice(0, maxDoctypeCharacters).search(/<!DOCTYPE\s[^>[]{0,500}\[/i);
  if (start === -1) return undefined;
  const subset = xml.slice(start, start + maxDoctypeCharacters);
  const close = subset.search(/\]\s*>/);
  const values = new Map<string, string>();
  for (const [, name = '', double, single] of (close === -1 ? subset : subset.slice(0, close)).matchAll(
    entityDeclaration,
  )) {
    if (values.size >= maxLocalEntities) break;
    const value = double ?? single ?? '';
    // The first declaration counts (XML 1.0, 4.2).
    if (value.length <= maxEntityCharacters && !values.has(name)) values.set(name, decodeReferences(value));
  }
  return values.size === 0 ? undefined : { values, budget: maxExpandedCharacters };
}

/** The longest name of HTML has 31 letters. */
const reference = /&(?:#(\d{1,8})|#[xX]([\da-fA-F]{1,8})|([A-Za-z][\w.-]{0,39}));/y;

/** `text` with each reference decoded once; a bare `&` and an unknown name stay as they are. */
export function decodeReferences(text: string, local?: LocalEntities): string {
  let at = text.indexOf('&');
  if (at === -1) return text;
  let decoded = '';
  let from = 0;
  while (at !== -1) {
    reference.lastIndex = at;
    const match = reference.exec(text);
    if (!match) {
      at = text.indexOf('&', at + 1);
      continue;
    }
    const [whole, decimal, hex, name = ''] = match;
    let end = at + whole.length;
    let value: string | undefined;
    if (name === '') {
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
      const low = isHighSurrogate(code) ? lowSurrogateAt(text, end) : undefined;
      if (low) end = low.end;
      value = low ? String.fromCharCode(code, low.code) : codePointOf(code);
    } else {
      value = localValue(local, name) ?? namedCharacters.get(name) ?? namedCharacters.get(name.toLowerCase());
    }
    if (value !== undefined) {
      decoded += text.slice(from, at) + value;
      from = end;
    }
    at = text.indexOf('&', end);
  }
  return decoded + text.slice(from);
}

/** Only the document's own entities, where the text is markup whose other references stay. */
export function expandLocalEntities(text: string, local: LocalEntities): string {
  return text.replaceAll(/&([A-Za-z][\w.-]{0,39});/g, (whole, name: string) => localValue(local, name) ?? whole);
}

function localValue(local: LocalEntities | undefined, name: string): string | undefined {
  const value = local?.values.get(name);
  if (!local || value === undefined || value.length > local.budget) return undefined;
  local.budget -= value.length;
  return value;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd8_00 && code <= 0xdb_ff;
}

/** Some programs write a character beyond U+FFFF as two references, one for each half. */
function lowSurrogateAt(text: string, at: number): { code: number; end: number } | undefined {
  reference.lastIndex = at;
  const [whole, decimal, hex] = reference.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
  return code >= 0xdc_00 && code <= 0xdf_ff ? { code, end: at + whole.length } : undefined;
}
