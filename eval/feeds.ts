// Scores the feed reader: the fields of well-formed feeds, the entries of damaged ones, and the speed of the whole way.
//
// kurtmckee: each file's `Expect:` line is a Python expression of feedparser's result. Counted is each clause that says
// what a field holds that an entry or a feed has here (see `fieldOf`) in the folders named below; clauses on other
// fields (copyright, generator, rel, scheme …), on lengths, on sanitised HTML and on HTTP are not. Texts count as right
// when a reader would see the same characters, markup and white space apart; a person when the name is right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, ParsedFeed } from '../src/feeds/feed.ts';
import { readFeed } from '../src/feeds/read-feed.ts';
import { htmlToText } from '../src/lib/html.ts';
import { collapseWhitespace } from '../src/lib/text.ts';
import { readArchive } from './archive.ts';
import { type Part, type Score, cpuMs, halfOf } from './score.ts';

export const feedsPart: Part = {
  name: 'feeds',
  needs: ['feeds-broken', 'feeds-kurtmckee'],
  evaluate: async (dataDir) => [
    ...scoreFields(await readArchive(join(dataDir, 'feeds-kurtmckee/tests.tar.gz'))),
    ...scoreBroken(readBroken(join(dataDir, 'feeds-broken'))),
    await scoreSpeed(readBroken(join(dataDir, 'feeds-broken')), 'with whole texts'),
    await scoreSpeed(readBroken(join(dataDir, 'feeds-broken')), 'as they are'),
  ],
};

/** After every date in the material. */
const now = new Date('2026-01-01T00:00:00Z');

// --- Fields of well-formed feeds ---

const folders =
  /^wellformed\/(?:rss|atom|atom10|rdf|amp|base|lang|namespace|node_precedence|media-rss|itunes|xml)\/(?!http_)/;

interface Check {
  file: string;
  /** As the expectation names it. */
  field: string;
  expected: string;
  /** What we have; of several any may be meant. */
  actual: readonly string[];
  isRight: boolean;
}

function scoreFields(files: ReadonlyMap<string, Buffer>): Score[] {
  const checks = [...files].filter(([file]) => folders.test(file)).flatMap(([file, bytes]) => checksOf(file, bytes));
  return inHalves(
    'kurtmckee',
    checks,
    ({ file }) => file,
    ({ isRight }) => isRight,
  ).map((score) => ({
    ...score,
    measure: 'fields right',
    bar: 0.97,
  }));
}

