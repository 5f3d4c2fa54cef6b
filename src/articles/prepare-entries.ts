// Finds what is new or changed in the answers of feeds, and reads its text, before anything of it is stored.
import type { Db } from '../db/database.ts';
import type { Feed } from '../feeds/feed-store.ts';
import type { Entry, ParsedFeed } from '../feeds/feed.ts';
import type { Clock } from '../lib/clock.ts';
import { htmlToText } from '../lib/html.ts';
import type { EntryWords } from './article-words.ts';
import { paragraphsOf } from './article.ts';
import { canonicalUrl } from './canonical-url.ts';
import { type EntryHashes, hashesOfEntry, htmlOfEntry } from './entry-mark.ts';
import { type KnownEntries, listKnownEntries } from './entry-store.ts';
import { detectLanguage } from './language.ts';
import { isLateEntry } from './late-entry.ts';
import type { FeedText, PageReader } from './page-reader.ts';
import type { FeedHtmlTask } from './page-worker.ts';
import { sharedUrls } from './shared-urls.ts';
import { whatIsNew } from './what-is-new.ts';

/** Of one answer of a feed; what follows is read as plain text. So much of the threads' time a hostile feed may have. */
const maxSlowEntries = 3;
/** Of such an entry's HTML, and of the text in it: read here, while nothing else is done. */
const maxPlainHtmlCharacters = 50_000;
const maxPlainCharacters = 10_000;

/** After so much of a feed's text whatever else waits has a turn: comparing takes time, too. */
const charactersPerTurn = 500_000;

/** A longer address fits no index: such an entry is known by its guid alone. */
const maxCanonicalUrlCharacters = 2_000;

/** An entry that is new or changed, with its text. */
export interface PreparedEntry {
  entry: Entry;
  hashes: EntryHashes;
  /** Null when the entry's link does not say which article is meant. */
  canonicalUrl: string | null;
  /** Undefined when there is nothing to call it by, or nothing to tell. */
  words: EntryWords | undefined;
  /** It may have waited while nobody read the feed. */
  isLate: boolean;
}

export interface PreparedEntries {
  entries: PreparedEntry[];
  /** Something is too much for today: the feed is to be asked for its whole answer again, though it does not change. */
  isHeldBack: boolean;
}

interface PrepareDeps {
  db: Db;
  clock: Clock;
  pages: PageReader;
  defaultLanguage: string;
  feedIntervalSeconds: number;
}

/** What a feed gave. */
export interface FeedAnswer {
  feed: Feed;
  parsed: ParsedFeed;
}

/**
 * Reads the text of what is new or changed in the answers of feeds, each one's oldest entry first. Before any
 * transaction begins: reading takes time that no lock should. What `signal` has kept from being read is left out.
 */
export async function prepareEntries(
  deps: PrepareDeps,
  answers: readonly FeedAnswer[],
  { now, signal }: { now: Date; signal: AbortSignal | undefined },
): Promise<PreparedEntries[]> {
  const given = answers.map(({ feed, parsed }) => ({ feed, parsed, entries: uniqueBy(parsed.entries, guidOf) }));
  const known = await listKnownEntries(
    deps.db,
    given.flatMap(({ feed: { feedId }, entries }) => entries.map(({ guid }) => ({ feedId, guid }))),
  );
  const turn = createTurn(deps, signal);
  const compared: ComparedEntries[] = [];
  for (const { feed, entries } of given) {
    const news = await newEntries(feed, entries, { known, now, turn });
    compared.push(news);
  }
  const texts = await readTexts(deps.pages, compared, signal);
  return compared.map(({ feed, entries, isHeldBack }, index) => {
    const language = feed.language ?? given[index]?.parsed.language ?? deps.defaultLanguage;
    const prepared = entries.flatMap(({ isMarkOnly, ...each }) => {
      const { entry } = each;
      const text = texts.get(entry);
      if (!isMarkOnly && !text) return [];
      return {
        ...each,
        words: text && wordsOf(entry, text, { language, now }),
        isLate: isLateEntry({ ...deps, succeededAt: feed.succeededAt, publishedAt: entry.publishedAt, now }),
      };
    });
    return { entries: prepared, isHeldBack };
  });
}

interface ComparedEntries {
  feed: Feed;
  /** What is new or changed. */
  entries: (Pick<PreparedEntry, 'entry' | 'hashes' | 'canonicalUrl'> & { isMarkOnly: boolean })[];
  isHeldBack: boolean;
}

