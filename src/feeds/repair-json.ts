// Reads JSON as feeds really have it: with marks before it, commas too many, bare line feeds, or broken off.
import { flat } from './pieces.ts';

/** The value; undefined where there is none. Never throws. */
export function parseJson(text: string): unknown {
  const start = text.search(/[{[]/);
  const json = start > 0 ? text.slice(start) : text;
  if (hasTooMuch(json)) return undefined;
  return tryParse(json) ?? tryParse(repaired(json));
}

/** Of each: the largest feed with real items has fewer, and every one costs ten times its characters. */
const maxContainersAndKeys = 400_000;

function hasTooMuch(json: string): boolean {
  return ['{', '[', '":'].some((mark) => {
    let count = 0;
    for (let at = json.indexOf(mark); at !== -1 && count <= maxContainersAndKeys; at = json.indexOf(mark, at + 1)) {
      count += 1;
    }
    return count > maxContainersAndKeys;
  });
}

function tryParse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** More than JSON Feed has; deeper values are an attack. */
const maxDepth = 200;
const pieceCharacters = 256 * 1024;
const literal = /[\w+.-]{1,100}/y;
const endOfString = /["\\\0-\x1F]/g;

/**
 * Control characters in strings escaped, commas before a bracket dropped, and everything after the last whole item of a
 * text that breaks off. Linear in the length.
 */
function repaired(json: string): string {
  let fixed = '';
  const open: string[] = [];
  let lastWhole: { length: number; open: readonly string[] } | undefined;
  let flatUpTo = pieceCharacters;
  let comma = false;
  // Whether a value has just ended, so that another one needs a comma before it.
  let isAfterValue = false;
  for (let at = 0; at < json.length;) {
    const character = json.charAt(at);
    at += 1;
    if (fixed.length > flatUpTo) {
      fixed = flat(fixed);
      flatUpTo = fixed.length + pieceCharacters;
    }
    if (character === ',') comma = true;
    if (character === ',' || /\s/.test(character)) continue;
    const isClosing = character === '}' || character === ']';
    if ((comma || (isAfterValue && character !== ':')) && !isClosing) fixed += ',';
    comma = false;
    isAfterValue = isClosing;
    if (character === '"') {
      const string = readString(json, at - 1);
      if (string === undefined) break;
      fixed += string.text;
      at = string.end;
      isAfterValue = true;
      continue;
    }
    if (/[\w+-]/.test(character)) {
      literal.lastIndex = at - 1;
      const word = literal.exec(json)?.[0] ?? '';
      at += word.length - 1;
      fixed += /^(?:true|false|null|-?\d[\d.eE+-]*)$/.test(word) ? word : 'null';
      isAfterValue = true;
      continue;
    }
    fixed += character;
    if (character === '{' || character === '[') {
      if (open.length >= maxDepth) break;
      open.push(character === '{' ? '}' : ']');
    } else if (isClosing) {
      if (open.pop() !== character) break;
      // Feed → items → item.
      if (open.length === 2) lastWhole = { length: fixed.length, open: [...open] };
      if (open.length === 0) return fixed;
    }
  }
  return lastWhole ? fixed.slice(0, lastWhole.length) + lastWhole.open.toReversed().join('') : '';
}

const escape = /\\(?:["\\/bfnrt]|u[\da-f]{4})/iy;

/** The string that begins at `start`, its control characters escaped; undefined where it does not end. */
function readString(json: string, start: number): { text: string; end: number } | undefined {
  let text = '"';
  let from = start + 1;
  let flatUpTo = pieceCharacters;
  for (;;) {
    endOfString.lastIndex = from;
    const match = endOfString.exec(json);
    if (!match) return undefined;
    text += json.slice(from, match.index);
    if (text.length > flatUpTo) {
      text = flat(text);
      flatUpTo = text.length + pieceCharacters;
    }
    if (match[0] === '"') return { text: `${text}"`, end: match.index + 1 };
    if (match[0] === '\\') {
      escape.lastIndex = match.index;
      const isSound = escape.test(json);
      text += isSound ? json.slice(match.index, match.index + 2) : '\\\\';
      from = match.index + (isSound ? 2 : 1);
    } else {
      text += match[0] === '\n' ? String.raw`\n` : ' ';
      from = match.index + 1;
    }
  }
}
