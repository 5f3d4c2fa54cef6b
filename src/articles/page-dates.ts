// Where a page says when its article was published and changed.
import { dateInUrl, firstDate, type PageDate } from './dates.ts';
import type { LinkedData } from './json-ld.ts';
import type { Meta } from './meta.ts';
import type { PageElement } from './page-document.ts';
import type { PageElements } from './page-elements.ts';
import { lineIn } from './paragraphs.ts';

const publishedNames =
  `article:published_time og:article:published_time og:published_time datepublished parsely-pub-date
  sailthru.date article.published published_at publication_date citation_publication_date citation_date dc.date.issued
  dcterms.issued dc.date dc.date.created dcterms.created dcterms.date cxenseparse:recs:publishtime
  cxenseparse:publishtime pubdate publish-date publishdate article_date_original datecreated date`.split(/\s+/);
const modifiedNames = `article:modified_time og:updated_time og:article:modified_time datemodified dcterms.modified
  dc.date.modified last-modified lastmod revised article.updated`.split(/\s+/);
const dateClass =
  /(?:^|[\s_-])(?:date|time|timestamp|datetime|publish(?:ed)?|posted|pubdate|created|تاريخ)(?=$|[\s_-])|date$|time$/iu;
const modifiedWords = /(?:updated|modified|تحديث|تعديل|mise à jour|aktualisiert|actualizado|güncel)/iu;
/** A line with a date; longer ones are text. */
const maxDateCharacters = 120;
/** Without a class that says so, a date must be all there is in its line. */
const maxDateLineCharacters = 60;

interface DateSources {
  elements: PageElements;
  shown: readonly PageElement[];
  linked: LinkedData | undefined;
  meta: Meta;
  url: string;
  timeZone: string;
}

/** The first of what JSON-LD, meta elements, marked elements, lines near the headline and the address say. */
export function findDates(sources: DateSources): { published: PageDate | null; modified: PageDate | null } {
  const { elements, shown, linked, meta, url, timeZone } = sources;
  const dated = elements.having('itemprop').filter(([, names]) => /date(?:Published|Modified|Created)/.test(names));
  const marked = [...dated.map(([element]) => element), ...elements.named('time')];
  const isOfChange = (element: PageElement) =>
    /dateModified/.test(element.getAttribute('itemprop') ?? '') ||
    modifiedWords.test(`${element.getAttribute('class') ?? ''} ${labelOf(element)}`);
  const machine = (wanted: boolean) =>
    marked
      .filter((element) => isOfChange(element) === wanted)
      .flatMap((element) => [element.getAttribute('datetime'), element.getAttribute('content'), shortLine(element)]);
  const lines = shown
    .filter((element) => dateClass.test(`${element.getAttribute('class') ?? ''} ${element.getAttribute('id') ?? ''}`))
    .map(shortLine)
    .filter((line) => /[\d٠-٩]/.test(line));
  const published = firstDate(
    [
      linked?.datePublished,
      ...meta.all(...publishedNames),
      ...machine(false),
      ...lines.filter((line) => !modifiedWords.test(line)),
      ...lines.map((line) => line.split(modifiedWords, 1)[0]),
      ...shown.map(shortLine).filter(isDateLine),
      dateInUrl(url),
    ],
    timeZone,
  );
  const modified = firstDate([linked?.dateModified, ...meta.all(...modifiedNames), ...machine(true)], timeZone);
  return { published, modified: published && modified && modified.at < published.at ? null : modified };
}

function shortLine(element: PageElement): string {
  return (element.textContent ?? '').length <= maxDateCharacters * 2 ? lineIn(element).slice(0, maxDateCharacters) : '';
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
