// Reads JSON as feeds really have it: with marks before it, commas too many, bare line feeds, or broken off.

/** The value; undefined where there is none. Never throws. */
export function parseJson(text: string): unknown {
  const start = text.search(/[{[]/);
  const json = start > 0 ? text.slice(start) : text;
  return tryParse(json) ?? tryParse(repaired(json));
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
const endOfString = /["\\\0-\x1F]/g;

/**
 * Control characters in strings escaped, commas before a bracket dropped, and everything after the last whole item of a
 * text that breaks off. Linear in the length.
 */
function repaired(json: string): string {
  let fixed = '';
  const open: string[] = [];
  let lastWhole: { length: number; open: readonly string[] } | undefined;
  let comma = false;
  for (let at = 0; at < json.length;) {
    const character = json.charAt(at);
    at += 1;
    if (character === ',') comma = true;
    if (character === ',' || /\s/.test(character)) continue;
    const isClosing = character === '}' || character === ']';
    if (comma && !isClosing) fixed += ',';
    comma = false;
    if (character === '"') {
      const string = readString(json, at - 1);
      if (string === undefined) break;
      fixed += string.text;
      at = string.end;
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

/** The string that begins at `start`, its control characters escaped; undefined where it does not end. */
function readString(json: string, start: number): { text: string; end: number } | undefined {
  let text = '"';
  let from = start + 1;
  for (;;) {
    endOfString.lastIndex = from;
    const match = endOfString.exec(json);
    if (!match) return undefined;
    text += json.slice(from, match.index);
    if (match[0] === '"') return { text: `${text}"`, end: match.index + 1 };
    if (match[0] === '\\') {
      text += json.slice(match.index, match.index + 2);
      from = match.index + 2;
    } else {
      text += match[0] === '\n' ? String.raw`\n` : ' ';
      from = match.index + 1;
    }
  }
}
