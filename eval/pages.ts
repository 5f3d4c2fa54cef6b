// Evaluates what is read from article pages: Scrapinghub's benchmark, as it is and turned Arabic, our own pages in the
// layouts of many newsrooms, and the speed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { extractPage } from '../src/articles/extract.ts';
import { samePicture } from '../src/articles/pictures.ts';
import { parseNewsDate } from '../src/lib/news-date.ts';
import { type OwnPage, readOwnPages } from '../test/fixtures/pages/own/pages.ts';
import { readGzip } from './archive.ts';
import { cpuMs, f1, halfOf, mean, type Part, type Score } from './score.ts';

interface EvaluationPage {
  id: string;
  url: string;
  html: string;
  /** The body as people marked it. */
  truth: string;
}

interface PageScore {
  id: string;
  /** Null where the page has nothing to find, or nothing was found: such a page has no say (evaluate.py). */
  precision: number | null;
  recall: number | null;
}

const warmUpPages = 20;

export const pagesPart: Part = {
  name: 'pages',
  needs: ['article-extraction'],
  async evaluate(dataDir) {
    const pages = readPages(join(dataDir, 'article-extraction'));
    const bodies = new Map<string, string>();
    let crashes = 0;
    // Pages are read by a process that has read others.
    for (const { html, url } of pages.slice(0, warmUpPages)) extractPage(html, url);
    const ms = await cpuMs(() => {
      for (const { id, html, url } of pages) {
        try {
          bodies.set(id, extractPage(html, url)?.body ?? '');
        } catch {
          crashes += 1;
        }
      }
    });
    const scores = pages.map((page) => scoreBody(page, bodies.get(page.id) ?? ''));
    const arabicScores = pages
      .map(turnedArabic)
      .map((page) => scoreBody(page, extractPage(page.html, page.url)?.body ?? ''));
    const empty = pages.filter(({ id }) => (bodies.get(id) ?? '') === '').length;
    const score = (set: string, measure: string, value: number, bar: number | null): Score => {
      const better = bar === 0 ? 'lower' : 'higher';
      return { part: 'pages', set, measure, value, bar, better, cases: pages.length };
    };
    const f1Of = (set: string, all: PageScore[], bar: number | null): Score => ({
      ...score(set, 'F1 of 4-grams', overall(all), bar),
      cases: all.length,
    });
    const ofHalf = (half: string) => scores.filter(({ id }) => halfOf(id) === half);
    return [
      f1Of('scrapinghub', scores, 0.975),
      f1Of('scrapinghub, tuned', ofHalf('tuned'), null),
      f1Of('scrapinghub, held out', ofHalf('held out'), null),
      // The same rules must hold where no English word helps.
      f1Of('scrapinghub turned Arabic', arabicScores, Number((overall(scores) - 0.01).toPrecision(4))),
      score('scrapinghub', 'empty pages', empty, 0),
      score('scrapinghub', 'crashes', crashes, 0),
      score('scrapinghub', 'pages per second of CPU', (pages.length * 1000) / ms, 40),
      ...scoreOwnPages(),
    ];
  },
};

function scoreOwnPages(): Score[] {
  const pages = readOwnPages();
  return (['tuned', 'held out'] as const).flatMap((half) => {
    const results = pages.filter(({ heldOut = false }) => heldOut === (half === 'held out')).map(scoreOwnPage);
    const score = (measure: string, value: number, bar: number | null): Score => {
      return { part: 'pages', set: `own pages, ${half}`, measure, value, bar, better: 'higher', cases: results.length };
    };
    const share = (right: (result: OwnPageScore) => boolean) => results.filter(right).length / results.length;
    const bodies = results.map(({ body }) => body);
    return [
      score('F1 of 4-grams', overall(bodies), 0.955),
      score(
        'publication day in the publisher’s zone',
        share(({ day }) => day),
        0.985,
      ),
      score(
        'lead image',
        share(({ image }) => image),
        0.92,
      ),
      score(
        'headline',
        share(({ headline }) => headline),
        null,
      ),
      score(
        'authors',
        share(({ authors }) => authors),
        null,
      ),
    ];
  });
}

