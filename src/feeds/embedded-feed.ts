// Finds the feed in an answer that holds it inside of something else: a web page, a service's envelope, a callback.
import { changeInPieces } from './pieces.ts';
import { decodeReferences } from './references.ts';

interface FeedDocument {
  kind: 'xml' | 'json';
  text: string;
}

const page = /^[\s\uFEFF]*<(?:!doctype\s+html|html)/i;
const json = /^[\s\uFEFF]*(?:[{[]|[\w.$]{1,100}\s?\(\s*\{)/;
const root = /<(?:[\w.-]{1,20}:)?(?:rss|feed|rdf)\s[^<>]{0,500}(?:version|xmlns)/i;
const item = /<(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]/i;
const escapedRoot = /&lt;(?:\?xml|(?:rss|feed|rdf:RDF)(?:\s|&gt;))/i;
const jsonStart = /\{\s{0,100}(?:"|&quot;)(?:version|title|items|home_page_url)(?:"|&quot;)/;
const sectionStart = /<!\[CDATA\[\s{0,100}(?=<(?:\?xml|rss|feed|rdf:RDF)[\s>])/i;
/** Where an envelope's own tags end. */
const envelopeCharacters = 4096;

/** What is to be read as a feed; undefined for a web page without one. */
export function documentIn(text: string): FeedDocument | undefined {
  if (json.test(text)) return { kind: 'json', text };
  const isPage = page.test(text);
  if (isPage) {
    const end = text.toLowerCase().lastIndexOf('</html>');
    // A web page that a broken server sent before the feed.
    if (end !== -1 && root.test(text.slice(end))) return { kind: 'xml', text: text.slice(end) };
  }
  const head = text.slice(0, envelopeCharacters);
  const escaped = head.search(escapedRoot);
  // A page that explains feeds has words before its example.
  if (escaped !== -1 && /^(?:\s|<[^<>]*>)*$/.test(head.slice(0, escaped)) && !root.test(text)) {
    return { kind: 'xml', text: changeInPieces(text.slice(escaped), '&', decodeReferences) };
  }
  const section = sectionStart.exec(head);
  if (section) {
    // Sections inside were split, as they cannot hold one another's end.
    const inner = text.slice(section.index + section[0].length);
    return { kind: 'xml', text: inner.replaceAll(']]]]><![CDATA[>', ']]>') };
  }
  if (!isPage && !isJsonAfterJunk(text)) return { kind: 'xml', text };
  const start = text.search(root);
  // A web page may mention <rss> or <feed> somewhere in its scripts, but not with items.
  if (start !== -1) return item.test(text.slice(start)) ? { kind: 'xml', text: text.slice(start) } : undefined;
  const object = head.search(jsonStart);
  if (object === -1) return undefined;
  const inner = text.slice(object);
  return { kind: 'json', text: isPage ? changeInPieces(inner, '&', decodeReferences) : inner };
}

function isJsonAfterJunk(text: string): boolean {
  return jsonStart.test(text.slice(0, envelopeCharacters)) && !root.test(text);
}
