// Text constructs (Atom 1.0, RFC 4287, 3.1; Atom 0.3): whatever their type and mode, here they become HTML.
import { escapeHtml } from '../lib/html.ts';
import { decodeText, hasRawMarkup } from './markup.ts';
import { type LocalEntities, expandLocalEntities } from './references.ts';

interface TypedText {
  raw: string;
  type: string | undefined;
  /** Atom 0.3: xml, escaped or base64. */
  mode: string | undefined;
  local: LocalEntities | undefined;
  /** A title is one line: its text becomes no paragraphs, and is markup only where it says so. */
  isTitle: boolean;
}

/** The text as HTML; undefined for what is neither text nor HTML (a picture, a file). */
export function typedHtml({
  raw,
  type: writtenType,
  mode: writtenMode,
  local,
  isTitle,
}: TypedText): string | undefined {
  const type = writtenType?.toLowerCase();
  const mode = writtenMode?.toLowerCase();
  const isHtml = type?.includes('html') ?? false;
  // RFC 4287, 4.1.3.3: what is neither text nor XML is Base64; bytes of no said type may well be text.
  const isBase64 = mode === 'base64' || type === 'application/octet-stream';
  if (type !== undefined && !isBase64 && !isHtml && type !== 'text' && type !== 'plain' && !type.startsWith('text/'))
    return undefined;

  if (isBase64) {
    const text = Buffer.from(raw, 'base64').toString('utf8').trim();
    return isHtml || looksLikeHtml(text) ? text : escapeText(text, isTitle);
  }
  // Markup that is not escaped is markup, whatever its type says; a title is no place for samples of it.
  if (hasRawMarkup(raw) && (isHtml || isTitle || type === undefined || mode === 'xml')) {
    const markup = local ? expandLocalEntities(raw, local) : raw;
    return unwrapDiv(markup.trim());
  }
  const text = decodeText(raw, local);
  if (isHtml || (type === undefined && (mode === 'escaped' || !isTitle) && looksLikeHtml(text))) return text;
  return escapeText(text, isTitle);
}

function escapeText(text: string, isTitle: boolean): string {
  return isTitle ? escapeHtml(text) : textAsHtml(text);
}

/** Many feeds forget the type; real prose does not hold paragraphs and links by accident. */
function looksLikeHtml(text: string): boolean {
  return /<(?:p|br|div|img|a|ul|ol|b|i|em|strong|span|figure|blockquote|h[1-6])[\s/>]/i.test(text);
}

export function textAsHtml(text: string): string {
  const paragraphs = text.split(/\r?\n[^\S\n]*\n\s*/).map((paragraph) => paragraph.trim());
  return paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`).join('\n');
}

const divStart = /^<(?:([a-z][\w.-]{0,30}):)?div(?:\s[^>]{0,2000})?>/i;
const divEnd = /<\/(?:[a-z][\w.-]{0,30}:)?div\s*>$/i;

/** XHTML comes in a `<div>` that is no part of it, and its elements may have a prefix. */
function unwrapDiv(markup: string): string {
  const start = divStart.exec(markup);
  const end = start && divEnd.exec(markup.slice(-100));
  if (!start || !end) return markup;
  const inner = markup.slice(start[0].length, markup.length - end[0].length);
  let depth = 0;
  for (const [tag] of inner.matchAll(/<\/?(?:[a-z][\w.-]{0,30}:)?div(?=[\s/>])/gi)) {
    depth += tag.startsWith('</') ? -1 : 1;
    // Two elements side by side.
    if (depth < 0) return markup;
  }
  const prefix = start[1];
  const plain = prefix === undefined ? inner : inner.replaceAll(`<${prefix}:`, '<').replaceAll(`</${prefix}:`, '</');
  return plain.trim();
}
