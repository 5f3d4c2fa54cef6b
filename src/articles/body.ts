// Finds the article's body in a page: Readability on the page without its frame, or what the page declares.
import { Readability } from '@mozilla/readability';
import { removeCaptions, removeFrame } from './frame.ts';
import type { PageDocument, PageElement } from './page-document.ts';
import { type Block, blocksIn } from './paragraphs.ts';

/** Below this Readability tries again with less strictness; short news is news. */
const shortTextCharacters = 250;

/** The blocks of the body. The document is changed: nothing else can be read from it afterwards. */
export function findBody(document: PageDocument, heading: PageElement | null): Block[] {
  removeFrame(document);
  // Readability takes the box of a heading that differs from the page's title for text.
  heading?.remove();
  try {
    const content = new Readability<PageElement>(document, {
      charThreshold: shortTextCharacters,
      disableJSONLD: true,
      keepClasses: true,
      serializer: (node) => node,
    }).parse()?.content;
    return content ? blocksIn(content) : [];
  } catch {
    // Readability fails on some malformed documents.
    return [];
  }
}

/** The blocks of the parts of the page that an operator names, whatever they are called, without captions and headline. */
export function keptBody(parts: readonly PageElement[], heading: PageElement | null): Block[] {
  heading?.remove();
  for (const part of parts) removeCaptions(part);
  return parts.flatMap((part) => blocksIn(part));
}
