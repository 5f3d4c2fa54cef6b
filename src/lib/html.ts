// Escaping text for HTML, and reading the plain text of a short piece of HTML (a title, a name) without a DOM.
import { codePointOf, namedCharacters } from './html-characters.ts';

/** `text` as the content of an element. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `text` as the value of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  return escapeHtml(text).replaceAll('"', '&quot;');
}

const dropped = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'svg', 'head']);
const blocks = new Set(
  `address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3
   h4 h5 h6 header hr li main nav ol p pre section table td th tr ul`.split(/\s+/),
);

/**
 * The plain text of `html`: paragraphs separated by blank lines, entities decoded, scripts and styles dropped.
 * A `<` that opens no tag ("5 < 6") is text. Linear in the length, whatever the input.
 */
export function htmlToText(html: string): string {
  let text = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open === -1) break;
    text += html.slice(at, open);
    const tag = readTag(html, open);
    if (tag === undefined) {
      text += '<';
      at = open + 1;
      continue;
    }
    at = tag.end;
    if (tag.name === 'br') text += '\n';
    else if (blocks.has(tag.name)) text += '\n\n';
    else if (dropped.has(tag.name) && !tag.closing) at = endOfElement(html, tag.name, tag.end);
  }
  text += html.slice(at);
  return tidy(decodeEntities(text));
}

interface Tag {
  name: string;
  closing: boolean;
  end: number;
}

const tagStart = /<(?:!--|(\/?)([a-z][a-z0-9-]*)|[!?])/iy;

function readTag(html: string, open: number): Tag | undefined {
  tagStart.lastIndex = open;
  const match = tagStart.exec(html);
  if (!match) return undefined;
  const comment = match[0] === '<!--';
  const close = html.indexOf(comment ? '-->' : '>', tagStart.lastIndex);
  // An unclosed tag swallows what follows, as it does in a browser.
  const end = close === -1 ? html.length : close + (comment ? 3 : 1);
  return { name: match[2]?.toLowerCase() ?? '', closing: match[1] === '/', end };
}

function endOfElement(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}[^>]{0,100}>`, 'gi');
  close.lastIndex = from;
  return close.test(html) ? close.lastIndex : html.length;
}

/** Character references decoded once; an unknown name stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(
    /&(?:#(\d{1,8});?|#x([\da-f]{1,8});?|([a-z][a-z\d]{1,31});)/gi,
    (whole, decimal, hex, name) => {
      if (decimal !== undefined) return codePointOf(Number.parseInt(decimal, 10));
      if (hex !== undefined) return codePointOf(Number.parseInt(hex, 16));
      return namedCharacters.get(name) ?? whole;
    },
  );
}

function tidy(text: string): string {
  return text
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) =>
      paragraph
        .split('\n')
        .map((line) => line.replaceAll(/\s+/g, ' ').trim())
        .join('\n')
        .trim(),
    )
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}