async function newEntries(
  feed: Feed,
  entries: readonly Entry[],
  { known, now, turn }: { known: KnownEntries; now: Date; turn: (characters: number) => Promise<void> | undefined },
): Promise<ComparedEntries> {
  const compared: ComparedEntries = { feed, entries: [], isHeldBack: false };
  let shared: Set<string> | undefined;
  // The oldest first, so that readers get them in the order of the newsroom.
  for (const entry of entries.toReversed()) {
    const before = known.of(feed.feedId, entry.guid);
    const hashes = hashesOfEntry(entry, before?.entryHash ?? null);
    await turn(htmlOfEntry(entry).length);
    const news = whatIsNew(before, hashes, now);
    compared.isHeldBack ||= 'isHeldBack' in news && news.isHeldBack;
    if (news.kind === 'nothing') continue;
    shared ??= sharedUrls(entries);
    const url = entry.url === null ? null : canonicalUrl(entry.url);
    const isIdentity = url !== null && url.length <= maxCanonicalUrlCharacters && !shared.has(url);
    compared.entries.push({
      entry,
      hashes,
      canonicalUrl: isIdentity ? url : null,
      isMarkOnly: news.kind === 'mark',
    });
  }
  return compared;
}

/** Whatever else waits has a turn from time to time; nothing is to be waited for in between. */
function createTurn({ clock }: Pick<PrepareDeps, 'clock'>, signal: AbortSignal | undefined) {
  let compared = 0;
  return (characters: number): Promise<void> | undefined => {
    compared += characters;
    if (compared <= charactersPerTurn) return undefined;
    compared = 0;
    return clock.sleep(0, signal);
  };
}

/** The texts of what is new; nearly always a few entries, which are read together. */
async function readTexts(
  pages: PageReader,
  compared: readonly ComparedEntries[],
  signal: AbortSignal | undefined,
): Promise<Map<Entry, FeedText>> {
  const texts = new Map<Entry, FeedText>();
  const toRead = compared.flatMap(({ feed, entries }) =>
    entries.flatMap(({ entry, isMarkOnly }) => (isMarkOnly ? [] : [{ feed, entry, html: htmlOfEntry(entry) }])),
  );
  for (const together of inPieces(toRead)) {
    const pieces = together.map(({ feed, entry, html }) => ({ html, url: entry.url ?? feed.url, title: entry.title }));
    const outcome = await pages.readFeedHtml(pieces, signal);
    if (signal?.aborted) break;
    if (outcome.kind === 'read') {
      for (const [index, { entry }] of together.entries()) texts.set(entry, outcome.text[index] as FeedText);
      continue;
    }
    const readers = new Map(together.map(({ feed }) => [feed, htmlReader(pages, signal)]));
    for (const [index, { feed, entry }] of together.entries()) {
      const text = await readers.get(feed)?.(pieces[index] as FeedHtmlTask);
      if (signal?.aborted) break;
      if (text) texts.set(entry, text);
    }
  }
  return texts;
}

/** Entries that are read together have no more characters than this, unless it is one. */
const charactersTogether = 200_000;

function inPieces<T extends { html: string }>(toRead: readonly T[]): T[][] {
  const pieces: T[][] = [];
  let characters = Infinity;
  for (const each of toRead) {
    characters += each.html.length;
    if (characters > charactersTogether) {
      pieces.push([each]);
      characters = each.html.length;
    } else {
      pieces.at(-1)?.push(each);
    }
  }
  return pieces;
}

/** Reads an entry's HTML in a thread; what is too much for it, or comes after too much of that, as plain text. */
function htmlReader(pages: PageReader, signal: AbortSignal | undefined) {
  let slow = 0;
  return async (piece: FeedHtmlTask): Promise<FeedText> => {
    if (slow < maxSlowEntries) {
      const outcome = await pages.readFeedHtml([piece], signal);
      if (outcome.kind === 'read') return outcome.text[0] as FeedText;
      slow += 1;
    }
    const body = htmlToText(piece.html.slice(0, maxPlainHtmlCharacters)).slice(0, maxPlainCharacters);
    return { body, imageUrl: null };
  };
}

function wordsOf(
  entry: Entry,
  text: FeedText,
  { language, now }: { language: string; now: Date },
): EntryWords | undefined {
  const { body } = text;
  const headline = entry.title || paragraphsOf(body)[0] || entry.url;
  if (!headline) return undefined;
  return {
    headline,
    body,
    language: detectLanguage(`${entry.title}\n${body}`, language),
    imageUrl: entry.imageUrl ?? text.imageUrl,
    // Some feeds give the newsroom's mail address for an author.
    authors: entry.authors.filter((name) => !name.includes('@')),
    modifiedAt: entry.updatedAt !== null && entry.updatedAt <= now ? entry.updatedAt : null,
  };
}

function guidOf({ guid }: Entry): string {
  return guid;
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
