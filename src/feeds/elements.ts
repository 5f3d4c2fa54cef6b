// The elements of a feed that we read, under one name each, whatever dialect, case or prefix they are written in.

/** What an element is to the reader of a feed. */
type Kind =
  | 'root'
  | 'item'
  /** An element with a text, which ends at its own closing tag: markup inside is part of the text. */
  | 'text'
  /** All that it says is in its attributes. */
  | 'attributes'
  /** Has parts of its own that say nothing about the item: a picture's title, the feed that an entry came from. */
  | 'foreign'
  | 'unknown';

export interface Element {
  /** As we call it; an unknown element keeps its own name. */
  name: string;
  kind: Kind;
}

const table: readonly (readonly [Kind, name: string, aliases: string])[] = [
  ['root', 'rss', 'rss'],
  ['root', 'rdf', 'rdf:rdf rdf'],
  ['root', 'feed', 'feed'],
  ['root', 'channel', 'channel'],
  ['item', 'item', 'item'],
  ['item', 'item', 'entry'],
  ['text', 'title', 'title'],
  ['text', 'other-title', 'dc:title media:title itunes:title'],
  ['text', 'link', 'link'],
  ['text', 'url', 'url permalink'],
  ['attributes', 'atom-link', 'atom:link'],
  ['text', 'guid', 'guid'],
  ['text', 'id', 'id dc:identifier'],
  ['text', 'pubDate', 'pubdate'],
  ['text', 'date', 'dc:date date dcterms:date pubdata publicationdate publishdate publisheddate pub_date'],
  ['text', 'published', 'published dcterms:issued dcterms:available datepublished published_at postdate timestamp'],
  ['text', 'created', 'issued created dcterms:created dc:created datecreated created_at time'],
  ['text', 'updated', 'updated modified dcterms:modified lastbuilddate datemodified updated_at lastmodified'],
  ['text', 'description', 'description'],
  ['text', 'summary', 'summary'],
  [
    'text',
    'other-summary',
    'dc:description itunes:summary itunes:subtitle media:description media:text googleplay:description abstract dcterms:abstract excerpt',
  ],
  ['text', 'content', 'content'],
  [
    'text',
    'content:encoded',
    'content:encoded encoded content-encoded content_encoded fullitem fulltext full-text text body xhtml:body',
  ],
  ['text', 'author', 'author dc:creator dc:author itunes:author creator'],
  ['text', 'category', 'category dc:subject'],
  ['text', 'keywords', 'media:keywords itunes:keywords keywords tags'],
  ['text', 'language', 'language dc:language'],
  ['attributes', 'enclosure', 'enclosure'],
  ['attributes', 'media:content', 'media:content'],
  ['attributes', 'thumbnail', 'media:thumbnail'],
  ['attributes', 'picture', 'itunes:image img'],
  ['attributes', 'topic', 'itunes:category'],
  [
    'text',
    'image',
    'image imageurl image_url thumbnail thumb post-thumbnail photo picture featuredimage featured_image',
  ],
  ['foreign', 'source', 'source'],
  ['foreign', 'textinput', 'textinput'],
  ['foreign', 'owner', 'itunes:owner'],
  ['foreign', 'contributor', 'contributor dc:contributor'],
];

const elements = new Map<string, Element>(
  table.flatMap(([kind, name, aliases]) => aliases.split(' ').map((alias) => [alias, { name, kind }] as const)),
);

/** What the modules are called here, by what their addresses contain once scheme and case are gone. */
const namespaces: readonly (readonly [uri: string, prefix: string])[] = [
  ['purl.org/dc/elements/', 'dc'],
  ['purl.org/dc/terms', 'dcterms'],
  ['purl.org/rss/1.0/modules/content', 'content'],
  ['purl.org/rss/1.0/modules/', ''],
  ['purl.org/rss/1.0', ''],
  ['purl.org/net/rss', ''],
  ['netscape.com/rdf/simple/', ''],
  ['backend.userland.com/', ''],
  ['blogs.law.harvard.edu/', ''],
  ['w3.org/2005/atom', 'atom'],
  ['purl.org/atom/', 'atom'],
  ['search.yahoo.com/', 'media'],
  ['rssboard.org/media-rss', 'media'],
  ['itunes.com/dtds/', 'itunes'],
  ['w3.org/1999/xhtml', 'xhtml'],
  ['w3.org/1999/02/22-rdf-syntax-ns', 'rdf'],
];

/** What means the same in whatever module: nobody calls something else so. */
const prefixless: ReadonlySet<string> = new Set([
  'pubDate',
  'date',
  'published',
  'created',
  'updated',
  'content:encoded',
]);

/** Declarations stand at the root; a feed that makes us look further is none of this world. */
const headCharacters = 64 * 1024;
const declaration = /\sxmlns:([\w.-]{1,40})\s*=\s*["']\s*([^"'<>\s]{1,200})/gi;

/** Names already looked up; hostile feeds invent more of them than there are. */
const maxKnownNames = 5000;

/** Finds elements by the names that one feed gives them. */
export function createElementFinder(xml: string): (writtenName: string) => Element {
  const prefixes = new Map<string, string>([['rss', '']]);
  for (const [, prefix = '', uri = ''] of xml.slice(0, headCharacters).matchAll(declaration)) {
    const known = namespaces.find(([part]) => uri.toLowerCase().includes(part));
    if (known) prefixes.set(prefix.toLowerCase(), known[1]);
  }
  const found = new Map<string, Element>();
  return (writtenName) => {
    let element = found.get(writtenName);
    if (element) return element;
    element = lookUp(writtenName.toLowerCase(), prefixes);
    if (found.size < maxKnownNames) found.set(writtenName, element);
    return element;
  };
}

function lookUp(name: string, prefixes: ReadonlyMap<string, string>): Element {
  const colon = name.indexOf(':');
  const unknown: Element = { name, kind: 'unknown' };
  if (colon === -1) return elements.get(name) ?? unknown;
  const prefix = name.slice(0, colon);
  const local = name.slice(colon + 1);
  const known = prefixes.get(prefix) ?? prefix;
  const isNative = known === '' || (known === 'atom' && local !== 'link');
  const element = elements.get(isNative ? local : `${known}:${local}`);
  if (element) return element;
  // A prefix that nobody declared, or one of a module that we do not know.
  const alone = prefixes.has(prefix) ? undefined : elements.get(local);
  return alone && prefixless.has(alone.name) ? alone : unknown;
}
