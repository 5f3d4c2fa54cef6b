// Finds a page's headline: what it shows and what it declares, without the site's name.
import { words } from '../lib/arabic.ts';
import { isKickerElement } from './kicker.ts';
import { elementNode, isInFrame, type PageElement } from './page-document.ts';
import { lineIn } from './paragraphs.ts';

export interface Heading {
  element: PageElement;
  text: string;
}

const maxHeadings = 100;

/** The heading of the article: one that the declared titles contain, else the first of three words outside the page's frame. */
export function findHeading(elements: readonly PageElement[], declared: readonly string[]): Heading | undefined {
  const headings = elements
    .filter((each) => /^h[12]$/.test(each.localName) || each.getAttribute('itemprop') === 'headline')
    .slice(0, maxHeadings)
    .map((element) => ({
      element,
      text: headingText(element),
    }));
  const titles = declared.map(key);
  const agrees = ({ text }: Heading) =>
    words(text).length >= 2 &&
    titles.some((title) => title !== '' && (title === key(text) || shares(title, key(text))));
  const main = headings.filter(({ element }) => element.localName === 'h1');
  return (
    main.find(agrees) ??
    headings.find(agrees) ??
    main.find(({ element, text }) => words(text).length >= 3 && !isInFrame(element))
  );
}

/** The heading's own words, without a kicker that is set inside it. */
function headingText(element: PageElement): string {
  const inside = [...element.childNodes].find(
    (node) => node.nodeType === elementNode && isKickerElement(node as PageElement),
  );
  const text = lineIn(element);
  const kicker = inside ? lineIn(inside as PageElement) : '';
  return kicker !== '' && text.startsWith(kicker) && text.length > kicker.length
    ? text.slice(kicker.length).trim()
    : text;
}

interface HeadlineSources {
  /** JSON-LD, og:title, twitter:title, in this order. */
  declared: readonly string[];
  /** The <title>. */
  title: string;
  heading: string;
  siteNames: readonly string[];
  url: string;
}

/** The headline as the page shows it where that agrees with what it declares, else as it declares it. */
export function headlineFrom({ declared, title, heading, siteNames, url }: HeadlineSources): string | null {
  const sites = new Set([...siteNames.map(key), hostName(url)]);
  const claimed = declared[0] ?? title;
  if (heading !== '') {
    const own = key(heading);
    const claim = key(claimed);
    if (claim === '' || claim === own || shares(claim, own)) return heading;
  }
  const stripped = withoutSite(claimed, sites, declared.length === 0);
  if (stripped !== '' && !sites.has(key(stripped))) return stripped;
  // The page declares nothing but its site's name.
  const shown = [heading, ...declared.slice(1), title].map((each) => withoutSite(each, sites, each === title));
  return shown.find((each) => each !== '' && !sites.has(key(each))) ?? null;
}

/** Whether a title is a heading with something before or after it, or the heading's beginning. */
function shares(title: string, heading: string): boolean {
  if (heading === '') return false;
  if (title.startsWith(heading) || title.endsWith(heading))
    return heading.length * 2 >= title.length || wordCount(heading) >= 4;
  return heading.startsWith(title) && title.length * 2 >= heading.length;
}

function wordCount(normal: string): number {
  return normal.split(' ').length;
}

const separator = /\s+[-–—|»·:•]+\s+|\s*\|\s*/gu;

function withoutSite(title: string, sites: ReadonlySet<string>, isTitleElement: boolean): string {
  let headline = title;
  // "Headline | Section | Site".
  for (let round = 0; round < 3; round += 1) {
    const marks = [...headline.matchAll(separator)];
    const first = marks[0];
    const last = marks.at(-1);
    if (!first || !last) break;
    const tail = headline.slice(last.index + last[0].length);
    const before = headline.slice(0, last.index);
    const shortTail = words(tail).length <= 4 && words(before).length >= 4;
    if (
      sites.has(key(tail)) ||
      sites.has(key(tail).replaceAll(' ', '')) ||
      (shortTail && (isTitleElement || last[0].includes('|')))
    ) {
      headline = before.trim();
    } else if (sites.has(key(headline.slice(0, first.index)))) {
      headline = headline.slice(first.index + first[0].length).trim();
    } else {
      break;
    }
  }
  return headline;
}

/** `https://www.example-news.com/…` → `examplenews`, as sites write their name. */
function hostName(url: string): string {
  const labels = (URL.parse(url)?.hostname ?? '').replace(/^www\./, '').split('.');
  return (labels[0] ?? '').replaceAll('-', '').toLowerCase();
}

function key(text: string): string {
  return words(text).join(' ');
}
