// Removes what stands around an article on its page, so that Readability cannot take it for text.
import { isCaption } from './lead-picture.ts';
import { elementNode, type PageDocument, type PageElement, textNode } from './page-document.ts';

const frameNames = new Set(['noscript', 'iframe', 'form', 'button', 'select', 'nav', 'dialog', 'aside', 'footer']);
/** Class and id words of widgets; `tag` and `category` are not among them, because CMSs put them on the article itself. */
const widgetWords = new Set(
  `share sharing sharer social related newsletter subscribe subscription donate donation donations support comments
   respond breadcrumb breadcrumbs tags taglist fontsize pagination advert advertisement ads popup modal cookie cookies
   outbrain taboola readmore readalso trending recommended recommendations toolbar`.split(/\s+/),
);
const widgetNames =
  /(?:read-(?:also|more)|also-read|most-(?:read|popular|viewed)|font-size|post-nav|prev-next|related-?posts)/i;

/** What an element holds, after its own frame is gone. */
interface Holding {
  /** Characters of text. */
  text: number;
  /** Paragraphs that read like text. */
  written: number;
  quotes: number;
}

const nothing: Holding = { text: 0, written: 0, quotes: 0 };

/** Removes navigation, widgets and captions: one walk over the page, from the leaves up. */
export function removeFrame(document: PageDocument): void {
  measure(document.body);
}

/** Not deeper than maxPageDepth. */
function measure(element: PageElement): Holding {
  const sum = { ...nothing };
  for (let child = element.firstChild; child;) {
    const next = child.nextSibling;
    if (child.nodeType === textNode) {
      sum.text += (child.textContent ?? '').trim().length;
    } else if (child.nodeType === elementNode) {
      const inner = child as PageElement;
      const holding = measure(inner);
      if (isFrame(inner, holding)) {
        inner.remove();
      } else {
        sum.text += holding.text;
        sum.written += holding.written + (isWritten(inner, holding) ? 1 : 0);
        sum.quotes += holding.quotes + (inner.localName === 'blockquote' ? 1 : 0);
      }
    }
    child = next;
  }
  return sum;
}

const minWrittenCharacters = 80;

function isWritten(element: PageElement, { text }: Holding): boolean {
  if (element.localName !== 'p' || text < minWrittenCharacters) return false;
  return /[.!؟?][\s»”"]*$/u.test((element.textContent ?? '').trim().slice(-20));
}

function isFrame(element: PageElement, { written, quotes }: Holding): boolean {
  const name = element.localName;
  const names = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`;
  if (name === 'figcaption' || names.length > 1) {
    if (isCaption(element)) return true;
  }
  // Two paragraphs that read like text are more than a widget has: then the name misleads. An embedded post is quoted.
  if (written >= 2 || quotes > 0) return false;
  if (frameNames.has(name) || element.getAttribute('hidden') !== null) return true;
  if (/^(?:navigation|dialog)$/.test(element.getAttribute('role') ?? '')) return true;
  return names.length > 1 && name !== 'article' && name !== 'main' && name !== 'body' && isWidget(names);
}

function isWidget(names: string): boolean {
  return (
    widgetNames.test(names) ||
    names
      .toLowerCase()
      .split(/[^a-z]+/)
      .some((part) => widgetWords.has(part))
  );
}

/** Captions are told apart from the body. */
export function removeCaptions(part: PageElement): void {
  for (const element of part.querySelectorAll('figcaption, [class]')) {
    if (isCaption(element)) element.remove();
  }
}
