// ARTICLE: what a feed's entry or a page says, as plain text, and how its paragraphs are written down.

/** The text of one article, without anything of the page around it. */
export interface ArticleText {
  headline: string;
  /** The short line above the headline. */
  kicker: string | null;
  /** Plain paragraphs separated by blank lines. */
  body: string;
  imageUrl: string | null;
  imageCaption: string | null;
  /** A primary language subtag as the page declares it; not detected. */
  language: string | null;
  publishedAt: Date | null;
  /** East of UTC as the publisher wrote it; null where the page names no zone. */
  publishedOffsetMinutes: number | null;
  modifiedAt: Date | null;
  modifiedOffsetMinutes: number | null;
  /** Names of people or desks in the page's order, without "by" and without the publisher's own name. */
  authors: string[];
  section: string | null;
  tags: string[];
  /** Who made the lead picture: a photographer, an agency. */
  imageCredit: string | null;
}

export function paragraphsOf(body: string): string[] {
  return body
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}

export function bodyOf(paragraphs: readonly string[]): string {
  return paragraphs.join('\n\n');
}
