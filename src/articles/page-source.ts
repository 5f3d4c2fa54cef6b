// Takes out of a page's HTML, before it is parsed, what no rule reads: scripts, styles, drawings, comments and most
// attributes are half of many pages, and a document pays for each of them.

/** Attributes by which the rules of this folder, Readability and a CMS tell elements apart; of any element. */
const readAttributes = new Set(
  'aria-hidden class content data-published datetime hidden id itemprop pubdate rel role'.split(' '),
);
/** Those that say something on some elements only. */
const readAttributesOf: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    a: new Set(['href', 'title']),
    abbr: new Set(['title']),
    base: new Set(['href']),
    link: new Set(['href']),
    html: new Set(['dir', 'lang', 'xml:lang']),
    meta: new Set(['http-equiv', 'name', 'property']),
    script: new Set(['type']),
    source: new Set(['srcset', 'data-srcset', 'media', 'type']),
    time: new Set(['title']),
    'amp-img': new Set(['height', 'src', 'srcset', 'width']),
    img: new Set(
      `alt data-lazy-src data-lazy-srcset data-orig-file data-original data-src data-srcset data-url height src srcset
     width`.split(/\s+/),
    ),
  }),
);
/** Elements that go with all they hold. */
const dropped = new Set(['script', 'style', 'svg', 'template', 'nav', 'select', 'iframe', 'object', 'canvas', 'map']);
/** White space beside them is never seen. */
const blocks = new Set(
  `html head body meta link title base script noscript article aside blockquote br dd div dl dt figcaption figure footer
   form h1 h2 h3 h4 h5 h6 header hr li main nav ol p section table tbody td th thead tr ul`.split(/\s+/),
);
/** A tag is not read further; no honest one has so many characters. */
const maxTagCharacters = 200_000;

/**
 * `html` without what nobody reads; `also` names further attributes to leave in. Linear in the length, whatever the
 * input.
 */
export function slimSource(html: string, also: ReadonlySet<string> = new Set()): string {
  const parts: string[] = [];
  const unclosed = new Set<string>();
  let from = 0;
  let before = '';
  const keepText = (to: number, next: string) => {
    const text = html.slice(from, to);
    if (text.length < maxBlankCharacters && (blocks.has(before) || blocks.has(next)) && text.trim() === '') return;
    parts.push(text);
  };
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', Math.max(from, at + 1))) {
    if (html.startsWith('<!--', at)) {
      parts.push(html.slice(from, at));
      const close = html.indexOf('-->', at + 4);
      from = close === -1 ? html.length : close + 3;
      continue;
    }
    if (html[at + 1] === '/') {
      closingName.lastIndex = at;
      const name = closingName.exec(html)?.[1]?.toLowerCase();
      if (name === undefined) continue;
      keepText(at, name);
      const close = html.indexOf('>', at);
      parts.push(`</${name}>`);
      from = close === -1 ? html.length : close + 1;
      before = name;
      continue;
    }
    const tag = readTag(html, at, also);
    if (tag === undefined) continue;
    keepText(at, tag.name);
    from = tag.end;
    // Of what a page links to, only its picture says something.
    if (tag.name === 'link' && !tag.source.includes('image_src')) continue;
    if (!dropped.has(tag.name)) {
      parts.push(tag.source);
      before = tag.name;
      continue;
    }
    const raw = tag.name === 'script' || tag.name === 'style';
    if (tag.closed && !raw) continue;
    const end = unclosed.has(tag.name) ? undefined : endOf(html, tag.name, tag.end);
    if (end === undefined) unclosed.add(tag.name);
    // A drawing that is never closed holds nothing back; a script does, as in a browser.
    from = end ?? (raw ? html.length : tag.end);
    if (tag.isLinkedData) parts.push(tag.source, html.slice(tag.end, from));
  }
  parts.push(html.slice(from));
  return parts.join('');
}

/** Longer white space is not looked through; it is nobody's layout. */
const maxBlankCharacters = 1000;

interface Tag {
  name: string;
  end: number;
  /** The tag with the attributes that are read. */
  source: string;
  closed: boolean;
  isLinkedData: boolean;
}

const closingName = /<\/([a-z][^\s/>]{0,100})/iy;
const tagName = /<([a-z][^\s/>]{0,100})/iy;
// Value forms as in HTML: "…", '…', or up to white space.
const attribute = /([^\s"'<>/=]{1,100})(?:\s{0,100}=\s{0,100}(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;
const blank = /[\s/]*/y;

function readTag(html: string, at: number, also: ReadonlySet<string>): Tag | undefined {
  tagName.lastIndex = at;
  const name = tagName.exec(html)?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  let source = `<${name}`;
  let isLinkedData = false;
  const ofName = readAttributesOf.get(name);
  let position = tagName.lastIndex;
  const limit = position + maxTagCharacters;
  for (;;) {
    blank.lastIndex = position;
    blank.test(html);
    position = blank.lastIndex;
    if (position >= html.length || position >= limit || html[position] === '>') break;
    attribute.lastIndex = position;
    const match = attribute.exec(html);
    position = match ? attribute.lastIndex : position + 1;
    const own = match?.[1]?.toLowerCase() ?? '';
    if (!match || !(readAttributes.has(own) || own === 'style' || ofName?.has(own) || also.has(own))) continue;
    const value = match[2] ?? match[3] ?? match[4];
    if (own === 'type' && name === 'script' && /ld\+json/i.test(value ?? '')) isLinkedData = true;
    // Of a style only what hides the element or shows a picture says something.
    if (own === 'style' && !/display|visibility|background/i.test(value ?? '')) continue;
    if (value === undefined) source += ` ${own}`;
    else source += ` ${own}="${value.includes('"') ? value.replaceAll('"', '&quot;') : value}"`;
  }
  const closed = html[position - 1] === '/';
  return { name, end: position + 1, source: `${source}${closed ? '/' : ''}>`, closed, isLinkedData };
}

function endOf(html: string, name: string, from: number): number | undefined {
  const close = new RegExp(`</${name}[^>]{0,100}>`, 'gi');
  close.lastIndex = from;
  return close.test(html) ? close.lastIndex : undefined;
}