interface OwnPageScore {
  body: PageScore;
  day: boolean;
  image: boolean;
  headline: boolean;
  authors: boolean;
}

function scoreOwnPage(page: OwnPage): OwnPageScore {
  const { id, url, html, zone, paragraphs, published, image, headline, authors, anyAuthors = false } = page;
  const read = extractPage(html, url, { timeZone: zone });
  const dayOf = (date: Date | null | undefined) => date?.toLocaleDateString('en-CA', { timeZone: zone });
  return {
    body: scoreBody({ id, truth: paragraphs.join('\n\n') }, read?.body ?? ''),
    day: dayOf(read?.publishedAt) === dayOf(parseNewsDate(published, { timeZone: zone })?.at),
    image: image === null ? read?.imageUrl === null : samePicture(read?.imageUrl ?? null, image),
    headline: read?.headline === headline,
    authors: anyAuthors || read?.authors.join() === authors.join(),
  };
}

function readPages(directory: string): EvaluationPage[] {
  const truths = JSON.parse(readFileSync(join(directory, 'ground-truth.json'), 'utf8')) as Record<
    string,
    { articleBody: string; url: string }
  >;
  return readdirSync(join(directory, 'html')).flatMap((file) => {
    const id = file.replace(/\.html\.gz$/, '');
    const page = truths[id];
    return page ? [{ id, url: page.url, html: readGzip(join(directory, 'html', file)), truth: page.articleBody }] : [];
  });
}

/** What evaluate.py of scrapinghub/article-extraction-benchmark does with one page. */
function scoreBody({ id, truth }: Pick<EvaluationPage, 'id' | 'truth'>, body: string): PageScore {
  const expected = shingles(truth);
  const found = shingles(body);
  let shared = 0;
  for (const [shingle, count] of found) shared += Math.min(count, expected.get(shingle) ?? 0);
  const ratio = (total: number) => (total === 0 ? null : shared / total);
  return { id, precision: ratio(sizeOf(found)), recall: ratio(sizeOf(expected)) };
}

/** Precision and recall are averaged over the pages, and only then made one number. */
function overall(scores: readonly PageScore[]): number {
  const average = (values: readonly (number | null)[]) => mean(values.filter((value) => value !== null));
  return f1(average(scores.map(({ precision }) => precision)), average(scores.map(({ recall }) => recall)));
}

const shingleWords = 4;

function shingles(text: string): Map<string, number> {
  // Python's \w: letters, everything numeric, underscore, but no combining marks.
  const tokens = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  const counts = new Map<string, number>();
  for (let at = 0; tokens.length > 0 && at < Math.max(1, tokens.length - shingleWords + 1); at += 1) {
    const shingle = tokens.slice(at, at + shingleWords).join(' ');
    counts.set(shingle, (counts.get(shingle) ?? 0) + 1);
  }
  return counts;
}

function sizeOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** What no letter of text is in: tags, comments, scripts and styles, character references. */
const markup = /<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>|<[a-z!/?][^>]*>|&[#\w]+;/gi;

/** A page and its truth with every Latin letter of their text replaced by an Arabic one, always by the same. */
function turnedArabic(page: EvaluationPage): EvaluationPage {
  let html = '';
  let from = 0;
  for (const match of page.html.matchAll(markup)) {
    html += inArabicLetters(page.html.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  html += inArabicLetters(page.html.slice(from));
  const root = html
    .replace(/(<html\b[^>]*?)\s(?:xml:)?lang=(?:"[^"]*"|'[^']*'|[^\s>]+)/gi, '$1')
    .replace(/<html\b/i, '<html lang="ar" dir="rtl"');
  return { ...page, html: root, truth: inArabicLetters(page.truth) };
}

const latin = 'abcdefghijklmnopqrstuvwxyz';
const arabic = 'ابتدهفجحيخكلمنوطقرسشعثغزصض';

function inArabicLetters(text: string): string {
  return text.replaceAll(/\p{Script=Latin}+/gu, (word) =>
    word
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/\p{Script=Latin}/gu, (letter) => arabic[Math.max(0, latin.indexOf(letter))] ?? letter),
  );
}
