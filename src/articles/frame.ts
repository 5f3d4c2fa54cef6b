// Removes what stands around an article on its page, so that Readability cannot take it for text.
import { beginsList, paragraph } from './clutter.ts';
import { isCaption } from './lead-picture.ts';
import { elementNode, isUnseen, type PageDocument, type PageElement, textNode } from './page-document.ts';
import { lineIn } from './paragraphs.ts';

const frameNames = new Set(['noscript', 'iframe', 'form', 'button', 'select', 'nav', 'dialog', 'aside', 'footer']);
/** Class and id words of widgets; `tag` and `category` are not among them, because CMSs put them on the article itself. */
const widgetWords = new Set(
  `share sharing sharer social related newsletter subscribe subscription donate donation donations support comments
   respond breadcrumb breadcrumbs tags taglist fontsize pagination advert advertisement ads popup modal cookie cookies
   outbrain taboola readmore readalso trending recommended recommendations toolbar signup paywall promo catcher
   mostread popular alert cta gift`.split(/\s+/),
);
const widgetNames =
  /(?:read-(?:also|more)|also-read|most-(?:read|popular|viewed)|font-size|post-nav|prev-next|related-?posts)/i;

/** Words of the walls that ask for consent before anything is read; their explanations are written text. */
const wallNames =
  /(?:^|[^a-z])(?:consent|cookie-?(?:wall|banner|notice|consent)|gdpr|onetrust|didomi|cmp|sp_message)(?:[^a-z]|$)/i;
/** Requests to pay, to subscribe or to write explain themselves in sentences. */
const requestNames = /(?:^|[^a-z])(?:paywall|barrier|subscribe|newsletter|sign-?up|comment-?form|cta)(?:[^a-z]|$)/i;
const maxWallParagraphs = 3;
/** A longer one is the page, whatever it is called or begins with. */
const maxBoxCharacters = 3000;
/** No form that a reader fills in is so long. */
const maxWidgetCharacters = 800;

/** What an element holds, after its own frame is gone. */
interface Holding {
  /** Characters of text. */
  text: number;
  /** Paragraphs that read like text. */
  written: number;
  quotes: number;
  /** The heading of a list of other articles comes first. */
  list: boolean;
}

const nothing: Holding = { text: 0, written: 0, quotes: 0, list: false };

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
      joinLoneBox(inner, holding);
      if (isFrame(inner, holding)) {
        inner.remove();
      } else {
        sum.list ||= sum.text === 0 && (holding.list || isListHeading(inner, holding));
        sum.text += holding.text;
        sum.written += holding.written + (isWritten(inner, holding) ? 1 : 0);
        sum.quotes += holding.quotes + (inner.localName === 'blockquote' ? 1 : 0);
      }
    }
    child = next;
  }
  return sum;
}

/**
 * A box that holds only another box becomes one with it: Readability scores a paragraph's parent and grandparent, and
 * loses the parts of a text that is cut into boxes in boxes.
 */
function joinLoneBox(outer: PageElement, holding: Holding): void {
  const inner = outer.firstChild as PageElement | null;
  if (!isPlainBox(outer) || inner?.nodeType !== elementNode || !isPlainBox(inner) || inner.nextSibling) return;
  if (holding.written === 0 || (!outer.nextElementSibling && !outer.previousElementSibling)) return;
  const content = [...inner.childNodes];
  if (!content.some(({ nodeName }) => nodeName.toLowerCase() === 'p')) return;
  const names = `${outer.getAttribute('class') ?? ''} ${inner.getAttribute('class') ?? ''}`.trim();
  if (names !== '') outer.setAttribute('class', names);
  inner.remove();
  outer.append(...content);
}

function isPlainBox({ localName }: PageElement): boolean {
  return localName === 'div' || localName === 'section';
}

const listHeadingCharacters = 40;
/** So many lines about other articles may stand under the heading of a list; more are a text that begins with one. */
const maxTeasers = 3;

function isListHeading(element: PageElement, { text }: Holding): boolean {
  if (text === 0 || text > listHeadingCharacters || element.localName === 'a') return false;
  return element.firstChild?.nodeType === textNode && beginsList(paragraph(lineIn(element)));
}

function isBox(name: string): boolean {
  return name === 'div' || name === 'section' || name === 'aside' || name === 'ul' || name === 'ol';
}

function holdsArticle(element: PageElement): boolean {
  return element.querySelector('h1, article') !== null;
}

const minWrittenCharacters = 80;

function isWritten(element: PageElement, { text }: Holding): boolean {
  if (element.localName !== 'p' || text < minWrittenCharacters) return false;
  return /[.!؟?][\s»”"]*$/u.test((element.textContent ?? '').trim().slice(-20));
}

function isFrame(element: PageElement, { text, written, quotes, list }: Holding): boolean {
  const name = element.localName;
  const names = `${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`;
  if (name === 'figcaption' || names.length > 1) {
    if (isCaption(element)) return true;
  }
  if (isUnseen(element)) return true;
  const isSmall = () => text <= maxBoxCharacters && !holdsArticle(element);
  if (wallNames.test(names) && isSmall()) return true;
  if (list && isBox(name) && text > listHeadingCharacters && written <= maxTeasers && isSmall()) return true;
  if (written <= maxWallParagraphs && requestNames.test(names) && isSmall()) return true;
  // Two paragraphs that read like text are more than a widget has: then the name misleads. An embedded post is quoted.
  if (written >= 2 || quotes > 0) return false;
  // Pages of form-based frameworks stand in one form, whole.
  if (text > maxWidgetCharacters && element.querySelector('h1, h2') !== null && name === 'form') return false;
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
