// The CSS selectors that an operator writes for the pages of a feed.
import { DOMParser } from 'linkedom';
import type { PageDocument, PageElement } from './page-document.ts';

const probe = new DOMParser().parseFromString('<html></html>', 'text/html') as unknown as PageDocument;
/** Longer ones are no one's intention, and matching costs time. */
const maxSelectorCharacters = 1000;

/** Whether pages can be searched for `text`. */
export function isSelector(text: string): boolean {
  // The matcher takes these for something; an operator meant something else.
  if (text.trim() === '' || text.length > maxSelectorCharacters || /^\s*[>+~,]|[>+~.#,]\s*$/.test(text)) return false;
  try {
    probe.querySelector(text);
    return true;
  } catch {
    return false;
  }
}

/** What any of `selectors` matches, in the order of the page, without what stands inside another match; selectors that are none match nothing. */
export function selectOutermost(document: PageDocument, selectors: readonly string[]): PageElement[] {
  const valid = selectors.filter(isSelector);
  if (valid.length === 0) return [];
  const matched = new Set(document.querySelectorAll(valid.join(', ')));
  return [...matched].filter((element) => {
    for (let holder = element.parentElement; holder; holder = holder.parentElement) {
      if (matched.has(holder)) return false;
    }
    return true;
  });
}

/** The attributes that selectors ask for: "[data-role=body]" → data-role. */
export function attributesIn(selectors: readonly string[]): ReadonlySet<string> {
  const names = selectors.flatMap((selector) =>
    [...selector.matchAll(/\[\s{0,20}([\w:-]{1,100})/g)].map((match) => match[1] ?? ''),
  );
  return new Set(names.map((name) => name.toLowerCase()));
}
