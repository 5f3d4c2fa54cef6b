// What was taken from an article's page, as it is noted beside the article for operators and for the next reading.

export interface PageUse {
  /** Whether the page's headline is the article's; feeds and pages may have their own. */
  headline: boolean;
  /** Whether the article's text is the page's. */
  text: boolean;
}

const read = 'read';

export function formatPageUse({ headline, text }: PageUse): string {
  const feeds = [headline ? [] : 'headline', text ? [] : 'text'].flat();
  return feeds.length === 0 ? read : `${read}; the ${feeds.join(' and ')} is the feed's`;
}

/** Undefined for a page that was not read. */
export function parsePageUse(outcome: string | null): PageUse | undefined {
  if (outcome === null || (outcome !== read && !outcome.startsWith(`${read}; `))) return undefined;
  return { headline: !outcome.includes('headline'), text: !outcome.includes('text') };
}
