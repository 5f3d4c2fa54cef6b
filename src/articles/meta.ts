// The <meta> elements of a page, by name.
import type { PageElements } from './page-elements.ts';

/** The <meta> elements of a page, and what microdata says in attributes of other elements. */
export class Meta {
  readonly #values = new Map<string, string[]>();

  constructor(elements: PageElements) {
    for (const element of elements.named('meta')) {
      const content = element.getAttribute('content')?.trim();
      if (!content) continue;
      const names = ['property', 'name', 'itemprop', 'http-equiv'].flatMap(
        (attribute) => element.getAttribute(attribute)?.toLowerCase().split(/\s+/) ?? [],
      );
      for (const name of names) {
        const values = this.#values.get(name);
        if (values) values.push(content);
        else this.#values.set(name, [content]);
      }
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0];
  }

  /** All values of these names, in the order of the names. */
  all(...names: string[]): string[] {
    return names.flatMap((name) => this.#values.get(name) ?? []);
  }
}
