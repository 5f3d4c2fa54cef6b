// Where a page says when its article was published and changed.
import { parseNewsDate } from '../lib/news-date.ts';
import { dateInUrl, firstDate, type PageDate } from './dates.ts';
import type { LinkedData } from './json-ld.ts';
import type { Meta } from './meta.ts';
import type { PageElement } from './page-document.ts';
import type { PageElements } from './page-elements.ts';
import { isOfOtherArticle } from './other-article.ts';
import { lineIn } from './paragraphs.ts';

const publishedNames =
  `article:published_time og:article:published_time og:published_time datepublished parsely-pub-date
  sailthru.date article.published published_at publisheddate published_time published_time_telegram uploaddate publication_date citation_publication_date citation_date dc.date.issued
  dcterms.issued dc.date dc.date.created dcterms.created dcterms.date cxenseparse:recs:publishtime
  cxenseparse:publishtime pubdate publish-date publishdate article_date_original datecreated date`.split(/\s+/);
const modifiedNames = `article:modified_time og:updated_time og:article:modified_time datemodified dcterms.modified
  dc.date.modified last-modified lastmod revised article.updated lastdate`.split(/\s+/);
const dateClass =
  /(?:^|[\s_-])(?:date|time|timestamp|datetime|publish(?:ed)?|posted|pubdate|created|تاريخ)(?=$|[\s_-])|date$|time$/iu;
/** Its own times are among the first; long lists of comments have thousands. */
const maxTimes = 100;
const modifiedWords = /(?:updated|modified|تحديث|تعديل|mise à jour|aktualisiert|actualizado|güncel)/iu;
const publishedWords = /(?:نشر|publish|posted|publi|ver[oö]ffentlicht|yay[ıi]n)/iu;
/** A line with a date; longer ones are text. */
const maxDateCharacters = 120;
/** Without a class that says so, a date must be all there is in its line. */
const maxDateLineCharacters = 60;

interface DateSources {
  elements: PageElements;
  /** Elements near the headline. */
  after: readonly PageElement[];
  before: readonly PageElement[];
  linked: LinkedData | undefined;
  meta: Meta;
  url: string;
  timeZone: string;
}

/** The first of what JSON-LD, meta elements, marked elements, lines near the headline and the address say. */
export function findDates(sources: DateSources): { published: PageDate | null; modified: PageDate | null } {
  const { elements, after, before, linked, meta, url, timeZone } = sources;
  const shown = [...after, ...before];
  const near = new Set(shown);
  const dated = elements.having('itemprop').filter(([, names]) => /date(?:Published|Modified|Created)/.test(names));
  const allTimes = elements.named('time').slice(0, maxTimes);
  const times = allTimes.filter((element) => !isOfOtherArticle(element));
  const machine = (marked: readonly PageElement[], ofChange: boolean) =>
    marked
      .filter((element) => isOfChange(element) === ofChange)
      .flatMap((element) => [
        ...['datetime', 'content', 'title'].map((name) => element.getAttribute(name)),
        shortLine(element),
      ]);
  const own = [...dated.map(([element]) => element), ...times.filter((element) => near.has(element))];
  // Far from the headline stand the times of other articles and of comments.
  const far = times.filter((element) => !near.has(element));
  const attributes = elements.published.filter((element) => near.has(element));
  const classed = (part: readonly PageElement[]) =>
    part
      .filter((element) => dateClass.test(`${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`))
      .map(shortLine)
      .filter((line) => /[\d٠-٩]/.test(line));
  const plain = (part: readonly PageElement[]) =>
    part.filter((element) => isDateLine(shortLine(element)) && !isOfOtherArticle(element)).map(shortLine);
  const dateLines = [...plain(after), ...plain(before)];
  // Above the headline stands the day of the reader's visit, which no label calls that of publication.
  const lines = [...classed(after), ...dateLines.filter((line) => publishedWords.test(line)), ...classed(before)];
  const modified = firstDate(
    [
      linked?.dateModified,
      ...meta.all(...modifiedNames),
      ...machine([...own, ...far], true),
      ...dateLines.filter(isChange),
    ],
    timeZone,
  );
  const published =
    firstDate(
      [
        linked?.datePublished,
        ...meta.all(...publishedNames),
        ...attributes.map((element) => element.getAttribute(publishedAttribute)),
        ...machine(own, false),
        ...lines.filter((line) => !modifiedWords.test(line)),
        ...lines.map((line) => line.split(modifiedWords, 1)[0]),
        ...dateLines.map((line) => line.split(modifiedWords, 1)[0]),
        dateInUrl(url),
        ...machine(far, false),
      ],
      timeZone,
    ) ??
    modified ??
    // Better a time below the headline that seems to be another article's than none.
    firstDate(
      machine(
        allTimes.filter((element) => after.includes(element)),
        false,
      ),
      timeZone,
    );
  const local = localOffset([published, modified], [...lines, ...dateLines]);
  return {
    published: inLocalTime(published, local),
    modified: published && modified && modified.at < published.at ? null : inLocalTime(modified, local),
  };
}

