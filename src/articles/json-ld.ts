// What a page says about its article in JSON-LD (schema.org).
import { decodeEntities } from '../lib/html.ts';
import { words } from '../lib/arabic.ts';
import { parseLenientJson } from './lenient-json.ts';
import type { PageElement } from './page-document.ts';

export interface LinkedImage {
  url: string;
  caption: string | null;
  credit: string | null;
}

export interface LinkedData {
  headline: string | null;
  /** In the page's order of preference. */
  images: LinkedImage[];
  datePublished: string | null;
  dateModified: string | null;
  /** As written; "A, B" may be two names. */
  authors: string[];
  language: string | null;
  section: string | null;
  keywords: string[];
  articleBody: string | null;
  siteNames: string[];
}

type Node = Readonly<Record<string, unknown>>;

const articleType = /(?:Article|BlogPosting|LiveBlogPosting|Report|Review)$/;
/** The page of a video is its article where there is no other. */
const videoType = /^VideoObject$/;
const siteType = /(?:Organization|WebSite)$/;
const maxScriptCharacters = 500_000;
const maxNodes = 2000;
const maxDepth = 8;

/**
 * The page's own article among those of its JSON-LD: the one with the page's address or title, else the first.
 * Undefined when there is none, or none that can be parsed.
 */
export function readLinkedData(
  scripts: Iterable<PageElement>,
  page: { url: string; titles: readonly string[] },
): LinkedData | undefined {
  const nodes = nodesOf(scripts);
  const articles = nodes.filter((node) => typesOf(node).some((type) => articleType.test(type)));
  const own = (among: readonly Node[]) =>
    among.find((node) => isAt(node, page.url)) ?? among.find((node) => isTitled(node, page.titles));
  const isVideo = (node: Node) => typesOf(node).some((type) => videoType.test(type));
  const chosen = own(articles) ?? articles[0] ?? own(nodes.filter(isVideo));
  if (!chosen) return undefined;
  const byId = new Map(nodes.filter(hasContent).map((node) => [textOf(node['@id']), node] as const));
  const sites = [chosen['publisher'], ...nodes.filter((node) => typesOf(node).some((type) => siteType.test(type)))];
  // Several nodes may tell different parts of one article ("WebPage" and "NewsArticle" of one @graph).
  const get = (name: string) => [chosen, ...articles].map((node) => textOf(node[name])).find((text) => text !== null);
  return {
    headline: textOf(chosen['headline']) ?? textOf(chosen['name']),
    images: [chosen['image'], chosen['thumbnailUrl']].flatMap((image) => imagesOf(image, byId)),
    datePublished:
      textOf(chosen['datePublished']) ??
      textOf(chosen['dateCreated']) ??
      textOf(chosen['uploadDate']) ??
      pageDate(nodes),
    dateModified: textOf(chosen['dateModified']),
    authors: [chosen['author'] ?? chosen['creator'], chosen['contributor']].flatMap((each) => namesOf(each, byId)),
    language: languageOf(chosen['inLanguage']) ?? languageOf(nodes.find((node) => node['inLanguage'])?.['inLanguage']),
    section:
      listOf(chosen['articleSection'])
        .map(nameOf)
        .find((name) => name !== null) ?? breadcrumb(nodes, page.titles),
    keywords: listOf(chosen['keywords']).flatMap((keyword) => nameOf(keyword) ?? []),
    articleBody: get('articleBody') ?? null,
    siteNames: sites.flatMap((site) => namesOf(site, byId)),
  };
}

function isAt(node: Node, url: string): boolean {
  const main = node['mainEntityOfPage'];
  const addresses = [node['url'], node['@id'], isNode(main) ? (main['@id'] ?? main['url']) : main].map(textOf);
  return addresses.some((address) => address !== null && sameAddress(address, url));
}

function sameAddress(one: string, other: string): boolean {
  const path = (url: string) => URL.parse(url)?.pathname.replace(/\/$/, '') ?? '';
  return path(one) !== '' && path(one) === path(other);
}

function isTitled(node: Node, titles: readonly string[]): boolean {
  const own = words(textOf(node['headline']) ?? textOf(node['name']) ?? '').join(' ');
  return own !== '' && titles.some((title) => words(title).join(' ').startsWith(own));
}

function pageDate(nodes: readonly Node[]): string | null {
  return textOf(nodes.find((node) => typesOf(node).includes('WebPage'))?.['datePublished']);
}

/** The last step of the way to the article, itself left out. */
function breadcrumb(nodes: readonly Node[], titles: readonly string[]): string | null {
  const list = nodes.find((node) => typesOf(node).includes('BreadcrumbList'));
  const names = listOf(list?.['itemListElement'])
    .map((item) => nameOf(item) ?? (isNode(item) ? nameOf(item['item']) : null))
    .filter((name) => name !== null);
  const own = new Set(titles.map((title) => words(title).join(' ')));
  // The first is the home page.
  return (
    names
      .slice(1)
      .findLast((name, index) => index > -1 && !own.has(words(name).join(' ')) && words(name).length <= 5) ?? null
  );
}

function nodesOf(scripts: Iterable<PageElement>): Node[] {
  const nodes: Node[] = [];
  for (const script of scripts) {
    const source = script.textContent ?? '';
    if (source.length <= maxScriptCharacters) collect(parseLenientJson(source), 0, nodes);
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

function hasContent(node: Node): boolean {
  return Object.keys(node).length > 1;
}

function imagesOf(value: unknown, byId: ReadonlyMap<string | null, Node>): LinkedImage[] {
  return listOf(value).flatMap((image) => {
    const node = isNode(image) ? resolved(image, byId) : undefined;
    const url = node ? (textOf(node['url']) ?? textOf(node['contentUrl'])) : textOf(image);
    if (url === null) return [];
    const credit = ['creditText', 'credit', 'copyrightNotice', 'author', 'creator', 'copyrightHolder']
      .flatMap((name) => namesOf(node?.[name], byId))
      .at(0);
    return { url, caption: textOf(node?.['caption']) ?? null, credit: credit ?? null };
  });
}

function resolved(node: Node, byId: ReadonlyMap<string | null, Node>): Node {
  return hasContent(node) ? node : (byId.get(textOf(node['@id'])) ?? node);
}

function namesOf(value: unknown, byId: ReadonlyMap<string | null, Node>): string[] {
  return listOf(value).flatMap((each) => {
    if (!isNode(each)) return textOf(each) ?? [];
    const target = resolved(each, byId);
    return listOf(target['name']).flatMap((name) => textOf(name) ?? []);
  });
}

function nameOf(value: unknown): string | null {
  return isNode(value) ? textOf(value['name']) : textOf(value);
}

function languageOf(value: unknown): string | null {
  const [first] = listOf(value);
  return isNode(first) ? (textOf(first['alternateName']) ?? textOf(first['name'])) : textOf(first);
}

function typesOf(node: Node): string[] {
  return listOf(node['@type']).filter((type) => typeof type === 'string');
}

function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? decodeEntities(value).trim() : null;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
