// Finds the kicker: the short line above a headline.
import { words } from '../lib/arabic.ts';
import { isClutter, paragraph } from './clutter.ts';
import { isInFrame, type PageElement } from './page-document.ts';
import { lineIn } from './paragraphs.ts';

// A subtitle may also stand below the headline; the others are kickers wherever they stand.
const kickerClass =
  /(?:^|[\s_-])(?:kicker|overline|eyebrow|topper|strapline|(?:pre|above|upper|sup|over|top)[_-]?(?:title|head(?:line|ing)?)|subtitle|sub-title|sub_title|sub-?head(?:line|ing)?|عنوان[_-]?فرعي)(?=$|[\s_-])/iu;
const maxKickerCharacters = 140;
const maxKickerWords = 20;
/** How many elements before the headline a marked kicker may stand. */
const elementsBefore = 30;

export interface KickerHints {
  headline: string;
  section: string | null;
  siteNames: readonly string[];
}

export function isKickerElement(element: PageElement): boolean {
  return kickerClass.test(`${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`);
}

/** The line above the headline that is no section, date, byline or widget; null when there is none. */
export function findKicker(elements: readonly PageElement[], heading: PageElement, hints: KickerHints): string | null {
  const at = elements.indexOf(heading);
  const near = elements.slice(Math.max(0, at - elementsBefore), at).toReversed();
  const inside = [...heading.querySelectorAll('*')];
  const marked = [...inside, ...near].find(
    (element) => isKickerElement(element) && isKickerText(element, hints, { minWords: 2 }),
  );
  if (marked) return lineIn(marked);

  const before = lineBefore(heading);
  return before && isKickerText(before, hints, { minWords: 3 }) ? lineIn(before) : null;
}

/** What stands directly before the heading, also where the heading opens a block of its own. */
function lineBefore(heading: PageElement): PageElement | undefined {
  let element = heading;
  for (let level = 0; level < 3; level += 1) {
    let previous = element.previousElementSibling;
    while (previous && lineIn(previous) === '') previous = previous.previousElementSibling;
    if (previous) return previous;
    const parent = element.parentElement;
    if (!parent || parent.localName === 'body') return undefined;
    element = parent;
  }
  return undefined;
}

const frame = new Set(['nav', 'ul', 'ol', 'header', 'figure', 'time', 'form', 'table', 'aside', 'button', 'footer']);
const frameClass =
  /(?:bread|crumb|categor|section|date|time|author|byline|meta|share|social|nav|menu|\bad\b|ads|banner|logo)/i;

function isKickerText(element: PageElement, hints: KickerHints, { minWords }: { minWords: number }): boolean {
  if (frame.has(element.localName) || isInFrame(element)) return false;
  if (element.querySelector('img, form, ul, ol, time, h1, h2, h3') !== null) return false;
  if (minWords > 2 && frameClass.test(element.getAttribute('class') ?? '')) return false;
  const text = lineIn(element);
  const count = words(text).length;
  if (count < minWords || count > maxKickerWords || text.length > maxKickerCharacters) return false;
  const own = words(text).join(' ');
  const others = [hints.headline, hints.section ?? '', ...hints.siteNames].map((other) => words(other).join(' '));
  if (others.includes(own)) return false;
  // Whole lines of links are paths and sections; years belong to dates.
  const linked = [...element.querySelectorAll('a')].map((link) => lineIn(link)).join(' ');
  if (element.localName === 'a' || element.closest('a') !== null || words(linked).length >= count) return false;
  if (/\b(?:19|20)\d{2}\b|[٠-٩]{4}|\d{1,2}:\d{2}|[>»›/|]/u.test(text) || /^(?:by|بقلم|كتب|كتبت)\s/iu.test(text))
    return false;
  // A sentence is text; two dots, or no mark at all, is how kickers end.
  if (/(?<!\.)\.\s*$/u.test(text)) return false;
  return !isClutter(paragraph(text));
}
