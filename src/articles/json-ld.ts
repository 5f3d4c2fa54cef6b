// What a page says about its article in JSON-LD (schema.org).
import type { PageDocument } from './page-document.ts';

export interface LinkedData {
  headline: string | null;
  /** In the page's order of preference. */
  images: string[];
  datePublished: string | null;
  language: string | null;
  section: string | null;
  articleBody: string | null;
  siteNames: string[];
}

type Node = Readonly<Record<string, unknown>>;

const articleType = /(?:Article|BlogPosting|LiveBlogPosting|Report)$/;
const siteType = /(?:Organization|WebSite)$/;
const maxScriptCharacters = 500_000;
const maxNodes = 2000;
const maxDepth = 6;

/** The first article of the page's JSON-LD; undefined when there is none, or none that can be parsed. */
export function readLinkedData(document: PageDocument): LinkedData | undefined {
  const nodes = nodesOf(document);
  const article = nodes.find((node) => typesOf(node).some((type) => articleType.test(type)));
  if (!article) return undefined;
  const byId = new Map(nodes.map((node) => [textOf(node['@id']), node] as const));
  const sites = [article['publisher'], ...nodes.filter((node) => typesOf(node).some((type) => siteType.test(type)))];
  return {
    headline: textOf(article['headline']) ?? textOf(article['name']),
    images: [article['image'], article['thumbnailUrl']].flatMap((image) => imagesOf(image, byId)),
    datePublished: textOf(article['datePublished']) ?? textOf(article['dateCreated']),
    language: textOf(article['inLanguage']),
    section: textOf(listOf(article['articleSection'])[0]),
    articleBody: textOf(article['articleBody']),
    siteNames: sites
      .flatMap((site) => (isNode(site) ? listOf(site['name']) : []))
      .flatMap((name) => textOf(name) ?? []),
  };
}

function nodesOf(document: PageDocument): Node[] {
  const nodes: Node[] = [];
  for (const script of document.querySelectorAll('script[type*="ld+json"]')) {
    const source = script.textContent ?? '';
    if (source.length > maxScriptCharacters) continue;
    collect(parse(source), 0, nodes);
  }
  return nodes;
}

function collect(value: unknown, depth: number, nodes: Node[]): void {
  if (depth > maxDepth || nodes.length >= maxNodes) return;
  if (Array.isArray(value)) {
    for (const each of value) collect(each, depth + 1, nodes);
  } else if (isNode(value)) {
    nodes.push(value);
    for (const each of Object.values(value)) {
      if (typeof each === 'object') collect(each, depth + 1, nodes);
    }
  }
}

function parse(source: string): unknown {
  const json = source
    .replace(/^\s*(?:<!--|\/\*\s*<!\[CDATA\[\s*\*\/|<!\[CDATA\[)/, '')
    .replace(/(?:-->|\/\*\s*\]\]>\s*\*\/|\]\]>)\s*$/, '');
  // Raw line feeds inside strings are the usual damage.
  for (const text of [json, json.replaceAll(/[\u0000-\u001F]+/g, ' ')]) {
    try {
      return JSON.parse(text);
    } catch {
      continue;
    }
  }
  return undefined;
}

function imagesOf(value: unknown, byId: ReadonlyMap<string | null, Node>): string[] {
  return listOf(value).flatMap((image) => {
    if (!isNode(image)) return textOf(image) ?? [];
    const url = textOf(image['url']) ?? textOf(image['contentUrl']);
    if (url !== null) return [url];
    const target = byId.get(textOf(image['@id']));
    return target ? (textOf(target['url']) ?? textOf(target['contentUrl']) ?? []) : [];
  });
}

function typesOf(node: Node): string[] {
  return listOf(node['@type']).filter((type) => typeof type === 'string');
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
