// Knows the cards of other articles on a page: a picture, a time and a headline that leads elsewhere.
import { words } from '../lib/arabic.ts';
import type { PageElement } from './page-document.ts';

/** A card holds one headline, and maybe a line about it. */
const maxCardCharacters = 400;
const maxLevels = 4;
/** Names of people and sections that stand beside a date have fewer. */
const headlineWords = 4;

/** Links to people and subjects, however long their names. */
const notArticles = /\/(?:authors?|writers?|profiles?|tags?|topics?|category|section)\//i;

function isHeadline(link: PageElement): boolean {
  return words(link.textContent ?? '').length >= headlineWords && !notArticles.test(link.getAttribute('href') ?? '');
}

/** Whether `element` stands in a card: in a small block with a link of a headline's length, and no headline of the page. */
export function isOfOtherArticle(element: PageElement): boolean {
  let holder: PageElement | null = element;
  for (let level = 0; holder && level < maxLevels; level += 1) {
    if (/^(?:body|main|h1)$/.test(holder.localName) || (holder.textContent ?? '').length > maxCardCharacters)
      return false;
    if (holder.querySelector('h1') !== null) return false;
    const links = holder.localName === 'a' ? [holder] : [...holder.querySelectorAll('a')];
    if (links.some(isHeadline)) return true;
    holder = holder.parentElement;
  }
  return false;
}
