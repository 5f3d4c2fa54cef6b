// The paragraphs of a part of a document, as a reader sees them.
import { collapseWhitespace, stripControls } from '../lib/text.ts';
import { elementNode, type PageElement, type PageNode, textNode } from './page-document.ts';

const blocks = new Set(
  `address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2
   h3 h4 h5 h6 header hr li main nav ol p pre section table tbody thead tr ul`.split(/\s+/),
);
const skipped = new Set(
  `script style template noscript iframe svg canvas button select option input textarea audio video object math
   head`.split(/\s+/),
);
const spaced = new Set(['td', 'th', 'img']);

/** Lines at least this long may be broken by <br> in the middle of a sentence. */
const wrappedLineCharacters = 50;

/** Plain paragraphs in order: the blocks of the page, and the lines of a block where a line ends a thought. */
export function paragraphsIn(root: PageNode): string[] {
  return textIn(root)
    .split(/\n[^\S\n]*\n\s*/)
    .flatMap(lines)
    .filter((paragraph) => paragraph !== '');
}

/** All text of an element in one line, words of neighbouring blocks kept apart. */
export function lineIn(element: PageElement | null): string {
  return element ? collapseWhitespace(stripControls(textIn(element))) : '';
}

function textIn(root: PageNode): string {
  const parts: string[] = [];
  // Not deeper than maxPageDepth.
  const walk = (node: PageNode) => {
    if (node.nodeType === textNode) {
      parts.push((node.textContent ?? '').replaceAll(/\s+/g, ' '));
      return;
    }
    if (node.nodeType !== elementNode) return;
    const name = node.nodeName.toLowerCase();
    if (skipped.has(name)) return;
    if (name === 'br') {
      parts.push('\n');
      return;
    }
    const edge = blocks.has(name) ? '\n\n' : spaced.has(name) ? ' ' : '';
    parts.push(edge);
    for (let child = node.firstChild; child; child = child.nextSibling) walk(child);
    parts.push(edge);
  };
  walk(root);
  return parts.join('');
}

function lines(block: string): string[] {
  const joined: string[] = [];
  for (const line of block.split('\n').map((each) => collapseWhitespace(stripControls(each)))) {
    const before = joined.at(-1);
    if (before !== undefined && before.length >= wrappedLineCharacters && !/[.!?؟…:：»”"')\]]$/u.test(before)) {
      joined[joined.length - 1] = `${before} ${line}`.trim();
    } else {
      joined.push(line);
    }
  }
  return joined;
}