/** Seconds and milliseconds since 1970, or a date. */
const publishedAttribute = 'data-published';

function isOfChange(element: PageElement): boolean {
  return (
    /dateModified/.test(element.getAttribute('itemprop') ?? '') ||
    modifiedWords.test(`${element.getAttribute('class') ?? ''} ${labelOf(element)}`)
  );
}

/** "Updated …" and no other date before it. */
function isChange(line: string): boolean {
  return modifiedWords.test(line) && !/\d/.test(line.split(modifiedWords, 1)[0] ?? '');
}

function shortLine(element: PageElement): string {
  return (element.textContent ?? '').length <= maxDateCharacters * 2
    ? unglued(lineIn(element)).slice(0, maxDateCharacters)
    : '';
}

/** A year and what the next element begins with: neighbours without white space between them. */
function unglued(line: string): string {
  return line.replaceAll(/(?<!\d)((?:19|20)\d{2})(?=\d{1,2}(?::|\D))/g, '$1 ');
}

/** What stands before a date in its line. */
function labelOf(element: PageElement): string {
  const holder = element.parentElement;
  if (!holder || (holder.textContent ?? '').length > maxDateCharacters * 2) return shortLine(element);
  const [before = ''] = lineIn(holder).split(lineIn(element) || '\n', 1);
  return `${before} ${holder.getAttribute('class') ?? ''}`;
}

function isDateLine(line: string): boolean {
  return line.length <= maxDateLineCharacters && /(?:19|20)\d{2}|[٠-٩]{4}/.test(line);
}

/** The clocks of the world stand whole quarters of an hour apart, at most so far. */
const quarterMs = 15 * 60_000;
const maxOffsetMs = 14 * 60 * 60_000;
const minuteMs = 60_000;

/**
 * Minutes east of UTC at which the page shows an instant that it declares in UTC: publishers store UTC and show their
 * own time. Null where no line shows it.
 */
function localOffset(dates: readonly (PageDate | null)[], lines: readonly string[]): number | null {
  for (const line of lines) {
    for (const part of line.split(modifiedWords)) {
      const shown = parseNewsDate(part, { timeZone: 'UTC' });
      if (!shown?.hasTime) continue;
      for (const date of dates) {
        if (date?.offsetMinutes !== 0) continue;
        const instant = Math.floor(date.at.getTime() / minuteMs) * minuteMs;
        const ahead = shown.at.getTime() - instant;
        if (shown.offsetMinutes !== null) {
          if (ahead === 0) return shown.offsetMinutes;
        } else if (ahead % quarterMs === 0 && Math.abs(ahead) <= maxOffsetMs) {
          return ahead / minuteMs;
        }
      }
    }
  }
  return null;
}

function inLocalTime(date: PageDate | null, offsetMinutes: number | null): PageDate | null {
  return date?.offsetMinutes === 0 && offsetMinutes !== null ? { ...date, offsetMinutes } : date;
}
