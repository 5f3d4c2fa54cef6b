// Reads JSON as pages embed it: in comments or CDATA, with raw line feeds, comments, trailing commas, escaped quotes.

/** The value of `source`; undefined when no repair makes JSON of it. Never throws. */
export function parseLenientJson(source: string): unknown {
  const json = source
    .trim()
    .replace(/^(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|\/\/\s*<!\[CDATA\[|<!\[CDATA\[)/, '')
    .replace(/(?:\/\/\s*)?(?:-->|\/\*\s*\]\]>\s*\*\/|\]\]>)\s*;?$/, '')
    .trim()
    .replace(/;$/, '');
  const repairs = [
    () => json,
    // Raw line feeds and tabs inside strings are the usual damage.
    () => json.replaceAll(/[\u0000-\u001F]+/g, ' '),
    () => repaired(json.replaceAll(/[\u0000-\u001F]+/g, ' ')),
    () => repaired(json.replaceAll('&quot;', '"').replaceAll(/[\u0000-\u001F]+/g, ' ')),
  ];
  for (const repair of repairs) {
    try {
      return JSON.parse(repair());
    } catch {
      continue;
    }
  }
  return undefined;
}

/** Outside strings: no comma before a bracket, none doubled, no comments. Inside: only the escapes that JSON knows. */
function repaired(json: string): string {
  let result = '';
  let at = 0;
  while (at < json.length) {
    const character = json[at] as string;
    if (character === '"') {
      const end = endOfString(json, at);
      result += json.slice(at, end).replaceAll(/\\(?!["\\/bfnrtu])/g, '\\\\');
      at = end;
    } else if (json.startsWith('/*', at)) {
      const end = json.indexOf('*/', at + 2);
      at = end === -1 ? json.length : end + 2;
    } else if (character === ',') {
      let next = at + 1;
      while (next < json.length && /[\s,]/.test(json[next] as string)) next += 1;
      if (next < json.length && !/[\]}]/.test(json[next] as string)) result += ',';
      at = next;
    } else {
      result += character;
      at += 1;
    }
  }
  return result;
}

/** Just after the closing quote. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}
