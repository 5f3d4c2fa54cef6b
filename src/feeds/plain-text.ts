// The plain text of a feed's title or category, which may hold markup and entities without saying so.
import { decodeEntities } from '../lib/html.ts';
import { collapseWhitespace, stripControls } from '../lib/text.ts';

const tag = /<(\/?)([a-z][a-z0-9]*)(?:\s[^<>]*)?\/?>/gi;
const emptyElements: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'wbr']);

/** Tags count as markup when they come in pairs (or are empty elements): "the <b> tag" and "List<String>" stay text. */
export function plainText(html: string): string {
  if (!html.includes('<') && !html.includes('&')) return oneLine(html);
  const present = new Set([...html.matchAll(tag)].map(([, slash, name]) => `${slash}${name?.toLowerCase()}`));
  const text = html.replace(tag, (whole, _slash: string, name: string) => {
    const element = name.toLowerCase();
    if (emptyElements.has(element)) return ' ';
    return present.has(element) && present.has(`/${element}`) ? '' : whole;
  });
  return oneLine(withoutStrayEnd(decodeAgain(decodeEntities(text))));
}

/**
 * References that are no part of any title, escaped by the editor's program, by the feed's, and by what stands before
 * it; an ampersand or an angle bracket may be what a title is about.
 */
const escapedAgain = /&(?:amp;){0,3}((?!amp;|lt;|gt;)[a-z]{2,8};|#(?:\d{2,7}|x[\da-f]{2,6});)/gi;

function decodeAgain(text: string): string {
  return text.includes('&') ? text.replaceAll(escapedAgain, (_, reference) => decodeEntities(`&${reference}`)) : text;
}

const maxEndCharacters = 25;

/** The end of an element of which there is no beginning: `News</h1>`. */
function withoutStrayEnd(text: string): string {
  const [end, name] =
    (text.endsWith('>') ? /<\/([a-z][a-z0-9]{0,20})>$/i.exec(text.slice(-maxEndCharacters)) : null) ?? [];
  return end === undefined || text.includes(`<${name}`) ? text : text.slice(0, -end.length);
}

// What oneLine would change: most titles have none of it, and testing is much cheaper than replacing.
const untidy = /[^\S ]|\s\s|^\s|\s$|[\0-\x1F\x7F-\x9F\u2028-\u202E\uD800-\uDFFF]/;

/** `text` in one line, without what a database or a message cannot hold. */
export function oneLine(text: string): string {
  return untidy.test(text) ? collapseWhitespace(stripControls(text)) : text;
}
