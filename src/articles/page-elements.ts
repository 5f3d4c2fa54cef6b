// The elements of a page by what tells them apart, listed in one pass: each rule looks only at those it is about.
import type { PageDocument, PageElement } from './page-document.ts';

export interface PageElements {
  /** In the order of the page. */
  all: readonly PageElement[];
  named(name: string): readonly PageElement[];
  /** Those that have the attribute, with its value; each list is in the order of the page. */
  /** Those whose style shows a picture, with its address. */
  backgrounds: readonly [element: PageElement, source: string][];
  /** Those that say in an attribute when something was published. */
  published: readonly PageElement[];
  having(attribute: 'class' | 'itemprop' | 'rel'): readonly [element: PageElement, value: string][];
}

const backgroundUrl = /background(?:-image)?\s{0,9}:[^;]{0,100}?url\(\s{0,9}["']?([^"')]{1,2000})/i;

export function elementsOf(document: PageDocument): PageElements {
  const all = [...document.querySelectorAll('*')];
  const byName = new Map<string, PageElement[]>();
  const byAttribute = {
    class: [] as [PageElement, string][],
    itemprop: [] as [PageElement, string][],
    rel: [] as [PageElement, string][],
  };
  const published: PageElement[] = [];
  const backgrounds: [PageElement, string][] = [];
  for (const element of all) {
    const [, background] = backgroundUrl.exec(element.getAttribute('style') ?? '') ?? [];
    if (background !== undefined) backgrounds.push([element, background]);
    if (element.getAttribute('data-published') !== null) published.push(element);
    const named = byName.get(element.localName);
    if (named) named.push(element);
    else byName.set(element.localName, [element]);
    for (const attribute of ['class', 'itemprop', 'rel'] as const) {
      const value = element.getAttribute(attribute);
      if (value) byAttribute[attribute].push([element, value]);
    }
  }
  return {
    all,
    backgrounds,
    published,
    named: (name) => byName.get(name) ?? [],
    having: (attribute) => byAttribute[attribute],
  };
}