/** The checks of one file, in the order of its expectation. */
function checksOf(file: string, bytes: Buffer): Check[] {
  const text = bytes.toString('utf8');
  const expectation = /Expect:\s*(.+)/.exec(text)?.[1] ?? '';
  const contentType = /^Header:\s*Content-type:\s*(.+)/im.exec(text)?.[1] ?? null;
  const outcome = readFeed(bytes, { contentType, url: `http://127.0.0.1:8097/tests/${file}`, now });
  const feed = outcome.kind === 'feed' ? outcome.feed : undefined;
  return expectation.split(/ and (?=\(?(?:feed|entries|not )\b)/).flatMap((clause) => {
    const match = /^\(?(feed|entries\[(\d)\])((?:\['\w+'\](?:\[\d\])?)+)\s*==\s*(.+?)\)?\s*$/.exec(clause.trim());
    const value = match ? pythonValue(match[4] ?? '') : undefined;
    if (!match || value === undefined) return [];
    const field = fieldOf((match[3] ?? '').replaceAll(/\['(\w+)'\]/g, '.$1').slice(1), match[2] !== undefined);
    if (!field) return [];
    const actual = field(match[2] === undefined ? { feed } : { feed, entry: feed?.entries[Number(match[2])] });
    const isRight = actual.some((each) => isSame(value, each));
    return [{ file, field: `${match[1]}${match[3]}`, expected: value, actual, isRight }];
  });
}

interface From {
  feed?: ParsedFeed | undefined;
  entry?: Entry | undefined;
}

type Values = string | number | null | undefined | readonly string[];

const entryFields: Readonly<Record<string, (entry: Entry) => Values>> = {
  title: (entry) => entry.title,
  'title_detail.value': (entry) => entry.title,
  link: (entry) => entry.url,
  id: (entry) => entry.guid,
  guid: (entry) => entry.guid,
  published_parsed: (entry) => entry.publishedAt?.toISOString(),
  // feedparser, too, gives one for the other.
  updated_parsed: (entry) => (entry.updatedAt ?? entry.publishedAt)?.toISOString(),
  created_parsed: (entry) => entry.publishedAt?.toISOString(),
  author: (entry) => entry.authors[0],
  'author_detail.name': (entry) => entry.authors[0],
  'authors[0].name': (entry) => entry.authors[0],
  'authors[1].name': (entry) => entry.authors[1],
  // Terms and labels are one list here.
  category: (entry) => entry.categories,
  'tags[0].term': (entry) => entry.categories,
  'tags[1].term': (entry) => entry.categories,
  'tags[0].label': (entry) => entry.categories,
  summary: (entry) => entry.summaryHtml ?? entry.contentHtml,
  description: (entry) => entry.summaryHtml ?? entry.contentHtml,
  'summary_detail.value': (entry) => entry.summaryHtml,
  'content[0].value': (entry) => entry.contentHtml,
  'enclosures[0].url': (entry) => entry.enclosures[0]?.url,
  'enclosures[0].href': (entry) => entry.enclosures[0]?.url,
  'enclosures[0].type': (entry) => entry.enclosures[0]?.type,
  'enclosures[0].length': (entry) => entry.enclosures[0]?.length,
};

const feedFields: Readonly<Record<string, (feed: ParsedFeed) => Values>> = {
  title: (feed) => feed.title,
  'title_detail.value': (feed) => feed.title,
  link: (feed) => feed.link,
  language: (feed) => feed.language,
};

/** How to read a field that we have; undefined for one that we do not. */
function fieldOf(path: string, ofEntry: boolean): ((from: From) => string[]) | undefined {
  const ofThis = entryFields[path];
  const ofFeed = feedFields[path];
  if (ofEntry ? !ofThis : !ofFeed) return undefined;
  return ({ feed, entry }) =>
    [ofEntry ? entry && ofThis?.(entry) : feed && ofFeed?.(feed)].flat().map((value) => String(value ?? ''));
}

/** A string, a number or a time.struct_time; undefined for other values. */
function pythonValue(text: string): string | undefined {
  const time = /^\(((?:\d+, ?){5,8}\d+)\)?$/.exec(text)?.[1];
  if (time !== undefined) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = time.split(',').map(Number);
    return new Date(Date.UTC(year, month - 1, day, hour, minute, second)).toISOString();
  }
  const [match, , quoted = ''] = /^u?("""|'''|"|')(.*)\1$/s.exec(text) ?? [];
  if (match === undefined) return undefined;
  return quoted.replaceAll(/\\(?:u([\da-f]{4})|x([\da-f]{2})|(.))/gi, (_, unicode, byte, other) =>
    other === undefined ? String.fromCharCode(Number.parseInt(unicode ?? byte, 16)) : other === 'n' ? '\n' : other,
  );
}

function isSame(expected: string, actual: string): boolean {
  // An address is the same however its host is written.
  if (/^https?:\/\//.test(expected) && URL.parse(expected)?.href === actual) return true;
  const literal = seen(expected);
  const person = /^(.*?)\s*\(?<?[\w.]+@[\w.]+>?\)?$/.exec(expected)?.[1] || undefined;
  return [seen(actual), seen(htmlToText(actual))].some((text) =>
    [literal, seen(htmlToText(expected)), ...(person === undefined ? [] : [person])].includes(text),
  );
}

function seen(text: string): string {
  return collapseWhitespace(text);
}

// --- Damaged feeds ---

interface BrokenFeed {
  i: number;
  name: string;
  ct: string;
  bytes: Buffer;
  exp: {
    n: number | number[];
    title: string;
    /** A pattern, or the text, of a title that the damage is about. */
    titleRe?: string;
    titleText?: string;
    link: string;
    linkAny?: string[];
    id: string | null;
    /** Seconds since 1970. */
    date: number;
    /** How the content begins. */
    content: string;
    enc?: string;
    enc2?: string[];
    img?: string;
  };
}

function readBroken(directory: string): BrokenFeed[] {
  const index: Omit<BrokenFeed, 'bytes'>[] = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'));
  return index.map((feed) => ({ ...feed, bytes: readFileSync(join(directory, `${feed.i}.bin`)) }));
}

function scoreBroken(feeds: readonly BrokenFeed[]): Score[] {
  const results = feeds.map((feed) => ({ name: feed.name, isRight: isRepaired(feed) }));
  const [tuned, heldOut, whole] = inHalves(
    'feeds-broken',
    results,
    ({ name }) => name,
    ({ isRight }) => isRight,
  );
  return [tuned, heldOut, whole].flatMap((score) => {
    if (!score) return [];
    // The bar is a number of feeds, so the score is one too.
    return [{ ...score, measure: 'feeds right', value: Math.round(score.value * score.cases), bar: score.cases }];
  });
}

function isRepaired({ ct, bytes, exp }: BrokenFeed): boolean {
  const outcome = readFeed(bytes, { contentType: ct, url: 'https://www.enabbaladi.net/feed', now });
  const entry = outcome.kind === 'feed' ? outcome.feed.entries[0] : undefined;
  if (outcome.kind !== 'feed' || !entry) return false;
  const files = new Set([entry.imageUrl, ...entry.enclosures.map(({ url }) => url)]);
  return (
    [exp.n].flat().includes(outcome.feed.entries.length) &&
    (exp.titleRe === undefined
      ? entry.title === (exp.titleText ?? exp.title)
      : new RegExp(exp.titleRe).test(entry.title)) &&
    (exp.linkAny ?? [exp.link]).includes(entry.url ?? '') &&
    (exp.id === null || entry.guid === exp.id) &&
    entry.publishedAt?.getTime() === exp.date * 1000 &&
    htmlToText(entry.contentHtml ?? entry.summaryHtml ?? '').startsWith(exp.content) &&
    [exp.enc, exp.img, ...(exp.enc2 ?? [])].every((url) => url === undefined || files.has(url))
  );
}

// --- Speed ---

/** Characters of an article in a feed that carries whole articles; every second item of the mix has one. */
const longTextCharacters = 4000;
const itemsPerFeed = 300;
const measuredRounds = 8;

/** What the items are: some 630 bytes each as they are, and every second one with 4 KB of text else. */
type Items = 'with whole texts' | 'as they are';

/** Decoding, repair and parsing of feeds of 300 items, undamaged and damaged. */
async function scoreSpeed(feeds: readonly BrokenFeed[], items: Items): Promise<Score> {
  const mix = ['clean utf-8', 'windows-1256, declared in XML only', 'HTML entities without DTD', 'missing </rss>']
    .map((name) => feeds.find((feed) => feed.name === name))
    .filter((feed) => feed !== undefined)
    .map(({ ct, bytes }) => ({ ct, bytes: enlarged(bytes, items) }));
  const readAll = () => {
    for (const { ct, bytes } of mix) readFeed(bytes, { contentType: ct, url: 'https://www.enabbaladi.net/feed', now });
  };
  // The first runs are the compiler's.
  readAll();
  readAll();
  const ms = await cpuMs(() => {
    for (let round = 0; round < measuredRounds; round += 1) readAll();
  });
  const megabytes = (mix.reduce((sum, { bytes }) => sum + bytes.length, 0) * measuredRounds) / 1e6;
  return {
    part: 'feeds',
    set: `feeds-broken, repeated, ${items}`,
    measure: 'MB/s of CPU',
    value: megabytes / (ms / 1000),
    bar: 20,
    better: 'higher',
    cases: mix.length,
  };
}

function enlarged(bytes: Buffer, kind: Items): Buffer {
  const text = bytes.toString('latin1');
  const start = text.indexOf('<item>');
  const end = text.lastIndexOf('</item>') + '</item>'.length;
  const item = text.slice(start, text.indexOf('</item>') + '</item>'.length);
  const paragraph = /<content:encoded><!\[CDATA\[(.*?)\]\]>/s.exec(item)?.[1] ?? '';
  const repeats = Math.ceil(longTextCharacters / Math.max(1, paragraph.length));
  const long = item.replace(paragraph, () => paragraph.repeat(repeats));
  const items = Array.from({ length: itemsPerFeed }, (_, index) =>
    index % 2 === 0 || kind === 'as they are' ? item : long,
  );
  return Buffer.from(text.slice(0, start) + items.join('\n') + text.slice(end), 'latin1');
}

// --- Halves ---

function inHalves<T>(
  set: string,
  cases: readonly T[],
  idOf: (each: T) => string,
  isRight: (each: T) => boolean,
): Score[] {
  return (['tuned', 'held out', undefined] as const).map((half) => {
    const chosen = cases.filter((each) => half === undefined || halfOf(idOf(each)) === half);
    return {
      part: 'feeds',
      set: half === undefined ? set : `${set}, ${half}`,
      measure: '',
      value: chosen.filter(isRight).length / Math.max(1, chosen.length),
      bar: null,
      better: 'higher',
      cases: chosen.length,
    };
  });
}
