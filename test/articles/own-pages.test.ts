import { describe, expect, it } from 'vitest';
import { paragraphsOf } from '../../src/articles/article.ts';
import { extractPage } from '../../src/articles/extract.ts';
import { samePicture } from '../../src/articles/pictures.ts';
import { parseNewsDate } from '../../src/lib/news-date.ts';
import { readOwnPages } from '../fixtures/pages/own/pages.ts';

const pages = readOwnPages().filter(({ heldOut = false }) => !heldOut);
/** Of an article's paragraphs, those that must be read; a standfirst above the byline may be missed. */
const minShare = 0.75;

describe('a news page in the layout of', () => {
  it.each(pages)('$id', (page) => {
    const { url, html, zone, paragraphs, headline, authors, anyAuthors, published, image, language } = page;
    const read = extractPage(html, url, { timeZone: zone });
    expect(read).toMatchObject({ headline });
    const body = paragraphsOf(read?.body ?? '');
    // The cells of a row are one paragraph.
    const found = paragraphs.filter((own) => body.some((paragraph) => paragraph.includes(own)));
    const others = body.filter((paragraph) => !paragraphs.some((own) => paragraph.includes(own)));
    expect(found.length).toBeGreaterThanOrEqual(paragraphs.length * minShare);
    expect(others.length).toBeLessThanOrEqual(1);
    // A page may say nothing of its language.
    if (read?.language !== null) expect(read?.language).toBe(language);
    if (!anyAuthors) expect(read?.authors).toEqual(authors);
    const day = (date?: Date | null) => date?.toLocaleDateString('en-CA', { timeZone: zone });
    expect(day(read?.publishedAt)).toBe(day(parseNewsDate(published, { timeZone: zone })?.at));
    if (image === null) expect(read?.imageUrl).toBeNull();
    else expect(samePicture(read?.imageUrl ?? null, image)).toBe(true);
    for (const [field, value] of [
      ['imageCaption', page.caption],
      ['section', page.section],
      ['tags', page.tags],
    ] as const) {
      if (value !== undefined) expect(read?.[field]).toEqual(value);
    }
  });
});
