// Opens HTML as a document, within limits that keep any page from blocking the program.
import { DOMParser } from 'linkedom';
import { slimSource } from './page-source.ts';

/** The part of the DOM that this folder uses; linkedom's own types need a browser's. */
export interface PageNode {
  nodeType: number;
  nodeName: string;
  textContent: string | null;
  parentNode: PageElement | null;
  firstChild: PageNode | null;
  nextSibling: PageNode | null;
  childNodes: Iterable<PageNode>;
  remove(): void;
}

export interface PageElement extends PageNode {
  localName: string;
  parentElement: PageElement | null;
  previousElementSibling: PageElement | null;
  nextElementSibling: PageElement | null;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  closest(selector: string): PageElement | null;
  contains(other: PageNode): boolean;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  append(...nodes: PageNode[]): void;
}

export interface PageDocument {
  documentElement: PageElement | null;
  body: PageElement;
  createElement(name: string): PageElement;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
}

/** Whether an element stands in the page's frame: its navigation, its footer, a box beside the text. */
export function isInFrame(element: PageElement): boolean {
  for (let each: PageElement | null = element; each; each = each.parentElement) {
    if (each.localName === 'nav' || each.localName === 'footer' || each.localName === 'aside') return true;
  }
  return false;
}

/** Class words of text that only a screen reader says: labels, and links over a widget. */
const unseenNames = /(?:^|\s)(?:visually-?hidden|sr-only|screen-reader-text|a11y-hidden|u-hidden)(?=\s|$)/i;

export function isUnseen(element: PageElement): boolean {
  return unseenNames.test(element.getAttribute('class') ?? '');
}

/** What follows in a longer page is not read: the article is near the top, and its metadata in the head. */
export const maxPageCharacters = 3_000_000;
/** Nor what follows so many tags (`<`, four times what large news pages have) or character references (`&`): they are what takes the time. */
const maxPageTags = 12_000;
const maxPageReferences = 40_000;
/** Elements nested deeper are removed with all they hold; browsers stop at 512. */
const maxPageDepth = 120;

export const elementNode = 1;
export const textNode = 3;

/**
 * A document of `html`, which may be a whole page or a piece of one; undefined when nothing in it is readable.
 * `attributes` are kept besides those that page-source.ts keeps.
 */
export function openDocument(html: string, attributes?: ReadonlySet<string>): PageDocument | undefined {
  const source = slimSource(html.slice(0, maxPageCharacters), attributes);
  const limited = source.slice(
    0,
    Math.min(positionOf(source, '<', maxPageTags), positionOf(source, '&', maxPageReferences)),
  );
  if (limited.trim() === '') return undefined;

  const document = new DOMParser().parseFromString(asPage(limited), 'text/html') as unknown as PageDocument;
  if (!document.documentElement) return undefined;
  pruneDepth(document.documentElement);
  gatherBody(document);
  return document;
}

function positionOf(text: string, character: string, count: number): number {
  let at = -1;
  for (let seen = 0; seen < count; seen += 1) {
    at = text.indexOf(character, at + 1);
    if (at === -1) return text.length;
  }
  return at;
}

/** linkedom invents neither <html> nor <body>, which HTML allows to leave out. */
function asPage(html: string): string {
  if (/<html[\s>]/i.test(html)) return html;
  return /<(?:head|body)[\s>]/i.test(html) ? `<html>${html}</html>` : `<html><body>${html}</body></html>`;
}

function gatherBody(document: PageDocument): void {
  const root = document.documentElement;
  if (!root || root.querySelector('body')) return;
  const body = document.createElement('body');
  const content = [...root.childNodes].filter((node) => node.nodeName.toLowerCase() !== 'head');
  root.append(body);
  body.append(...content);
}

function pruneDepth(root: PageElement): void {
  let depth = 0;
  let node: PageNode = root;
  for (;;) {
    if (node.firstChild && depth >= maxPageDepth) {
      while (node.firstChild) node.firstChild.remove();
    }
    if (node.firstChild) {
      node = node.firstChild;
      depth += 1;
      continue;
    }
    while (node !== root && !node.nextSibling) {
      node = node.parentNode ?? root;
      depth -= 1;
    }
    if (node === root || !node.nextSibling) return;
    node = node.nextSibling;
  }
}
