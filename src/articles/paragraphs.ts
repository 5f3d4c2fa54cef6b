// The paragraphs of a part of a document, as a reader sees them, and what their markup says about them.
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { elementNode, type PageElement, type PageNode, textNode } from './page-document.ts';

const blockNames = new Set(
  `address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2
   h3 h4 h5 h6 header hr li main nav ol p pre section table tbody thead tr ul`.split(/\s+/),
);
const skipped = new Set(
  `script style template noscript iframe svg canvas button select option input textarea audio video object math
   head`.split(/\s+/),
);
const spaced = new Set(['td', 'th', 'img']);

export interface Block {
  text: string;
  kind: 'text' | 'heading' | 'item' | 'quote' | 'cell';
  /** The share of its characters that are links: 0 … 1. */
  linked: number;
  /** The share of its characters that are emphasized (bold or italic). */
  emphasized: number;
}

const kinds: ReadonlyMap<string, Block['kind']> = new Map([
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((name) => [name, 'heading'] as const),
  ...['li', 'dt', 'dd'].map((name) => [name, 'item'] as const),
  ...['td', 'th'].map((name) => [name, 'cell'] as const),
  ['blockquote', 'quote'],
]);
const emphases = new Set(['b', 'strong', 'em', 'i']);

/** Plain paragraphs in order: the blocks of the page, and the lines of a block where a line ends a thought. */
export function paragraphsIn(root: PageNode): string[] {
  return blocksIn(root).map(({ text }) => text);
}

/** The same, each with what its markup says. */
export function blocksIn(root: PageNode): Block[] {
  const blocks: Block[] = [];
  let run: Run[] = [];
  const endBlock = (kind: Block['kind']) => {
    if (run.length > 0) blocks.push(...blocksOf(run, kind));
    run = [];
  };
  // Not deeper than maxPageDepth.
  const walk = (node: PageNode, kind: Block['kind'], linked: boolean, emphasized: boolean) => {
    if (node.nodeType === textNode) {
      run.push({ text: (node.textContent ?? '').replaceAll(/\s+/g, ' '), linked, emphasized });
      return;
    }
    if (node.nodeType !== elementNode) return;
    const name = (node as PageElement).localName;
    if (skipped.has(name)) return;
    if (name === 'br') {
      // Two breaks, also with white space between them, are a blank line.
      const before = run.findLast(({ text }) => text.trim() !== '' || text === '\n');
      if (before?.text === '\n') endBlock(kind);
      run.push({ text: '\n', linked, emphasized });
      return;
    }
    const isBlock = blockNames.has(name);
    // A paragraph in a quotation is the quotation's; in a cell that lays the page out, it is a paragraph.
    const inner = kinds.get(name) ?? (name === 'p' && kind === 'cell' ? 'text' : kind);
    if (isBlock) endBlock(kind);
    else if (spaced.has(name)) run.push({ text: ' ', linked, emphasized });
    for (let child = node.firstChild; child; child = child.nextSibling) {
      walk(child, inner, linked || name === 'a', emphasized || emphases.has(name));
    }
    if (isBlock) endBlock(inner);
    else if (spaced.has(name)) run.push({ text: ' ', linked, emphasized });
  };
  walk(root, 'text', false, false);
  endBlock('text');
  return blocks;
}

/** A piece of text between two tags. */
interface Run {
  text: string;
  linked: boolean;
  emphasized: boolean;
}

function blocksOf(run: readonly Run[], kind: Block['kind']): Block[] {
  const lines: Run[][] = [[]];
  let length = 0;
  let last = '';
  for (const each of run) {
    if (each.text !== '\n') {
      length += each.text.length;
      if (each.text.trim() !== '') last = each.text;
      lines.at(-1)?.push(each);
    } else if (length < wrappedLineCharacters || /[.!?؟…:：»”"')\]]\s?$/u.test(last.slice(-2))) {
      lines.push([]);
      length = 0;
    } else {
      lines.at(-1)?.push({ ...each, text: ' ' });
    }
  }
  return lines.flatMap((line) => {
    const text = textOf(line);
    if (text === '') return [];
    const length = sizeOf(line);
    const linked = sizeOf(line.filter((each) => each.linked)) / length;
    const emphasized = sizeOf(line.filter((each) => each.emphasized)) / length;
    return [{ text, kind, linked, emphasized }];
  });
}

/** Lines at least this long may be broken by <br> in the middle of a sentence. */
const wrappedLineCharacters = 50;

function textOf(line: readonly Run[]): string {
  return collapseWhitespace(stripControls(line.map(({ text }) => text).join('')));
}

function sizeOf(line: readonly Run[]): number {
  return line.reduce((sum, { text }) => sum + text.trim().length, 0);
}

/** All text of an element in one line, words of neighbouring blocks kept apart. */
export function lineIn(element: PageElement | null): string {
  return element ? collapseWhitespace(stripControls(textIn(element))) : '';
}

function textIn(node: PageNode): string {
  if (node.nodeType === textNode) return node.textContent ?? '';
  if (node.nodeType !== elementNode) return '';
  const name = (node as PageElement).localName;
  if (skipped.has(name)) return '';
  let text = '';
  for (let child = node.firstChild; child; child = child.nextSibling) text += textIn(child);
  return blockNames.has(name) || spaced.has(name) || name === 'br' ? ` ${text} ` : text;
}
